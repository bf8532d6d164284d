"""From ranking to tiers where a tier has a quota: cut in order of rank, ties at the cut go to the committee."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from scoring.rules.ranking import Row
from scoring.rules.tiers import Tier


@dataclass(frozen=True)
class Cut:
    """Works that share the rank at which `tier` is full: the committee gives `places` of them to it."""

    tier: str
    places: int
    works: tuple[str, ...]


@dataclass(frozen=True)
class Awarding:
    """`tiers` holds every ranked work, "" for none. A work at an open cut stands in the tier below until the vote."""

    tiers: Mapping[str, str]
    cuts: tuple[Cut, ...]


def award(
    rows: Sequence[Row],
    tiers: Sequence[Tier],
    quotas: Mapping[str, int],
    votes: Mapping[str, str] | None = None,
    aside: frozenset[str] = frozenset(),
) -> Awarding:
    """The tier of each work of a ranking (best first).

    `quotas`: tier → most works; a tier without one takes all that reach its floor. Who finds a tier full goes on to
    the next one. `votes`: work → tier that the committee gave at a cut; it goes in before the others of its rank.
    `aside`: works that take no place in any tier (a hand-made award, a disqualified work).
    """
    given = {row.achievement: "" for row in rows if row.score is not None}
    waiting = [row for row in rows if row.score is not None and row.achievement not in aside]
    cuts: list[Cut] = []
    for tier in tiers:
        inside = _reaching(waiting, tier)
        chosen, cut = _fill(inside, tier, quotas.get(tier.name), votes or {})
        for work in chosen:
            given[work] = tier.name
        cuts += [cut] if cut else []
        waiting = [row for row in waiting if row.achievement not in chosen]
    return Awarding(given, tuple(cuts))


def _reaching(rows: Sequence[Row], tier: Tier) -> list[Row]:
    return [row for row in rows if row.score is not None and row.score >= tier.floor]


def _fill(
    rows: Sequence[Row], tier: Tier, quota: int | None, votes: Mapping[str, str]
) -> tuple[frozenset[str], Cut | None]:
    """Who gets the tier, and the tie at its cut that only the committee can decide."""
    if quota is None or len(rows) <= quota:
        return frozenset(row.achievement for row in rows), None
    chosen: list[str] = []
    for _, group in groupby(rows, key=lambda row: row.rank):
        works = [row.achievement for row in group]
        places = quota - len(chosen)
        if len(works) <= places:
            chosen += works
            continue
        voted = [work for work in works if votes.get(work) == tier.name][:places]
        rest = tuple(work for work in works if work not in voted)
        open_places = places - len(voted)
        return frozenset([*chosen, *voted]), Cut(tier.name, open_places, rest) if open_places else None
    return frozenset(chosen), None


def count(awarding: Awarding, tiers: Sequence[Tier]) -> dict[str, int]:
    """Works of each tier, in order of the tiers."""
    given = list(awarding.tiers.values())
    return {tier.name: given.count(tier.name) for tier in tiers}


def money(counts: Mapping[str, int], prizes: Mapping[str, Decimal]) -> Decimal:
    """What the tiers cost together, in the unit of `prizes` (元)."""
    return sum((prizes.get(name, Decimal(0)) * number for name, number in counts.items()), Decimal(0))
