"""Prices of experts, and what they prove about every plan at once (the Lagrangian dual of the assignment).

Give each expert a price. Whatever the plan, the sum of (match − price) over its pairs is at most what each achievement
reaches by itself with its best experts free of conflict, and the sum of price × load is at most price × the greatest
(or, under a negative price, the least) load allowed. So for *any* prices

    matches of a plan level at L  ≤  served_at_most + loads_at_most(L),

and prices for which both sides are equal prove the plan the best there is. Counting every match as 0, a right side
below 0 proves that no plan is level at L: 0 ≤ something below 0. No solver is needed to add this up.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from scoring.rules.assignment.levels import load_range
from scoring.rules.assignment.problem import Pair, Problem, Specialist, Task, match


def served_at_most(problem: Problem, prices: Mapping[str, int], *, weighed: bool) -> int:
    """The greatest Σ (match − price) if achievements chose alone; unless `weighed` every match counts 0.

    Every achievement must have enough experts free of conflict, and not more fixed ones than it needs.
    """
    taken = _by_achievement(problem)
    ranked: dict[tuple[str, str], list[tuple[int, str]]] = {}
    total = 0
    for task in problem.achievements:
        kind = (task.industry, task.category) if weighed else ("", "")
        if kind not in ranked:
            ranked[kind] = _ranked(task, problem.experts, prices, weighed=weighed)
        barred, fixed = taken[task.id]
        total += _best(ranked[kind], barred, problem.per_achievement - len(fixed))
        total += sum(weighed * match(task, problem.expert[one]) - prices[one] for one in fixed)
    return total


def loads_at_most(caps: Sequence[int], balance: int, prices: Sequence[int], level: int) -> int:
    """Σ price × load at its greatest for loads level at `level`; caps and prices in the same order."""
    return sum(
        max(price * load for load in load_range(cap, level, balance)) for cap, price in zip(caps, prices, strict=True)
    )


def _by_achievement(problem: Problem) -> dict[str, tuple[set[str], list[str]]]:
    """Experts not to be chosen, for a conflict or because they are fixed, and the fixed ones."""
    taken: dict[str, tuple[set[str], list[str]]] = defaultdict(lambda: (set(), []))
    for task, expert in problem.conflicts:
        taken[task][0].add(expert)
    for task, expert in problem.fixed:
        taken[task][0].add(expert)
        taken[task][1].append(expert)
    return taken


def _ranked(
    task: Task, experts: Sequence[Specialist], prices: Mapping[str, int], *, weighed: bool
) -> list[tuple[int, str]]:
    worth = ((weighed * match(task, one) - prices[one.id], one.id) for one in experts)
    return sorted(worth, key=lambda pair: -pair[0])


def _best(ranked: list[tuple[int, str]], barred: set[str], wanted: int) -> int:
    total = 0
    for worth, expert in ranked:
        if not wanted:
            break
        if expert not in barred:
            total, wanted = total + worth, wanted - 1
    return total


def pairs_by_achievement(pairs: Sequence[Pair]) -> dict[str, list[str]]:
    chosen: dict[str, list[str]] = defaultdict(list)
    for task, expert in pairs:
        chosen[task].append(expert)
    return chosen
