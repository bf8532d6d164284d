"""The assignment against every plan there is, on small cases, and on one of the size of a real city."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.rules.assignment import ImpossibleAssignment, Pair, Specialist, Task, assign, match

INDUSTRIES, CATEGORIES = ("coal", "power", "health"), ("product", "process")


def every_plan(tasks: list[Task], experts: list[Specialist], barred: set[Pair], wanted: int) -> Iterator[list[Pair]]:
    choices = [
        list(combinations([(task.id, one.id) for one in experts if (task.id, one.id) not in barred], wanted))
        for task in tasks
    ]
    for plan in product(*choices):
        yield [pair for chosen in plan for pair in chosen]


def loads(plan: list[Pair], experts: list[Specialist]) -> list[int]:
    counted = Counter(expert for _, expert in plan)
    return [counted[one.id] for one in experts]


def worth(plan: list[Pair], tasks: list[Task], experts: list[Specialist]) -> int:
    task, known = {one.id: one for one in tasks}, {one.id: one for one in experts}
    return sum(match(task[a], known[e]) for a, e in plan)


def outcome(*arguments: Any) -> list[Pair] | str:
    """The plan, or the sentence of the refusal."""
    try:
        return assign(*arguments)
    except ImpossibleAssignment as refused:
        return str(refused)


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Task], list[Specialist], set[Pair], int]:
    tasks = [
        Task(f"A{n}", draw(st.sampled_from(INDUSTRIES)), draw(st.sampled_from(CATEGORIES)))
        for n in range(draw(st.integers(0, 4)))
    ]
    experts = [
        Specialist(
            f"E{n}", draw(st.frozensets(st.sampled_from(INDUSTRIES))), draw(st.frozensets(st.sampled_from(CATEGORIES)))
        )
        for n in range(draw(st.integers(0, 4)))
    ]
    pairs = [(task.id, one.id) for task in tasks for one in experts]
    barred = draw(st.sets(st.sampled_from(pairs), max_size=5)) if pairs else set()
    return tasks, experts, barred, draw(st.integers(1, 3))


def level(plan: list[Pair], experts: list[Specialist], reach: dict[str, int], balance: int) -> bool:
    """Is there an L with min(reach, L) ≤ load ≤ min(reach, L + balance) for everybody?"""
    counted = [(reach[one.id], load) for one, load in zip(experts, loads(plan, experts), strict=True)]
    return any(
        all(min(most, low) <= load <= min(most, low + balance) for most, load in counted)
        for low in range(len(plan) + 1)
    )


@settings(deadline=None, max_examples=200)
@given(cases(), st.integers(0, 9))
def test_the_plan_is_as_even_as_can_be_and_no_such_plan_matches_better(case: tuple, seed: int) -> None:
    tasks, experts, barred, wanted = case
    plans = list(every_plan(tasks, experts, barred, wanted))
    if not plans:
        with pytest.raises(ImpossibleAssignment):
            assign(tasks, experts, barred, wanted, seed)
        return
    found = assign(tasks, experts, barred, wanted, seed)
    assert sorted(found) in [sorted(plan) for plan in plans]
    free = {one.id: 99 for one in experts}
    reach = {one.id: sum((task.id, one.id) not in barred for task in tasks) for one in experts}
    steps = [(free, 1), *((reach, balance) for balance in range(1, 9))]
    allowed = next(kept for most, balance in steps if (kept := [p for p in plans if level(p, experts, most, balance)]))
    assert sorted(found) in [sorted(plan) for plan in allowed]
    assert worth(found, tasks, experts) == max(worth(plan, tasks, experts) for plan in allowed)


@settings(deadline=None)
@given(cases(), st.randoms(), st.integers(0, 9))
def test_the_order_given_changes_nothing(case: tuple, lot, seed: int) -> None:
    tasks, experts, barred, wanted = case
    turned = lot.sample(tasks, len(tasks)), lot.sample(experts, len(experts)), lot.sample(sorted(barred), len(barred))
    assert outcome(*turned, wanted, seed) == outcome(tasks, experts, barred, wanted, seed)


def city(works: int = 300, jury: int = 17) -> tuple[list[Task], list[Specialist], set[Pair]]:
    tasks = [Task(f"A{n}", INDUSTRIES[n % 3], CATEGORIES[n % 2]) for n in range(works)]
    experts = [Specialist(f"E{n}", frozenset({INDUSTRIES[n % 3]}), frozenset({CATEGORIES[n % 2]})) for n in range(jury)]
    return tasks, experts, {(f"A{n}", f"E{n % jury}") for n in range(works)}


@pytest.mark.parametrize("seed", [1, 2])
def test_a_city_is_even_and_free_of_conflicts(seed: int) -> None:
    tasks, experts, barred = city()
    plan = assign(tasks, experts, barred, 5, seed)
    assert not barred & set(plan)
    assert len(set(plan)) == len(plan)
    assert set(Counter(task for task, _ in plan).values()) == {5}
    assert sorted(set(loads(plan, experts))) == [88, 89]


def test_another_seed_draws_another_plan_that_is_as_good() -> None:
    tasks, experts, barred = city()
    one, two = (assign(tasks, experts, barred, 5, seed) for seed in (1, 2))
    assert one != two
    assert worth(one, tasks, experts) == worth(two, tasks, experts)


def test_a_specialist_is_preferred_where_loads_stay_even() -> None:
    tasks = [Task("A1", "coal", "product"), Task("A2", "power", "process")]
    experts = [
        Specialist("E1", frozenset({"power"}), frozenset({"product"})),
        Specialist("E2", frozenset({"coal"}), frozenset({"process"})),
    ]
    assert assign(tasks, experts, [], 1, 0) == [("A1", "E2"), ("A2", "E1")]


def test_an_impossible_plan_names_the_achievement_and_the_way_out() -> None:
    experts = [Specialist("E1"), Specialist("E2")]
    with pytest.raises(ImpossibleAssignment) as refused:
        assign([Task("A1"), Task("A2")], experts, [("A2", "E1")], 2, 0)
    assert str(refused.value) == (
        "成果 A2 除去回避后只有 1 名专家可评，需要 2 名（这样的成果共 1 项）。"
        "可以：增聘 1 名与这些成果没有回避关系的专家；把成果 A2 的专家数由 2 名减为 1 名。"
    )


@pytest.mark.parametrize("wanted", [0, -1])
def test_at_least_one_expert_each(wanted: int) -> None:
    with pytest.raises(ImpossibleAssignment):
        assign([Task("A1")], [Specialist("E1")], [], wanted, 0)
