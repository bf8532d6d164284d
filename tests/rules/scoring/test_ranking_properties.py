"""What holds for every round, and the same ranking by a second, independent program."""

import json
from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.replay import ranking_of
from scoring.rules.policy import ScorePolicy
from scoring.rules.ranking import rank
from scoring.rules.rubric import Mark, levels_for
from scoring.rules.season import Season, parse_season, season_to_json
from scoring.rules.sheets import Sheet, first_fault
from tests.rules.scoring.plain_jury import ranking as plain_ranking
from tests.rules.scoring.season_samples import OFFICIAL, TIERS, judged, policies, rounds


@settings(deadline=None, max_examples=300)
@given(rounds(), policies)
def test_two_independent_programs_agree_byte_for_byte(sheets: list[Sheet], policy: ScorePolicy) -> None:
    written = season_to_json(Season(policy, TIERS, OFFICIAL, tuple(sheets)))
    assert ranking_of(written.encode()).decode() == plain_ranking(json.loads(written))


@settings(deadline=None)
@given(rounds(), policies, st.data())
def test_the_order_of_sheets_changes_nothing(sheets: list[Sheet], policy: ScorePolicy, data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(sheets))
    assert rank(shuffled, policy, TIERS, OFFICIAL) == rank(sheets, policy, TIERS, OFFICIAL)


@settings(deadline=None)
@given(rounds(), policies)
def test_the_order_of_keys_and_criteria_changes_nothing(sheets: list[Sheet], policy: ScorePolicy) -> None:
    turned = [replace(one, marks=dict(reversed(one.marks.items()))) for one in sheets]
    backwards = replace(OFFICIAL, criteria=OFFICIAL.criteria[::-1])
    assert rank(turned, policy, TIERS, backwards) == rank(sheets, policy, TIERS, OFFICIAL)


@settings(deadline=None, max_examples=200)
@given(judged(), policies, st.data())
def test_a_higher_mark_never_lowers_a_score(sheets: list[Sheet], policy: ScorePolicy, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(sheets) - 1))
    criterion = data.draw(st.sampled_from(OFFICIAL.criteria))
    before = sheets[place].marks[criterion.code]
    best = levels_for(criterion, sheets[place].path)[0]
    higher = data.draw(st.integers(before.points, max(best.high, before.points)))
    marks = dict(sheets[place].marks) | {criterion.code: Mark(before.level, higher)}
    raised = [*sheets[:place], replace(sheets[place], marks=marks), *sheets[place + 1 :]]
    policy = replace(policy, minimum_sheets=1)
    old, new = (rank(one, policy, TIERS, OFFICIAL)[0].score for one in (sheets, raised))
    assert old is not None
    assert new is not None
    assert new >= old


@settings(deadline=None)
@given(judged(), policies)
def test_a_score_lies_between_the_lowest_and_the_highest_total(sheets: list[Sheet], policy: ScorePolicy) -> None:
    row = rank(sheets, replace(policy, minimum_sheets=1), TIERS, OFFICIAL)[0]
    totals = [one.total for one in sheets]
    assert row.score is not None
    assert min(totals) <= row.score <= max(totals)
    assert 25 <= row.score <= (95 if row.path == "social" else 100)


@settings(deadline=None)
@given(rounds(), policies)
def test_ranks_are_shared_and_skipped_as_in_sport(sheets: list[Sheet], policy: ScorePolicy) -> None:
    rows = rank(sheets, policy, TIERS, OFFICIAL)
    placed = [row for row in rows if row.rank is not None]
    unplaced = [row for row in rows if row.rank is None]
    assert rows == placed + unplaced
    assert [row.achievement for row in unplaced] == sorted(row.achievement for row in unplaced)
    for row in placed:
        assert row.rank == 1 + sum(other.rank < row.rank for other in placed if other.rank and row.rank)
    for above, below in pairwise(placed):
        assert above.score >= below.score
        assert (above.rank, above.achievement) < (below.rank, below.achievement)


@settings(deadline=None)
@given(rounds(), policies)
def test_inside_one_path_the_order_is_that_of_score_and_means(sheets: list[Sheet], policy: ScorePolicy) -> None:
    """With one path only, nothing is passed over: the ranking is one lexicographic order, hence transitive."""
    social = [one for one in sheets if one.path == "social"]
    placed = [row for row in rank(social, policy, TIERS, OFFICIAL) if row.rank is not None]
    order = ("technology", "innovation", "benefit", "role")
    keys = [(row.score, *(row.means[code] for code in order)) for row in placed]
    assert keys == sorted(keys, reverse=True)
    for (above, one), (below, two) in pairwise(zip(placed, keys, strict=True)):
        assert (above.rank == below.rank) == (one == two)


@settings(deadline=None)
@given(rounds(), policies)
def test_an_achievement_scores_the_same_whoever_else_competes(sheets: list[Sheet], policy: ScorePolicy) -> None:
    for row in rank(sheets, policy, TIERS, OFFICIAL):
        own = [one for one in sheets if one.achievement == row.achievement]
        alone = rank(own, policy, TIERS, OFFICIAL)[0]
        assert (alone.score, alone.tier, alone.remarks) == (row.score, row.tier, row.remarks)


@settings(deadline=None)
@given(rounds(), policies)
def test_a_season_survives_its_file(sheets: list[Sheet], policy: ScorePolicy) -> None:
    assert first_fault(sheets, OFFICIAL) is None
    written = season_to_json(Season(policy, TIERS, OFFICIAL, tuple(sheets)))
    read = parse_season(written.encode())
    assert (read.policy, read.tiers, read.rubric) == (policy, TIERS, OFFICIAL)
    assert sorted(read.sheets, key=str) == sorted(sheets, key=str)
    assert season_to_json(read) == written
