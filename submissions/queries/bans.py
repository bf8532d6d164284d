"""Who of a work stands in the register of bans: surely, or by the name alone (domain.md O3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.utils.crypto import salted_hmac

from contests.models import Contest
from submissions.models import Achievement, Ban, BanClearance, Leader, Member
from submissions.rules.conflicts import Barred
from submissions.rules.duplicates.texts import plain

_SALT = "submissions.ban"


@dataclass(frozen=True)
class Person:
    """One of a work's people as the register compares them; `place` is "leader" or "member:2"."""

    place: str
    name: str
    unit_names: tuple[str, ...]
    phone: str = ""


@dataclass(frozen=True)
class Match:
    ban: Ban
    who: str
    certain: bool


def phone_hash(phone: str) -> str:
    """Keyed, so that the eleven digits cannot be tried out by who reads the table alone."""
    return salted_hmac(_SALT, phone, algorithm="sha256").hexdigest() if phone else ""


def _phone_hashes(phone: str) -> set[str]:
    """Under the key in use and the ones before it."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return {salted_hmac(_SALT, phone, secret=key, algorithm="sha256").hexdigest() for key in keys} if phone else set()


def people_of(works: Mapping[int, Achievement]) -> dict[int, list[Person]]:
    """Leader and members of each work, by the works' ids."""
    found: dict[int, list[Person]] = {pk: [] for pk in works}
    for leader in Leader.objects.filter(achievement__in=works).exclude(name=""):
        units = (works[leader.achievement_id].unit.name, leader.employer)
        found[leader.achievement_id].append(Person("leader", leader.name, units, leader.phone))
    for member in Member.objects.filter(achievement__in=works).order_by("order", "pk"):
        unit = member.organization_text or works[member.achievement_id].unit.name
        found[member.achievement_id].append(Person(f"member:{member.order}", member.name, (unit,)))
    return found


def of_works(contest: Contest, works: Mapping[int, Achievement]) -> dict[int, list[Barred]]:
    """By the works' ids; a sure match before one by name."""
    matched = matches(contest, works)
    concerned = [pk for pk, found in matched.items() if found]
    clearances = BanClearance.objects.filter(achievement__in=concerned)
    cleared = set(clearances.values_list("achievement", "ban")) if concerned else set()
    return {
        pk: [Barred(match.who, match.certain, (pk, match.ban.pk) in cleared) for match in found]
        for pk, found in matched.items()
    }


def matches(contest: Contest, works: Mapping[int, Achievement]) -> dict[int, list[Match]]:
    people = people_of(works)
    names = {plain(person.name) for some in people.values() for person in some}
    units = {work.unit.organization_id for work in works.values()}
    rows = Ban.objects.filter(host=contest.host_id).standing()
    standing = list(rows.filter(Q(name_key__in=names - {""}) | Q(organization__in=units)).order_by("pk"))
    found: dict[int, list[Match]] = defaultdict(list, {pk: [] for pk in works})
    for pk, work in works.items():
        found[pk] = [Match(ban, ban.unit_name, certain=True) for ban in standing if _bars_unit(ban, work)]
        found[pk] += [match for person in people[pk] for match in _bars(standing, person)]
        found[pk].sort(key=lambda match: (not match.certain, match.ban.pk))
    return found


def _bars_unit(ban: Ban, work: Achievement) -> bool:
    return ban.organization_id is not None and ban.organization_id == work.unit.organization_id


def _bars(standing: Iterable[Ban], person: Person) -> list[Match]:
    key, units = plain(person.name), {plain(name) for name in person.unit_names} - {""}
    hashes = _phone_hashes(person.phone) if person.phone else set()
    return [
        Match(ban, person.name, ban.unit_key in units or (bool(ban.phone_hash) and ban.phone_hash in hashes))
        for ban in standing
        if ban.organization_id is None and ban.name_key == key
    ]
