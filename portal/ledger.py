"""The ledger as a supervisor reads it: every event of a chain, ids turned into names when it is read.

A contest has a chain of its own; accounts, employments, aliases and the register of experts stand in that of the site.
The events hold ids only; names come from today's rows, in one query a kind of subject whatever the page holds.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import Organization, User
from contests.models import Contest, Enrolment
from core.models import ChainHead, Event
from documents.models import Paper
from portal.ledger_words import SITE_SUBJECTS, SITE_VERBS, SUBJECTS, VERBS
from scoring.models import Approval, Entry, Round, ScoreSheet
from submissions.models import Achievement

PAGE = 50
_VERBS = VERBS | SITE_VERBS
_SUBJECTS = SUBJECTS | SITE_SUBJECTS


@dataclass(frozen=True)
class Line:
    """One event with its names; `payload` is the stored JSON, indented."""

    event: Event
    verb: str
    who: str
    subject: str
    payload: str


@dataclass(frozen=True)
class Page:
    """`older` is the sequence number to go on from, None at the beginning of the chain."""

    lines: list[Line]
    older: int | None
    head: ChainHead | None


def page(chain: str, *, before: int | None, verb: str, subject: str) -> Page:
    """The newest events first, by keyset; `subject` is a kind ("round") or one thing ("round:3")."""
    rows = Event.objects.filter(chain=chain).order_by("-seq")
    if before is not None:
        rows = rows.filter(seq__lt=before)
    if verb:
        rows = rows.filter(verb=verb)
    if subject:
        rows = rows.filter(subject=subject) if ":" in subject else rows.filter(subject__startswith=f"{subject}:")
    events = list(rows[: PAGE + 1])
    shown = events[:PAGE]
    older = shown[-1].seq if len(events) > PAGE else None
    return Page(_named(shown), older, ChainHead.objects.filter(chain=chain).first())


def latest(contest: Contest, n: int = 20) -> list[Line]:
    """The newest decisions, for the supervisor's home."""
    return _named(list(Event.objects.filter(chain=contest.chain).order_by("-seq")[:n]))


def _named(events: Sequence[Event]) -> list[Line]:
    people = dict(User.objects.filter(pk__in={e.actor_id for e in events}).values_list("pk", "display_name"))
    names = _subjects(events)
    return [
        Line(
            event,
            _VERBS.get(event.verb, event.verb),
            people.get(event.actor_id or 0, "系统") if event.actor_id else "系统",
            names.get(event.subject, _plain(event.subject)),
            json.dumps(json.loads(event.payload), ensure_ascii=False, indent=1),
        )
        for event in events
    ]


def _plain(subject: str) -> str:
    kind, _, number = subject.partition(":")
    return f"{_SUBJECTS.get(kind, kind)} {number}"


def _subjects(events: Sequence[Event]) -> dict[str, str]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for event in events:
        kind, _, number = event.subject.partition(":")
        if kind in _NAMES and number.isdecimal():
            wanted[kind].add(int(number))
    return {f"{kind}:{pk}": words for kind, ids in wanted.items() for pk, words in _NAMES[kind](ids)}


Named = Iterable[tuple[int, str]]


def _achievements(ids: set[int]) -> Named:
    rows = Achievement.objects.filter(pk__in=ids).select_related("unit")
    return [(row.pk, f"{row.title}（{row.unit.name}）") for row in rows]


def _sheets(ids: set[int]) -> Named:
    rows = ScoreSheet.objects.filter(pk__in=ids).select_related("entry", "appointment__expert__user", "round")
    return [(s.pk, f"{s.round.name} {s.entry.code} × {s.appointment.expert.user.display_name}") for s in rows]


def _entries(ids: set[int]) -> Named:
    rows = Entry.objects.filter(pk__in=ids).select_related("achievement", "round")
    return [(row.pk, f"{row.round.name} {row.code} {row.achievement.title}") for row in rows]


def _approvals(ids: set[int]) -> Named:
    rows = Approval.objects.filter(pk__in=ids).select_related("entry__achievement", "honour__enrolment", "tier")
    return [(row.pk, _approval(row)) for row in rows]


def _approval(row: Approval) -> str:
    if row.honour:
        return f"{row.honour.get_kind_display()} {row.honour.enrolment.name}"
    assert row.entry is not None
    return f"{row.entry.code} {row.entry.achievement.title} → {row.tier.name if row.tier else '不授奖'}"


def _by(model: Any, attribute: str) -> Callable[[set[int]], Named]:
    return lambda ids: model.objects.filter(pk__in=ids).values_list("pk", attribute)


_NAMES: dict[str, Callable[[set[int]], Named]] = {
    "achievement": _achievements,
    "approval": _approvals,
    "contest": _by(Contest, "title"),
    "enrolment": _by(Enrolment, "name"),
    "entry": _entries,
    "organization": _by(Organization, "name"),
    "paper": _by(Paper, "title"),
    "round": _by(Round, "name"),
    "sheet": _sheets,
}
