"""The list of recusals of a round, with their evidence."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from scoring.models import Recusal, Round
from scoring.queries.cockpit import REASONS


def listed(round_: Round, reason: str = "", text: str = "") -> QuerySet[Recusal]:
    rows = round_.recusals.select_related(
        "entry__achievement__unit", "appointment__expert__user", "created_by"
    ).order_by("entry__code", "pk")
    if reason in REASONS:
        rows = rows.filter(reason=reason)
    if text:
        wanted = Q(entry__code__icontains=text) | Q(entry__achievement__title__icontains=text)
        rows = rows.filter(wanted | Q(appointment__expert__user__display_name__icontains=text))
    return rows


def counts(round_: Round) -> list[tuple[str, str, int]]:
    """(reason, its words, how many)."""
    rows = round_.recusals.values_list("reason").annotate(n=Count("pk")).order_by("-n", "reason")
    return [(reason, REASONS.get(reason, reason), n) for reason, n in rows]
