"""The problem as arrays: rows are achievements, columns are experts, both in the order that the seed draws."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from scoring.rules.assignment.levels import candidate_levels, caps_of
from scoring.rules.assignment.problem import Pair, Problem, match

Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Grid:
    """`open` pairs may be chosen, `fixed` ones are; the others are conflicts. `wanted` experts per row."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    worth: NDArray[np.int8]
    open: Flags
    fixed: Flags
    wanted: Whole
    caps: Whole
    balance: int

    @property
    def able(self) -> Flags:
        return self.open | self.fixed

    @cached_property
    def arcs(self) -> tuple[Whole, Whole]:
        """Row and column of every open pair."""
        rows, columns = np.nonzero(self.open)
        return rows, columns

    @cached_property
    def need(self) -> Whole:
        """How many a row wants beside its fixed ones; below 0 it has too many of them."""
        return self.wanted - self.fixed.sum(axis=1)

    @cached_property
    def held(self) -> Whole:
        """The load that fixed pairs give to each column."""
        return self.fixed.sum(axis=0, dtype=np.int64)

    @property
    def sheets(self) -> int:
        return int(self.wanted.sum())

    @property
    def levels(self) -> range:
        return candidate_levels(self.caps.tolist(), self.balance, self.sheets)

    def short_rows(self) -> Whole:
        """Rows that no plan can serve, whatever becomes of the others."""
        return np.flatnonzero((self.need < 0) | (self.need > self.open.sum(axis=1)))

    def bounds(self, level: int) -> tuple[Whole, Whole]:
        """Least and greatest load of each column."""
        return np.minimum(self.caps, level), np.minimum(self.caps, level + self.balance)

    def least_value(self, level: int, prices: Whole, served: int) -> tuple[int, int]:
        """(shift, value): what the prices come to when all are moved by the shift that makes it least (`bound.py`).

        `served` is `served_at_most` of the unmoved prices. The value bends only where a price becomes 0.
        """
        low, high = self.bounds(level)
        shifts = np.unique(np.append(-prices, 0))
        moved = prices[None, :] + shifts[:, None]
        values = served - shifts * self.sheets + np.maximum(moved * low, moved * high).sum(axis=1)
        least = int(np.argmin(values))
        return int(shifts[least]), int(values[least])

    def part(self, rows: Whole, columns: Whole) -> Grid:
        """Only these rows and columns, as a problem of its own."""
        both = np.ix_(rows, columns)
        return replace(
            self,
            rows=tuple(self.rows[row] for row in rows),
            columns=tuple(self.columns[column] for column in columns),
            worth=self.worth[both],
            open=self.open[both],
            fixed=self.fixed[both],
            wanted=self.wanted[rows],
            caps=self.caps[columns],
        )

    def able_columns(self, rows: Whole) -> Whole:
        """The experts that could serve one of these rows."""
        return np.flatnonzero(self.able[rows].any(axis=0))


def grid_of(problem: Problem) -> Grid:
    rows = _shuffled(problem.achievement, problem.seed)
    columns = _shuffled(problem.expert, problem.seed)
    fixed, barred = _marked(rows, columns, problem.fixed), _marked(rows, columns, problem.conflicts)
    cap = dict(zip(problem.expert, caps_of(problem), strict=True))
    return Grid(
        rows=rows,
        columns=columns,
        worth=_worth(problem, rows, columns),
        open=~(fixed | barred),
        fixed=fixed,
        wanted=np.full(len(rows), problem.per_achievement, np.int64),
        caps=np.array([cap[one] for one in columns], np.int64),
        balance=problem.balance,
    )


def _shuffled(ids: Iterable[str], seed: int) -> tuple[str, ...]:
    """An order that the seed draws, the same on every machine and whatever order the ids came in."""
    return tuple(sorted(ids, key=lambda one: sha256(f"{seed}:{one}".encode()).digest()))


def _marked(rows: tuple[str, ...], columns: tuple[str, ...], pairs: Iterable[Pair]) -> Flags:
    row = {one: number for number, one in enumerate(rows)}
    column = {one: number for number, one in enumerate(columns)}
    places = np.array([(row[task], column[expert]) for task, expert in pairs], np.int64).reshape(-1, 2)
    marked = np.zeros((len(rows), len(columns)), bool)
    marked[places[:, 0], places[:, 1]] = True
    return marked


def _worth(problem: Problem, rows: tuple[str, ...], columns: tuple[str, ...]) -> NDArray[np.int8]:
    """Matches, worked out once for each kind of achievement."""
    experts = [problem.expert[one] for one in columns]
    kinds: dict[tuple[str, str], int] = {}
    lines, numbers = [], []
    for one in rows:
        task = problem.achievement[one]
        if (task.industry, task.category) not in kinds:
            kinds[task.industry, task.category] = len(kinds)
            lines.append([match(task, expert) for expert in experts])
        numbers.append(kinds[task.industry, task.category])
    table = np.array(lines, np.int8).reshape(len(lines), len(columns))
    return table[np.array(numbers, np.int64)]
