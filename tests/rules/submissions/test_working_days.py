"""The clock of appeals: the example of domain.md 3.4 was counted by hand on the calendar of 2026."""

from __future__ import annotations

from datetime import date

import pytest

from submissions.rules import working_days


@pytest.mark.parametrize(
    ("day", "count", "last"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # a Friday: the weekend does not count
        (date(2026, 11, 20), 10, date(2026, 12, 4)),
        (date(2026, 9, 28), 5, date(2026, 10, 10)),  # 国庆 and its make-up Saturday
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # the Saturday before 春节 is worked
        (date(2040, 1, 6), 1, date(2040, 1, 9)),  # nobody has decided that year's days: by the week
    ],
)
def test_a_period_ends_on_its_last_working_day(day: date, count: int, last: date) -> None:
    assert working_days.after(day, count) == last


@pytest.mark.parametrize(("day", "known"), [(date(2026, 12, 31), True), (date(2040, 1, 6), False)])
def test_a_year_whose_calendar_nobody_has_decided_is_told_apart(day: date, known: bool) -> None:
    assert working_days.decided(day) is known
