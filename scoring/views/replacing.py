"""An expert who fell out: what goes to whom, looked at first, then done."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import ActorRequest, role_required
from core.errors import NotAllowed, Refusal
from scoring.actions import filling, replacing
from scoring.forms.assignment import LeftForm
from scoring.lifecycle import RoundStatus
from scoring.models import Appointment
from scoring.views.answering import CHAIRS, chaired
from scoring.views.assignment import tell


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*CHAIRS)
def replace(request: ActorRequest, pk: int) -> HttpResponse:
    """With `stand_in` in the address the preview is that of this expert's taking the seat."""
    rows = Appointment.objects.visible_to(request.actor).select_related("expert__user", "panel", "round__contest")
    appointment = get_object_or_404(rows, pk=pk)
    round_ = chaired(request, appointment.round_id)
    if request.method == "POST":
        return _done(request, appointment)
    form = LeftForm(appointment, initial={"stand_in": request.GET.get("stand_in")})
    return _page(request, appointment, form, open_=round_.status == RoundStatus.OPEN)


def _done(request: ActorRequest, appointment: Appointment) -> HttpResponse:
    form = LeftForm(appointment, request.POST)
    if form.is_valid():
        data = form.cleaned_data
        stand_in = data["stand_in"].pk if data["stand_in"] else None
        try:
            done = filling.fall_out(
                request.actor, appointment.pk, data["reason"], stand_in=stand_in, shown=data["shown"]
            )
        except NotAllowed:
            raise
        except Refusal as refusal:
            if refusal.field not in form.fields:
                messages.error(request, refusal.message)
                return redirect("scoring:assignment", appointment.round_id)
            form.add_error(refusal.field, refusal.message)
        else:
            tell(request, done)
            return redirect("scoring:assignment", appointment.round_id)
    return _page(request, appointment, form, open_=True)


def _page(request: ActorRequest, appointment: Appointment, form: LeftForm, *, open_: bool) -> HttpResponse:
    chosen = form.fields["stand_in"].queryset.filter(pk=_number(form["stand_in"].value())).first()  # type: ignore[attr-defined]
    standing = open_ and appointment.left_at is None
    found = replacing.outlook(appointment, chosen) if standing else None
    if found:
        form.initial["shown"] = len(found.gone)
    context = {
        "round": appointment.round,
        "appointment": appointment,
        "name": appointment.expert.user.display_name,
        "form": form,
        "found": found,
        "chosen": chosen,
    }
    return render(request, "scoring/replace.html", context, status=400 if form.errors else 200)


def _number(value: object) -> int:
    text = str(value or "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
