"""`manage.py simulate`: a plausible season of any size, as the real actions would have left it."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from contests.models import Contest
from core import ledger
from scoring import queries
from scoring.models import Entry, Round, ScoreSheet
from scoring.rules import recusal
from scoring.rules.season import parse_season, season_to_json
from submissions.models import Achievement, AchievementVersion, Recommendation, StatusChange
from submissions.queries import content, content_hash

pytestmark = pytest.mark.django_db
SIZE = {"units": 20, "achievements": 37, "experts": 9, "sheets": 3, "seed": 7}


@pytest.fixture
def contest() -> Contest:
    out = io.StringIO()
    call_command("simulate", **SIZE, stdout=out)
    assert "成果 37 项" in out.getvalue()
    return Contest.objects.get()


def scores(contest: Contest) -> str:
    return season_to_json(queries.season(Round.objects.get(contest=contest)))


def test_every_work_is_scored_by_as_many_as_asked_and_by_nobody_in_conflict(contest: Contest) -> None:
    round_ = Round.objects.get()
    entries = Entry.objects.filter(round=round_)
    assert entries.count() == 37
    works = {int(work.id): work for work in queries.works_of(entries)}
    for entry in entries:
        sheets = ScoreSheet.objects.filter(entry=entry).select_related("appointment__expert__user")
        assert len({sheet.appointment_id for sheet in sheets}) == 3
        judges = queries.judges_of(contest, [sheet.appointment.expert for sheet in sheets])
        assert [judge for judge in judges if recusal.conflict(works[entry.pk], judge)] == []


def test_the_rows_are_those_of_the_real_road(contest: Contest) -> None:
    assert set(Achievement.objects.values_list("status", flat=True)) == {"frozen"}
    for work in Achievement.objects.all():
        verbs = list(StatusChange.objects.filter(achievement=work).order_by("pk").values_list("verb", flat=True))
        assert verbs[:2] == ["register", "submit"]
        assert verbs[-2:] == ["accept", "freeze"]
        version = AchievementVersion.objects.get(achievement=work)
        assert version.content_hash == content_hash(version.content) == content_hash(content(work))
        assert Recommendation.objects.filter(achievement=work).exists()
    assert ledger.verify() == []


def test_the_season_file_is_read_back_and_ranks(contest: Contest) -> None:
    season = parse_season(scores(contest).encode())
    assert len(season.sheets) == 37 * 3


def test_the_same_seed_makes_the_same_scores() -> None:
    made = []
    for _ in range(2):
        with transaction.atomic():
            call_command("simulate", **SIZE, stdout=io.StringIO())
            season = parse_season(scores(Contest.objects.get()).encode())
            made.append(
                sorted(sorted((c, m.level, m.points) for c, m in sheet.marks.items()) for sheet in season.sheets)
            )
            transaction.set_rollback(True)
    assert made[0] == made[1]


@pytest.mark.parametrize("wrong", [{"experts": 2}, {"units": 0}, {"achievements": 0}])
def test_an_impossible_size_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(CommandError, match="至少为 1"):
        call_command("simulate", **SIZE | wrong, stdout=io.StringIO())
    assert not Contest.objects.exists()
