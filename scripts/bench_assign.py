"""The assignment's part of `make bench`: the plan with its certificate beside the bare solver on the same network.

The floor is the min-cost flow alone, asked directly for the level that turned out best; the portal has to find that
level, prove it, seal the plan and check it.
"""

from __future__ import annotations

import json
import time

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from scoring.rules.assignment import evenest_plan
from scoring.rules.assignment.check import first_fault
from scoring.rules.assignment.grid import grid_of
from scoring.rules.assignment.plan import Plan
from scoring.rules.assignment.problem import Problem, parse_problem
from tests.rules.scoring.assign_samples import city

FLOOR = "floor: bare min-cost flow"


def once(achievements: int, experts: int) -> dict[str, float]:
    """Milliseconds: five experts each, 5 % conflicts, loads within 1."""
    problem = parse_problem(json.dumps(city(achievements, experts)).encode())
    begun = time.perf_counter()
    solved, plan = evenest_plan(problem)
    planned = time.perf_counter() - begun
    begun = time.perf_counter()
    fault = first_fault(solved, plan)
    checked = time.perf_counter() - begun
    if fault or plan.certificate.gap:
        raise SystemExit(f"the plan does not hold: {fault or plan.certificate.gap}")
    figures = {FLOOR: bare(solved, plan), "assignment: plan and certificate": planned, "assignment: verified": checked}
    return {name: seconds * 1000 for name, seconds in figures.items()}


def bare(problem: Problem, plan: Plan) -> float:
    """Seconds of the solver alone, from the arrays of the network to the flows."""
    grid = grid_of(problem)
    low, high = grid.bounds(plan.certificate.level)
    rows, columns = grid.arcs
    desks, hub = np.arange(len(grid.columns)) + len(grid.rows), len(grid.rows) + len(grid.columns)
    cost, one = -grid.worth[rows, columns].astype(np.int64), np.ones(len(rows), np.int64)
    supplies = np.concatenate([grid.need, -low, [int(low.sum() - grid.need.sum())]])
    begun = time.perf_counter()
    flow = SimpleMinCostFlow()
    pairs = flow.add_arcs_with_capacity_and_unit_cost(rows, columns + len(grid.rows), one, cost)
    flow.add_arcs_with_capacity_and_unit_cost(desks, np.full_like(desks, hub), high - low, np.zeros_like(low))
    flow.set_nodes_supplies(np.arange(hub + 1), supplies)
    if flow.solve() != flow.OPTIMAL:
        raise SystemExit("the bare flow found nothing")
    flow.flows(pairs)
    return time.perf_counter() - begun
