"""匿名材料: the office sees what may give a work away, and masks or passes it before the round is released."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.access import ActorRequest, role_required
from core.errors import NotAllowed, Refusal
from scoring import blinding, policies
from scoring.actions import blind as actions
from scoring.forms.desk import PassForm
from scoring.lifecycle import FindingState, RoundStatus
from scoring.models import BlindFinding, Round
from scoring.queries import blind as reads
from scoring.views.answering import CHAIRS, READERS

PAGE = 20


@require_GET
@role_required(*READERS)
def index(request: ActorRequest, pk: int) -> HttpResponse:
    rounds = Round.objects.visible_to(request.actor).select_related("contest", "enrolment")
    round_ = get_object_or_404(rounds, pk=pk)
    if "HX-Request" in request.headers:
        return render(request, "scoring/pieces/blind_progress.html", _progress(round_))
    return _page(request, round_)


def _progress(round_: Round) -> dict[str, Any]:
    return {"round": round_, "job": reads.last_job(round_), "standing": blinding.standing(round_)}


def _page(request: ActorRequest, round_: Round, refused: PassForm | None = None) -> HttpResponse:
    waiting = request.GET.get("tab") != "done"
    found = BlindFinding.objects.visible_to(request.actor).filter(round=round_)
    rows = found.filter(state=FindingState.OPEN) if waiting else found.exclude(state=FindingState.OPEN)
    rows = rows.select_related("entry__achievement", "decided_by").order_by("entry__code", "pk")
    page = {
        **_progress(round_),
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "waiting": waiting,
        "withheld": reads.withheld(round_),
        "may_run": policies.may_run(request.actor, round_) and round_.status in (RoundStatus.DRAFT, RoundStatus.OPEN),
        "blind": round_.blind,
        "refused": refused,
        "refused_id": refused.finding if refused else None,
    }
    return render(request, "scoring/blind.html", page, status=400 if refused else 200)


def _finding(request: ActorRequest, pk: int) -> BlindFinding:
    rows = BlindFinding.objects.visible_to(request.actor).select_related("round__contest", "round__enrolment", "entry")
    finding: BlindFinding = get_object_or_404(rows, pk=pk)
    return finding


def _done(request: ActorRequest, round_id: int, act: Callable[[], object], words: str) -> HttpResponse:
    try:
        act()
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, words)
    return redirect(reverse("scoring:blind", args=[round_id]))


@require_POST
@role_required(*CHAIRS)
def prepare(request: ActorRequest, pk: int) -> HttpResponse:
    round_ = get_object_or_404(Round.objects.visible_to(request.actor), pk=pk)
    words = "已开始改写附件，可以离开本页，完成后在这里查看。"
    return _done(request, round_.pk, lambda: actions.start_preparing(request.actor, round_.pk), words)


@require_POST
@role_required(*CHAIRS)
def mask(request: ActorRequest, pk: int) -> HttpResponse:
    finding = _finding(request, pk)
    words = "这份附件不再向专家展示。" if finding.is_file else "这一处已经隐去。"
    return _done(request, finding.round_id, lambda: actions.mask_finding(request.actor, finding.pk), words)


@require_POST
@role_required(*CHAIRS)
def mask_all(request: ActorRequest, pk: int) -> HttpResponse:
    round_ = get_object_or_404(Round.objects.visible_to(request.actor), pk=pk)
    shown = request.POST.get("shown", "")
    number = int(shown) if shown.isdecimal() and len(shown) < 7 else -1
    words = f"{number} 处已经全部隐去。"
    return _done(request, round_.pk, lambda: actions.mask_all(request.actor, round_.pk, number), words)


@require_POST
@role_required(*CHAIRS)
def let_pass(request: ActorRequest, pk: int) -> HttpResponse:
    finding = _finding(request, pk)
    form = PassForm(finding.pk, request.POST)
    if not form.is_valid():
        return _page(request, finding.round, form)
    act = lambda: actions.pass_finding(request.actor, finding.pk, form.cleaned_data["reason"])  # noqa: E731
    return _done(request, finding.round_id, act, "这一处已经放行，理由已存。")
