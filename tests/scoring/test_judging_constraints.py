"""The database itself refuses what must never stand."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from scoring.models import Appointment, Award, Entry, Mark, Result, ScoreSheet
from tests.scoring import judging

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def sheet() -> ScoreSheet:
    judging.season(1, k=2)
    return ScoreSheet.objects.order_by("pk")[0]


def refused(act: object) -> str:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        act()
    return str(caught.value)


def mark(sheet: ScoreSheet, **changes: object) -> None:
    values = {"criterion": "innovation", "level": "original", "low": 15, "high": 20, "points": 17}
    Mark.objects.create(sheet=sheet, **(values | changes))


@pytest.mark.parametrize("points", [14, 21])
def test_points_outside_their_level(sheet, points):
    assert "mark_inside_its_level" in refused(lambda: mark(sheet, points=points))


@pytest.mark.parametrize("points", [15, 20, None])
def test_points_at_the_ends_of_their_level_stand(sheet, points):
    mark(sheet, points=points)
    assert sheet.marks.count() == 1


def test_a_range_upside_down(sheet):
    assert "mark_range_in_order" in refused(lambda: mark(sheet, low=20, high=15, points=None))


def test_two_marks_of_one_criterion(sheet):
    mark(sheet)
    refused(lambda: mark(sheet, points=18))


def test_a_sheet_handed_in_without_a_total(sheet):
    rows = ScoreSheet.objects.filter(pk=sheet.pk)
    said = refused(lambda: rows.update(state="handed_in", handed_in_at=timezone.now()))
    assert "sheet_handed_in_has_a_total" in said


@pytest.mark.parametrize("total", [Decimal("-1"), Decimal("100.01")])
def test_a_total_outside_100(sheet, total):
    assert "sheet_total_in_100" in refused(lambda: ScoreSheet.objects.filter(pk=sheet.pk).update(total=total))


def test_a_state_that_nobody_knows(sheet):
    assert "sheet_state_known" in refused(lambda: ScoreSheet.objects.filter(pk=sheet.pk).update(state="lost"))


def test_two_sheets_of_one_expert_for_one_work(sheet):
    refused(lambda: ScoreSheet.objects.create(round=sheet.round, entry=sheet.entry, appointment=sheet.appointment))


def test_one_pseudonym_for_two_experts(sheet):
    first, second = Appointment.objects.order_by("pk")[:2]
    refused(lambda: Appointment.objects.filter(pk=second.pk).update(pseudonym=first.pseudonym))


def test_an_economic_entry_without_an_amount(sheet):
    said = refused(lambda: Entry.objects.filter(pk=sheet.entry_id).update(benefit_wan=None))
    assert "entry_economic_has_an_amount" in said


def test_a_rank_without_a_score(sheet):
    said = refused(lambda: Result.objects.create(entry=sheet.entry, position=1, rank=1, sheets_counted=0))
    assert "result_rank_goes_with_score" in said


def test_an_award_by_hand_without_a_reason(sheet):
    tier, person = sheet.round.contest.awardtier_set.first(), sheet.round.created_by
    said = refused(lambda: Award.objects.create(entry=sheet.entry, tier=tier, by_hand=True, decided_by=person))
    assert "award_by_hand_has_a_reason" in said
