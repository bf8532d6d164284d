"""The exact assignment: equal to every plan tried on small cases, certified at the size of a city."""

import json
import random
from collections import Counter
from typing import Any

import pytest

from scoring.assign import answer
from scoring.rules.assignment.check import first_fault
from scoring.rules.assignment.plan import parse_plan
from scoring.rules.assignment.problem import parse_problem
from tests.rules.scoring import assign_samples as samples


def solved(case: samples.Problem) -> tuple[int, Any]:
    status, text = answer(json.dumps(case).encode())
    return status, json.loads(text)


def verified(case: samples.Problem, plan: Any) -> str | None:
    return first_fault(parse_problem(json.dumps(case).encode()), parse_plan(json.dumps(plan).encode()))


def test_small_cases_are_equal_to_every_plan_tried(at_full_length: bool) -> None:
    statuses: Counter[int] = Counter()
    seed = 0
    while statuses[0] < (3000 if at_full_length else 200):
        case = samples.small(seed)
        expected = samples.best(case)
        status, found = solved(case)
        statuses[status] += 1
        assert status == (3 if expected is None else 0), case
        if expected is not None:
            assert found["objective"] == expected, case
            assert verified(case, found) is None, case
        seed += 1
    assert statuses[3] > 50


def test_the_best_level_is_chosen_and_every_other_is_spoken_of() -> None:
    """E1 knows coal and everything is coal: with a balance of 2 she takes three of four, not two."""
    experts = [samples.expert("E1", None, ("coal",)), samples.expert("E2")]
    case = samples.problem([samples.work(f"A{n}") for n in range(4)], experts, balance=2)
    _, found = solved(case)
    assert found["objective"] == 6
    assert found["certificate"]["level"] == 1
    assert [one["level"] for one in found["certificate"]["levels"]] == [0, 1, 2]


def test_a_level_that_conflicts_forbid_is_proved_impossible() -> None:
    """Five sheets on three experts: at L = 1 everybody takes one, but E3 may take none."""
    experts = [samples.expert("E1"), samples.expert("E2"), samples.expert("E3")]
    conflicts = [[one["id"], "E3"] for one in samples.works(5)]
    case = samples.problem(samples.works(5), experts, balance=3, conflicts=conflicts)
    _, found = solved(case)
    proofs = found["certificate"]["proofs"]
    shown = {one["level"]: proofs[one["proof"]]["shows"] for one in found["certificate"]["levels"]}
    assert shown == {0: "bound", 1: "impossible"}
    assert verified(case, found) is None


def test_nothing_to_judge_is_an_empty_plan() -> None:
    for experts in ([], [samples.expert("E1")]):
        status, found = solved(samples.problem([], experts))
        assert (status, found["assigned"], found["objective"]) == (0, [], 0)


def test_a_maximum_of_her_own_lets_an_expert_stay_below_the_others() -> None:
    experts = [samples.expert("E1", 1), samples.expert("E2"), samples.expert("E3")]
    _, found = solved(samples.problem(samples.works(7), experts))
    assert Counter(who for _, who in found["assigned"]) == {"E1": 1, "E2": 3, "E3": 3}


def test_fixed_pairs_are_in_the_plan() -> None:
    experts = [samples.expert("E1", None, ("coal", "product")), samples.expert("E2")]
    _, found = solved(samples.problem([samples.work("A1")], experts, fixed=[["A1", "E2"]]))
    assert (found["assigned"], found["objective"]) == ([["A1", "E2"]], 0)


def test_the_same_bytes_whatever_the_order_of_the_file() -> None:
    case = samples.city(60, 9)
    turned = json.loads(json.dumps(case))
    lot = random.Random(3)
    for key in ("achievements", "experts", "conflicts"):
        lot.shuffle(turned[key])
    assert answer(json.dumps(turned).encode()) == answer(json.dumps(case).encode())


def test_another_seed_is_another_plan_as_good() -> None:
    case = samples.city(60, 9)
    one, two = solved(case)[1], solved({**case, "seed": 8})[1]
    assert one["assigned"] != two["assigned"]
    assert one["objective"] == two["objective"]


@pytest.mark.parametrize("balance", [0, 1, 40, 10**9])
def test_a_wide_balance_is_certified_at_every_level(balance: int) -> None:
    case = {**samples.city(120, 10), "balance": balance}
    status, found = solved(case)
    assert status == 0
    assert verified(case, found) is None


def test_a_city_is_served_evenly_with_gap_0(at_full_length: bool) -> None:
    count, jury = (10_680, 300) if at_full_length else (1068, 50)
    case = samples.city(count, jury)
    data = json.dumps(case).encode()
    status, text = answer(data)
    plan = json.loads(text)
    assert (status, plan["certificate"]["gap"]) == (0, 0)
    assert first_fault(parse_problem(data), parse_plan(text)) is None
    loads = Counter(who for _, who in plan["assigned"])
    assert len(loads) == jury
    assert max(loads.values()) - min(loads.values()) <= 1
    assert set(Counter(one for one, _ in plan["assigned"]).values()) == {5}
    assert not {tuple(pair) for pair in plan["assigned"]} & {tuple(pair) for pair in case["conflicts"]}
    assert len(json.dumps(plan["certificate"])) < 200 + 40 * jury * len(plan["certificate"]["proofs"])
    assert answer(data)[1] == text
