"""Which whole numbers L a plan may be level at: min(max_load, L) ≤ load ≤ min(max_load, L + balance) for everybody."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from scoring.rules.assignment.problem import Problem

NO_LIMIT = 1 << 40


def caps_of(problem: Problem) -> list[int]:
    """Each expert's own maximum, in order of id."""
    return [NO_LIMIT if one.max_load is None else one.max_load for one in problem.experts]


def load_range(cap: int, level: int, balance: int) -> tuple[int, int]:
    return min(cap, level), min(cap, level + balance)


def candidate_levels(caps: Sequence[int], balance: int, sheets: int) -> range:
    """Every L at which the loads can add up to `sheets` at all: no other needs a look.

    With Σ min(max_load, L) rising in L these are neighbours. A negative L allows nothing that 0 does not; and beyond
    the greatest maximum, when everybody has one, every L asks for the same.
    """
    limited = all(cap < NO_LIMIT for cap in caps)
    tops = range((max(caps, default=0) if limited else sheets) + 1)
    last = bisect_right(tops, sheets, key=lambda level: _together(caps, level))
    first = bisect_left(tops, sheets, key=lambda level: _together(caps, level + balance))
    return range(first, last)


def levels_of(problem: Problem) -> range:
    return candidate_levels(caps_of(problem), problem.balance, problem.sheets)


def _together(caps: Sequence[int], level: int) -> int:
    return sum(min(cap, level) for cap in caps)
