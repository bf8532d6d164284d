"""Quotas cut by rank, ties left to the committee; scenarios and the awards that they would flip."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given

from scoring.rules import whatif
from scoring.rules.awarding import Cut, award, count, money
from scoring.rules.policy import MEAN, MEDIAN, ScorePolicy
from scoring.rules.ranking import rank
from scoring.rules.sheets import Sheet
from scoring.rules.whatif import Scenario
from tests.rules.scoring.season_samples import OFFICIAL, TIERS, policies, rounds, sheets

FIRST, SECOND, THIRD, MERIT = (tier.name for tier in TIERS)
PLAIN = ScorePolicy(aggregate=MEAN, minimum_sheets=1)


def scenario(**changes: object) -> Scenario:
    return replace(Scenario(PLAIN, TIERS, OFFICIAL, OFFICIAL.tie_order), **changes)


SHEETS = sheets(
    """
    A1 economic E1: 20 30 25 23
    A2 economic E1: 20 30 24 22
    A3 economic E1: 20 30 24 22
    A4 economic E1: 19 28 23 22
    A5 social   E1: 12 18 12 18
    """
)


def tiers_of(**changes: object) -> dict[str, str]:
    return dict(whatif.outcome(SHEETS, scenario(**changes)).awarding.tiers)


def test_without_quotas_the_floors_decide() -> None:
    assert tiers_of() == {"A1": FIRST, "A2": FIRST, "A3": FIRST, "A4": SECOND, "A5": ""}


def test_a_quota_cuts_in_order_of_rank_and_the_rest_go_one_tier_down() -> None:
    assert tiers_of(quotas={FIRST: 1}) == {"A1": FIRST, "A2": SECOND, "A3": SECOND, "A4": SECOND, "A5": ""}
    down = tiers_of(quotas={FIRST: 1, SECOND: 2})
    assert (down["A2"], down["A3"], down["A4"]) == (SECOND, SECOND, THIRD)
    assert tiers_of(quotas={FIRST: 0})["A1"] == SECOND


def test_a_tie_at_the_cut_is_left_to_the_committee() -> None:
    found = whatif.outcome(SHEETS, scenario(quotas={FIRST: 2})).awarding
    assert found.cuts == (Cut(FIRST, 1, ("A2", "A3")),)
    assert found.tiers["A2"] == found.tiers["A3"] == SECOND


def test_the_committees_vote_fills_the_place() -> None:
    rows = rank(SHEETS, PLAIN, TIERS, OFFICIAL)
    voted = award(rows, TIERS, {FIRST: 2}, votes={"A3": FIRST})
    assert (voted.tiers["A2"], voted.tiers["A3"], voted.cuts) == (SECOND, FIRST, ())
    too_many = award(rows, TIERS, {FIRST: 2}, votes={"A2": FIRST, "A3": FIRST})
    assert [too_many.tiers[work] for work in ("A2", "A3")] == [FIRST, SECOND]
    elsewhere = award(rows, TIERS, {FIRST: 2}, votes={"A4": FIRST})
    assert elsewhere.tiers["A4"] == SECOND


def test_who_is_aside_takes_no_place() -> None:
    rows = rank(SHEETS, PLAIN, TIERS, OFFICIAL)
    found = award(rows, TIERS, {FIRST: 2}, aside=frozenset({"A1"}))
    assert (found.tiers["A1"], found.tiers["A2"], found.tiers["A3"], found.cuts) == ("", FIRST, FIRST, ())


def test_counts_and_money() -> None:
    found = count(whatif.outcome(SHEETS, scenario()).awarding, TIERS)
    assert found == {FIRST: 3, SECOND: 1, THIRD: 0, MERIT: 0}
    assert money(found, {FIRST: Decimal(5000), SECOND: Decimal(3000)}) == Decimal(18000)


def test_whole_numbers_first_lifts_94_50_to_the_first_tier() -> None:
    """rules.md "Award tiers": 94.50 is 二等奖; rounded to whole numbers first it is 一等奖."""
    two = sheets("B1 economic E1: 20 29 23 23\nB1 economic E2: 20 28 23 23")
    before = whatif.outcome(two, scenario())
    after = whatif.outcome(two, scenario(policy=replace(PLAIN, decimals=0)))
    (flip,) = whatif.flips(before, after)
    assert (flip.before, flip.after) == (SECOND, FIRST)
    assert (flip.score_before, flip.score_after) == (Decimal("94.50"), Decimal(95))


def test_nothing_flips_against_itself() -> None:
    found = whatif.outcome(SHEETS, scenario())
    assert whatif.flips(found, found) == ()


def report(**changes: object) -> dict[tuple[str, str], list[tuple[str, str, str]]]:
    found = whatif.sensitivity(JURY, scenario(**changes))
    return {(v.kind, v.what): [(f.work, f.before, f.after) for f in v.flips] for v in found}


JURY = sheets(
    """
    C1 economic E1: 20 30 25 25
    C1 economic E2: 18 28 22 22
    C1 economic E3: 20 29 23 23
    C2 economic E1: 18 26 22 22
    C2 economic E2: 18 26 22 22
    """
)


def test_the_report_names_the_award_that_hangs_on_one_expert() -> None:
    """C1: 100, 90, 95, mean 95.00; without E1 92.50, without E2 97.50."""
    found = report()
    assert found["expert", "E1"] == [("C1", FIRST, SECOND)]
    assert found["expert", "E2"] == found["expert", "E3"] == []
    assert found["aggregate", MEDIAN] == []
    assert found["floors", "+0.5"] == [("C1", FIRST, SECOND)]
    assert found["floors", "+1"] == [("C1", FIRST, SECOND)]
    assert found["floors", "-1"] == []
    assert ("quota", "") not in found


def test_an_award_without_its_only_expert_is_lost() -> None:
    alone = sheets("C1 economic E1: 20 30 25 25")
    (variation,) = [v for v in whatif.sensitivity(alone, scenario()) if v.kind == "expert"]
    assert [(f.before, f.after, f.score_after) for f in variation.flips] == [(FIRST, "", None)]


def test_the_report_moves_each_quota_by_one() -> None:
    found = whatif.sensitivity(SHEETS, scenario(quotas={FIRST: 1}))
    by = {(v.kind, v.what): [f.work for f in v.flips] for v in found}
    assert by["quota", ""] == ["A2", "A3"]
    assert by["quota", f"{FIRST}:0"] == ["A1"]
    assert by["quota", f"{FIRST}:2"] == []  # a tie at the cut: the committee would have to vote
    assert by["ties", ""] == []


@pytest.mark.parametrize("step", ["+1", "-1"])
def test_floors_are_all_moved_together(step: str) -> None:
    assert ("floors", step) in report()


@given(rounds(), policies)
def test_dropping_an_expert_is_ranking_without_her_sheets(judged: list[Sheet], policy: ScorePolicy) -> None:
    """The report's shortcut (only her works are read anew) gives what a whole new ranking gives."""
    rules = scenario(policy=policy)
    before = whatif.outcome(judged, rules)
    for variation in whatif.sensitivity(judged, rules):
        if variation.kind != "expert":
            continue
        rest = [sheet for sheet in judged if sheet.expert != variation.what]
        whole = {(f.work, f.before, f.after) for f in whatif.flips(before, whatif.outcome(rest, rules))}
        assert {(f.work, f.before, f.after) for f in variation.flips} == whole


@given(rounds(), policies)
def test_a_scenario_of_the_rounds_own_rules_is_the_ranking(judged: list[Sheet], policy: ScorePolicy) -> None:
    rows = rank(judged, policy, TIERS, OFFICIAL)
    found = whatif.outcome(judged, scenario(policy=policy))
    assert list(found.rows) == rows
    assert found.awarding.tiers == {row.achievement: row.tier for row in rows if row.score is not None}
