"""What every page of an achievement needs: the row itself, its closing, the units one may fill in for."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.actor import Actor
from contests import queries as contest_queries
from contests.calendar import Move
from contests.models import Contest, Enrolment
from submissions import policies
from submissions.models import Achievement


def open_row(actor: Actor, pk: int) -> Achievement:
    """The achievement if this hat sees it, with what its pages show; else 404."""
    rows = Achievement.objects.visible_to(actor).with_row_data()
    return get_object_or_404(
        rows.select_related(
            "contest__host", "unit__organization", "unit__recommender__organization", "holder__organization",
            "leader__photo",
        ),
        pk=pk,
    )  # fmt: skip


def below(actor: Actor, contest: Contest) -> list[Enrolment]:
    """Who stands directly under an auditor or the host: what a list of theirs may be narrowed to."""
    if actor.is_unit_operator:
        return []
    rows = Enrolment.objects.visible_to(actor).filter(contest=contest, is_team=False)
    rows = rows.filter(recommender__organization=actor.organization.pk)
    return list(rows.order_by("organization__pinyin", "name"))


def closing(achievement: Achievement, now: datetime | None = None) -> tuple[str, datetime | None]:
    """The closing that guards the unit's next submit, in words and as an instant: the one that the action enforces."""
    gate = policies.calendar_move("submit", achievement.status) or Move.SUBMIT
    window = contest_queries.window(
        gate, now or timezone.now(), achievement.contest, achievement.unit, achievement.holder
    )
    return ("重新提交截止" if gate is Move.RESUBMIT else "单位截止"), window.closes


def recommender_closes(achievement: Achievement, now: datetime | None = None) -> datetime | None:
    """When the recommender must have sent it on."""
    return contest_queries.window(
        Move.RECOMMEND, now or timezone.now(), achievement.contest, achievement.unit, achievement.unit.recommender
    ).closes


def closed(achievement: Achievement, now: datetime) -> str:
    """Why the unit cannot submit now, or ""."""
    gate = policies.calendar_move("submit", achievement.status) or Move.SUBMIT
    return policies.window(gate, achievement, now).reason


def unit_due(actor: Actor, contest: Contest) -> datetime | None:
    """When the hat's own unit must have submitted."""
    own = contest_queries.enrolment_of(actor, contest)
    return contest_queries.window(Move.SUBMIT, timezone.now(), contest, own).closes if own else None


def units_of(actor: Actor, contest: Contest) -> QuerySet[Enrolment]:
    """The hat's own enrolment and its teams': those for which it may begin an achievement."""
    org = actor.organization.pk
    own = Q(organization=org) | Q(is_team=True, recommender__organization=org)
    return Enrolment.objects.visible_to(actor).filter(own, contest=contest).order_by("path")
