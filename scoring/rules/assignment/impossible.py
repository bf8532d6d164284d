"""Why there is no plan, in plain words: achievements and experts that are impossible by themselves, and remedies.

The set is irreducible: the problem of these achievements and these experts alone has no valid plan, and leaving out
any one of the achievements (the experts stay) gives one that has. In this order it is
1. one achievement with fewer experts free of conflict than it needs, or with more fixed ones;
2. a crowd (`seats.py`): achievements whose experts have too small maxima between them, whatever the balance;
3. achievements that their experts cannot share within the balance. For these the rules of a valid plan are taken as
   they stand, L included, and an expert who may serve none of them can belong to it: she is why nobody is level.
A crowd too large to be tried achievement by achievement is irreducible in the sense of 2.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from scoring.rules.assignment import words
from scoring.rules.assignment.flows import possible
from scoring.rules.assignment.grid import Grid, Whole, grid_of
from scoring.rules.assignment.problem import Problem
from scoring.rules.assignment.remedies import least_helping, remedies
from scoring.rules.assignment.seats import crowd

TRIED = 20_000_000  # cells of all sub-problems that are flowed through to try a set achievement by achievement


@dataclass(frozen=True)
class Impossible:
    """Ids in order; `why` a Chinese sentence, `remedies` Chinese phrases, the cheapest first."""

    achievements: tuple[str, ...]
    experts: tuple[str, ...]
    why: str
    remedies: tuple[str, ...]


def explain(problem: Problem, names: Mapping[str, str] | None = None) -> Impossible:
    """Of a problem that has no plan. `names` are said instead of ids in the sentences."""
    grid = grid_of(problem)
    rows, columns = _irreducible_set(grid)
    label = words.Names(names or {})
    return Impossible(
        achievements=tuple(sorted(grid.rows[row] for row in rows)),
        experts=tuple(sorted(grid.columns[column] for column in columns)),
        why=words.why(grid, rows, columns, label),
        remedies=tuple(remedies(problem, grid, rows, columns, label)),
    )


def impossible_dict(found: Impossible) -> dict[str, object]:
    return {
        "impossible": {
            "achievements": list(found.achievements),
            "experts": list(found.experts),
            "why": found.why,
            "remedies": list(found.remedies),
        }
    }


def least_balance(problem: Problem) -> int | None:
    """The least balance above the problem's own that admits a plan; None when none does."""
    grid = grid_of(problem)
    more = least_helping(problem.sheets, lambda more: possible(replace(grid, balance=problem.balance + more)))
    return None if more is None else problem.balance + more


def _irreducible_set(grid: Grid) -> tuple[Whole, Whole]:
    short = grid.short_rows()
    if len(short):
        first = min(short, key=lambda row: grid.rows[row])
        return np.array([first]), grid.able_columns(np.array([first]))
    rows = crowd(grid)
    if rows is None:
        return _reduced(grid, np.arange(len(grid.rows)), np.arange(len(grid.columns)))
    columns = grid.able_columns(rows)
    if len(rows) ** 2 * len(columns) > TRIED or _is_irreducible(grid, rows, columns):
        return rows, columns
    return _reduced(grid, rows, columns)


def _is_irreducible(grid: Grid, rows: Whole, columns: Whole) -> bool:
    return all(possible(grid.part(np.delete(rows, place), columns)) for place in range(len(rows)))


def _reduced(grid: Grid, rows: Whole, columns: Whole) -> tuple[Whole, Whole]:
    """An irreducible set inside this impossible one, with only the experts that could serve it where that holds."""
    while True:
        rows = _fewer_rows(grid, rows, columns)
        able = grid.able_columns(rows)
        if len(able) == len(columns) or possible(grid.part(rows, able)):
            return rows, columns
        columns = able


def _fewer_rows(grid: Grid, rows: Whole, columns: Whole) -> Whole:
    """Leave out halves, quarters, … and at last single rows for as long as the rest stays impossible."""
    step = max(1, len(rows) // 2)
    while True:
        shrunk, start = False, 0
        while start < len(rows):
            rest = np.delete(rows, np.s_[start : start + step])
            if len(rest) and not possible(grid.part(rest, columns)):
                rows, shrunk = rest, True
            else:
                start += step
        if step == 1 and not shrunk:
            return rows
        step = step if shrunk and step == 1 else max(1, step // 2)
