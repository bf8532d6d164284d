"""The office runs a round: a draft with experts, the assignment, the release, the closing. The supervisor looks on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import ActorRequest, role_required
from contests.models import Contest, Enrolment
from contests.queries import contest_in_view, enrolment_of
from core.errors import NotAllowed, Refusal
from scoring import policies
from scoring.actions import results
from scoring.actions import rounds as actions
from scoring.forms import AssignForm, CloseForm, OpenForm
from scoring.forms.new_round import RoundForm
from scoring.lifecycle import RoundStatus
from scoring.models import Round
from scoring.queries import assignment, blind, board
from scoring.queries import cockpit as reads
from scoring.queries.candidates import unverified, waiting
from scoring.views.answering import CHAIRS, READERS

PAGE = 20
LISTED = 40  # conflicts and doubts on the cockpit; the figures above them count all


@require_GET
@role_required(*READERS)
def index(request: ActorRequest) -> HttpResponse:
    rounds = reads.with_progress(Round.objects.visible_to(request.actor))
    page = Paginator(rounds.order_by("-pk"), PAGE).get_page(request.GET.get("page"))
    contest = contest_in_view(request.actor)
    desk = enrolment_of(request.actor, contest) if contest else None
    may_run = desk is not None and policies.may_chair(request.actor, desk)
    return render(request, "scoring/rounds.html", {"page": page, "may_run": may_run})


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*CHAIRS)
def new(request: ActorRequest) -> HttpResponse:
    desk = _desk(request)
    contest = desk.contest
    form = RoundForm(contest, desk, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("scoring:round", pk=_create(request, contest, form).pk)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    page = {"form": form, "contest": contest, "desk": desk, "works": waiting(desk), "unverified": unverified(desk)}
    return render(request, "scoring/round_new.html", page, status=400 if form.errors else 200)


def _desk(request: ActorRequest) -> Enrolment:
    """The hat's own desk in the contest: the host for the office, her own body for an auditor."""
    contest = contest_in_view(request.actor, request.GET.get("contest"))
    desk = enrolment_of(request.actor, contest) if contest else None
    if desk is None:
        raise Http404
    policies.require_chair(request.actor, desk)
    return desk


def _create(request: ActorRequest, contest: Contest, form: RoundForm) -> Round:
    data = form.cleaned_data
    return actions.create_round(
        request.actor,
        contest,
        name=data["name"],
        rubric=data["rubric"],
        sheets_per_achievement=data["sheets_per_achievement"],
        expert_ids=[expert.pk for expert in data["experts"]],
        design=form.design(),
    )


@require_GET
@role_required(*READERS)
def cockpit(request: ActorRequest, pk: int) -> HttpResponse:
    return _cockpit(request, _round(request, pk))


def _round(request: ActorRequest, pk: int) -> Round:
    rounds = Round.objects.visible_to(request.actor).select_related("contest", "rubric", "created_by", "waived_by")
    return get_object_or_404(rounds.select_related("enrolment", "previous"), pk=pk)


def _cockpit(request: ActorRequest, round_: Round, form: Form | None = None) -> HttpResponse:
    counted = reads.cockpit(round_)
    plan, match = reads.plan_match(round_, counted.total)
    page = {
        "round": round_,
        "counted": counted,
        "plan": plan,
        "panel_count": round_.panels.count(),
        "match": match,
        "policy": board.policy_words(round_),
        "window": policies.scoring_window(round_, timezone.now()),
        "avoided": [(row, reads.reason_words(row.reason)) for row in reads.avoided(round_, LISTED)],
        "doubts": reads.doubts(round_, LISTED),
        "may_run": policies.may_run(request.actor, round_),
        "blind": blind.summary(round_),
        **_forms(round_, counted, plan, form),
    }
    return render(request, "scoring/round.html", page, status=400 if form is not None else 200)


def _forms(round_: Round, counted: reads.Cockpit, plan: Any, given: Form | None) -> dict[str, Any]:
    """The forms that the round's status opens; the one just refused keeps what was typed."""
    opened: dict[str, Form] = {}
    if round_.status == RoundStatus.DRAFT:
        opened = {"assign_form": AssignForm(), "open_form": OpenForm(initial={"plan": plan.pk if plan else None})}
    if round_.status == RoundStatus.OPEN:
        opened = {"close_form": CloseForm(assignment.shortfall(round_, counted.missing))}
    return {name: given if given is not None and type(given) is type(form) else form for name, form in opened.items()}


@require_POST
@role_required(*CHAIRS)
def assign(request: ActorRequest, pk: int) -> HttpResponse:
    round_, form = _round(request, pk), AssignForm(request.POST)
    return _act(
        request,
        round_,
        form,
        lambda data: actions.plan_assignment(request.actor, round_.pk, data["seed"]),
        "分配完成，请核对各专家的份数和专业。",
    )


@require_POST
@role_required(*CHAIRS)
def open_(request: ActorRequest, pk: int) -> HttpResponse:
    round_, form = _round(request, pk), OpenForm(request.POST)
    done = "评审已经开始，专家现在可以看到评分表。"
    return _act(
        request,
        round_,
        form,
        lambda data: actions.open_round(request.actor, round_.pk, plan_id=data["plan"]),
        done,
    )


@require_POST
@role_required(*CHAIRS)
def close(request: ActorRequest, pk: int) -> HttpResponse:
    round_ = _round(request, pk)
    form = CloseForm(assignment.shortfall(round_), request.POST)
    return _act(
        request,
        round_,
        form,
        lambda data: results.close_round(request.actor, round_.pk, waive=data.get("waive", "")),
        "评分已截止，排名已经生成。",
    )


def _act(request: ActorRequest, round_: Round, form: Form, act: Any, done: str) -> HttpResponse:
    """One action; a refusal comes back on the same page with what was typed."""
    if not form.is_valid():
        return _cockpit(request, round_, form)
    try:
        act(form.cleaned_data)
    except NotAllowed:
        raise
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _refused(request, round_, form, refusal)
    messages.success(request, done)
    return redirect("scoring:round", pk=round_.pk)


def _refused(request: ActorRequest, round_: Round, form: Form, refusal: Refusal) -> HttpResponse:
    """Somebody was quicker: the page shows the round as it is now, so the sentence stands above it."""
    if refusal.code in ("status", "stale"):
        messages.warning(request, refusal.message)
        return redirect("scoring:round", pk=round_.pk)
    return _cockpit(request, round_, form)
