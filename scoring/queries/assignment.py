"""The assignment as the chair looks at it: plans with their certificates, loads, and every work with its experts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from scoring import queries
from scoring.lifecycle import SheetState
from scoring.models import Appointment, Entry, Plan, Round, ScoreSheet
from scoring.queries import evidence
from scoring.queries.candidates import candidates
from scoring.queries.cockpit import REASONS, newest_plans
from scoring.querysets import judged
from scoring.rules.assignment import Specialist, Task, match
from scoring.rules.recusal import Conflict

_LIVE = ~Q(sheets__state=SheetState.VOID) & Q(sheets__calibration=False)
_DONE = Q(sheets__state=SheetState.HANDED_IN, sheets__calibration=False)


@dataclass(frozen=True)
class PlanLine:
    plan: Plan
    balance: int
    gap: int
    upper_bound: int
    by_hand: int


@dataclass(frozen=True)
class EntryLine:
    entry: Entry
    sheets: list[ScoreSheet]
    missing: int


def plans(round_: Round) -> list[PlanLine]:
    found = []
    for plan in newest_plans(round_):
        proof = plan.detail["certificate"]
        found.append(
            PlanLine(plan, plan.detail["balance"], proof["gap"], proof["upper_bound"], plan.detail.get("by_hand", 0))
        )
    return found


def sitting(round_: Round) -> QuerySet[Any]:
    """The experts of a round with `load` and `done`."""
    rows = round_.appointments.select_related("expert__user", "panel").annotate(
        load=Count("sheets", filter=_LIVE), done=Count("sheets", filter=_DONE)
    )
    return rows.order_by("panel__order", "expert__user__pinyin", "pk")


def entries(round_: Round, text: str = "", *, short: bool = False) -> QuerySet[Entry]:
    """Narrowed by code or title, and to those with fewer experts than they should have."""
    rows = round_.entries.select_related("achievement", "panel").order_by("code")
    if text:
        rows = rows.filter(Q(code__icontains=text) | Q(achievement__title__icontains=text))
    if short:
        rows = (
            rows.filter(judged()).annotate(n=Count("sheets", filter=_LIVE)).filter(n__lt=round_.sheets_per_achievement)
        )
    return rows


def lines(round_: Round, page: Sequence[Entry]) -> list[EntryLine]:
    """Two queries whatever the page holds."""
    held: dict[int, list[ScoreSheet]] = defaultdict(list)
    rows = ScoreSheet.objects.assigned().filter(entry__in=page).exclude(state=SheetState.VOID)
    for sheet in rows.select_related("appointment__expert__user").order_by("appointment__expert__user__pinyin"):
        held[sheet.entry_id].append(sheet)
    wanted = round_.sheets_per_achievement
    return [EntryLine(entry, held[entry.pk], max(wanted - len(held[entry.pk]), 0)) for entry in page]


def missing(round_: Round) -> int:
    """How many sheets are missing to the round's number of experts, over all works still in the judgement."""
    counted = Entry.objects.judged().filter(round=round_).annotate(n=Count("sheets", filter=_LIVE))
    return sum(max(round_.sheets_per_achievement - n, 0) for n in counted.values_list("n", flat=True))


def not_handed_in(round_: Round) -> int:
    """Open sheets of works that are still in the judgement."""
    return round_.sheets.filter(judged("entry__"), state=SheetState.OPEN, calibration=False).count()


@dataclass(frozen=True)
class Shortfall:
    """What a closing would have to do without: sheets not handed in, sheets that nobody has, and the works."""

    awaited: int
    lacking: int
    works: list[tuple[int, str]]

    @property
    def codes(self) -> list[str]:
        return [code for _, code in self.works]


def shortfall(round_: Round, awaited: int | None = None) -> Shortfall:
    """`awaited` when it was counted already. Works by code: a sheet of theirs is open, or they have too few."""
    wanted = round_.sheets_per_achievement
    waiting = Q(sheets__state=SheetState.OPEN, sheets__calibration=False)
    rows = Entry.objects.judged().filter(round=round_).order_by("code")
    rows = rows.annotate(n=Count("sheets", filter=_LIVE), open_=Count("sheets", filter=waiting))
    found = list(rows.values_list("pk", "code", "n", "open_"))
    return Shortfall(
        not_handed_in(round_) if awaited is None else awaited,
        sum(max(wanted - n, 0) for _, _, n, _ in found),
        [(pk, code) for pk, code, n, open_ in found if open_ or n < wanted],
    )


def late(round_: Round) -> int:
    """Works that came after the release and are in no round."""
    if round_.previous_id:
        return 0
    return candidates(round_).exclude(pk__in=round_.entries.values("achievement")).count()


@dataclass(frozen=True)
class Free:
    """An expert who has no sheet of a work yet: how she fits, and why she may not ("" when she may)."""

    appointment: Appointment
    match: int
    load: int
    why: str

    @property
    def words(self) -> str:
        fits = {0: "不对口", 1: "类型对口", 2: "行业对口", 3: "行业、类型都对口"}[self.match]
        return f"{self.appointment.expert.user.display_name}（{fits}，现有 {self.load} 份）"


def free_for(round_: Round, entry: Entry) -> list[Free]:
    """Everybody else of the panel, the best first: free ones before the others, then by speciality and load."""
    sheets = ScoreSheet.objects.filter(entry=entry)
    calibrates = Q(calibration=True) & ~Q(state=SheetState.VOID)
    had = set(sheets.exclude(calibrates).values_list("appointment", flat=True))
    known = set(sheets.filter(calibrates, marks__isnull=False).values_list("appointment", flat=True))
    rows = [row for row in sitting(round_) if row.left_at is None and row.pk not in had]
    if round_.panels.exists():
        rows = [row for row in rows if row.panel_id == entry.panel_id]
    barred = queries.conflicts(round_, rows, only=[entry.pk])
    words = evidence.sentences(barred)
    found = [_free(entry, row, barred.get((entry.pk, row.pk)), words) for row in rows if row.pk not in known]
    found += [Free(row, 0, row.load, "已为校准评过这一项") for row in rows if row.pk in known]
    return sorted(found, key=lambda one: (bool(one.why), -one.match, one.load))


def _free(entry: Entry, row: Any, conflict: Conflict | None, words: Mapping[tuple[int, int], str]) -> Free:
    expert, content = row.expert, entry.version.content
    task = Task(entry.code, content["industry"], content["category"])
    fit = match(task, Specialist("", frozenset(expert.industries), frozenset(expert.categories)))
    why = ""
    if conflict:
        why = words[entry.pk, row.pk] or REASONS[conflict.reason]
    elif expert.max_load is not None and row.load >= expert.max_load:
        why = f"已达最多份数 {expert.max_load}"
    return Free(row, fit, row.load, why)
