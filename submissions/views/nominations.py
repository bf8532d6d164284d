"""优胜单位: the list of a role, the form, and the opinions in order."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import ActorRequest, role_required
from accounts.choices import Role
from contests.queries import contest_in_view, enrolment_of, sending_window
from core.errors import Conflict, NotAllowed, Refusal
from submissions import policies
from submissions.actions import nominating
from submissions.forms import typed
from submissions.forms.nominations import NominationForm
from submissions.models import UnitNomination
from submissions.queries import heaps
from submissions.queries import nominations as reads
from submissions.rules import nominations as rules
from submissions.rules.nominations import Step

READERS = (Role.UNIT_OPERATOR, Role.AUDITOR, Role.OFFICE, Role.SUPERVISOR)
ROWS_A_PAGE = 50
_AGREED = {Step.UNIT: "同意申报。", Step.COUNTY: "同意推荐。", Step.CITY: "同意评为优胜单位。"}
_SAID = {"text": "意见", "reason": "退回的理由"}


class Unsent(NamedTuple):
    label: str
    mine: str
    theirs: str


@never_cache
@require_safe
@role_required(*READERS)
def index(request: ActorRequest) -> HttpResponse:
    contest = contest_in_view(request.actor, request.GET.get("contest"))
    if contest is None:
        return render(request, "submissions/queue_none.html")
    own = enrolment_of(request.actor, contest)
    rows = UnitNomination.objects.visible_to(request.actor).filter(contest=contest)
    status = request.GET.get("status", "")
    shown = rows.filter(status=status) if status in rules.STATUSES else rows
    top = own if own and request.actor.is_auditor and not own.is_host else None
    if top:
        top.contest = contest
    context = {
        "contest": contest,
        "is_given": reads.is_given(contest),
        "nominators": (contest.sections.get("winner_unit") or {}).get("nominators", ""),
        "page_obj": Paginator(shown.select_related("enrolment__recommender"), ROWS_A_PAGE).get_page(
            request.GET.get("page")
        ),
        "status": status,
        "statuses": [(code, words[0]) for code, words in rules.STATUSES.items()],
        "own": own if own and request.actor.is_unit_operator else None,
        "may_start": bool(own) and not policies.may_nominate(request.actor, own),  # type: ignore[arg-type]
        "limit": heaps.winner_unit_limit(top) if top else 0,
        "used": reads.recommended_by(top) if top else 0,
    }
    return render(request, "submissions/nominations/list.html", context)


@require_POST
@role_required(*READERS)
def start(request: ActorRequest) -> HttpResponse:
    contest = contest_in_view(request.actor, request.POST.get("contest"))
    own = enrolment_of(request.actor, contest) if contest else None
    if own is None:
        raise NotAllowed("本单位未参加本届竞赛。")
    return redirect("submissions:nomination", nominating.start(request.actor, own).pk)


@never_cache
@require_safe
@role_required(*READERS)
def nomination(request: ActorRequest, pk: int) -> HttpResponse:
    return _show(request, _row(request, pk))


def _row(request: ActorRequest, pk: int) -> UnitNomination:
    rows = UnitNomination.objects.visible_to(request.actor).select_related("contest", "enrolment__contest")
    return get_object_or_404(rows, pk=pk)


def _show(
    request: ActorRequest, row: UnitNomination, form: NominationForm | None = None, refusal: Refusal | None = None
) -> HttpResponse:
    step, top, opinions = rules.next_step(row.status), reads.top_of(row.enrolment), reads.standing(row)
    given = opinions.get(Step.UNIT)
    why_not = policies.may_give_opinion(request.actor, row, top, given.given_by_id if given else None)
    gate = sending_window(timezone.now(), top)
    closed = gate.reason if step is not Step.CITY else ""
    editable = row.is_editable and not policies.may_nominate(request.actor, row.enrolment)
    said = {key: typed.plain(request.POST.get(key, "")) for key in _SAID}
    context: dict[str, Any] = {
        "row": row,
        "contest": row.contest,
        "form": (form or NominationForm.of(row)) if editable else None,
        "steps": [(label, opinions.get(code)) for code, label in rules.STEPS.items()],
        "voided": list(row.opinions.filter(voided_at__isnull=False).select_related("given_by", "enrolment")),
        "step": step,
        "step_label": rules.STEPS[step] if step else "",
        "agreed": _AGREED[step] if step else "",
        "missing": rules.missing({key: getattr(row, key) for key in nominating.FIELDS}) if row.is_editable else [],
        "may_speak": not why_not and not closed,
        "why_not": why_not or closed,
        "closes": gate.closes,
        "refusal": refusal,
        "typed": said,
        "revision": row.revision if form is None or isinstance(refusal, Conflict) else _revision(request),
        "unsent": _unsent(row, form, said, editable=editable, may_speak=not why_not and not closed) if refusal else [],
        "sees_phone": request.actor.is_office or request.actor.is_auditor or request.actor.is_unit_operator,
    }
    status = refusal.status if refusal else 400 if form is not None and form.errors else 200
    return render(request, "submissions/nominations/detail.html", context, status=status)


def _revision(request: ActorRequest) -> int:
    """That of the page which she read: saved over nothing that she has not seen."""
    given = request.POST.get("revision", "")
    return int(given) if given.isdecimal() else -1


def _unsent(
    row: UnitNomination, form: NominationForm | None, said: dict[str, str], *, editable: bool, may_speak: bool
) -> list[Unsent]:
    """What she typed that differs from what is saved by now, and what has no field on the page any more."""
    found = []
    for name, bound in form.fields.items() if form else ():
        mine, theirs = form[name].value() or "", getattr(row, name)  # type: ignore[index]
        if str(mine) != str("" if theirs is None else theirs):
            found.append(Unsent(str(bound.label), str(mine), str("" if theirs is None else theirs)))
    lost = {} if editable or may_speak else said
    return found + [Unsent(_SAID[key], text, "") for key, text in lost.items() if text]


@require_POST
@role_required(*READERS)
def save(request: ActorRequest, pk: int) -> HttpResponse:
    """Save, and with `do=send` give the unit's opinion in the same press."""
    row = _row(request, pk)
    form = NominationForm.of(row, request.POST)
    denied = policies.may_nominate(request.actor, row.enrolment)
    if denied:
        raise NotAllowed(denied)
    if not form.is_valid():
        return _show(request, row, form)
    try:
        nominating.save(request.actor, pk, form.cleaned_data, _revision(request))
    except NotAllowed:
        raise
    except Refusal as refusal:
        if refusal.field in form.fields:
            form.add_error(refusal.field, refusal.message)
            return _show(request, row, form)
        return _show(request, _row(request, pk), form, refusal)
    if request.POST.get("do") == "send":
        return _speak(request, pk, agrees=True)
    messages.success(request, "申报表已保存。")
    return redirect("submissions:nomination", pk)


@require_POST
@role_required(*READERS)
def opinion(request: ActorRequest, pk: int) -> HttpResponse:
    _row(request, pk)
    return _speak(request, pk, agrees=request.POST.get("agrees") != "no")


def _speak(request: ActorRequest, pk: int, *, agrees: bool) -> HttpResponse:
    text, seen = typed.plain(request.POST.get("text", "")), request.POST.get("seen", "")
    try:
        row = nominating.give_opinion(request.actor, pk, text, agrees=agrees, seen=seen)
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _show(request, _row(request, pk), refusal=refusal)
    messages.success(request, f"意见已填写，申报表现为“{row.status_words[0]}”。")
    return redirect("submissions:nomination", pk)


@require_POST
@role_required(*READERS)
def send_back(request: ActorRequest, pk: int) -> HttpResponse:
    _row(request, pk)
    reason, seen = typed.plain(request.POST.get("reason", "")), request.POST.get("seen", "")
    try:
        nominating.send_back(request.actor, pk, reason, seen=seen)
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _show(request, _row(request, pk), refusal=refusal)
    messages.success(request, "申报表已退回申报单位。")
    return redirect("submissions:nomination", pk)
