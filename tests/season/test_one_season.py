"""One whole season through the real actions: from an empty draft to the award, and its recomputation."""

import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from contests.actions.dates import shift_phases
from core import ledger
from scoring import queries
from scoring.actions import results, rounds, sheets
from scoring.actions.sheets import Given
from scoring.models import Award, Entry, Expert, Result, Rubric, ScoreSheet
from scoring.rules.rubric import levels_for
from scoring.rules.season import season_to_json
from submissions.lifecycle import Status
from submissions.models import Achievement
from tests.cast import Cast, accepted, assemble
from tests.season.judging import special

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def to_review(cast: Cast) -> None:
    review = cast.contest.phases.get(kind="review")
    shift_phases(None, cast.contest, timezone.now() - timedelta(hours=1) - review.opens_at)


def score_all(cast: Cast, points: str = "high") -> None:
    """Every expert gives the best or the lowest points of the first level that is open to her."""
    for name in ("expert1", "expert2", "expert3", "expert4"):
        for sheet in list(ScoreSheet.objects.visible_to(cast[name])):
            rules = queries.rubric_of(sheet.round)
            given = {}
            for criterion in rules.criteria:
                level = levels_for(criterion, sheet.entry.path)[0]
                given[criterion.code] = Given(level.code, getattr(level, points))
            sheets.save_marks(cast[name], sheet.pk, given, revision=0)
            sheets.hand_in(cast[name], [sheet.pk])


def run_round(cast: Cast, k: int = 3) -> object:
    office = cast["office"]
    experts = list(Expert.objects.values_list("pk", flat=True))
    round_ = rounds.create_round(
        office, cast.contest, name="终评", rubric=Rubric.objects.get(), sheets_per_achievement=k, expert_ids=experts
    )
    rounds.plan_assignment(office, round_.pk, seed=7)
    return rounds.open_round(office, round_.pk)


def test_a_season_from_the_first_draft_to_the_award(tmp_path):
    cast = assemble()
    works = [accepted(cast), accepted(cast), accepted(cast, "unit_b", "auditor_b")]
    to_review(cast)
    round_ = run_round(cast)
    assert ScoreSheet.objects.count() == 9
    assert set(Achievement.objects.values_list("status", flat=True)) == {Status.FROZEN}
    score_all(cast)
    round_ = results.close_round(cast["office"], round_.pk)
    assert {r.score_text for r in Result.objects.all()} == {"100.00"}
    assert [r.rank for r in Result.objects.all()] == [1, 1, 1]
    entry = Entry.objects.get(achievement=works[0])
    special(cast, entry.pk, "填补国内空白，全票通过。")
    assert results.confirm_awards(cast["office"], round_.pk) == 3
    assert Award.objects.filter(tier__code="special").get().entry == entry
    assert ledger.verify() == []
    season = tmp_path / "season.json"
    season.write_text(season_to_json(queries.season(round_)), encoding="utf-8")
    replayed = subprocess.run(
        [sys.executable, "-m", "scoring.replay", str(season)], capture_output=True, check=True
    ).stdout
    assert replayed.decode() == queries.ranking_download(round_)
