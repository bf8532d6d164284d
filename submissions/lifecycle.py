"""The life of an achievement as one table: buttons, refusals, history labels, database check, docs and tests read it.

Source: model.md (status table), rules.md "When" and "What may enter"; 002 四(二)(三).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Status(StrEnum):
    DRAFT = "draft"
    REGISTERED = "registered"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    FROZEN = "frozen"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    DISQUALIFIED = "disqualified"


class Who(StrEnum):
    """By which right a person makes a move; policies.py says who holds it."""

    UNIT = "unit"  # an operator of the unit (or of the unit above its team)
    DESK = "desk"  # an auditor of the enrolment that holds the work
    HOST = "host"  # the contest office


class Desk(StrEnum):
    """Where the work lies after a move."""

    UNIT = "unit"
    NEXT_UP = "next_up"
    HOST = "host"
    SAME = "same"
    NONE = "none"


@dataclass(frozen=True)
class StatusInfo:
    label: str
    tone: str  # ok | info | warn | bad | muted
    shape: str  # full | half | empty | diamond | triangle
    ended: bool = False


@dataclass(frozen=True)
class Move:
    """One verb. `past` is what the history says; `at_host` limits the move to works that lie at the host.

    `unsent` is where the move leads instead when the work has no version, that is, was never submitted.
    """

    verb: str
    label: str
    past: str
    sources: tuple[Status, ...]
    target: Status
    desk: Desk
    who: Who
    needs_note: bool = False
    at_host: bool | None = None
    needs_version: bool = False
    unsent: tuple[Status, Desk] | None = None
    by_hand: bool = True  # offered as a button on the achievement; False: only another action makes it


STATUSES: dict[Status, StatusInfo] = {
    Status.DRAFT: StatusInfo("草稿", "muted", "empty"),
    Status.REGISTERED: StatusInfo("已入库", "info", "empty"),
    Status.SUBMITTED: StatusInfo("待审核", "info", "half"),
    Status.RETURNED: StatusInfo("已退回", "bad", "diamond"),
    Status.ACCEPTED: StatusInfo("已受理", "ok", "full"),
    Status.FROZEN: StatusInfo("评审中", "info", "half"),
    Status.DECLINED: StatusInfo("不予推荐", "bad", "diamond", ended=True),
    Status.WITHDRAWN: StatusInfo("已撤回", "muted", "empty", ended=True),
    Status.DISQUALIFIED: StatusInfo("取消资格", "bad", "diamond", ended=True),
}

S = Status
MOVES: dict[str, Move] = {
    move.verb: move
    for move in (
        Move("register", "登记入库", "登记入库", (S.DRAFT,), S.REGISTERED, Desk.UNIT, Who.UNIT),
        Move("submit", "提交", "提交", (S.REGISTERED, S.RETURNED), S.SUBMITTED, Desk.NEXT_UP, Who.UNIT),
        Move(
            "recommend",
            "推荐",
            "审核推荐",
            (S.SUBMITTED,),
            S.SUBMITTED,
            Desk.NEXT_UP,
            Who.DESK,
            at_host=False,
            needs_version=True,
        ),
        Move("return", "退回修改", "退回修改", (S.SUBMITTED,), S.RETURNED, Desk.UNIT, Who.DESK, needs_note=True),
        Move(
            "decline",
            "不予推荐",
            "不予推荐",
            (S.SUBMITTED, S.ACCEPTED),
            S.DECLINED,
            Desk.NONE,
            Who.DESK,
            needs_note=True,
        ),
        Move(
            "withdraw",
            "撤回",
            "撤回",
            (S.REGISTERED, S.SUBMITTED, S.RETURNED),
            S.WITHDRAWN,
            Desk.NONE,
            Who.UNIT,
            needs_note=True,
        ),
        Move(
            "accept",
            "受理",
            "受理",
            (S.SUBMITTED,),
            S.ACCEPTED,
            Desk.HOST,
            Who.HOST,
            at_host=True,
            needs_version=True,
        ),
        Move(
            "freeze", "进入评审", "进入评审", (S.ACCEPTED,), S.FROZEN, Desk.HOST, Who.HOST, at_host=True, by_hand=False
        ),
        Move(
            "unfreeze",
            "移出评审",
            "移出评审",
            (S.FROZEN,),
            S.ACCEPTED,
            Desk.HOST,
            Who.HOST,
            at_host=True,
            by_hand=False,
        ),
        Move(
            "disqualify",
            "取消资格",
            "取消资格",
            (S.FROZEN,),
            S.DISQUALIFIED,
            Desk.NONE,
            Who.HOST,
            needs_note=True,
            at_host=True,
        ),
        Move(
            "bar",
            "查实取消资格",
            "查实取消资格",
            (S.REGISTERED, S.SUBMITTED, S.RETURNED, S.ACCEPTED, S.FROZEN),
            S.DISQUALIFIED,
            Desk.NONE,
            Who.HOST,
            needs_note=True,
            by_hand=False,  # by a case that two officers have decided (001 六(三))
        ),
        Move(
            "reopen",
            "重新打开",
            "重新打开",
            (S.DECLINED, S.WITHDRAWN, S.DISQUALIFIED),
            S.SUBMITTED,
            Desk.HOST,
            Who.HOST,
            needs_note=True,
            unsent=(S.RETURNED, Desk.UNIT),
        ),
    )
}
del S

ENDED = frozenset(status for status, info in STATUSES.items() if info.ended)
EDITABLE = frozenset({Status.DRAFT, Status.REGISTERED, Status.RETURNED})
HIDDEN_FROM_AUDITORS = frozenset({Status.DRAFT})
STATUS_CHOICES = [(status.value, info.label) for status, info in STATUSES.items()]


def label(status: str) -> str:
    return STATUSES[Status(status)].label


UNDOABLE = ("recommend", "accept", "return", "decline")
"""What may be taken back for a while by the hat that did it, as long as nothing has been written on since."""
UNDO_FOR = timedelta(minutes=10)
UNDO = "undo_"


VERIFY = "verify"
"""Stands in the history without being a move: the work stays where it is, but whoever has read it before is behind."""
HOLD, RELEASE = "hold", "release"
"""A desk's own judgement begins and ends: nothing about the work changes in between."""
_PAST = {VERIFY: "核定效益", HOLD: "进入本级评审", RELEASE: "结束本级评审"}


