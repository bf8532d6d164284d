"""The best plan over all levels, with its certificate.

A level is solved only while the proofs at hand leave room above the best plan found, so a wide `balance` costs a few
flows, not one for every L.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from scoring.rules.assignment.bound import served_at_most
from scoring.rules.assignment.check import first_fault
from scoring.rules.assignment.duals import prices as dual_prices
from scoring.rules.assignment.flows import most_matches, obstacle
from scoring.rules.assignment.grid import Flags, Grid, Whole, grid_of
from scoring.rules.assignment.plan import BOUND, IMPOSSIBLE, AtLevel, Certificate, Plan, Proof, sealed
from scoring.rules.assignment.problem import Pair, Problem


@dataclass(frozen=True)
class _Shown:
    """What is known of one level: its greatest matches (−∞: no plan), by prices moved by `shift`."""

    shows: str
    prices: Whole
    shift: int
    value: int

    @property
    def most(self) -> float:
        return self.value if self.shows == BOUND else -math.inf


@dataclass(frozen=True)
class _Best:
    level: int
    pairs: tuple[Pair, ...]
    worth: int


def best_plan(problem: Problem) -> Plan | None:
    """The plan, checked; None when there is none."""
    grid = grid_of(problem)
    if len(grid.short_rows()):
        return None
    best, shown = _search(problem, grid)
    if best is None:
        return None
    plan = sealed(problem, Plan(best.pairs, best.worth, _certificate(grid, best, shown)))
    if fault := first_fault(problem, plan):
        raise RuntimeError(fault)
    return plan


def _search(problem: Problem, grid: Grid) -> tuple[_Best | None, dict[int, _Shown]]:
    best: _Best | None = None
    shown: dict[int, _Shown] = {}
    while (level := _most_promising(grid.levels, shown, best)) is not None:
        low, high = grid.bounds(level)
        chosen = most_matches(grid, low, high)
        if chosen is None:
            found, shows = obstacle(grid, low, high), IMPOSSIBLE
            if found is None:
                raise RuntimeError("the two flows disagree")
        else:
            found, shows = dual_prices(grid, chosen, low, high), BOUND
            best = _better(best, problem, grid, level, chosen)
        _learn(problem, grid, shown, found, shows)
    return best, shown


def _most_promising(levels: range, shown: Mapping[int, _Shown], best: _Best | None) -> int | None:
    """The level whose bound is highest, the middle one first; None when no bound exceeds the best plan."""
    if not levels:
        return None
    middle = levels[len(levels) // 2]

    def promise(level: int) -> tuple[float, int]:
        return (shown[level].most if level in shown else math.inf), -abs(level - middle)

    level = max(levels, key=promise)
    return level if promise(level)[0] > (best.worth if best else -math.inf) else None


def _better(best: _Best | None, problem: Problem, grid: Grid, level: int, chosen: Flags) -> _Best:
    pairs = tuple(sorted((grid.rows[row], grid.columns[column]) for row, column in np.argwhere(chosen | grid.fixed)))
    worth = problem.worth(pairs)
    return best if best and best.worth >= worth else _Best(level, pairs, worth)


def _learn(problem: Problem, grid: Grid, shown: dict[int, _Shown], prices: Whole, shows: str) -> None:
    """Use these prices for every level at which they prove more than is known."""
    by_id = dict(zip(grid.columns, prices.tolist(), strict=True))
    served = served_at_most(problem, by_id, weighed=shows == BOUND)
    for level in grid.levels:
        found = _Shown(shows, prices, *grid.least_value(level, prices, served))
        proves = shows == BOUND or found.value < 0
        if proves and (level not in shown or found.most < shown[level].most):
            shown[level] = found


def _certificate(grid: Grid, best: _Best, shown: Mapping[int, _Shown]) -> Certificate:
    numbers: dict[tuple[str, tuple[int, ...]], int] = {}
    levels = []
    for level in grid.levels:
        one = shown[level]
        key = one.shows, tuple((one.prices + one.shift).tolist())
        levels.append(AtLevel(level, numbers.setdefault(key, len(numbers)), one.value))
    proofs = tuple(Proof(shows, dict(zip(grid.columns, moved, strict=True))) for shows, moved in numbers)
    return Certificate(best.level, best.worth, 0, tuple(levels), proofs)
