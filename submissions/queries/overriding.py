"""What the office let pass, wherever it is asked for."""

from __future__ import annotations

from collections.abc import Iterable

from contests.models import Enrolment
from submissions.models import Achievement, Override


def passed_patents(unit: Enrolment) -> frozenset[str]:
    """Numbers whose check digit the office let pass in any work of this unit at this host: a number is a fact."""
    rows = Override.objects.filter(
        rule="patent_check",
        revoked_at__isnull=True,
        achievement__unit__organization=unit.organization_id,
        achievement__contest__host=unit.contest.host_id,
    )
    return frozenset(rows.values_list("detail", flat=True))


def overruled(achievement: Achievement) -> dict[str, str]:
    """Rule → reason."""
    return overruled_of([achievement.pk]).get(achievement.pk, {})


def overruled_of(ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """Work → rule → reason; one query, and those of which nothing is set aside are not in it."""
    found: dict[int, dict[str, str]] = {}
    rows = Override.objects.filter(achievement__in=list(ids), revoked_at__isnull=True).order_by("pk")
    for work, rule, reason in rows.values_list("achievement", "rule", "reason"):
        found.setdefault(work, {})[rule] = reason
    return found
