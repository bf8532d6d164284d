"""Who judges what: every achievement to exactly so many experts, no recusal broken, loads as even as they can be.

A minimum-cost flow. The n-th sheet of an expert costs 2n−1 steps of evenness, so the sum of squared loads is least:
loads differ by at most one whenever the recusals leave such a plan, and otherwise the plan is the most even there is.
Among these the match (industry 2, category 1) is greatest. The seed alone decides between equals.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

Pair = tuple[str, str]
INDUSTRY_MATCH, CATEGORY_MATCH = 2, 1
BEST_MATCH = INDUSTRY_MATCH + CATEGORY_MATCH


class ImpossibleAssignment(ValueError):
    """No plan exists; the text is a Chinese sentence for the office."""


@dataclass(frozen=True)
class Task:
    """An achievement to be judged."""

    id: str
    industry: str = ""
    category: str = ""


@dataclass(frozen=True)
class Specialist:
    """An expert who may be asked, with what she knows."""

    id: str
    industries: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()


def match(task: Task, expert: Specialist) -> int:
    """0 to 3: 2 for the industry, 1 for the category."""
    knows_industry, knows_category = task.industry in expert.industries, task.category in expert.categories
    return INDUSTRY_MATCH * knows_industry + CATEGORY_MATCH * knows_category


def assign(
    achievements: Iterable[Task],
    experts: Iterable[Specialist],
    conflicts: Collection[Pair],
    per_achievement: int,
    seed: int,
) -> list[Pair]:
    """Sorted (achievement id, expert id) pairs; `conflicts` are such pairs too. Raises ImpossibleAssignment.

    Ids are unique; the order in which achievements, experts and conflicts are given changes nothing.
    """
    tasks, known, barred = {one.id: one for one in achievements}, {one.id: one for one in experts}, set(conflicts)
    pairs = [(task, expert) for task in _shuffled(tasks, seed) for expert in _shuffled(known, seed)]
    worth = {
        (task, expert): match(tasks[task], known[expert]) for task, expert in pairs if (task, expert) not in barred
    }
    _check_enough(tasks, worth, per_achievement)
    return sorted(_solve(worth, per_achievement)) if tasks else []


def _shuffled(ids: Iterable[str], seed: int) -> list[str]:
    """An order that the seed draws, the same on every machine and whatever order the ids came in."""
    return sorted(ids, key=lambda one: sha256(f"{seed}:{one}".encode()).digest())


def _check_enough(achievements: Collection[str], open_pairs: Iterable[Pair], per_achievement: int) -> None:
    if per_achievement < 1:
        raise ImpossibleAssignment("每项成果至少要有 1 名专家，请改正每项成果的专家数。")
    free = Counter(achievement for achievement, _ in open_pairs)
    short = sorted(achievement for achievement in achievements if free[achievement] < per_achievement)
    if short:
        raise ImpossibleAssignment(
            f"成果 {short[0]} 除去回避后只有 {free[short[0]]} 名专家可评，需要 {per_achievement} 名"
            f"（这样的成果共 {len(short)} 项），请增聘专家或减少每项成果的专家数。"
        )


def _solve(worth: Mapping[Pair, int], per_achievement: int) -> list[Pair]:
    """The pairs that carry flow: achievement → expert (−match) → sink (a rising price for each further sheet)."""
    works = list(dict.fromkeys(achievement for achievement, _ in worth))
    choices = Counter(expert for _, expert in worth)
    source = {achievement: number for number, achievement in enumerate(works)}
    desk = {expert: number for number, expert in enumerate(choices, start=len(works))}
    sink = len(works) + len(desk)
    flow = SimpleMinCostFlow()
    arcs = {flow.add_arc_with_capacity_and_unit_cost(source[a], desk[e], 1, -worth[a, e]): (a, e) for a, e in worth}
    _price_loads(flow, [(desk[e], sink, most) for e, most in choices.items()], len(works) * per_achievement)
    for achievement in works:
        flow.set_node_supply(source[achievement], per_achievement)
    flow.set_node_supply(sink, -len(works) * per_achievement)
    if (status := flow.solve()) != flow.OPTIMAL:
        raise RuntimeError(f"min-cost flow ended with status {status}")
    return [pair for arc, pair in arcs.items() if flow.flow(arc)]


def _price_loads(flow: SimpleMinCostFlow, desks: Sequence[tuple[int, int, int]], sheets: int) -> None:
    step = BEST_MATCH * sheets + 1  # one step of evenness outweighs all matches together
    for desk, sink, most in desks:
        for load in range(most):
            flow.add_arc_with_capacity_and_unit_cost(desk, sink, 1, (2 * load + 1) * step)
