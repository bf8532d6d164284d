"""Reads about 优胜单位: who decides next, what counts against a quota, what the paper prints."""

from __future__ import annotations

from django.db.models import QuerySet

from contests.models import Contest, Enrolment
from submissions.models import NominationOpinion, UnitNomination
from submissions.rules.nominations import Status

_COUNTED = (Status.RECOMMENDED, Status.CONFIRMED)


def is_given(contest: Contest) -> bool:
    """Does this contest have the award at all (002 附件1 三; 000 has not)?"""
    return bool(contest.sections.get("winner_unit"))


def top_of(enrolment: Enrolment) -> Enrolment:
    """The recommender next to the host on the unit's road: it gives 县级(产业)意见. A direct unit is its own."""
    ids = enrolment.path.rstrip(".").split(".")
    return Enrolment.objects.select_related("contest", "recommender").get(pk=int(ids[1] if len(ids) > 1 else ids[0]))


def standing(nomination: UnitNomination) -> dict[str, NominationOpinion]:
    """Step → the opinion that stands."""
    rows = nomination.opinions.filter(voided_at__isnull=True).select_related("given_by", "enrolment")
    return {row.step: row for row in rows}


def recommended_by(top: Enrolment) -> int:
    """How many units a recommender has put forward."""
    rows = UnitNomination.objects.filter(contest=top.contest_id, enrolment__path__startswith=top.path)
    return rows.filter(status__in=_COUNTED).count()


def with_all(ids: list[int]) -> list[UnitNomination]:
    """In the order of `ids`, each with its opinions."""
    rows: QuerySet[UnitNomination] = UnitNomination.objects.select_related("enrolment", "contest")
    found = rows.prefetch_related("opinions").in_bulk(ids)
    return [found[pk] for pk in ids]
