"""Every place on an achievement's way, reached by real moves: three works of three kinds of units."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.db import connection

from core.models import ChainHead, Event
from submissions.actions import holding, moves
from submissions.models import Achievement, AchievementVersion, Leader, Member, Patent, Recommendation, StatusChange
from tests.cast import Cast, draft

NOTE = "材料不全，请补正。"
# The desks on the way up: (enrolment, the person who decides there). The host comes last.
ROADS = {
    "unit_a": [("county_a", "auditor_a"), ("host", "office")],
    "team": [("mine", "mine"), ("group", "auditor_group"), ("host", "office")],
    "direct": [("direct", "direct2"), ("host", "office")],
}
Step = Callable[[Cast, str], int]


def drafted(cast: Cast, who: str) -> int:
    return draft(cast, who).pk


def registered(cast: Cast, who: str) -> int:
    return moves.register(cast[who], drafted(cast, who)).pk


def at_desk(cast: Cast, who: str, place: int) -> int:
    """Lies on the n-th desk of its road (0: the first)."""
    pk = moves.submit(cast[who], registered(cast, who)).pk
    for number, (_, person) in enumerate(ROADS[who][:place]):
        if number == 0:
            moves.verify_benefit(cast[person], pk, Decimal("126.50"), "economic", "")
        moves.recommend(cast[person], pk)
    return pk


def held(cast: Cast, who: str) -> int:
    """On its county's desk, which judges it in a round of its own."""
    pk, (desk, person) = at_desk(cast, who, 0), ROADS[who][0]
    holding.hold_all(cast[person], cast.enrolments[desk], [pk], "县级初评")
    return pk


def at_host(cast: Cast, who: str) -> int:
    return at_desk(cast, who, len(ROADS[who]) - 1)


def returned(cast: Cast, who: str) -> int:
    return moves.return_for_changes(cast[ROADS[who][0][1]], at_desk(cast, who, 0), NOTE).pk


def accepted(cast: Cast, who: str) -> int:
    return moves.accept(cast["office"], at_host(cast, who)).pk


def frozen(cast: Cast, who: str) -> int:
    return moves.freeze(cast["office"], accepted(cast, who)).pk


def declined(cast: Cast, who: str) -> int:
    return moves.decline(cast[ROADS[who][0][1]], at_desk(cast, who, 0), NOTE).pk


def withdrawn(cast: Cast, who: str) -> int:
    return moves.withdraw(cast[who], registered(cast, who), NOTE).pk


def disqualified(cast: Cast, who: str) -> int:
    return moves.disqualify(cast["office"], frozen(cast, who), NOTE).pk


SITUATIONS: dict[str, Step] = {
    "draft": drafted,
    "registered": registered,
    "desk1": lambda cast, who: at_desk(cast, who, 0),
    "desk2": lambda cast, who: at_desk(cast, who, 1),
    "held": held,
    "host": at_host,
    "returned": returned,
    "accepted": accepted,
    "frozen": frozen,
    "declined": declined,
    "withdrawn": withdrawn,
    "disqualified": disqualified,
}


def everything() -> list[Any]:
    """All that a move could touch, as plain rows."""
    models: list[Any] = [
        Achievement, Leader, Member, Patent, StatusChange, AchievementVersion, Recommendation, ChainHead
    ]  # fmt: skip
    return [list(model.objects.order_by("pk").values()) for model in models] + [Event.objects.count()]


READING = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET CONSTRAINTS")


@contextmanager
def watched() -> Iterator[list[str]]:
    """The statements that wrote anything (a session aside), as they come: where there is none, nothing has changed."""
    wrote: list[str] = []

    def note(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(READING) and "django_session" not in sql:
            wrote.append(sql)
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(note):
        yield wrote
