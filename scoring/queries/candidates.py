"""Which works a round would judge now: accepted at the host, waiting on a desk, or the first of the round before."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from contests.models import Enrolment
from scoring.lifecycle import RoundStatus
from scoring.models import Entry, Round
from submissions.lifecycle import Status
from submissions.models import Achievement

_UNVERIFIED = Q(benefit_path="economic", verified_wan__isnull=True)
"""The amount binds the level that experts may choose, so a desk verifies before its own round."""


def candidates(round_: Round) -> QuerySet[Achievement]:
    """With their versions. At the host a round that follows takes frozen works, the first one accepted ones."""
    works = _open_to(round_.enrolment, first=round_.previous_id is None)
    if round_.previous_id:
        works = works.filter(pk__in=going_on(round_).values("achievement"))
    return works.prefetch_related("versions")


def _open_to(desk: Enrolment, *, first: bool) -> QuerySet[Achievement]:
    works = Achievement.objects.filter(contest=desk.contest_id)
    if desk.is_host:
        return works.filter(status=Status.ACCEPTED if first else Status.FROZEN)
    waiting = works.filter(holder=desk, status=Status.SUBMITTED).exclude(_UNVERIFIED)
    return waiting.filter(held_for="") if first else waiting.exclude(held_for="")


def going_on(round_: Round) -> QuerySet[Entry]:
    """The first of the previous round that are still judged: whoever shares the last place goes in as well."""
    ranked = Entry.objects.judged().filter(round=round_.previous_id, result__rank__isnull=False)
    places = list(ranked.order_by("result__position").values_list("result__rank", flat=True)[: round_.take_top])
    return ranked.filter(result__rank__lte=max(places, default=0))


def works_for(desk: Enrolment) -> QuerySet[Achievement]:
    """The works that a first round of this desk would judge."""
    return _open_to(desk, first=True)


def waiting(desk: Enrolment) -> int:
    return works_for(desk).count()


def unverified(desk: Enrolment) -> int:
    """How many works wait on this desk that a round would leave out until their amount is verified."""
    rows = Achievement.objects.filter(_UNVERIFIED, contest=desk.contest_id, holder=desk, status=Status.SUBMITTED)
    return 0 if desk.is_host else rows.count()


def predecessors(desk: Enrolment) -> QuerySet[Round]:
    """Rounds that another one may follow: ranked, not yet decided, and not followed."""
    rounds = Round.objects.filter(enrolment=desk, status=RoundStatus.CLOSED, following__isnull=True)
    return rounds.order_by("-pk")
