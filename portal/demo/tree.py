"""Organisations, persons and enrolments from the corpus' places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from accounts.actions import create_organization, create_user, grant_membership, keep_studio
from accounts.actor import Actor
from accounts.models import Organization, Role
from contests.actions.enrol import enrol
from contests.models import Contest, Enrolment
from portal.demo.corpus.dice import dice
from portal.demo.corpus.names import invented_name
from portal.demo.corpus.places import Place


@dataclass
class Tree:
    """Rows by the place's key; `operators` and `auditors` are the hats that act for a place."""

    places: dict[str, Place]
    organizations: dict[str, Organization] = field(default_factory=dict)
    operators: dict[str, Actor] = field(default_factory=dict)
    auditors: dict[str, Actor] = field(default_factory=dict)
    studios: dict[str, int] = field(default_factory=dict)


def plant(places: Iterable[Place], host: Organization) -> Tree:
    """Parents before children; the root is the contest's host, which exists already."""
    tree = Tree({place.key: place for place in places})
    for place in tree.places.values():
        if place.level == "host":
            tree.organizations[place.key] = host
            continue
        tree.organizations[place.key] = create_organization(
            None,
            tree.organizations[place.parent_key],
            place.name,
            place.level,
            place.nature,
            short_name=place.short_name,
            line=place.line,
            ownership=place.ownership,
            head_count=place.head_count,
        )
    return tree


def staff(tree: Tree, sign_ins: Mapping[tuple[str, str], str], password: str) -> None:
    """An operator for every unit and team, an auditor for every desk; only the named sign-ins get a password."""
    for number, place in enumerate(tree.places.values()):
        if place.level in ("grassroots", "direct", "team"):
            tree.operators[place.key] = _person(tree, place, Role.UNIT_OPERATOR, sign_ins, password, number)
        if place.level in ("county", "industry_group", "partner", "direct"):
            tree.auditors[place.key] = _person(tree, place, Role.AUDITOR, sign_ins, password, number + 500)


def _person(
    tree: Tree, place: Place, role: str, sign_ins: Mapping[tuple[str, str], str], password: str, number: int
) -> Actor:
    username = sign_ins.get((place.key, role))
    user = create_user(None, username or f"{place.key}-{role}", person_name(number), password if username else None)
    return Actor(user, grant_membership(None, user, tree.organizations[place.key], role))


def found_studios(tree: Tree, named_on: date) -> None:
    """Every third unit has a studio whose achievements it will name."""
    units = [place for place in tree.places.values() if place.level in ("grassroots", "direct")]
    for number, place in enumerate(units[::3]):
        leader = person_name("studio", place.key)
        studio = keep_studio(
            None,
            tree.organizations[place.key],
            name=f"{leader}创新工作室",
            leader_name=leader,
            level=("city", "unit", "province")[number % 3],
            named_on=named_on,
            members="、".join(person_name("studio", place.key, n) for n in range(3)),
        )
        tree.studios[place.key] = studio.pk


def person_name(*seed: object) -> str:
    """An invented name, the same for the same seed."""
    return invented_name(dice("person", *seed)).name


def enrol_all(tree: Tree, contest: Contest) -> dict[str, Enrolment]:
    """Every place takes part, under its parent; a unit with teams audits for them."""
    host = Enrolment.objects.get(contest=contest, recommender__isnull=True)
    has_teams = {place.parent_key for place in tree.places.values() if place.level == "team"}
    rows: dict[str, Enrolment] = {}
    for place in tree.places.values():
        if place.level == "host":
            rows[place.key] = host
            continue
        rows[place.key] = enrol(
            None,
            contest,
            tree.organizations[place.key],
            rows[place.parent_key],
            participants=place.participants,
            audits=True if place.key in has_teams else None,
        )
    return rows
