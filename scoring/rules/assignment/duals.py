"""The prices that prove a plan optimal: shortest paths in what its flow leaves over, from expert to expert."""

import numpy as np

from scoring.rules.assignment.grid import Flags, Grid, Whole

NEVER = 1 << 40
SHUT = -100  # a pair that cannot be taken on: far below every match, and still an int8


def prices(grid: Grid, chosen: Flags, low: Whole, high: Whole) -> Whole:
    """A whole price per column with no gap to the matches of `chosen`, the best plan with loads in [low, high].

    Handing one sheet over must not gain: price ≤ other price + (match − other match). An expert who may take more has
    a price of at most 0, one who may give up has at least 0.
    """
    steps = _steps(grid, chosen, low, high)
    found = np.zeros(len(steps), np.int64)
    for _ in range(len(steps) + 1):
        better = np.minimum(found, (steps + found).min(axis=1))
        if (better == found).all():
            return found[:-1] - found[-1]
        found = better
    raise RuntimeError("the flow can be bettered: it is not optimal")


def _steps(grid: Grid, chosen: Flags, low: Whole, high: Whole) -> Whole:
    """What the cheapest hand-over of one sheet from column to column loses; the last one is the hub."""
    count = len(grid.columns)
    loads = chosen.sum(axis=0) + grid.held
    steps = np.full((count + 1, count + 1), NEVER, np.int64)
    takers = np.where(grid.open & ~chosen, grid.worth, np.int8(SHUT))
    for column in range(count):
        rows = np.flatnonzero(chosen[:, column])
        if len(rows):
            gains = (takers[rows] - grid.worth[rows, column][:, None]).max(axis=0).astype(np.int64)
            steps[column, :count] = np.where(gains > SHUT // 2, -gains, NEVER)
    steps[:count, count][loads < high] = 0
    steps[count, :count][loads > low] = 0
    return steps
