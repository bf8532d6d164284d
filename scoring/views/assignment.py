"""The assignment: looked at, verified by anybody, moved by hand, completed after the release with the least change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import ActorRequest, role_required
from core.errors import NotAllowed, Refusal
from scoring import policies
from scoring.actions import filling, reassigning
from scoring.actions.filling import Filled
from scoring.forms.assignment import LateExpertForm, MoveForm
from scoring.forms.panels import number
from scoring.lifecycle import RoundStatus
from scoring.models import Appointment, Entry, Plan, Round
from scoring.queries import assignment as reads
from scoring.queries import recusals
from scoring.queries.standing import standing
from scoring.views.answering import CHAIRS, READERS, acted, chaired, given, round_in_view, submitted
from submissions.forms.typed import plain

PAGE = 50


@require_GET
@role_required(*READERS)
def index(request: ActorRequest, pk: int) -> HttpResponse:
    return _page(request, round_in_view(request, pk))


def _page(request: ActorRequest, round_: Round, form: LateExpertForm | None = None) -> HttpResponse:
    text, short = plain(request.GET.get("q", "")).strip()[:60], request.GET.get("short") == "1"
    page = Paginator(reads.entries(round_, text, short=short), PAGE).get_page(request.GET.get("page"))
    may_run = policies.may_run(request.actor, round_)
    going_on = may_run and round_.status == RoundStatus.OPEN
    context: dict[str, Any] = {
        "round": round_,
        "plans": reads.plans(round_),
        "standing": standing(round_),
        "sitting": reads.sitting(round_),
        "panels": list(round_.panels.all()),
        "page": page,
        "lines": reads.lines(round_, list(page)),
        "asked": {"text": text, "short": short},
        "counts": recusals.counts(round_),
        "missing": reads.missing(round_) if round_.status != RoundStatus.DRAFT else 0,
        "late": reads.late(round_) if going_on else 0,
        "may_move": may_run and round_.status in reassigning.MOVABLE,
        "going_on": going_on,
        "expert_form": (form or LateExpertForm(round_)) if going_on else None,
    }
    return render(request, "scoring/assignment.html", context, status=400 if form is not None else 200)


@require_POST
@role_required(*CHAIRS)
def fill(request: ActorRequest, pk: int) -> HttpResponse:
    round_ = chaired(request, pk)
    return _filled(request, round_, lambda: filling.fill(request.actor, round_.pk))


@require_POST
@role_required(*CHAIRS)
def take_in(request: ActorRequest, pk: int) -> HttpResponse:
    round_ = chaired(request, pk)
    return _filled(request, round_, lambda: filling.take_in(request.actor, round_.pk))


def _appointment(request: ActorRequest, pk: int) -> Appointment:
    return get_object_or_404(Appointment.objects.visible_to(request.actor), pk=pk)


def tell(request: ActorRequest, done: Filled) -> None:
    gone = f"收回 {done.voided} 份评分表，" if done.voided else ""
    messages.success(request, f"{gone}新分配 {done.given} 份，其余的分配没有变动。")
    if done.why:
        messages.warning(request, f"还不能补足：{done.why}")


def _filled(request: ActorRequest, round_: Round, act: Callable[[], Filled]) -> HttpResponse:
    try:
        done = act()
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        tell(request, done)
    return redirect("scoring:assignment", round_.pk)


@require_POST
@role_required(*CHAIRS)
def seat(request: ActorRequest, pk: int) -> HttpResponse:
    appointment = _appointment(request, pk)
    round_ = chaired(request, appointment.round_id)
    panel = number(request.POST.get("panel", "")) or 0
    acted(request, lambda: filling.seat_reserve(request.actor, appointment.pk, panel), "候补专家已入组，可以补足分配。")
    return redirect("scoring:assignment", round_.pk)


@require_POST
@role_required(*CHAIRS)
def bring_in(request: ActorRequest, pk: int) -> HttpResponse:
    round_ = chaired(request, pk)
    form = LateExpertForm(round_, request.POST)

    def act() -> object:
        panel = form.cleaned_data.get("panel")
        return filling.bring_in(request.actor, round_.pk, form.cleaned_data["expert"].pk, panel.pk if panel else None)

    done = "专家已加入本轮，可以补足分配，或从别的专家处换入。"
    return submitted(request, form, act, done, "scoring:assignment", round_.pk) or _page(request, round_, form)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*CHAIRS)
def entry(request: ActorRequest, pk: int) -> HttpResponse:
    """The experts of one work: another one, one more, one less."""
    rows = Entry.objects.visible_to(request.actor).select_related("achievement__unit", "panel", "version")
    work = get_object_or_404(rows, pk=pk)
    round_ = chaired(request, work.round_id)
    free = reads.free_for(round_, work)
    form = MoveForm(work, [(one.appointment.pk, one.words) for one in free if not one.why], given(request))

    def act() -> object:
        old, new = form.cleaned_data["sheet"], form.cleaned_data["appointment"]
        if old and new:
            return reassigning.swap(request.actor, old.pk, new.pk)
        if new:
            return reassigning.add(request.actor, work.pk, new.pk)
        return reassigning.remove(request.actor, old.pk)

    answer = submitted(request, form, act, "分配已调整。", "scoring:entry_experts", work.pk) if form.is_bound else None
    context = {
        "round": round_,
        "entry": work,
        "line": reads.lines(round_, [work])[0],
        "free": free,
        "form": form,
        "open": round_.status in reassigning.MOVABLE and round_.plans.exists(),
    }
    return answer or render(request, "scoring/entry_experts.html", context, status=400 if form.errors else 200)


@require_GET
@role_required(*READERS)
def problem(request: ActorRequest, pk: int) -> HttpResponse:
    return _download(_plan(request, pk).problem, f"problem-{pk}.json")


@require_GET
@role_required(*READERS)
def solution(request: ActorRequest, pk: int) -> HttpResponse:
    return _download(_plan(request, pk).solution, f"plan-{pk}.json")


def _plan(request: ActorRequest, pk: int) -> Plan:
    return get_object_or_404(Plan.objects.visible_to(request.actor), pk=pk)


def _download(text: str, name: str) -> HttpResponse:
    """Word for word as the certificate's fingerprint binds them."""
    response = HttpResponse(text.encode(), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
