"""优秀组织奖 (002 附件1 二): what the portal's own figures propose for the countable items. The office decides.

Points are whole halves between 0 and the item's maximum, exact until the one rounding (half up) at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Generic, TypeVar

UNITS, WORKERS, ACHIEVEMENTS = "unit_participation", "worker_participation", "achievements"
WORKERS_TARGET = Decimal(60)  # (P) percent; the notice names none
HALF = Fraction(1, 2)
Key = TypeVar("Key")


@dataclass(frozen=True)
class Figures:
    """One organisation with all below it. `units`: class of unit → (taking part, enrolled); `workers` the same."""

    units: Mapping[str, tuple[int, int]]
    workers: tuple[int, int]
    awarded: int


@dataclass(frozen=True)
class Proposal:
    """`points` for one item; `counts` holds the whole numbers and percents that made it."""

    points: Decimal
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Peers(Generic[Key]):
    """All organisations that are compared, with the items' maxima and the targets in percent by class."""

    figures: Mapping[Key, Figures]
    maxima: Mapping[str, int]
    targets: Mapping[str, Decimal]


def proposals(peers: Peers[Key], key: Key) -> dict[str, Proposal]:
    """Item code → proposal, for the items that the notice has and whose figures are known."""
    own, most = peers.figures[key], max(one.awarded for one in peers.figures.values())
    made = {
        UNITS: _units(own, peers),
        WORKERS: _share(own.workers, WORKERS_TARGET),
        ACHIEVEMENTS: (Fraction(own.awarded, most), {"awarded": own.awarded, "most": most}) if most else None,
    }
    return {
        code: Proposal(halves(peers.maxima[code] * found[0]), found[1])
        for code, found in made.items()
        if found is not None and code in peers.maxima
    }


def halves(points: Fraction) -> Decimal:
    """The nearest half point, half a half up: 9.25 → 9.5."""
    steps = (points / HALF + HALF).__floor__()
    return Decimal(steps) / 2


def _units(own: Figures, peers: Peers[Key]) -> tuple[Fraction, dict[str, int]] | None:
    """Each class' rate against its target, at most 1, weighted by the number of its units."""
    classes = {name: pair for name, pair in own.units.items() if pair[1] and name in peers.targets}
    total = sum(enrolled for _, enrolled in classes.values())
    if not total:
        return None
    reached = Fraction(0)
    counts: dict[str, int] = {}
    for name, (taking, enrolled) in classes.items():
        share = min(Fraction(1), Fraction(taking * 100, enrolled) / Fraction(peers.targets[name]))
        reached += share * enrolled
        counts |= {f"{name}_taking": taking, f"{name}_enrolled": enrolled, f"{name}_target": int(peers.targets[name])}
    return reached / total, counts


def _share(pair: tuple[int, int], target: Decimal) -> tuple[Fraction, dict[str, int]] | None:
    taking, everybody = pair
    if not everybody:
        return None
    share = min(Fraction(1), Fraction(taking * 100, everybody) / Fraction(target))
    return share, {"taking": taking, "all": everybody, "target": int(target)}


def ranked(totals: Mapping[Key, Decimal]) -> list[tuple[int, Key, Decimal]]:
    """(rank, key, total), best first; equal totals share the place."""
    ordered = sorted(totals.items(), key=lambda pair: -pair[1])
    places: dict[Decimal, int] = {}
    for place, (_, total) in enumerate(ordered, start=1):
        places.setdefault(total, place)
    return [(places[total], key, total) for key, total in ordered]
