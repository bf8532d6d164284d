"""校准件 of a round: which works they are, which could be, and how each expert marked them. Fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from scoring import queries
from scoring.lifecycle import SheetState
from scoring.models import Entry, Recusal, Round, ScoreSheet
from scoring.queries.cockpit import reason_words
from scoring.rules import statistics
from scoring.rules.statistics import Calibration, Rating

WORDS = {statistics.SEVERE: "偏严", statistics.MILD: "偏宽", statistics.UNEVEN: "宽严不一"}


def chosen(round_: Round) -> list[Entry]:
    rows = round_.entries.filter(common__isnull=False).select_related("achievement__unit", "panel")
    return list(rows.order_by("common"))


def candidates(round_: Round, text: str = "") -> QuerySet[Entry]:
    """The works of the round, narrowed by code or title."""
    rows = round_.entries.filter(common__isnull=True).select_related("achievement__unit", "panel").order_by("code")
    return rows.filter(Q(code__icontains=text) | Q(achievement__title__icontains=text)) if text else rows


def kept_away(round_: Round, entries: Sequence[Entry]) -> dict[int, int]:
    """Entry id → how many of the round's experts must not mark it: the fewer, the better it calibrates."""
    appointments = list(round_.appointments.filter(left_at__isnull=True).select_related("expert__user"))
    barred = queries.conflicts(round_, appointments, only=[entry.pk for entry in entries])
    return {entry.pk: sum(pair[0] == entry.pk for pair in barred) for entry in entries}


@dataclass(frozen=True)
class Cell:
    """One expert on one common entry: her total and how far it is from the median, or why there is none."""

    code: str
    points: int | None
    apart: float | None
    words: str = ""


@dataclass(frozen=True)
class Line:
    name: str
    panel: str
    cells: list[Cell]
    severity: float | None
    spread: float | None
    flags: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """`medians` stand in the order of `entries`; `done` of `total` sheets are handed in."""

    entries: list[Entry]
    medians: list[float | None]
    lines: list[Line]
    done: int
    total: int
    alpha: float | None

    @property
    def deviating(self) -> list[Line]:
        return [line for line in self.lines if line.flags]


def table(round_: Round) -> Table | None:
    """None in a round without common entries. Experts stand here by name: that is what these works are marked for."""
    entries = chosen(round_)
    if not entries:
        return None
    sheets = list(_sheets(round_))
    ratings = [
        Rating(str(s.entry_id), str(s.appointment_id), int(s.total))
        for s in sheets
        if s.total is not None and s.state == SheetState.HANDED_IN
    ]
    lines = {line.expert: line for line in statistics.calibrations(ratings)}
    middle = statistics.medians(ratings)
    states = {(s.entry_id, s.appointment_id): s.state_label[0] for s in sheets}
    barred = _barred(round_, entries)
    alpha = statistics.krippendorff_alpha(statistics.by_work(ratings).values())
    rows = round_.appointments.select_related("expert__user", "panel").order_by("expert__user__pinyin", "pk")
    return Table(
        entries=entries,
        medians=[_float(middle.get(str(entry.pk))) for entry in entries],
        lines=[_line(one, entries, lines.get(str(one.pk)), states, barred) for one in rows],
        done=len(ratings),
        total=len(sheets),
        alpha=_float(alpha),
    )


def _sheets(round_: Round) -> QuerySet[ScoreSheet]:
    rows = ScoreSheet.objects.filter(round=round_, common__isnull=False).exclude(state=SheetState.VOID)
    return rows.only("entry", "appointment", "state", "total").order_by("pk")


def _barred(round_: Round, entries: Sequence[Entry]) -> dict[tuple[int, int], str]:
    rows = Recusal.objects.filter(round=round_, entry__in=entries).values_list(
        "entry", "appointment", "reason", "evidence"
    )
    return {(entry, expert): why or reason_words(reason) for entry, expert, reason, why in rows}


def _line(
    appointment: Any,
    entries: Sequence[Entry],
    own: Calibration | None,
    states: dict[tuple[int, int], str],
    barred: dict[tuple[int, int], str],
) -> Line:
    cells = []
    for entry in entries:
        pair = (entry.pk, appointment.pk)
        points = own.points.get(str(entry.pk)) if own else None
        apart = own.apart.get(str(entry.pk)) if own else None
        words = (
            "" if points is not None else f"回避：{barred[pair]}" if pair in barred else states.get(pair, "没有评分表")
        )
        cells.append(Cell(entry.code, points, _float(apart), words))
    return Line(
        appointment.expert.user.display_name,
        appointment.panel.name if appointment.panel else "",
        cells,
        _float(own.severity) if own else None,
        _float(own.spread) if own else None,
        tuple(WORDS[one] for one in own.deviates) if own else (),
    )


def _float(value: Any) -> float | None:
    return None if value is None else float(value)
