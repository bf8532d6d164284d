"""Who judges what: every achievement to exactly so many experts, no recusal broken, loads even, the most matches.

`problem.py` is the question and its file, `plan.py` the answer and its file, `check.py` verifies one against the other
(these with `levels.py` and `bound.py` need the standard library only); `optimum.py` finds the plan and its certificate,
`impossible.py` and `remedies.py` say why there is none. Here is what the portal calls.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from scoring.rules.assignment.plan import Plan
from scoring.rules.assignment.problem import (
    BEST_MATCH,
    Pair,
    Problem,
    Specialist,
    Task,
    match,
    problem_of,
    within_reach,
)

__all__ = [
    "BEST_MATCH",
    "ImpossibleAssignment",
    "Pair",
    "Plan",
    "Problem",
    "Specialist",
    "Task",
    "assign",
    "evenest_plan",
    "match",
    "problem_of",
]


class ImpossibleAssignment(ValueError):
    """No plan exists; the text is Chinese sentences for the office: why, and the cheapest ways out."""


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
    problem = problem_of(achievements, experts, conflicts, per_achievement=per_achievement, seed=seed)
    return list(evenest_plan(problem)[1].assigned)


def evenest_plan(problem: Problem, names: Mapping[str, str] | None = None) -> tuple[Problem, Plan]:
    """The best plan, and the problem that it solves: this one, or if it has no plan the least eased one that has.

    First nobody need keep up beyond what her conflicts leave her (`within_reach`), then the balance rises step by step.
    `names` say achievements, experts and industries in the sentences of ImpossibleAssignment; ids stand for the rest.
    """
    from scoring.rules.assignment.impossible import explain, least_balance
    from scoring.rules.assignment.optimum import best_plan

    if problem.per_achievement < 1:
        raise ImpossibleAssignment("每项成果至少要有 1 名专家，请改正每项成果的专家数。")
    for wanted in (problem, within_reach(problem)):
        if plan := best_plan(wanted):
            return wanted, plan
    balance = least_balance(within_reach(problem))
    if balance is None:
        found = explain(problem, names)
        raise ImpossibleAssignment(f"{found.why}可以：{'；'.join(found.remedies)}。")
    eased = replace(within_reach(problem), balance=balance)
    plan = best_plan(eased)
    if plan is None:
        raise RuntimeError("a balance that admits a plan has none")
    return eased, plan
