"""Planted impossible cases: explained by achievements and experts that are impossible alone, and irreducibly so."""

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from scoring.assign import answer
from tests.rules.scoring import assign_samples as samples


def explained(case: samples.Problem) -> Any:
    status, text = answer(json.dumps(case).encode())
    assert status == 3, case
    found = json.loads(text)
    assert list(found) == ["impossible"]
    assert list(found["impossible"]) == ["achievements", "experts", "why", "remedies"]
    return found["impossible"]


def feasible(seed: int) -> samples.Problem:
    """A small case that has a plan, with at least three achievements and three experts."""
    while True:
        case = samples.small(seed)
        if min(len(case["achievements"]), len(case["experts"])) >= 3 and samples.best(case) is not None:
            return case
        seed += 1000


def too_few_experts(case: samples.Problem, lot: random.Random) -> None:
    """One achievement loses all but k − 1 experts."""
    one = lot.choice(case["achievements"])["id"]
    case["fixed"] = [pair for pair in case["fixed"] if pair[0] != one]
    left = lot.sample(case["experts"], case["per_achievement"] - 1)
    case["conflicts"] = [pair for pair in case["conflicts"] if pair[0] != one]
    case["conflicts"] += [[one, who["id"]] for who in case["experts"] if who not in left]


def too_many_fixed(case: samples.Problem, lot: random.Random) -> None:
    """One achievement is given to all experts, which is more than k."""
    case["per_achievement"] = min(case["per_achievement"], len(case["experts"]) - 1)
    one = lot.choice(case["achievements"])["id"]
    case["conflicts"] = [pair for pair in case["conflicts"] if pair[0] != one]
    case["fixed"] = [[one, who["id"]] for who in case["experts"]]


def small_maxima(case: samples.Problem, lot: random.Random) -> None:
    """All experts together may judge one sheet too few."""
    sheets = len(case["achievements"]) * case["per_achievement"] - 1
    for place, who in enumerate(case["experts"]):
        who["max_load"] = (sheets + place) // len(case["experts"])


def a_crowd(case: samples.Problem, lot: random.Random) -> None:
    """Three new achievements that only k experts may judge, who have room for two of them."""
    able = lot.sample(case["experts"], case["per_achievement"])
    for who in able:
        who["max_load"] = 2
    for name in ("B1", "B2", "B3"):
        case["achievements"].append(samples.work(name))
        case["conflicts"] += [[name, who["id"]] for who in case["experts"] if who not in able]


def fixed_beyond_the_maximum(case: samples.Problem, lot: random.Random) -> None:
    who = lot.choice(case["experts"])
    who["max_load"] = 2
    case["conflicts"] = [pair for pair in case["conflicts"] if pair[1] != who["id"]]
    case["fixed"] = [[one["id"], who["id"]] for one in case["achievements"][:3]]


def nobody_is_level(case: samples.Problem, lot: random.Random) -> None:
    """Four achievements more for one expert alone, who may be only `balance` above the others."""
    only, case["per_achievement"], case["fixed"] = lot.choice(case["experts"]), 1, []
    for who in case["experts"]:
        who.pop("max_load", None)
    for number in range(4):
        case["achievements"].append(samples.work(f"B{number}"))
        case["conflicts"] += [[f"B{number}", who["id"]] for who in case["experts"] if who is not only]
    case["balance"] = 0


PLANTS: tuple[Callable[[samples.Problem, random.Random], None], ...] = (
    too_few_experts,
    too_many_fixed,
    small_maxima,
    a_crowd,
    fixed_beyond_the_maximum,
    nobody_is_level,
)


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_planted_cases_are_explained_by_an_irreducible_set(
    plant: Callable[[samples.Problem, random.Random], None], at_full_length: bool
) -> None:
    planted = 0
    for seed in range(200 if at_full_length else 12):
        case = feasible(seed)
        plant(case, random.Random(seed))
        if samples.best(case) is not None:
            continue
        planted += 1
        found = explained(case)
        listed, experts = found["achievements"], found["experts"]
        assert listed == sorted(listed)
        assert samples.best(samples.part(case, listed, experts)) is None, case
        for one in listed:
            rest = [other for other in listed if other != one]
            assert samples.best(samples.part(case, rest, experts)) is not None, (case, one)
        assert found["why"].endswith("。")
        assert found["remedies"]
    assert planted >= 9


