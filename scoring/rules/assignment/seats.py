"""Achievements that have too few experts between them, whatever the balance: an irreducible set, found by seating.

Achievements are served one after the other under conflicts, fixed pairs and the experts' own maxima; an expert who is
full hands a sheet on if anybody else may take it. The first achievement that cannot be served, and all who hold a
sheet of an expert asked in vain, are such a set: none of their sheets can leave those experts, who are full.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np

from scoring.rules.assignment.grid import Flags, Grid, Whole


@dataclass
class Seats:
    """Who holds what so far. `asked` are the experts asked in vain by the last sheet without a place."""

    grid: Grid
    held: Flags
    loads: Whole
    asked: Flags

    @classmethod
    def empty(cls, grid: Grid) -> "Seats":
        return cls(grid, np.zeros_like(grid.open), np.zeros_like(grid.caps), np.zeros(len(grid.caps), bool))

    def copy(self) -> "Seats":
        return Seats(self.grid, self.held.copy(), self.loads.copy(), self.asked.copy())

    def serve(self, row: int) -> bool:
        for column in np.flatnonzero(self.grid.fixed[row]):
            only = np.zeros_like(self.asked)
            only[column] = True
            if not self._seat(row, only):
                return False
        return all(self._seat(row, self.grid.open[row] & ~self.held[row]) for _ in range(self.grid.need[row]))

    def release(self, row: int) -> None:
        self.loads -= self.held[row]
        self.held[row] = False

    def _seat(self, row: int, columns: Flags) -> bool:
        """One sheet of the row to one of these columns, others making room along the shortest chain."""
        before = {int(column): (-1, row) for column in np.flatnonzero(columns)}
        reached, queue = columns.copy(), deque(before)
        while queue:
            if (free := reached & (self.loads < self.grid.caps)).any():
                self._shift(int(np.flatnonzero(free)[0]), before)
                return True
            column = queue.popleft()
            rows = np.flatnonzero(self.held[:, column] & self.grid.open[:, column])
            takers: Flags = self.grid.open[rows] & ~self.held[rows]
            for taker in np.flatnonzero(takers.any(axis=0) & ~reached):
                before[int(taker)] = column, int(rows[np.argmax(takers[:, taker])])
                queue.append(int(taker))
                reached[taker] = True
        self.asked = reached
        return False

    def _shift(self, column: int, before: dict[int, tuple[int, int]]) -> None:
        self.loads[column] += 1
        while column >= 0:
            giver, row = before[column]
            self.held[row, column] = True
            if giver >= 0:
                self.held[row, giver] = False
            column = giver


def crowd(grid: Grid) -> Whole | None:
    """Rows that cannot all be served, any of them left out the others can; None when all rows can be served."""
    choice = grid.open.sum(axis=1) - grid.need
    rows = np.argsort(choice, kind="stable")
    while (found := _first_crowd(grid, rows)) is not None:
        needless = _needless(grid, found)
        if needless is None:
            return np.sort(found)
        rows = np.delete(found, needless)
    return None


def _first_crowd(grid: Grid, rows: Whole) -> Whole | None:
    """The rows of the first crowd met in this order, the one that found no place last."""
    seats = Seats.empty(grid)
    for row in rows:
        if not seats.serve(int(row)):
            holding = np.flatnonzero(seats.held[:, seats.asked].any(axis=1))
            return np.append(holding[holding != row], row)
    return None


def _needless(grid: Grid, rows: Whole) -> int | None:
    """The place of a row without which the others still cannot be served; the last one is known to be needed."""
    part = grid.part(rows, np.arange(len(grid.columns)))
    last = len(rows) - 1
    seats = Seats.empty(part)
    if not all(seats.serve(row) for row in range(last)):
        return last
    for row in range(last):
        without = seats.copy()
        without.release(row)
        if not without.serve(last):
            return row
    return None
