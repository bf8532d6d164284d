"""What must hold between the parts of a preset, once each part by itself has been read."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise

from contests.rules.preset.errors import PresetError
from contests.rules.preset.values import Phase, Preset

# An earlier kind may not open after a later one; the first of a pair must be over when the second opens. 002 四 runs
# the notice, the commendation and the nomination beside each other (rules.md "When"), so nothing is asked of those.
_ORDER = ("mobilise", "organise", "submit", "audit", "review", "notice", "award")
_OVER_BEFORE = (("submit", "review"), ("audit", "review"))


def check(preset: Preset) -> None:
    """Raises PresetError at the first contradiction."""
    _check_lead(preset)
    _check_spans(preset)
    _check_phases(preset)
    _check_unit_closing(preset)
    _check_tiers(preset)
    _check_items(preset)


def _check_lead(preset: Preset) -> None:
    leads = [place for place, body in enumerate(preset.organizers) if body.is_lead]
    if leads != [0]:
        raise PresetError(preset.file, "organizers", "应有且只有一个牵头单位，并排在第一位")


def _check_spans(preset: Preset) -> None:
    for key in ("achievement_window", "statistics_period"):
        span = getattr(preset, key)
        if span.last < span.first:
            raise PresetError(preset.file, f"{key}.last", "结束日期早于开始日期")


def _check_phases(preset: Preset) -> None:
    for place, phase in enumerate(preset.phases):
        if _end(phase) < _start(phase):
            raise PresetError(preset.file, f"phases[{place}].closes", f"“{phase.name}”的截止早于开始")
    if not any(phase.kind == "submit" for phase in preset.phases):
        raise PresetError(preset.file, "phases", '缺少成果申报阶段（kind = "submit"）')
    _check_order(preset)


def _check_order(preset: Preset) -> None:
    known = {phase.kind: (place, phase) for place, phase in enumerate(preset.phases)}
    for (_, earlier), (place, later) in pairwise(known[kind] for kind in _ORDER if kind in known):
        if _start(later) < _start(earlier):
            raise PresetError(
                preset.file, f"phases[{place}].opens", f"“{later.name}”的开始早于在它之前的“{earlier.name}”"
            )
    for before, after in _OVER_BEFORE:
        if before in known and after in known and _start(known[after][1]) <= _end(known[before][1]):
            reason = f"“{known[after][1].name}”开始时“{known[before][1].name}”尚未截止"
            raise PresetError(preset.file, f"phases[{known[after][0]}].opens", reason)


def _check_unit_closing(preset: Preset) -> None:
    """The unit's closing must leave it at least one day; with an audit phase the number of days is not used."""
    submit = next(phase for phase in preset.phases if phase.kind == "submit")
    days = preset.settings.unit_closes_days_before
    has_audit = any(phase.kind == "audit" for phase in preset.phases)
    if not has_audit and _end(submit) - timedelta(days=days) < _start(submit):
        raise PresetError(
            preset.file, "settings.unit_closes_days_before", f"提前 {days} 天截止，基层单位就没有申报时间了"
        )


def _check_tiers(preset: Preset) -> None:
    """By hand first, then by score from the highest floor down (002 附件1 一(二))."""
    floors = [(place, tier.floor) for place, tier in enumerate(preset.tiers) if tier.floor is not None]
    for (_, higher), (place, lower) in pairwise(floors):
        if lower >= higher:
            raise PresetError(
                preset.file, f"tiers[{place}].floor", f"等级应从高到低排列，{lower} 不低于上一等的 {higher}"
            )
    by_hand = [place for place, tier in enumerate(preset.tiers) if tier.floor is None]
    if by_hand and floors and by_hand[-1] > floors[0][0]:
        raise PresetError(preset.file, f"tiers[{by_hand[-1]}].floor", "没有起始分的等级应排在有起始分的等级之前")


def _check_items(preset: Preset) -> None:
    total = sum(item.maximum for item in preset.organizing_items)
    if preset.organizing_items and total != 100:
        raise PresetError(preset.file, "organizing_items", f"各项最高分值合计应为 100，现为 {total}")


def _start(phase: Phase) -> datetime:
    return _naive(phase.opens, time.min)


def _end(phase: Phase) -> datetime:
    return _naive(phase.closes, time(23, 59, 59))


def _naive(day: date | datetime, at: time) -> datetime:
    return day if isinstance(day, datetime) else datetime.combine(day, at)
