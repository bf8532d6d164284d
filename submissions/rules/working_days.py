"""Working days by the official calendar: the State Council's holidays and make-up workdays (domain.md 3.4)."""

from __future__ import annotations

from datetime import date, timedelta

from chinese_calendar import is_workday
from chinese_calendar.constants import holidays

_SATURDAY = 5
_DECIDED = frozenset(day.year for day in holidays)


def after(day: date, count: int) -> date:
    """The last day of a period of so many working days that begins on the day after `day`."""
    while count:
        day += timedelta(days=1)
        count -= _works(day)
    return day


def decided(day: date) -> bool:
    """Is the calendar of its year known here? It is decided in the November before and comes with the package."""
    return day.year in _DECIDED


def _works(day: date) -> bool:
    """By the week as long as nothing else is decided; whoever shows such a day says so (domain.md 3.4)."""
    return bool(is_workday(day)) if decided(day) else day.weekday() < _SATURDAY
