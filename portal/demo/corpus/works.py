"""Achievements that read like real ones, as many as wanted: a template, its blanks, dates, patents, persons."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from contests.rules.identifiers import PatentNumber, check_digit
from portal.demo.corpus.dice import dice
from portal.demo.corpus.names import invented_name
from portal.demo.corpus.people import Leader, told
from portal.demo.corpus.places import Place
from portal.demo.corpus.template import Template, filled
from portal.demo.corpus.texts import suited

_PATENTED_IN_PERCENT = {"small_invention": 70, "small_creation": 35, "small_design": 30, "small_renovation": 20}
_TYPE_DIGITS = {"invention": "1", "utility_model": "2", "design": "3"}
_MOST_MEMBERS = 4
_TRIES = 6
PLEDGES = {
    "government_project": False,
    "dedicated_funds": False,
    "research_centre_topic": False,
    "classified": False,
    "truth_declared": True,
}


@dataclass(frozen=True)
class Member:
    name: str
    organization_text: str


@dataclass(frozen=True)
class Patent:
    """As submissions' set_patents takes it; a fictitious serial number (9……) with a true check digit."""

    kind: str
    number: str
    status: str
    granted_on: date
    owner: str


@dataclass(frozen=True)
class Work:
    """Attributes are the keys of submissions.rules.fields; kind, category and industry are codes of the preset.

    `bio` and `deeds` are the leader's; `template` names the text it was made from.
    """

    template: str
    title: str
    kind: str
    category: str
    category_note: str
    industry: str
    implemented_from: date
    implemented_to: date
    completed_on: date
    applied_from: date
    summary: str
    innovation: str
    benefit_path: str
    benefit_wan: Decimal | None
    benefit_basis: str
    social_benefit: str
    filled_by: str
    responsible_person: str
    leader: Leader
    bio: str
    deeds: str
    members: tuple[Member, ...]
    patents: tuple[Patent, ...]

    def flat(self) -> dict[str, Any]:
        """By the keys of FIELDS, `leader.name` and so on; without members, patents, photo."""
        apart = {"template", "leader", "bio", "deeds", "members", "patents"}
        own = {field.name: getattr(self, field.name) for field in fields(self) if field.name not in apart}
        person = asdict(self.leader) | {"bio": self.bio, "deeds": self.deeds}
        return own | PLEDGES | {f"leader.{key}": value for key, value in person.items()}


def work(i: int, place: Place, seed: object, window: tuple[date, date], template: Template | None = None) -> Work:
    """The i-th achievement, of `place`, completed and in use inside the window (both days included).

    Consecutive numbers of one trade take its texts in turn; another seed begins at another text.
    Let the window end today at the latest: an achievement is in use before it is entered.
    """
    rng = dice(seed, place.key, i)
    chosen = template or _template(i, place.trade, seed)
    words, amount = filled(chosen, rng)
    title = chosen.title.format_map(words)
    begun, completed, applied = _dates(rng, window)
    desk = _desk(place.key, seed)
    person = told(rng, place, (chosen.kind, title), window[1])
    return Work(
        template=chosen.key,
        title=title,
        kind=chosen.kind,
        category=chosen.category,
        category_note=chosen.note.format_map(words),
        industry=place.industry,
        implemented_from=begun,
        implemented_to=completed,
        completed_on=completed,
        applied_from=applied,
        summary=chosen.summary.format_map(words),
        innovation=chosen.innovation.format_map(words),
        benefit_path=chosen.path,
        benefit_wan=amount,
        benefit_basis=chosen.basis.format_map(words),
        social_benefit=chosen.social.format_map(words),
        filled_by=desk[0],
        responsible_person=desk[1],
        leader=person.leader,
        bio=person.bio,
        deeds=person.deeds,
        members=_members(rng, person.leader),
        patents=_patents(rng, chosen.kind, i, (completed, window[1]), place.name),
    )


def season(
    places: Iterable[Place], count: int, seed: object, window: tuple[date, date], used: Counter[str] | None = None
) -> Iterator[tuple[Place, Work]]:
    """`count` achievements in turn over the places that compete, texts spread and no title twice.

    Hand the same `used` (texts and titles so far) to last year's season and to this year's.
    """
    seen = Counter[str]() if used is None else used
    contestants = [place for place in places if place.competes]
    for i in range(count):
        place = contestants[i % len(contestants)]
        made = _fresh(i, place, seed, window, seen)
        seen.update((made.template, made.title))
        yield place, made


def _fresh(i: int, place: Place, seed: object, window: tuple[date, date], used: Counter[str]) -> Work:
    """The least used text of the trade; if its title is taken, drawn again, then the next text."""
    texts = sorted(suited(place.trade), key=lambda text: used[text.key])
    made = (work(i + attempt * 1_000_000, place, seed, window, text) for text in texts for attempt in range(_TRIES))
    first = next(made)
    return first if not used[first.title] else next((other for other in made if not used[other.title]), first)


def _template(i: int, trade: str, seed: object) -> Template:
    """In turn, and shifted after every round, so that a unit that comes up regularly meets all of them."""
    pool = suited(trade)
    return pool[(i + i // len(pool) + _shift(seed)) % len(pool)]


@cache
def _shift(seed: object) -> int:
    return dice("texts", seed).randrange(1000)


def _dates(rng: random.Random, window: tuple[date, date]) -> tuple[date, date, date]:
    """Begun, completed, in use; completed in the first five sixths of the window, so that a benefit can show."""
    start, end = window
    days = (end - start).days
    completed = start + timedelta(days=rng.randint(days // 12, days * 5 // 6))
    begun = completed - timedelta(days=rng.randint(45, 300))
    return begun, completed, min(end, completed + timedelta(days=rng.randint(1, 30)))


@cache
def _desk(key: str, seed: object) -> tuple[str, str]:
    """填报人 and 负责人 of a unit: always the same two."""
    rng = dice("desk", seed, key)
    return invented_name(rng, 7).name, invented_name(rng, 3).name


def _members(rng: random.Random, leader: Leader) -> tuple[Member, ...]:
    names = dict.fromkeys(invented_name(rng).name for _ in range(rng.randint(0, _MOST_MEMBERS)))
    return tuple(Member(name, leader.employer) for name in names if name != leader.name)


def _patents(rng: random.Random, kind: str, i: int, dates: tuple[date, date], owner: str) -> tuple[Patent, ...]:
    """Granted ones only, and by the end of the window."""
    if rng.randrange(100) >= _PATENTED_IN_PERCENT.get(kind, 4):
        return ()
    completed, end = dates
    granted_on = min(end, completed + timedelta(days=rng.randint(10, 200)))
    kinds = ("utility_model",) if rng.randrange(4) else ("invention", "utility_model")
    chosen = ("design",) if kind == "small_design" else kinds
    return tuple(Patent(each, _number(rng, each, i, granted_on), "granted", granted_on, owner) for each in chosen)


def _number(rng: random.Random, kind: str, i: int, granted_on: date) -> str:
    """Serial numbers from 9000000 on are not reached by the office of patents, so the number belongs to nobody."""
    serial = 9_000_000 + (i * 7919 + rng.randrange(7919)) % 1_000_000
    digits = f"{(granted_on - timedelta(days=rng.randint(200, 500))).year}{_TYPE_DIGITS[kind]}{serial}"
    return PatentNumber(digits, check_digit(digits)).canonical
