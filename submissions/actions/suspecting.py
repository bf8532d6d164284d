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
    fresh = []
    for hit in sorted(hits, key=lambda hit: hit.other_id):  # one order of the pairs for all who submit at once
        row = known.pop(hit.other_id, None)
        if row:
            _keep(row, hit)
        else:
            fresh.append(_new(achievement, hit))
    SuspectPair.objects.bulk_create(fresh, ignore_conflicts=True)  # the other work may have found this one just now
    if len(hits) < AT_MOST:
        _drop(achievement, list(known.values()))
    return len(hits)


def _new(achievement: Achievement, hit: Hit) -> SuspectPair:
    earlier, later = sorted((achievement.pk, hit.other_id))
    return SuspectPair(earlier_id=earlier, later_id=later, percent=_percent(hit), signals=",".join(hit.signals))


def _keep(row: SuspectPair, hit: Hit) -> None:
    if _looks_worse(row, hit):
        row.verdict = None
    row.percent, row.signals = _percent(hit), ",".join(hit.signals)
    row.save()


def _percent(hit: Hit) -> int:
    return round(hit.similarity * 100)


def _looks_worse(row: SuspectPair, hit: Hit) -> bool:
    fresh = set(hit.signals) - set(row.signals.split(","))
    return _percent(hit) >= row.percent + GREW or bool(fresh & set(CERTAIN))


def _drop(achievement: Achievement, rows: list[SuspectPair]) -> None:
    """No longer alike, unless the other is of a later season: those are not looked at from here."""
    year = achievement.contest.year
    gone = [r.pk for r in rows if r.verdict_id is None and r.other_of(achievement.pk).contest.year <= year]
    SuspectPair.objects.filter(pk__in=gone).delete()
