"""Keeping the pairs of works that look alike: asked anew at every submit."""

from __future__ import annotations

from django.db.models import Q

from submissions.models import Achievement, SuspectPair
from submissions.queries import duplicates
from submissions.queries.duplicates import CERTAIN, Hit
from submissions.rules.duplicates.similarity import AT_MOST

GREW = 10
"""Per cent by which the texts have grown alike since a verdict: a person has to look again."""


def refresh(achievement: Achievement) -> int:
    """The pairs of one work as its text stands now; how many it has. Judged ones are kept, whatever became of it."""
    hits = duplicates.find(achievement)
    rows = SuspectPair.objects.filter(Q(earlier=achievement) | Q(later=achievement))
    known = {row.other_of(achievement.pk).pk: row for row in rows.select_related("earlier__contest", "later__contest")}
    for hit in hits:
        _keep(achievement, known.pop(hit.other_id, None), hit)
    if len(hits) < AT_MOST:
        _drop(achievement, list(known.values()))
    return len(hits)


def _keep(achievement: Achievement, row: SuspectPair | None, hit: Hit) -> None:
    if row is None:
        earlier, later = sorted((achievement.pk, hit.other_id))
        row = SuspectPair(earlier_id=earlier, later_id=later)
    elif _looks_worse(row, hit):
        row.verdict = None
    row.percent, row.signals = round(hit.similarity * 100), ",".join(hit.signals)
    row.save()


def _looks_worse(row: SuspectPair, hit: Hit) -> bool:
    fresh = set(hit.signals) - set(row.signals.split(","))
    return round(hit.similarity * 100) >= row.percent + GREW or bool(fresh & set(CERTAIN))


def _drop(achievement: Achievement, rows: list[SuspectPair]) -> None:
    """No longer alike, unless the other is of a later season: those are not looked at from here."""
    year = achievement.contest.year
    gone = [r.pk for r in rows if r.verdict_id is None and r.other_of(achievement.pk).contest.year <= year]
    SuspectPair.objects.filter(pk__in=gone).delete()
