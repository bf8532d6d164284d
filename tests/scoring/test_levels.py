"""No stored mark outside its level: every criterion, level and edge, by form, action, bulk and SQL.

On SQLite the CHECK on the copied range holds; that the range is the rubric's own is PostgreSQL's trigger.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from core.errors import Refusal
from scoring import queries
from scoring.actions import sheets
from scoring.actions.sheets import Given
from scoring.models import Mark, Rubric, ScoreSheet
from scoring.rules.rubric import Criterion, Level, level_for_amount, levels_for
from scoring.rules.rubric import Rubric as Rules
from tests.cast import Cast, accepted
from tests.scoring import judging
from tests.scoring.judging import client_of
from tests.stage import cast, db, files_root, troupe

__all__ = ["cast", "db", "files_root", "troupe"]
HELD = connection.vendor == "postgresql"
SOCIAL = {"benefit_path": "social", "benefit_wan": None, "benefit_basis": "", "social_benefit": "全市推广。"}
WAYS = ("form", "action", "bulk", "sql")


@pytest.fixture(params=["economic", "social"])
def sheet(request: pytest.FixtureRequest, cast: Cast) -> ScoreSheet:
    accepted(cast, **({} if request.param == "economic" else SOCIAL))
    judging.to_review(cast)
    judging.opened(cast, k=4)
    own = ScoreSheet.objects.filter(appointment__expert__user=cast["expert1"].user)
    return own.select_related("entry", "round__rubric").get()


def open_levels(sheet: ScoreSheet) -> Iterator[tuple[Criterion, Level]]:
    for criterion in queries.rubric_of(sheet.round).criteria:
        amount = sheet.entry.benefit_wan
        bound = level_for_amount(criterion, amount) if criterion.paths and amount else None
        for level in [bound] if bound else levels_for(criterion, sheet.entry.path):
            yield criterion, level


def write(way: str, cast: Cast, sheet: ScoreSheet, criterion: str, level: Level, points: int) -> bool:
    """Does the mark stand afterwards? Whatever refuses it leaves nothing."""
    try:
        with transaction.atomic():
            WRITERS[way](cast, sheet, criterion, level, points)
    except (IntegrityError, Refusal):
        pass
    kept = Mark.objects.filter(sheet=sheet, criterion=criterion)
    found = kept.filter(level=level.code, points=points).exists()
    assert found or not kept.exists()
    kept.delete()
    return found


def by_form(cast: Cast, sheet: ScoreSheet, criterion: str, level: Level, points: int) -> None:
    data = {"revision": ScoreSheet.objects.get(pk=sheet.pk).revision, f"level-{criterion}": level.code}
    data[f"points-{criterion}-{level.code}"] = points
    client_of(cast, "expert1").post(reverse("scoring:sheet_save", args=[sheet.pk]), data)


def by_action(cast: Cast, sheet: ScoreSheet, criterion: str, level: Level, points: int) -> None:
    revision = ScoreSheet.objects.get(pk=sheet.pk).revision
    sheets.save_marks(cast["expert1"], sheet.pk, {criterion: Given(level.code, points)}, revision=revision)


def row(sheet: ScoreSheet, criterion: str, level: Level, points: int, /, **changes: Any) -> Mark:
    values = {"level": level.code, "low": level.low, "high": level.high, "points": points} | changes
    return Mark(sheet=sheet, criterion=criterion, **values)


def by_bulk(cast: Cast, sheet: ScoreSheet, criterion: str, level: Level, points: int) -> None:
    Mark.objects.bulk_create([row(sheet, criterion, level, points)])


def by_sql(cast: Cast, sheet: ScoreSheet, criterion: str, level: Level, points: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO scoring_mark (sheet_id, criterion, level, low, high, points) VALUES (%s, %s, %s, %s, %s, %s)",
            [sheet.pk, criterion, level.code, level.low, level.high, points],
        )


WRITERS = {"form": by_form, "action": by_action, "bulk": by_bulk, "sql": by_sql}


@pytest.mark.parametrize("way", WAYS)
def test_every_edge_of_every_level(way: str, cast: Cast, sheet: ScoreSheet) -> None:
    """Both ends stand, one beyond either end does not."""
    tried = 0
    for criterion, level in open_levels(sheet):
        for points, stands in ((level.low, True), (level.high, True), (level.low - 1, False), (level.high + 1, False)):
            assert write(way, cast, sheet, criterion.code, level, points) == stands, (
                criterion.code,
                level.code,
                points,
            )
            tried += 1
    assert tried == 4 * (10 if sheet.entry.path == "economic" else 12)


@pytest.mark.parametrize(("amount", "code"), [("126.50", "ge_100"), ("75", "50_100"), ("20", "10_50"), ("5", "lt_10")])
def test_each_level_that_a_verified_amount_can_fix(amount: str, code: str, cast: Cast) -> None:
    """Both ends of the amount's own level stand by every way, one beyond does not; the levels beside it never."""
    accepted(cast, benefit_wan=Decimal(amount))
    judging.to_review(cast)
    judging.opened(cast, k=4)
    sheet = ScoreSheet.objects.select_related("entry", "round__rubric").get(
        appointment__expert__user__username="expert1"
    )
    levels = levels_for(queries.rubric_of(sheet.round).criterion("benefit"), "economic")
    assert sheet.entry.benefit_wan == Decimal(amount)
    assert len(levels) == 4
    for level in levels:
        for way in WAYS:
            own = level.code == code or (way in ("bulk", "sql") and not HELD)  # SQLite has no trigger
            ends = [write(way, cast, sheet, "benefit", level, points) for points in (level.low, level.high)]
            beyond = [write(way, cast, sheet, "benefit", level, points) for points in (level.low - 1, level.high + 1)]
            assert (ends, beyond) == ([own, own], [False, False]), (way, level.code)


