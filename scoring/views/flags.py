"""The office answers a doubt that an expert handed in with her marks."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.access import ActorRequest, role_required
from core.errors import NotAllowed, Refusal
from scoring import policies
from scoring.actions import flags as actions
from scoring.forms.desk import FlagForm
from scoring.lifecycle import FlagState
from scoring.models import Round, SheetFlag
from scoring.views.answering import CHAIRS, READERS


@require_GET
@role_required(*READERS)
def index(request: ActorRequest, pk: int) -> HttpResponse:
    return _page(
        request,
        get_object_or_404(Round.objects.visible_to(request.actor).select_related("contest", "enrolment"), pk=pk),
    )


def _page(request: ActorRequest, round_: Round, form: FlagForm | None = None) -> HttpResponse:
    """All that was raised in the round, the undecided ones first; under the experts' pseudonyms."""
    rows = SheetFlag.objects.visible_to(request.actor).filter(round=round_)
    rows = rows.select_related("sheet__entry__achievement", "sheet__appointment", "decided_by").order_by(
        "-raised_at", "-pk"
    )
    flags = sorted(rows, key=lambda flag: flag.state != FlagState.OPEN)
    may_run = policies.may_run(request.actor, round_)
    page = {
        "round": round_,
        "rows": [(flag, _form(flag, form) if may_run and flag.state == FlagState.OPEN else None) for flag in flags],
        "waiting": sum(flag.state == FlagState.OPEN for flag in flags),
    }
    return render(request, "scoring/flags.html", page, status=400 if form else 200)


def _form(flag: SheetFlag, refused: FlagForm | None) -> FlagForm:
    return refused if refused is not None and refused.flag == flag.pk else FlagForm(flag.pk)


@require_POST
@role_required(*CHAIRS)
def resolve(request: ActorRequest, pk: int) -> HttpResponse:
    rows = SheetFlag.objects.visible_to(request.actor).select_related("round__contest", "round__enrolment")
    flag = get_object_or_404(rows, pk=pk)
    form = FlagForm(flag.pk, request.POST)
    if form.is_valid():
        try:
            actions.resolve_flag(request.actor, flag.pk, form.cleaned_data["decision"], form.cleaned_data["resolution"])
        except NotAllowed:
            raise
        except Refusal as refusal:
            if refusal.code in ("stale", "status"):
                messages.warning(request, refusal.message)
                return redirect("scoring:flags", pk=flag.round_id)
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    if form.errors:
        return _page(request, flag.round, form)
    messages.success(request, "处理意见已存。")
    return redirect("scoring:flags", pk=flag.round_id)