def undo_of(verb: str) -> str:
    """The verb under which the history keeps that a move was taken back: the table's arrow, walked backwards."""
    return UNDO + verb


def undoes(verb: str) -> str:
    """The move that a verb of the history took back, or ""."""
    return verb.removeprefix(UNDO) if verb.startswith(UNDO) else ""


def past(verb: str) -> str:
    """What the history says of a verb."""
    undone = undoes(verb)
    if undone:
        return f"撤销“{MOVES[undone].past}”"
    return _PAST.get(verb) or MOVES[verb].past


def moves_from(status: str) -> list[Move]:
    """The moves that the table allows from a status, in the table's order."""
    return [move for move in MOVES.values() if Status(status) in move.sources]


def arrow(move: Move, sent: bool) -> tuple[Status, Desk]:
    """Where a move leads; `sent`: the work has a version."""
    return move.unsent if move.unsent and not sent else (move.target, move.desk)


def refusal(move: Move, status: str, at_host: bool) -> str:
    """A Chinese sentence why the table forbids the move now, or "" when it allows it."""
    if Status(status) not in move.sources:
        return f"该成果当前为“{label(status)}”，不能{move.label}；请刷新页面查看最新状态。"
    if move.at_host is True and not at_host:
        return f"该成果还未送到主办单位，不能{move.label}。"
    if move.at_host is False and at_host:
        return f"该成果已在主办单位，不需再{move.label}；请受理或退回。"
    return ""


@dataclass(frozen=True)
class Stop:
    """One enrolment on the road: its id, the id above it (None: the host), whether it audits, whether it is a team."""

    id: int
    above: int | None
    audits: bool
    is_team: bool = False


def desk_after_submit(road: list[Stop]) -> int:
    """Where a submit lifts the work. `road` leads from its unit to the host (model.md, "the climb").

    A direct unit (it audits, and nobody but the host is above it) keeps its own work for a second person (domain.md
    A5); everybody else's goes to the next enrolment up that audits.
    """
    unit = road[0]
    if unit.audits and len(road) == 2:
        return unit.id
    return next_desk(road, unit.id)


def next_desk(road: list[Stop], current: int) -> int:
    """The next enrolment above `current` that audits; the host always does."""
    position = [stop.id for stop in road].index(current)
    return next(stop.id for stop in road[position + 1 :] if stop.audits or stop.above is None)
