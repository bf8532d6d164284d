"""When something may be done: one deadline function for what is shown, enforced and mailed (rules.md "When").

A phase opens at 00:00:00 of its first day and closes at 23:59:59 of its last, Asia/Shanghai, unless the preset names
a minute. The named second belongs to the phase: a move is open while `opens <= now < closes + 1 s`.

Two closings (002 四(二)): the date of the notice is the recommender's, by which counties have audited, chosen and
sent; the unit's is some days earlier. Where a contest has an audit phase of its own, its closing is the recommender's
and the submission phase's is the unit's. A returned achievement may come back until the recommender's closing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from enum import StrEnum
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
SECOND = timedelta(seconds=1)
_LAST_SECOND = clock_time(23, 59, 59)

SUBMIT, AUDIT, REVIEW, NOTICE = "submit", "audit", "review", "notice"


class Move(StrEnum):
    """What a window can open or close; the other moves of an achievement are ruled by its status alone."""

    REGISTER = "register"  # into the pool, all year round
    SUBMIT = "submit"
    RESUBMIT = "resubmit"  # what was returned comes back
    WITHDRAW = "withdraw"
    RECOMMEND = "recommend"
    RETURN = "return"
    DECLINE = "decline"
    ACCEPT = "accept"
    HAND_IN = "hand_in"  # an expert's sheet
    OBJECT = "object"


_LABELS = {
    Move.REGISTER: "登记成果",
    Move.SUBMIT: "提交申报",
    Move.RESUBMIT: "重新提交",
    Move.WITHDRAW: "撤回",
    Move.RECOMMEND: "推荐",
    Move.RETURN: "退回修改",
    Move.DECLINE: "不予推荐",
    Move.ACCEPT: "受理",
    Move.HAND_IN: "提交评分",
    Move.OBJECT: "提出异议",
}


@dataclass(frozen=True)
class PhaseDates:
    """One phase: its kind and two aware instants, both inside it (`closes_at` is the last second)."""

    kind: str
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True)
class Extensions:
    """Later closings granted to the unit and to a recommender above it; an earlier instant changes nothing.

    `recommender` is that of the desk where the work lies, `above` that of any on its road: a returned work lies with
    its unit, and comes back as long as one of them still completes its list.
    """

    unit: datetime | None = None
    recommender: datetime | None = None
    above: datetime | None = None


@dataclass(frozen=True)
class Season:
    """The phases of a contest and the two settings that the calendar reads (contests.rules.settings)."""

    phases: Sequence[PhaseDates]
    unit_closes_days_before: int = 3
    upload_grace_minutes: int = 30

    def phase(self, kind: str) -> PhaseDates | None:
        return next((phase for phase in self.phases if phase.kind == kind), None)


@dataclass(frozen=True)
class Window:
    """The answer: two instants (None: no bound on that side), whether it is open now, and if not, the sentence why."""

    opens: datetime | None
    closes: datetime | None
    open: bool
    reason: str = ""


_ASK_THE_OFFICE = "确有原因的，请向竞赛办公室申请延期"
_ADVICE = {
    Move.RETURN: "退回后单位已不能重新提交，确需补正的，请先由竞赛办公室为该单位延期",
    Move.OBJECT: "公示期已满，不再受理异议",
}
_NO_EXTENSION = Extensions()
_ALWAYS = (Move.REGISTER, Move.WITHDRAW)


def opening_instant(day: date | datetime) -> datetime:
    """00:00:00 of the day in Asia/Shanghai; an instant of its own where the preset names a minute."""
    if isinstance(day, datetime):
        return _local(day)
    return datetime.combine(day, clock_time.min, ZONE)


def closing_instant(day: date | datetime) -> datetime:
    """23:59:59 of the day in Asia/Shanghai, the named day included; an instant of its own where a minute is named."""
    if isinstance(day, datetime):
        return _local(day)
    return datetime.combine(day, _LAST_SECOND, ZONE)


def recommender_closing(season: Season, extensions: Extensions = _NO_EXTENSION) -> datetime | None:
    """The notice's date. A unit's extension past it carries that unit's achievements up to the host as well."""
    last = season.phase(AUDIT) or season.phase(SUBMIT)
    return None if last is None else _latest(last.closes_at, extensions.recommender, extensions.unit)