def test_an_achievement_with_too_few_experts() -> None:
    experts = [samples.expert(f"E{number}") for number in (1, 2, 3)]
    case = samples.problem(samples.works(2), experts, per_achievement=3, conflicts=[["A1", "E1"], ["A1", "E2"]])
    assert explained(case) == {
        "achievements": ["A1"],
        "experts": ["E3"],
        "why": "成果 A1 除去回避后只有 1 名专家可评，需要 3 名（这样的成果共 1 项）。",
        "remedies": [
            "增聘 2 名熟悉 power、与这些成果没有回避关系的专家",
            "把成果 A1 的专家数由 3 名减为 1 名",
        ],
    }


def test_a_crowd_names_its_sheets_and_what_its_experts_can_bear() -> None:
    experts = [samples.expert("E1", 1), samples.expert("E2", 1), samples.expert("E3")]
    barred = [[one["id"], "E3"] for one in samples.works(3)]
    found = explained(samples.problem(samples.works(4), experts, conflicts=barred))
    assert (found["achievements"], found["experts"]) == (["A0", "A1", "A2"], ["E1", "E2"])
    assert found["why"] == (
        "成果 A0、A1、A2 共需 3 份评审，可评的只有专家 E1、E2，除去回避并按各人的件数上限最多承担 2 份。"
    )
    assert found["remedies"][:2] == [
        "增聘 1 名熟悉 coal、与这些成果没有回避关系的专家",
        "把专家 E1、E2 的件数上限（max_load）各提高 1 件",
    ]


def test_an_expert_who_may_judge_little_gets_a_maximum_as_remedy() -> None:
    experts = [samples.expert("E1"), samples.expert("E2"), samples.expert("E3")]
    barred = [[one["id"], "E1"] for one in samples.works(8)]
    found = explained(samples.problem(samples.works(9), experts, conflicts=barred))
    assert "E1" in found["experts"]
    assert found["remedies"][0] == "给回避太多的专家定件数上限（max_load）：E1 1 件"


def test_sheets_that_cannot_be_shared_out_equally() -> None:
    experts = [samples.expert("E1"), samples.expert("E2")]
    found = explained(samples.problem(samples.works(3), experts, balance=0))
    assert "件数相差不超过 0 时总数对不上" in found["why"]
    assert "把允许的件数相差（balance）由 0 放宽到 1" in found["remedies"]


def test_two_causes_at_once_have_a_remedy_together() -> None:
    experts = [samples.expert("E1", 0), samples.expert("E2")]
    case = samples.problem(
        samples.works(2), experts, per_achievement=2, conflicts=[["A0", "E2"], ["A1", "E2"]], fixed=[["A0", "E1"]]
    )
    assert all("增聘" in remedy and "并" in remedy for remedy in explained(case)["remedies"])


def test_a_whole_city_without_room_is_explained() -> None:
    """Every achievement but the last few belongs to the set: the experts' maxima are four sheets short."""
    case = samples.city(300, 20)
    sheets = 5 * len(case["achievements"]) - 4
    for place, who in enumerate(case["experts"]):
        who["max_load"] = (sheets + place) // 20
    found = explained(case)
    assert len(found["achievements"]) == 300
    assert found["why"].startswith("成果 A0、A1、A10、A100、A101 等 300 项 共需 1500 份评审，")
    assert found["why"].endswith("最多承担 1496 份。")


@pytest.mark.parametrize("experts", [[], [samples.expert("E1")]])
def test_absurdly_many_experts_an_achievement_are_refused_quickly(experts: list[Any]) -> None:
    found = explained(samples.problem(samples.works(3), experts, per_achievement=10**9))
    assert found["achievements"] == ["A0"]
    assert found["remedies"]
