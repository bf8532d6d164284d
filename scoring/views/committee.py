"""评审委员会: proposals with votes and reason, the second person's approval, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.access import ActorRequest, role_required
from accounts.choices import Role
from core.errors import NotAllowed, Refusal
from scoring import policies
from scoring.actions import committee as actions
from scoring.actions.results import reopen_round
from scoring.forms.committee import DecisionForm, ReasonForm
from scoring.lifecycle import ApprovalState, RoundStatus
from scoring.models import Approval, Round
from scoring.queries import awarding, board
from scoring.views.answering import CHAIRS, acted, chaired


def _round(request: ActorRequest, pk: int) -> Round:
    return get_object_or_404(Round.objects.visible_to(request.actor).select_related("contest", "enrolment"), pk=pk)


@require_GET
@role_required(Role.OFFICE, Role.SUPERVISOR)
def committee(request: ActorRequest, pk: int) -> HttpResponse:
    return _page(request, _round(request, pk))


def _page(request: ActorRequest, round_: Round, form: Form | None = None) -> HttpResponse:
    if round_.status not in board.RANKED:
        return render(request, "scoring/ranking_pending.html", {"round": round_})
    rows = Approval.objects.visible_to(request.actor).filter(entry__round=round_)
    rows = rows.select_related("entry__achievement", "entry__result", "tier", "proposed_by", "decided_by")
    may_run = policies.may_run(request.actor, round_)
    context = {
        "round": round_,
        "waiting": [row for row in rows if row.state == ApprovalState.PROPOSED],
        "decided": [row for row in rows if row.state != ApprovalState.PROPOSED],
        "cuts": awarding.standing(round_).cuts,
        "may_run": may_run,
        "may_decide": may_run and round_.status == RoundStatus.CLOSED,
        "decision_form": form if isinstance(form, DecisionForm) else DecisionForm(round_),
        "reopen_form": form if type(form) is ReasonForm else ReasonForm(),
    }
    return render(request, "scoring/committee.html", context, status=400 if form is not None else 200)


@require_POST
@role_required(Role.OFFICE)
def propose(request: ActorRequest, pk: int) -> HttpResponse:
    round_ = _round(request, pk)
    form = DecisionForm(round_, request.POST)

    def act(_: dict[str, Any]) -> str:
        approval = actions.propose(request.actor, **form.decision())
        return f"已提出 {approval.entry}，等待另一人核准。"

    return _act(request, round_, form, act)


@require_POST
@role_required(Role.OFFICE)
def approve(request: ActorRequest, pk: int) -> HttpResponse:
    approval = _approval(request, pk)
    return _decide(request, approval, lambda: actions.approve(request.actor, approval.pk), "已核准")


@require_POST
@role_required(Role.OFFICE)
def reject(request: ActorRequest, pk: int) -> HttpResponse:
    approval, reason = _approval(request, pk), request.POST.get("reason", "")
    return _decide(request, approval, lambda: actions.reject(request.actor, approval.pk, reason), "已退回")


@require_POST
@role_required(Role.OFFICE)
def revoke(request: ActorRequest, pk: int) -> HttpResponse:
    approval, reason = _approval(request, pk), request.POST.get("reason", "")
    return _decide(request, approval, lambda: actions.revoke(request.actor, approval.pk, reason), "已取消")


@require_POST
@role_required(*CHAIRS)
def reopen(request: ActorRequest, pk: int) -> HttpResponse:
    """One step back; a desk below the host has no committee, so its answer stands beside its recommendation."""
    round_, form = chaired(request, pk), ReasonForm(request.POST)
    if not round_.enrolment.is_host:
        reason = request.POST.get("reason", "")
        done = acted(request, lambda: reopen_round(request.actor, round_.pk, reason), "已重新开放评分。")
        return redirect("scoring:round" if done else "scoring:round_recommend", round_.pk)

    def act(data: dict[str, Any]) -> str:
        again = reopen_round(request.actor, round_.pk, data["reason"])
        return f"已重新开放，本轮评审当前为“{again.status_label[0]}”。"

    return _act(request, round_, form, act)


def _approval(request: ActorRequest, pk: int) -> Approval:
    rows = Approval.objects.visible_to(request.actor).filter(entry__isnull=False).select_related("entry__round")
    return get_object_or_404(rows, pk=pk)


def _decide(request: ActorRequest, approval: Approval, act: Callable[[], Approval], done: str) -> HttpResponse:
    """A refusal of these small buttons is told above the page, which shows the matter as it is now."""
    assert approval.entry is not None
    try:
        act()
        messages.success(request, f"{done} {approval.entry.code}。")
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("scoring:committee", pk=approval.entry.round_id)


def _act(request: ActorRequest, round_: Round, form: Form, act: Callable[[dict[str, Any]], str]) -> HttpResponse:
    if not form.is_valid():
        return _page(request, round_, form)
    try:
        messages.success(request, act(form.cleaned_data))
    except NotAllowed:
        raise
    except Refusal as refusal:
        if refusal.code == "status":
            messages.warning(request, refusal.message)
            return redirect("scoring:committee", pk=round_.pk)
        fields = {"entry": "code"}
        field = fields.get(refusal.field, refusal.field)
        form.add_error(field if field in form.fields else None, refusal.message)
        return _page(request, round_, form)
    return redirect("scoring:round" if round_.status == RoundStatus.OPEN else "scoring:committee", pk=round_.pk)
