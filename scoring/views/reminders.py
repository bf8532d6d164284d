"""Reminding late experts: first the recipients and the very text, then the sending."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import ActorRequest, role_required
from core import outbox
from core.errors import NotAllowed, Refusal
from scoring import policies
from scoring.actions.reminders import remind as send
from scoring.forms.reminders import ReminderForm
from scoring.models import Round
from scoring.queries import reminders as reads
from scoring.views.answering import CHAIRS, chaired


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*CHAIRS)
def remind(request: ActorRequest, pk: int) -> HttpResponse:
    round_ = chaired(request, pk)
    due = reads.due(round_)
    if request.method == "POST":
        form = ReminderForm(due, request.POST)
        return _send(request, round_, form) if form.is_valid() else _page(request, round_, form)
    if "text" in request.GET:
        return _page(request, round_, ReminderForm(due, request.GET))
    closes = policies.scoring_window(round_, timezone.now()).closes
    first = {
        "number": reads.next_number(round_),
        "appointments": [one.appointment for one in due],
        "text": reads.default_text(round_, closes),
    }
    return _page(request, round_, ReminderForm(due, initial=first))


def _page(request: ActorRequest, round_: Round, form: ReminderForm) -> HttpResponse:
    """A valid form is shown as what would be sent to whom."""
    ready = form.is_bound and form.is_valid()
    preview: list[Any] = []
    if ready:
        chosen = set(form.cleaned_data["appointments"])
        preview = [(one, reads.filled(form.cleaned_data["text"], one)) for one in form.due if one.appointment in chosen]
    context = {
        "round": round_,
        "form": form,
        "preview": preview,
        "sent": reads.sent(round_),
        "has_mail": outbox.has_mail(),
    }
    status = 400 if form.is_bound and not ready else 200
    return render(request, "scoring/remind.html", context, status=status)


def _send(request: ActorRequest, round_: Round, form: ReminderForm) -> HttpResponse:
    try:
        count = send(request.actor, round_.pk, **form.cleaned_data)
    except NotAllowed:
        raise
    except Refusal as refusal:
        if refusal.code in ("sent", "status"):
            messages.warning(request, refusal.message)
            return redirect("scoring:remind", pk=round_.pk)
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _page(request, round_, form)
    messages.success(request, f"已提醒 {count} 位专家，每人一条。")
    return redirect("scoring:remind", pk=round_.pk)
