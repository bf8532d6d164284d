"""The sheets of a round as plain values in two queries: what statistics and the ranking read, at any size."""

from __future__ import annotations

from collections import defaultdict

from scoring.lifecycle import SheetState
from scoring.models import Mark, Round, ScoreSheet
from scoring.rules.rubric import Mark as RuleMark
from scoring.rules.sheets import Sheet


def sheets(round_: Round) -> tuple[Sheet, ...]:
    """Those that count, in order of entry and pseudonym."""
    marks = _marks(round_)
    rows = ScoreSheet.objects.counting().filter(round=round_).order_by("entry__code", "appointment__pseudonym")
    columns = ("pk", "entry__code", "entry__path", "entry__benefit_wan", "appointment__pseudonym")
    return tuple(
        Sheet(code, path, expert, marks[pk], amount) for pk, code, path, amount, expert in rows.values_list(*columns)
    )


def _marks(round_: Round) -> dict[int, dict[str, RuleMark]]:
    """Sheet → its marks; equal marks share one object."""
    known: dict[tuple[str, int], RuleMark] = {}
    found: dict[int, dict[str, RuleMark]] = defaultdict(dict)
    rows = Mark.objects.filter(sheet__round=round_, sheet__state=SheetState.HANDED_IN, points__isnull=False)
    rows = rows.filter(sheet__calibration=False)
    for sheet, criterion, level, points in rows.order_by().values_list("sheet", "criterion", "level", "points"):
        assert points is not None
        mark = known.get((level, points))
        if mark is None:
            mark = known[level, points] = RuleMark(level, points)
        found[sheet][criterion] = mark
    return found
