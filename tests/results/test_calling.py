"""A large gap calls one more expert in the very transaction that reveals it; a voided sheet is replaced."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from core import ledger
from core.errors import Refusal
from core.models import Event
from scoring.actions import calling, results, sheets
from scoring.models import Entry, Expert, ExtraCall, Round, ScoreSheet
from submissions.actions import moves
from submissions.models import Achievement, Member
from tests.cast import Cast, accepted
from tests.results.jury import client_of, give, hand_in, judging


@pytest.fixture
def round_(cast: Cast) -> Round:
    """One work, two experts on it and two at hand."""
    accepted(cast)
    judging.to_review(cast)
    return judging.opened(cast, k=2)


def judges(round_: Round) -> list[str]:
    rows = round_.sheets.filter(state="open").order_by("pk")
    return list(rows.values_list("appointment__expert__user__username", flat=True))


def test_fifteen_points_apart_call_one_more(cast: Cast, round_: Round) -> None:
    high, low = judges(round_)
    hand_in(cast, high, round_, 100)
    assert not ExtraCall.objects.exists()
    hand_in(cast, low, round_, 85)
    call = ExtraCall.objects.get()
    assert (call.entry.code, call.gap, call.sheet.state) == ("A0001", 15, "open")
    (called,) = judges(round_)
    assert called not in (high, low)
    assert Event.objects.get(verb="call_extra").actor_id is None
    assert ledger.verify() == []


def test_fourteen_points_call_nobody(cast: Cast, round_: Round) -> None:
    high, low = judges(round_)
    hand_in(cast, high, round_, 100)
    hand_in(cast, low, round_, 86)
    assert not ExtraCall.objects.exists()
    assert results.close_round(cast["office"], round_.pk).status == "closed"


def test_a_work_calls_only_once_whatever_the_third_says(cast: Cast, round_: Round) -> None:
    high, low = judges(round_)
    hand_in(cast, high, round_, 100)
    hand_in(cast, low, round_, 80)
    (third,) = judges(round_)
    hand_in(cast, third, round_, 76)
    assert ExtraCall.objects.count() == 1
    assert judges(round_) == []
    assert results.close_round(cast["office"], round_.pk).status == "closed"


def test_her_new_sheet_looks_like_any_other(cast: Cast, round_: Round) -> None:
    high, low = judges(round_)
    hand_in(cast, high, round_, 100)
    hand_in(cast, low, round_, 80)
    (third,) = judges(round_)
    sheet = ScoreSheet.objects.get(state="open")
    for url in (reverse("scoring:sheets"), reverse("scoring:sheet", args=[sheet.pk])):
        text = client_of(cast, third).get(url).content.decode()
        assert [word for word in ("加派", "分差", "复评", "替补") if word in text] == []


def test_a_policy_without_a_gap_calls_nobody_for_equal_totals(cast: Cast, round_: Round) -> None:
    Round.objects.filter(pk=round_.pk).update(policy=round_.policy | {"outlier_gap": 0})
    for name in judges(round_):
        hand_in(cast, name, round_, 90)
    assert not ExtraCall.objects.exists()


def test_nobody_is_called_above_her_most(cast: Cast) -> None:
    """Two works at once lose their expert, and the only one who is free takes one work more."""
    for _ in range(3):
        accepted(cast)
    judging.to_review(cast)
    round_ = judging.opened(cast, k=1)
    Expert.objects.update(max_load=1)
    lost = list(round_.sheets.order_by("pk")[:2])
    assert len(calling.call_replacements(round_, lost)) == 1


def test_a_hand_in_that_fails_calls_nobody(cast: Cast, round_: Round) -> None:
    high, low = judges(round_)
    hand_in(cast, high, round_, 100)
    ids = give(cast, low, round_, 80)
    with pytest.raises(Refusal, match="截止"):
        sheets.hand_in(cast[low], ids, now=timezone.now() + timezone.timedelta(days=400))
    assert not ExtraCall.objects.exists()


def test_where_nobody_is_free_the_call_stands_without_a_sheet(cast: Cast, round_: Round) -> None:
    high, low = judges(round_)
    others = Expert.objects.exclude(user__username__in=[high, low])
    achievement = Achievement.objects.get(entries__round=round_)
    for expert in others:
        Member.objects.create(achievement=achievement, order=expert.pk, name=expert.user.display_name)
    hand_in(cast, high, round_, 100)
    hand_in(cast, low, round_, 80)
    call = ExtraCall.objects.get()
    assert (call.sheet, call.gap) == (None, 20)
    assert results.close_round(cast["office"], round_.pk).status == "closed"


def test_the_one_with_the_least_to_do_is_called(cast: Cast) -> None:
    for _ in range(3):
        accepted(cast)
    judging.to_review(cast)
    round_ = judging.opened(cast, k=1)
    idle = set(judging.EXPERTS) - set(judges(round_))
    entry = round_.sheets.order_by("pk")[0].entry
    first = round_.sheets.get(entry=entry).appointment.expert.user.username
    second = next(name for name in judging.EXPERTS if name != first and name not in idle)
    appointment = round_.appointments.get(expert__user__username=second)
    ScoreSheet.objects.create(round=round_, entry=entry, appointment=appointment)
    hand_in(cast, first, round_, 100)
    hand_in(cast, second, round_, 80)
    assert ExtraCall.objects.get(entry=entry).sheet.appointment.expert.user.username in idle


def test_a_gap_that_only_the_closing_finds_stays_called(cast: Cast, round_: Round) -> None:
    """Sheets from before the rule: the closing is refused, the call is not taken back."""
    high, low = judges(round_)
    hand_in(cast, high, round_, 100)
    hand_in(cast, low, round_, 80)
    ExtraCall.objects.get().sheet.delete()
    ExtraCall.objects.all().delete()
    with pytest.raises(Refusal, match="已加派 1 份"):
        results.close_round(cast["office"], round_.pk)
    assert ExtraCall.objects.get().sheet.state == "open"
    assert Round.objects.get(pk=round_.pk).status == "open"
    closed = results.close_round(cast["office"], round_.pk, waive="时间不够。")
    assert closed.status == "closed"


def test_a_work_that_loses_two_sheets_gets_two_others(cast: Cast, round_: Round) -> None:
    lost = list(round_.sheets.order_by("pk"))
    called = calling.call_replacements(round_, lost)
    assert len(called) == len(lost) == 2
    assert len({sheet.appointment_id for sheet in [*lost, *called]}) == 4
    told = [event.payload for event in Event.objects.filter(verb="call_replacement").order_by("seq")]
    assert [f'"for":{sheet.pk}' in payload for sheet, payload in zip(lost, told, strict=True)] == [True, True]


def test_a_sheet_that_is_voided_is_replaced(cast: Cast, round_: Round) -> None:
    """She became a member of the work after she had marked it."""
    first, second = judges(round_)
    achievement = Entry.objects.get(round=round_).achievement
    marked = give(cast, first, round_, 100)
    Member.objects.create(achievement=achievement, order=1, name=cast[first].user.display_name)
    sheets.hand_in(cast[first], marked)
    assert ScoreSheet.objects.get(state="void").appointment.expert.user.username == first
    replacement = Event.objects.get(verb="call_replacement")
    assert len(judges(round_)) == 2
    assert first not in judges(round_)
    assert second in judges(round_)
    assert replacement.seq > Event.objects.get(verb="void_sheet").seq
    assert moves.seen_token(achievement) != "0"
