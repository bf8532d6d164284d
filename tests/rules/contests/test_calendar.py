"""Deadlines: one second before, at, and after; extensions; what is returned; uploads under way (rules.md "When")."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contests.calendar import (
    ZONE,
    Extensions,
    Move,
    PhaseDates,
    Season,
    achievement_window_contains,
    closing_instant,
    in_words,
    open_for,
    opening_instant,
    recommender_closing,
    unit_closing,
    windows,
)
from contests.rules.preset import named

SECOND = timedelta(seconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def season_of(preset_id: str, **changes: int) -> Season:
    preset = named(preset_id)
    phases = [PhaseDates(p.kind, opening_instant(p.opens), closing_instant(p.closes)) for p in preset.phases]
    days = changes.get("unit_closes_days_before", preset.settings.unit_closes_days_before)
    return Season(phases, days, preset.settings.upload_grace_minutes)


JINCHENG = season_of("jincheng-2021")
OPENS = at("2021-09-01 00:00:00")
UNIT_CLOSES = at("2021-09-07 23:59:59")
CLOSES = at("2021-09-10 23:59:59")


def test_a_day_opens_at_midnight_and_closes_with_its_last_second() -> None:
    assert opening_instant(date(2021, 9, 1)) == OPENS == datetime(2021, 8, 31, 16, tzinfo=UTC)
    assert closing_instant(date(2021, 9, 10)) == CLOSES == datetime(2021, 9, 10, 15, 59, 59, tzinfo=UTC)


def test_a_minute_that_is_set_stays() -> None:
    assert closing_instant(datetime(2021, 9, 10, 18, 0)) == at("2021-09-10 18:00:00")  # noqa: DTZ001
    assert opening_instant(datetime(2021, 9, 1, 8, 30)) == at("2021-09-01 08:30:00")  # noqa: DTZ001


def test_the_notice_s_date_is_the_recommender_s_and_the_unit_s_is_three_days_earlier() -> None:
    assert unit_closing(JINCHENG) == UNIT_CLOSES
    assert recommender_closing(JINCHENG) == CLOSES


def test_where_no_day_is_taken_off_both_close_together() -> None:
    county = season_of("xinxiang-2015")
    assert unit_closing(county) == recommender_closing(county) == at("2016-09-30 23:59:59")


def test_an_audit_phase_of_its_own_separates_the_two_closings() -> None:
    audit = PhaseDates("audit", at("2021-09-11 00:00:00"), at("2021-09-15 23:59:59"))
    season = Season([*JINCHENG.phases, audit], 3)
    assert unit_closing(season) == CLOSES
    assert recommender_closing(season) == audit.closes_at


def test_the_unit_s_closing_never_falls_before_the_opening() -> None:
    assert unit_closing(season_of("jincheng-2021", unit_closes_days_before=60)) == OPENS


# the move, the second that is still allowed
LAST_SECONDS = [
    (Move.SUBMIT, UNIT_CLOSES),
    (Move.RESUBMIT, CLOSES),
    (Move.RECOMMEND, CLOSES),
    (Move.RETURN, CLOSES),
    (Move.HAND_IN, at("2021-09-30 23:59:59")),
    (Move.OBJECT, at("2021-10-15 23:59:59")),
]


@pytest.mark.parametrize(("move", "last"), LAST_SECONDS)
@pytest.mark.parametrize(
    ("after", "is_open"),
    [
        (-SECOND, True),
        (timedelta(0), True),
        (timedelta(microseconds=999_999), True),
        (SECOND, False),
        (timedelta(days=1), False),
    ],
)
def test_closing(move: Move, last: datetime, after: timedelta, is_open: bool) -> None:
    window = open_for(move, last + after, JINCHENG)
    assert (window.open, window.closes) == (is_open, last)
    assert bool(window.reason) is not is_open


FIRST_SECONDS = [
    (Move.SUBMIT, OPENS),
    (Move.RESUBMIT, OPENS),
    (Move.RECOMMEND, OPENS),
    (Move.ACCEPT, OPENS),
    (Move.DECLINE, OPENS),
    (Move.HAND_IN, at("2021-09-11 00:00:00")),
    (Move.OBJECT, at("2021-10-01 00:00:00")),
]


@pytest.mark.parametrize(("move", "first"), FIRST_SECONDS)
@pytest.mark.parametrize(("after", "is_open"), [(-SECOND, False), (timedelta(0), True), (SECOND, True)])
def test_opening(move: Move, first: datetime, after: timedelta, is_open: bool) -> None:
    window = open_for(move, first + after, JINCHENG)
    assert (window.open, window.opens) == (is_open, first)


def test_sentences() -> None:
    early = open_for(Move.SUBMIT, OPENS - SECOND, JINCHENG).reason
    late = open_for(Move.SUBMIT, UNIT_CLOSES + SECOND, JINCHENG).reason
    assert early == "提交申报自2021年9月1日00:00:00开始，现在还不能提交申报。"
    assert late == "提交申报已于2021年9月7日23:59:59截止；确有原因的，请向竞赛办公室申请延期。"


def test_the_same_instant_in_another_zone_is_the_same() -> None:
    assert open_for(Move.SUBMIT, UNIT_CLOSES.astimezone(UTC), JINCHENG).open
    assert not open_for(Move.SUBMIT, (UNIT_CLOSES + SECOND).astimezone(UTC), JINCHENG).open
    assert in_words(datetime(2021, 9, 10, 15, 59, 59, tzinfo=UTC)) == "2021年9月10日23:59:59"


@pytest.mark.parametrize("now", ["2019-01-01 00:00:00", "2021-09-05 12:00:00", "2022-06-01 00:00:00"])
def test_the_pool_is_open_all_year_round(now: str) -> None:
    assert open_for(Move.REGISTER, at(now), JINCHENG).open
    assert open_for(Move.WITHDRAW, at(now), JINCHENG).open


def test_the_host_accepts_until_the_round_freezes() -> None:
    assert open_for(Move.ACCEPT, at("2021-09-12 09:00:00"), JINCHENG).open
    assert open_for(Move.ACCEPT, at("2021-09-12 09:00:00"), JINCHENG).closes is None


def test_what_was_returned_may_come_back_after_the_unit_s_closing() -> None:
    now = at("2021-09-09 10:00:00")
    assert not open_for(Move.SUBMIT, now, JINCHENG).open
    assert open_for(Move.RESUBMIT, now, JINCHENG).open


def test_an_extension_of_the_unit_carries_its_achievements_up() -> None:
    extended = Extensions(unit=at("2021-09-12 18:00:00"))
    for move in (Move.SUBMIT, Move.RESUBMIT, Move.RECOMMEND):
        assert open_for(move, at("2021-09-12 18:00:00"), JINCHENG, extended).open
        assert not open_for(move, at("2021-09-12 18:00:01"), JINCHENG, extended).open


def test_an_extension_of_the_recommender_leaves_the_unit_s_closing() -> None:
    extended = Extensions(recommender=at("2021-09-13 23:59:59"))
    assert unit_closing(JINCHENG, extended) == UNIT_CLOSES
    assert recommender_closing(JINCHENG, extended) == at("2021-09-13 23:59:59")
    assert open_for(Move.RESUBMIT, at("2021-09-13 12:00:00"), JINCHENG, extended).open


def test_what_was_returned_comes_back_while_a_list_above_has_more_time() -> None:
    now, extended = at("2021-09-13 12:00:00"), Extensions(above=at("2021-09-13 23:59:59"))
    assert open_for(Move.RESUBMIT, now, JINCHENG, extended).open
    for move in (Move.SUBMIT, Move.RECOMMEND):
        assert not open_for(move, now, JINCHENG, extended).open


def test_an_extension_never_shortens() -> None:
    shorter = Extensions(unit=at("2021-09-02 00:00:00"), recommender=at("2021-09-02 00:00:00"))
    assert unit_closing(JINCHENG, shorter) == UNIT_CLOSES
    assert recommender_closing(JINCHENG, shorter) == CLOSES


@pytest.mark.parametrize(
    ("begun", "now", "is_open"),
    [
        ("2021-09-07 23:59:59", "2021-09-08 00:10:00", True),
        ("2021-09-07 23:59:59", "2021-09-08 00:29:59", True),
        ("2021-09-07 23:59:59", "2021-09-08 00:30:00", False),
        ("2021-09-08 00:00:00", "2021-09-08 00:00:05", False),
        ("2021-09-07 20:00:00", "2021-09-08 00:00:00", False),
        ("2021-09-08 09:00:00", "2021-09-07 12:00:00", True),  # a beginning after its end counts for nothing
        ("2021-08-31 23:59:59", "2021-09-01 00:00:01", False),
    ],
)
def test_an_upload_begun_before_closing_may_finish(begun: str, now: str, is_open: bool) -> None:
    assert open_for(Move.SUBMIT, at(now), JINCHENG, begun_at=at(begun)).open is is_open


def test_without_the_phase_the_move_is_refused_with_a_sentence() -> None:
    county = season_of("xinxiang-2015")
    window = open_for(Move.OBJECT, at("2016-10-10 00:00:00"), county)
    assert (window.open, window.reason) == (False, "本届竞赛没有安排相应的阶段，不能提出异议。")
    assert not open_for(Move.SUBMIT, at("2016-05-01 00:00:00"), Season([])).open
    assert unit_closing(Season([])) is recommender_closing(Season([])) is None


def test_an_instant_without_a_zone_is_a_programmer_s_error() -> None:
    with pytest.raises(ValueError, match="time zone"):
        open_for(Move.SUBMIT, datetime(2021, 9, 5), JINCHENG)  # noqa: DTZ001


def test_all_windows_at_once() -> None:
    now = at("2021-09-09 08:00:00")
    assert {move: window.open for move, window in windows(now, JINCHENG).items()} == {
        Move.REGISTER: True,
        Move.SUBMIT: False,
        Move.RESUBMIT: True,
        Move.WITHDRAW: True,
        Move.RECOMMEND: True,
        Move.RETURN: True,
        Move.DECLINE: True,
        Move.ACCEPT: True,
        Move.HAND_IN: False,
        Move.OBJECT: False,
    }


INSTANTS = st.datetimes(datetime(2021, 8, 1), datetime(2021, 11, 30)).map(lambda naive: naive.replace(tzinfo=ZONE))  # noqa: DTZ001
MOVES = st.sampled_from(list(Move))


@given(MOVES, INSTANTS)
def test_open_says_exactly_what_the_two_instants_say(move: Move, now: datetime) -> None:
    window = open_for(move, now, JINCHENG)
    started = window.opens is None or window.opens <= now
    ended = window.closes is not None and now >= window.closes + SECOND
    assert window.open is (started and not ended)
    assert bool(window.reason) is not window.open


@given(MOVES, INSTANTS, INSTANTS, INSTANTS)
def test_an_extension_never_closes_what_was_open(move: Move, now: datetime, one: datetime, two: datetime) -> None:
    if open_for(move, now, JINCHENG).open:
        assert open_for(move, now, JINCHENG, Extensions(unit=one, recommender=two)).open


@given(INSTANTS, INSTANTS, INSTANTS)
def test_who_may_submit_may_be_recommended(now: datetime, one: datetime, two: datetime) -> None:
    extended = Extensions(unit=one, recommender=two)
    if open_for(Move.SUBMIT, now, JINCHENG, extended).open:
        assert open_for(Move.RECOMMEND, now, JINCHENG, extended).open
        assert open_for(Move.RESUBMIT, now, JINCHENG, extended).open


@pytest.mark.parametrize(
    ("day", "inside"),
    [
        (date(2019, 9, 30), False),
        (date(2019, 10, 1), True),
        (date(2021, 9, 30), True),
        (date(2021, 10, 1), False),
    ],
)
def test_achievement_window(day: date, inside: bool) -> None:
    assert achievement_window_contains(day, date(2019, 10, 1), date(2021, 9, 30)) is inside
