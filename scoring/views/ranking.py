"""The ranking of a closed round: read by office and supervisor, 特等奖 chosen and awards confirmed by the office."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.access import ActorRequest, role_required
from core.errors import NotAllowed, Refusal
from scoring import drawings, policies, queries
from scoring.actions import results
from scoring.forms import ConfirmForm
from scoring.lifecycle import RoundStatus
from scoring.models import Round
from scoring.queries import board as reads
from scoring.views.answering import CHAIRS, READERS
from submissions.forms.typed import plain

PAGE = 50


@require_GET
@role_required(*READERS)
def board(request: ActorRequest, pk: int) -> HttpResponse:
    return _board(request, _round(request, pk))


def _round(request: ActorRequest, pk: int) -> Round:
    return get_object_or_404(
        Round.objects.visible_to(request.actor).select_related("contest", "rubric", "enrolment"), pk=pk
    )


def _board(request: ActorRequest, round_: Round, form: Form | None = None) -> HttpResponse:
    if round_.status not in reads.RANKED:
        return render(request, "scoring/ranking_pending.html", {"round": round_})
    asked = {"text": plain(request.GET.get("q", "")).strip()[:60], "path": request.GET.get("path", "")}
    found = reads.results(round_, **asked, flagged=request.GET.get("flagged") == "1")
    page, tiers = Paginator(found, PAGE).get_page(request.GET.get("page")), reads.tiers(round_)
    rows, floor = reads.rows(round_, list(page), tiers)
    low, bars, lines, below = drawings.histogram(
        reads.scores(round_), [(tier.name, tier.floor) for tier in queries.tiers_of(round_.contest)]
    )
    context = {
        "round": round_,
        "rows": rows,
        "page": page,
        "floor": floor,
        "asked": {**asked, "flagged": request.GET.get("flagged") == "1"},
        "tiers": tiers,
        "money": sum(tier.money for tier in tiers),
        "awarded_total": sum(tier.count for tier in tiers),
        "award_words": "已定奖" if round_.status == RoundStatus.AWARDED else "拟定",
        "award_tone": "ok" if round_.status == RoundStatus.AWARDED else "info",
        "figures": reads.figures(round_),
        "policy": reads.policy_words(round_),
        "histogram": {"low": low, "bars": bars, "lines": lines, "below": below},
        **_committee(request, round_, form),
    }
    return render(request, "scoring/ranking.html", context, status=400 if form is not None else 200)


def _committee(request: ActorRequest, round_: Round, form: Form | None) -> dict[str, Any]:
    """The committee's choices as they stand, and the button that locks the result."""
    opened = policies.may_award(request.actor, round_) and round_.status == RoundStatus.CLOSED
    context: dict[str, Any] = {
        "may_decide": opened,
        "special": round_.contest.awardtier_set.filter(floor__isnull=True).first(),
        "chosen": reads.chosen(round_),
    }
    if opened:
        context["confirm_form"] = form if isinstance(form, ConfirmForm) else ConfirmForm()
    return context


@require_POST
@role_required(*CHAIRS)
def confirm(request: ActorRequest, pk: int) -> HttpResponse:
    round_, form = _round(request, pk), ConfirmForm(request.POST)
    return _act(
        request,
        round_,
        form,
        lambda _: f"已定奖 {results.confirm_awards(request.actor, round_.pk)} 项，结果已锁定。",
    )


def _act(request: ActorRequest, round_: Round, form: Form, act: Callable[[dict[str, Any]], str]) -> HttpResponse:
    if round_.status != RoundStatus.CLOSED or not form.is_valid():
        return _board_or_told(request, round_, form)
    try:
        messages.success(request, act(form.cleaned_data))
    except NotAllowed:
        raise
    except Refusal as refusal:
        if refusal.code == "status":
            messages.warning(request, refusal.message)
        else:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            return _board(request, round_, form)
    return redirect("scoring:ranking", pk=round_.pk)


def _board_or_told(request: ActorRequest, round_: Round, form: Form) -> HttpResponse:
    """An old page: the round has moved on, or is not closed yet."""
    if round_.status == RoundStatus.CLOSED:
        return _board(request, round_, form)
    messages.warning(request, f"本轮评审当前为“{round_.status_label[0]}”，不能再更改等次。")
    return redirect("scoring:ranking", pk=round_.pk)
