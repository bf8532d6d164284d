"""创新工作室 and 重点示范单位 with what they achieved (domain.md N; 003)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.actor import Actor
from accounts.models import Studio
from contests.models import Contest, Enrolment
from submissions.lifecycle import HIDDEN_FROM_AUDITORS, Status
from submissions.models import Achievement, Patent

_NOT_IN_POOL = [*HIDDEN_FROM_AUDITORS, Status.WITHDRAWN]
_POOL = ~Q(achievements__status__in=_NOT_IN_POOL)
_TAKEN = (Status.ACCEPTED, Status.FROZEN)


def studios(actor: Actor, contest: Contest, words: str = "", level: str = "") -> QuerySet[Any]:
    """The register with the figures of one season: works in the pool, accepted ones, granted patents, 万元 a year."""
    of = _POOL & Q(achievements__contest=contest)
    rows = Studio.objects.visible_to(actor).select_related("organization")
    for word in words.split():
        named = Q(name__icontains=word) | Q(leader_name__icontains=word)
        rows = rows.filter(named | Q(organization__name__icontains=word))
    rows = rows.filter(level=level) if level else rows
    return rows.order_by("organization__pinyin", "name", "pk").annotate(
        pool=Count("achievements", filter=of),
        taken=Count("achievements", filter=of & Q(achievements__status__in=_TAKEN)),
        patents=Coalesce(Subquery(_granted(contest)), 0),
        wan=Sum("achievements__verified_wan", filter=of),
    )


def _granted(contest: Contest) -> QuerySet[Any]:
    """A query of its own for each studio: joined, the patents would multiply the sum of the works."""
    rows = Patent.objects.filter(achievement__studio=OuterRef("pk"), achievement__contest=contest, status="granted")
    counted = rows.exclude(achievement__status__in=_NOT_IN_POOL).order_by().values("achievement__studio")
    return counted.annotate(n=Count("pk")).values("n")


def works_of(actor: Actor, studio: Studio) -> QuerySet[Any]:
    """Of every season, as far as the hat sees them."""
    rows = Achievement.objects.visible_to(actor).filter(studio=studio).with_row_data()
    return rows.order_by("-contest__year", "-pk")


@dataclass
class Unit:
    """A demonstration unit in one season: its own works and its teams'; `years` are the seasons in which it was one."""

    enrolment: Enrolment
    pool: int = 0
    taken: int = 0
    patents: int = 0
    wan: Decimal = Decimal(0)
    years: list[int] = field(default_factory=list)


def demonstrations(actor: Actor, contest: Contest, words: str = "") -> list[Unit]:
    """Every hat of the contest sees who is one; three queries."""
    rows = contest.enrolments.filter(is_demonstration=True).select_related("recommender").order_by("path")
    for word in words.split():
        rows = rows.filter(Q(name__icontains=word) | Q(recommender__name__icontains=word))
    units = {row.pk: Unit(row) for row in rows}
    _count(contest, units)
    by_org = {unit.enrolment.organization_id: unit for unit in units.values()}
    past = Enrolment.objects.filter(organization__in=by_org, is_demonstration=True, contest__host=contest.host_id)
    for org, year in past.order_by("contest__year").values_list("organization", "contest__year"):
        by_org[org].years.append(year)
    return list(units.values())


def years_of(unit: Enrolment) -> list[int]:
    """The seasons at this host in which it was a demonstration unit."""
    past = Enrolment.objects.filter(organization=unit.organization_id, is_demonstration=True)
    past = past.filter(contest__host=unit.contest.host_id).order_by("contest__year")
    return list(past.values_list("contest__year", flat=True))


def works_of_unit(actor: Actor, unit: Enrolment) -> QuerySet[Any]:
    """Its own and its teams' of every season at this host, as far as the hat sees them."""
    org, host = unit.organization_id, unit.contest.host_id
    own = Q(unit__organization=org) | Q(unit__recommender__organization=org, unit__is_team=True)
    rows = Achievement.objects.visible_to(actor).filter(own, contest__host=host).with_row_data()
    return rows.order_by("-contest__year", "-pk")


def _count(contest: Contest, units: dict[int, Unit]) -> None:
    own = Q(unit__in=units) | Q(unit__recommender__in=units, unit__is_team=True)
    rows = Achievement.objects.filter(own, contest=contest).exclude(status__in=_NOT_IN_POOL).order_by()
    rows = rows.annotate(granted=Count("patents", filter=Q(patents__status="granted")))
    columns = ("unit", "unit__recommender", "status", "verified_wan", "granted")
    for unit, above, status, wan, granted in rows.values_list(*columns):
        found = units.get(unit) or units[int(above or 0)]
        found.pool += 1
        found.taken += status in _TAKEN
        found.patents += granted
        found.wan += wan or 0