def unit_closing(season: Season, extensions: Extensions = _NO_EXTENSION) -> datetime | None:
    """The last second in which a unit may submit for the first time; never before the submission phase opens."""
    submit = season.phase(SUBMIT)
    if submit is None:
        return None
    days = 0 if season.phase(AUDIT) else season.unit_closes_days_before
    return _latest(max(submit.closes_at - timedelta(days=days), submit.opens_at), extensions.unit)


def open_for(
    move: Move,
    now: datetime,
    season: Season,
    extensions: Extensions = _NO_EXTENSION,
    *,
    begun_at: datetime | None = None,
) -> Window:
    """May `move` be made at `now`? `begun_at` is the server's own note of when an upload began.

    An upload that began while the window was open may finish within `upload_grace_minutes` after its closing.
    Raises ValueError for an instant without a zone.
    """
    if move in _ALWAYS:
        return Window(None, None, open=True)
    bounds = _bounds(Move(move), season, extensions)
    if bounds is None:
        return Window(None, None, open=False, reason=f"本届竞赛没有安排相应的阶段，不能{_LABELS[move]}。")
    opens, closes = bounds
    reason = _refusal(move, opens, closes, _counted(now, begun_at, season))
    return Window(opens, closes, open=not reason, reason=reason)


def windows(now: datetime, season: Season, extensions: Extensions = _NO_EXTENSION) -> dict[Move, Window]:
    """All of them at once, for a page or a mail that lists deadlines."""
    return {move: open_for(move, now, season, extensions) for move in Move}


def achievement_window_contains(day: date, first: date, last: date) -> bool:
    """Was the achievement completed inside the window, both days included (002 附件1 一(一)1)?"""
    return first <= day <= last


def in_words(instant: datetime) -> str:
    """`2021年9月10日23:59:59`, as every sentence and mail names an instant."""
    local = instant.astimezone(ZONE)
    return f"{local.year}年{local.month}月{local.day}日{local:%H:%M:%S}"


def _bounds(move: Move, season: Season, extensions: Extensions) -> tuple[datetime, datetime | None] | None:
    if move in (Move.HAND_IN, Move.OBJECT):
        phase = season.phase(REVIEW if move is Move.HAND_IN else NOTICE)
        return None if phase is None else (phase.opens_at, phase.closes_at)
    submit = season.phase(SUBMIT)
    if submit is None:
        return None
    if move in (Move.ACCEPT, Move.DECLINE):  # the host's and the refusals end with the status: a round freezes it
        return submit.opens_at, None
    if move is Move.SUBMIT:
        return submit.opens_at, unit_closing(season, extensions)
    closes = recommender_closing(season, extensions)
    if closes is not None and move is Move.RESUBMIT:
        closes = _latest(closes, extensions.above)
    return submit.opens_at, closes


def _refusal(move: Move, opens: datetime, closes: datetime | None, now: datetime) -> str:
    if now < opens:
        return f"{_LABELS[move]}自{in_words(opens)}开始，现在还不能{_LABELS[move]}。"
    if closes is not None and now >= closes + SECOND:
        return f"{_LABELS[move]}已于{in_words(closes)}截止；{_ADVICE.get(move, _ASK_THE_OFFICE)}。"
    return ""


def _counted(now: datetime, begun_at: datetime | None, season: Season) -> datetime:
    """The instant that counts: that of the beginning, when the upload took no longer than the grace."""
    if begun_at is None:
        return _aware(now)
    took = _aware(now) - _aware(begun_at)
    return begun_at if timedelta(0) <= took <= timedelta(minutes=season.upload_grace_minutes) else now


def _latest(first: datetime, *others: datetime | None) -> datetime:
    return max([first, *(other for other in others if other is not None)])


def _local(instant: datetime) -> datetime:
    return instant.replace(tzinfo=ZONE) if instant.tzinfo is None else instant


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant without a time zone cannot be compared with a deadline")
    return instant