def refused(mark: Mark) -> bool:
    try:
        with transaction.atomic():
            mark.save(force_insert=True)
    except IntegrityError as error:
        return "mark_follows_its_rubric" in str(error.__cause__.diag.constraint_name)  # type: ignore[union-attr]
    mark.delete()
    return False


def test_a_range_that_is_not_the_rubrics_own(sheet: ScoreSheet) -> None:
    for criterion, level in open_levels(sheet):
        for changes in (
            {"low": level.low - 1},
            {"high": level.high + 1},
            {"low": 0, "high": 100},
            {"level": "splendid"},
        ):
            assert refused(row(sheet, criterion.code, level, level.low, **changes)) == HELD
    first = next(open_levels(sheet))[1]
    assert refused(row(sheet, "beauty", first, first.low)) == HELD


def test_a_level_of_the_other_path_or_against_the_verified_amount(sheet: ScoreSheet) -> None:
    rules: Rules = queries.rubric_of(sheet.round)
    benefit = rules.criterion("benefit")
    other = "social" if sheet.entry.path == "economic" else "economic"
    wrong = list(levels_for(benefit, other))
    if sheet.entry.path == "economic":
        assert sheet.entry.benefit_wan == Decimal("126.50")
        wrong += levels_for(benefit, "economic")[1:]
    for level in wrong:
        assert refused(row(sheet, "benefit", level, level.low)) == HELD


def test_an_update_by_sql_is_held_like_an_insert(sheet: ScoreSheet) -> None:
    criterion, level = next(open_levels(sheet))
    mark = row(sheet, criterion.code, level, level.high)
    mark.save()
    changes = ("low = low - 1", "high = high + 5", "level = 'creative'", "criterion = 'role'", "points = high + 1")
    for change in changes:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"UPDATE scoring_mark SET {change} WHERE id = %s", [mark.pk])  # noqa: S608
                kept = not change.startswith("points")
                transaction.set_rollback(True)
        except IntegrityError:
            kept = False
        assert kept == (not HELD and not change.startswith("points")), change


def test_a_frozen_rubric_is_not_edited(cast: Cast, sheet: ScoreSheet) -> None:
    sheets.save_marks(cast["expert1"], sheet.pk, judging.marks(sheet), revision=0)
    sheets.hand_in(cast["expert1"], [sheet.pk])
    rubric = Rubric.objects.get(pk=sheet.round.rubric_id)
    assert rubric.frozen_at
    said = ""
    try:
        with transaction.atomic():
            Rubric.objects.filter(pk=rubric.pk).update(definition=rubric.definition | {"criteria": []})
            transaction.set_rollback(True)
    except IntegrityError as error:
        said = str(error)
    assert ("rubric jincheng-2021 v1 is frozen" in said) == HELD
    Rubric.objects.filter(pk=rubric.pk).update(name="改个名称不妨")
