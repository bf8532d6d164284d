"""The assignment as it stands beside the plans it came from: what moves by hand left of each promise, in few queries.

A certificate speaks of its plan alone. Whatever was moved since is checked against the plan's own constraints again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, F, Q

from scoring.lifecycle import SheetState
from scoring.models import Recusal, Round, ScoreSheet
from scoring.queries import assignment, cockpit


@dataclass(frozen=True)
class Check:
    """One constraint: what it says, and what stands against it now ("" when nothing does)."""

    words: str
    fault: str

    @property
    def holds(self) -> bool:
        return not self.fault


@dataclass(frozen=True)
class Standing:
    """`moved` counts the moves by hand; `match` is the sum of matches now, `planned` that of the plans."""

    moved: int
    match: int
    planned: int
    checks: list[Check]

    @property
    def holds(self) -> bool:
        return all(check.holds for check in self.checks)


def standing(round_: Round) -> Standing | None:
    """None while nobody has moved anything: then the certificates say it all."""
    plans = cockpit.newest_plans(round_)
    moved = sum(plan.detail.get("by_hand", 0) for plan in plans)
    if not moved:
        return None
    known = {one.pk: one.expert for one in round_.appointments.select_related("expert")}
    fits = cockpit.matches(round_, known)
    return Standing(
        moved=moved,
        match=sum(2 * by_industry + by_category for by_industry, by_category in fits.values()),
        planned=sum(plan.objective for plan in plans),
        checks=list(_checks(round_)),
    )


def _live(round_: Round) -> Q:
    return Q(round=round_, calibration=False) & ~Q(state=SheetState.VOID)


def _checks(round_: Round) -> Iterator[Check]:
    short = assignment.missing(round_)
    yield Check(f"每项成果至少 {round_.sheets_per_achievement} 位专家", f"还缺 {short} 份" if short else "")
    sheets = ScoreSheet.objects.filter(_live(round_))
    barred = Recusal.objects.filter(round=round_).values_list("entry", "appointment")
    hit = len(set(barred) & set(sheets.values_list("entry", "appointment")))
    yield Check("没有一份违反回避", f"{hit} 份违反回避" if hit else "")
    strangers = sheets.filter(appointment__panel__isnull=False).exclude(appointment__panel=F("entry__panel")).count()
    yield Check("专家只评本组的成果", f"{strangers} 份在别的组" if strangers else "")
    loads = round_.appointments.annotate(load=Count("sheets", filter=_of_sheets())).filter(left_at=None)
    over = loads.filter(load__gt=F("expert__max_load")).count()
    yield Check("没有人超过自己的最多份数", f"{over} 位超过" if over else "")
    yield _evenness(round_, dict(loads.values_list("pk", "load")))


def _of_sheets() -> Q:
    return Q(sheets__calibration=False) & ~Q(sheets__state=SheetState.VOID)


def _evenness(round_: Round, loads: dict[int, int]) -> Check:
    """Within each panel; whoever has a maximum of her own may have less."""
    bounded = round_.appointments.filter(expert__max_load__isnull=False).values_list("pk", flat=True)
    seats = dict(round_.appointments.exclude(pk__in=bounded).values_list("pk", "panel"))
    wide: Counter[int] = Counter()
    for panel in set(seats.values()):
        own = [load for pk, load in loads.items() if pk in seats and seats[pk] == panel and load]
        if own and max(own) - min(own) > 1:
            wide[max(own) - min(own)] += 1
    return Check("同组专家的份数相差不超过 1 份", f"最多相差 {max(wide)} 份" if wide else "")
