"""The policy and the tiers of a season are read exactly."""

from decimal import Decimal

import pytest

from scoring.rules.policy import PolicyError, ScorePolicy
from scoring.rules.tiers import Tier, TierError, tier_for, tiers_from_list, tiers_to_list


def test_the_defaults_are_those_of_the_season_format() -> None:
    assert ScorePolicy().to_dict() == {
        "aggregate": "trimmed_mean",
        "trim_from": 5,
        "minimum_sheets": 3,
        "decimals": 2,
        "rounding": "half_up",
        "outlier_gap": 15,
    }
    assert ScorePolicy.from_dict(ScorePolicy().to_dict()) == ScorePolicy()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("aggregate", "average"),
        ("aggregate", None),
        ("trim_from", 0),
        ("trim_from", 5.0),
        ("minimum_sheets", -1),
        ("minimum_sheets", True),
        ("decimals", -1),
        ("decimals", 13),
        ("decimals", "2"),
        ("rounding", "half_even"),
        ("outlier_gap", -1),
        ("outlier_gap", Decimal(15)),
        ("colour", "red"),
    ],
)
def test_a_wrong_policy_names_its_key(key: str, value: object) -> None:
    with pytest.raises(PolicyError) as refused:
        ScorePolicy.from_dict(ScorePolicy().to_dict() | {key: value})
    assert refused.value.key == key


@pytest.mark.parametrize("key", ScorePolicy().to_dict())
def test_no_key_may_be_missing(key: str) -> None:
    section = ScorePolicy().to_dict()
    del section[key]
    with pytest.raises(PolicyError) as refused:
        ScorePolicy.from_dict(section)
    assert refused.value.key == key


@pytest.mark.parametrize(("trim_from", "minimum_sheets"), [(1, 2), (2, 2), (2, 0)])
def test_a_trimming_that_could_leave_nothing_is_refused(trim_from: int, minimum_sheets: int) -> None:
    with pytest.raises(PolicyError) as refused:
        ScorePolicy.from_dict(ScorePolicy(trim_from=trim_from, minimum_sheets=minimum_sheets).to_dict())
    assert refused.value.key == "trim_from"


@pytest.mark.parametrize(("trim_from", "minimum_sheets"), [(1, 3), (2, 3), (3, 0), (3, 1)])
def test_one_of_the_two_counts_keeps_enough_sheets(trim_from: int, minimum_sheets: int) -> None:
    policy = ScorePolicy(trim_from=trim_from, minimum_sheets=minimum_sheets)
    assert ScorePolicy.from_dict(policy.to_dict()) == policy


def test_trim_from_is_free_where_nothing_is_trimmed() -> None:
    section = ScorePolicy(aggregate="median", trim_from=1).to_dict()
    assert ScorePolicy.from_dict(section).trim_from == 1


def test_tiers_keep_their_digits() -> None:
    listed = [{"name": "一等奖", "floor": "95.00"}, {"name": "二等奖", "floor": "90"}]
    assert tiers_from_list(listed) == (Tier("一等奖", Decimal(95)), Tier("二等奖", Decimal(90)))
    assert tiers_to_list(tiers_from_list(listed)) == listed
    assert tiers_from_list([]) == ()


def test_tiers_are_tried_in_their_order() -> None:
    tiers = tiers_from_list([{"name": "优秀奖", "floor": "80"}, {"name": "一等奖", "floor": "95"}])
    assert tier_for(Decimal("96.00"), tiers) == "优秀奖"


@pytest.mark.parametrize(
    ("listed", "key"),
    [
        ({}, ""),
        ([{"name": "一等奖"}], "[0].floor"),
        ([{"name": "一等奖", "floor": "95"}, {"name": "一等奖", "floor": "90"}], "[1].name"),
        ([{"name": name, "floor": floor} for name, floor in (("甲", "9"), ("乙", "8"), ("甲", "7"))], "[2].name"),
    ],
)
def test_wrong_tiers_name_their_place(listed: object, key: str) -> None:
    with pytest.raises(TierError) as refused:
        tiers_from_list(listed)
    assert refused.value.key == key
