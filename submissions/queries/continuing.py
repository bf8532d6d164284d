"""Which earlier works a work may continue: its own unit's, of this season and all before it at the same host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from core import ledger
from submissions.lifecycle import Status
from submissions.models import Achievement, DuplicateMark
from submissions.querysets import AchievementQuerySet
from submissions.rules.duplicates.texts import plain

_NAMED_AT_MOST = 3
_NEVER = (Status.DRAFT, Status.WITHDRAWN, Status.DISQUALIFIED)


def token(achievement: Achievement) -> str:
    """What the page of the declaration has seen of it."""
    return f"{achievement.continues_id or 0}-{ledger.digest(achievement.continued_note)[:16]}"


def candidates(achievement: Achievement) -> AchievementQuerySet:
    rows = Achievement.objects.filter(
        unit__organization=achievement.unit.organization_id,
        contest__host=achievement.contest.host_id,
        contest__year__lte=achievement.contest.year,
        pk__lt=achievement.pk,
    )
    return rows.exclude(status__in=_NEVER).order_by("-contest__year", "-pk")


def repeats(achievement: Achievement, data: Mapping[str, Any]) -> list[Achievement]:
    """Those of the unit's own that have the same title or a patent of this one: a hint while it is being written.

    Of other units' works nothing is said before the submit: typing titles must not be a way to learn of them.
    """
    kinds, title = DuplicateMark.Kind, plain(data["title"])
    numbers = [patent["number"] for patent in data["patents"]]
    if not title and not numbers:
        return []
    alike = Q(kind=kinds.PATENT, value__in=numbers) | (Q(kind=kinds.TITLE, value=title) if title else Q())
    marks = DuplicateMark.objects.filter(alike, host=achievement.contest.host_id)
    rows = candidates(achievement).filter(pk__in=marks.values("achievement")).exclude(pk=achievement.continues_id)
    return list(rows.select_related("contest")[:_NAMED_AT_MOST])
