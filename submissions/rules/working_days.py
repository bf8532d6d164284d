"""Working days by the week: Monday to Friday (docs/decisions)."""

from __future__ import annotations

from datetime import date, timedelta

_SATURDAY = 5


def after(day: date, count: int) -> date:
    """The last day of a period of so many working days that begins on the day after `day`."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < _SATURDAY
    return day
