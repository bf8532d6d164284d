"""Which earlier works a work may continue: its own unit's, of this season and all before it at the same host."""

from __future__ import annotations

from submissions.lifecycle import Status
from submissions.models import Achievement
from submissions.querysets import AchievementQuerySet

_NEVER = (Status.DRAFT, Status.WITHDRAWN, Status.DISQUALIFIED)


def candidates(achievement: Achievement) -> AchievementQuerySet:
    rows = Achievement.objects.filter(
        unit__organization=achievement.unit.organization_id,
        contest__host=achievement.contest.host_id,
        contest__year__lte=achievement.contest.year,
        pk__lt=achievement.pk,
    )
    return rows.exclude(status__in=_NEVER).order_by("-contest__year", "-pk")
