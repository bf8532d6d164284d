"""Working days by the official calendar: the State Council's holidays and make-up workdays (domain.md 3.4)."""

from __future__ import annotations

from datetime import date, timedelta

from chinese_calendar import is_workday

_SATURDAY = 5


def after(day: date, count: int) -> date:
    """The last day of a period of so many working days that begins on the day after `day`."""
    while count:
        day += timedelta(days=1)
        count -= _works(day)
    return day


def _works(day: date) -> bool:
    """By the week where the package does not know the year: its calendar comes out in the November before."""
    try:
        return bool(is_workday(day))
    except NotImplementedError:
        return day.weekday() < _SATURDAY
