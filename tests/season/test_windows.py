"""The two closings to the second (rules.md "When"): the unit's, and the recommender's three days later (002 四(二))."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from accounts.actions import create_user, grant_membership
from accounts.actor import Actor
from accounts.models import Role
from contests import calendar
from contests.actions.enrol import enrol
from contests.actions.extending import extend
from contests.rules import preset as presets
from core.errors import NotAllowed, Refusal
from portal.actions.contests import create_contest
from submissions.actions import moves
from submissions.models import Achievement
from tests.cast import PASSWORD, Cast, at_host, registered, scene, submitted
from tests.season.situations import NOTE, everything

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
When = Callable[[Cast], datetime]


def opening(cast: Cast) -> datetime:
    return cast.contest.phases.get(kind="submit").opens_at


def notice_closing(cast: Cast) -> datetime:
    """The date of the notice, to its last second: the recommender's."""
    return cast.contest.phases.get(kind="submit").closes_at


def unit_closing(cast: Cast) -> datetime:
    return notice_closing(cast) - 3 * DAY


def returned(cast: Cast) -> Achievement:
    return moves.return_for_changes(cast["auditor_a"], submitted(cast).pk, NOTE)


# verb: (the work as it lies, who moves it, the move, its last second)
GUARDED: dict[str, tuple[Callable[[Cast], Achievement], str, Callable[..., Achievement], When]] = {
    "submit": (registered, "unit_a", moves.submit, unit_closing),
    "resubmit": (returned, "unit_a", moves.submit, notice_closing),
    "recommend": (submitted, "auditor_a", moves.recommend, notice_closing),
    "return": (submitted, "auditor_a", lambda who, pk, **at: moves.return_for_changes(who, pk, NOTE, **at),
               notice_closing),
}  # fmt: skip


@pytest.mark.parametrize("verb", GUARDED)
def test_open_until_the_last_second_and_not_one_longer(cast: Cast, verb: str) -> None:
    build, who, move, closing = GUARDED[verb]
    work, last = build(cast), closing(cast)
    before = everything()
    for at in (last - SECOND, last, last + SECOND - timedelta(microseconds=1)):
        with scene():
            assert move(cast[who], work.pk, now=at).pk == work.pk
    for at in (last + SECOND, last + 400 * DAY):
        with pytest.raises(Refusal) as refused, scene():
            move(cast[who], work.pk, now=at)
        assert refused.value.code == "now"
        assert f"已于{calendar.in_words(last)}截止" in refused.value.message
        assert everything() == before


@pytest.mark.parametrize("verb", GUARDED)
def test_not_before_the_first_second(cast: Cast, verb: str) -> None:
    build, who, move, _ = GUARDED[verb]
    work, first = build(cast), opening(cast)
    with pytest.raises(Refusal, match=f"自{calendar.in_words(first)}开始") as refused, scene():
        move(cast[who], work.pk, now=first - timedelta(microseconds=1))
    assert refused.value.code == "now"
    assert move(cast[who], work.pk, now=first).pk == work.pk


def test_the_pool_and_the_withdrawal_are_open_all_year(cast: Cast) -> None:
    """003: 申报、验收的适时化、日常化. Moved out of the season, both still work; what the host decides is not dated."""
    work = at_host(cast)
    for phase in cast.contest.phases.all():
        phase.opens_at -= 500 * DAY
        phase.closes_at -= 500 * DAY
        phase.save()
    late = registered(cast)
    assert moves.withdraw(cast["unit_a"], late.pk, NOTE).status == "withdrawn"
    assert moves.accept(cast["office"], work.pk).status == "accepted"
    with pytest.raises(Refusal, match="截止"), scene():
        moves.submit(cast["unit_a"], registered(cast).pk)


def test_a_units_extension_opens_its_own_way_and_nobody_elses(cast: Cast) -> None:
    until = notice_closing(cast) + 2 * DAY
    mine, other = registered(cast), registered(cast, "unit_b")
    extend(cast["office"], cast.enrolments["unit_a"], until, "停电两日。")
    for at in (unit_closing(cast) + SECOND, until, until + SECOND - timedelta(microseconds=1)):
        with scene():
            moves.submit(cast["unit_a"], mine.pk, now=at)
        with pytest.raises(Refusal, match="申请延期"), scene():
            moves.submit(cast["unit_b"], other.pk, now=at)
    with pytest.raises(Refusal, match=calendar.in_words(until)), scene():
        moves.submit(cast["unit_a"], mine.pk, now=until + SECOND)
    moves.submit(cast["unit_a"], mine.pk, now=until)
    with scene():
        moves.return_for_changes(cast["auditor_a"], mine.pk, NOTE, now=until)
    assert moves.recommend(cast["auditor_a"], mine.pk, now=until).holder == cast.enrolments["host"]


def test_a_recommenders_extension_is_for_its_desk_alone(cast: Cast) -> None:
    until = notice_closing(cast) + 2 * DAY
    lies, fresh = submitted(cast), registered(cast)
    extend(cast["office"], cast.enrolments["county_a"], until, "审核量大。")
    with pytest.raises(Refusal, match="截止"), scene():
        moves.submit(cast["unit_a"], fresh.pk, now=unit_closing(cast) + SECOND)
    with pytest.raises(Refusal, match="截止"), scene():
        moves.recommend(cast["auditor_a"], lies.pk, now=until + SECOND)
    assert moves.recommend(cast["auditor_a"], lies.pk, now=until).holder == cast.enrolments["host"]


def test_the_latest_of_several_extensions_counts_and_an_early_one_takes_nothing_away(cast: Cast) -> None:
    work = registered(cast)
    for days in (5, 1, -8):
        extend(cast["office"], cast.enrolments["unit_a"], notice_closing(cast) + days * DAY, "停电。")
    assert moves.submit(cast["unit_a"], work.pk, now=notice_closing(cast) + 5 * DAY).status == "submitted"


def other_office(cast: Cast) -> Actor:
    """The office of another host, whose contest this is not."""
    contest = create_contest(None, presets.named("xinxiang-2015").shifted(cast.contest.year))
    user = create_user(None, "stranger", "尤外", PASSWORD)
    return Actor(user, grant_membership(None, user, contest.host, Role.OFFICE))


def test_only_the_office_extends_and_only_with_a_reason(cast: Cast) -> None:
    until = notice_closing(cast) + DAY
    others = [actor for name, actor in cast.actors.items() if name not in ("office", "office2")]
    for actor in [*others, other_office(cast)]:
        with pytest.raises(NotAllowed), scene():
            extend(actor, cast.enrolments["unit_a"], until, "停电。")
        with pytest.raises(NotAllowed), scene():
            enrol(actor, cast.contest, cast.organizations["unit_a"], cast.enrolments["host"])
    with pytest.raises(Refusal) as refused, scene():
        extend(cast["office"], cast.enrolments["unit_a"], until, "  ")
    assert refused.value.field == "reason"
