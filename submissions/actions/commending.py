"""基层表彰 that a desk's own round in this portal gave: written by the judgement, edited by nobody (rules.md 5)."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from accounts.choices import Level
from contests.models import Enrolment
from core import ledger
from submissions.actions.holding import refuse_stranger
from submissions.models import Achievement, Commendation

_BASE = frozenset({Level.GRASSROOTS, Level.TEAM, Level.DIRECT})


@transaction.atomic
def commend(actor: Actor, desk: Enrolment, places: Mapping[int, str], name: str) -> int:
    """An award of `desk` to each work, `places`: id of the work → its place in words. How many were written.

    A later round of the same desk takes the place of its earlier word; what the unit typed itself stays.
    """
    refuse_stranger(actor, desk)
    Commendation.objects.filter(achievement__in=places, given_by=desk).delete()
    rows = [_award(work, desk, name, places[work.pk]) for work in Achievement.objects.filter(pk__in=places)]
    Commendation.objects.bulk_create(rows, batch_size=500)
    told = ",".join(f"{pk}:{place}" for pk, place in sorted(places.items()))
    payload = {"count": len(rows), "digest": ledger.digest(told)}
    ledger.record(actor, "commend", f"enrolment:{desk.pk}", payload, chain=desk.contest.chain)
    return len(rows)


def _award(work: Achievement, desk: Enrolment, name: str, place: str) -> Commendation:
    return Commendation(
        achievement=work,
        level="base" if desk.organization.level in _BASE else "county",
        name=name,
        awarding_body=desk.name,
        awarded_on=timezone.localdate(),
        rank=place,
        given_by=desk,
    )
