"""The two flows: the plan with the most matches between given loads, and the obstacle when there is none.

Achievement → expert (one each, −match) → hub: an expert takes her least load for herself and passes the rest on, up to
her greatest, to the hub that takes what is left. Fixed pairs are served beforehand.
"""

from dataclasses import replace

import numpy as np
from ortools.graph.python.max_flow import SimpleMaxFlow
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from scoring.rules.assignment.grid import Flags, Grid, Whole


def most_matches(grid: Grid, low: Whole, high: Whole) -> Flags | None:
    """The chosen pairs, fixed ones not among them; None when no plan has loads between `low` and `high`."""
    least, room = _least_and_room(grid, low, high)
    rest = int(grid.need.sum() - least.sum())
    if rest < 0 or (room < 0).any():
        return None
    rows, columns = grid.arcs
    desks = np.arange(len(grid.columns)) + len(grid.rows)
    hub = len(grid.rows) + len(grid.columns)
    flow = SimpleMinCostFlow()
    pairs = flow.add_arcs_with_capacity_and_unit_cost(
        rows, columns + len(grid.rows), np.ones(len(rows), np.int64), -grid.worth[rows, columns].astype(np.int64)
    )
    flow.add_arcs_with_capacity_and_unit_cost(desks, np.full_like(desks, hub), room, np.zeros_like(room))
    flow.set_nodes_supplies(np.arange(hub + 1), np.concatenate([grid.need, -least, [-rest]]))
    status = flow.solve()
    if status == flow.INFEASIBLE:
        return None
    if status != flow.OPTIMAL:
        raise RuntimeError(f"min-cost flow ended with status {status}")
    used = flow.flows(pairs) > 0 if len(rows) else np.zeros(0, bool)
    chosen = np.zeros_like(grid.open)
    chosen[rows[used], columns[used]] = True
    return chosen


def obstacle(grid: Grid, low: Whole, high: Whole) -> Whole | None:
    """None if a plan with loads between `low` and `high` exists; else prices 0 and 1, or 0 and −1, that prove it not.

    Price 1: these experts must take more than their greatest loads allow. Price −1: they cannot come to their least
    loads together. The grid has no short row.
    """
    least, room = _least_and_room(grid, low, high)
    if (grid.held > high).any():
        return (grid.held > high).astype(np.int64)
    if least.sum() > grid.need.sum():
        return -(least > 0).astype(np.int64)
    reached = _unserved_side(grid, least, room)
    if reached is None:
        return None
    desks = reached[len(grid.rows) : -1]
    return -(~desks & (least > 0)).astype(np.int64) if reached[-1] else desks.astype(np.int64)


def possible(grid: Grid) -> bool:
    """Is there a valid plan at any level? An obstacle found at one level often stands in the way at others too."""
    left = list(grid.levels) if not len(grid.short_rows()) else []
    while left:
        level = left[len(left) // 2]
        prices = obstacle(grid, *grid.bounds(level))
        if prices is None:
            return True
        served = _served_at_most(grid, prices)
        left = [one for one in left if one != level and grid.least_value(one, prices, served)[1] >= 0]
    return False


def most_sheets(grid: Grid) -> int:
    """How many sheets the experts' own maxima admit, `fixed` counting as open and `balance` as nothing."""
    free = replace(grid, open=grid.able, fixed=np.zeros_like(grid.fixed))
    return _maximum(free, np.zeros_like(grid.caps), np.minimum(grid.caps, len(grid.rows)))[0]


def _served_at_most(grid: Grid, prices: Whole) -> int:
    """The greatest −Σ price if rows chose alone, for prices 0 and 1 or 0 and −1."""
    if (prices > 0).any():
        served = -np.maximum(grid.need - grid.open[:, prices == 0].sum(axis=1), 0)
    else:
        served = np.minimum(grid.need, grid.open[:, prices < 0].sum(axis=1))
    return int(served.sum() - (prices * grid.held).sum())


def _least_and_room(grid: Grid, low: Whole, high: Whole) -> tuple[Whole, Whole]:
    """Beside the fixed pairs: what a column must take, and how many more it may."""
    least = np.maximum(low - grid.held, 0)
    return least, high - grid.held - least


def _unserved_side(grid: Grid, least: Whole, room: Whole) -> Flags | None:
    """The rows, columns and hub on the near side of a least cut; None when the flow serves everybody."""
    served, reached = _maximum(grid, least, room)
    return None if served == grid.need.sum() else reached


def _maximum(grid: Grid, least: Whole, room: Whole) -> tuple[int, Flags]:
    rows, columns = grid.arcs
    first, hub = len(grid.rows), len(grid.rows) + len(grid.columns)
    works, desks, source, target = np.arange(first), np.arange(first, hub), hub + 1, hub + 2
    flow = SimpleMaxFlow()
    for tails, heads, most in (
        (np.full_like(works, source), works, grid.need),
        (rows, columns + first, np.ones(len(rows), np.int64)),
        (desks, np.full_like(desks, target), least),
        (desks, np.full_like(desks, hub), room),
        (np.array([hub]), np.array([target]), np.array([grid.need.sum() - least.sum()])),
    ):
        flow.add_arcs_with_capacity(tails, heads, most)
    if (status := flow.solve(source, target)) != flow.OPTIMAL:
        raise RuntimeError(f"maximum flow ended with status {status}")
    reached = np.zeros(hub + 3, bool)
    reached[flow.get_source_side_min_cut()] = True
    return flow.optimal_flow(), reached[: hub + 1]
