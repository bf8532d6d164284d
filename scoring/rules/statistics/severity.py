"""Who marks low, who marks high, and what a work would have with any other typical value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from scoring.rules.ranking import mean, median
from scoring.rules.statistics.ratings import Rating, by_expert, by_work

_TRIM_FROM = 3  # with two ratings nothing would be left


@dataclass(frozen=True)
class Leaning:
    """One expert. `deviation` is the mean of (own points − mean of the others on the same work), exact, in points;

    None when nobody shares a work with her. `effect` is her place in the additive model (float, points over the mean
    of all experts of her component); `spread` the standard deviation of her own points; below 0 is severe.
    """

    expert: str
    sheets: int
    mean: Fraction
    deviation: Fraction | None
    effect: float
    spread: float


@dataclass(frozen=True)
class Typical:
    """One work by four readings of the same ratings; `adjusted` is the additive model's, a float."""

    work: str
    mean: Fraction
    median: Fraction
    trimmed: Fraction
    adjusted: float


def leanings(ratings: Sequence[Rating]) -> list[Leaning]:
    """One line an expert, in order of id."""
    totals = {work: (sum(points), len(points)) for work, points in by_work(ratings).items()}
    effects = _effects(ratings)
    found = []
    for expert, own in by_expert(ratings).items():
        points = [rating.points for rating in own]
        against = [_against_others(rating, *totals[rating.work]) for rating in own if totals[rating.work][1] > 1]
        deviation = sum(against, Fraction(0)) / len(against) if against else None
        found.append(Leaning(expert, len(own), mean(points), deviation, effects[expert], float(np.std(points))))
    return found


def typicals(ratings: Sequence[Rating], beside: Sequence[Rating] = ()) -> list[Typical]:
    """One line a work, in order of id: mean, median, mean without one highest and one lowest, additive model.

    `beside`: ratings that count for no work and tell of the experts alone (calibration).
    """
    effects = _effects([*ratings, *beside])
    groups: dict[str, list[Rating]] = defaultdict(list)
    for rating in ratings:
        groups[rating.work].append(rating)
    found = []
    for work, own in sorted(groups.items()):
        points = sorted(rating.points for rating in own)
        trimmed = points[1:-1] if len(points) >= _TRIM_FROM else points
        adjusted = float(np.mean([rating.points - effects[rating.expert] for rating in own]))
        found.append(Typical(work, mean(points), median(points), mean(trimmed), adjusted))
    return found


def components(ratings: Sequence[Rating]) -> list[frozenset[str]]:
    """The experts in groups that share works, directly or through others; larger first.

    Between two groups nothing can be compared, and normalising across them is refused (rules.md).
    """
    leader: dict[str, str] = {}

    def root(node: str) -> str:
        while leader[node] != node:
            leader[node] = leader[leader[node]]
            node = leader[node]
        return node

    for rating in ratings:
        expert, work = f"e{rating.expert}", f"w{rating.work}"
        leader.setdefault(expert, expert)
        leader.setdefault(work, work)
        leader[root(work)] = root(expert)
    groups: dict[str, set[str]] = defaultdict(set)
    for expert in {rating.expert for rating in ratings}:
        groups[root(f"e{expert}")].add(expert)
    return sorted(map(frozenset, groups.values()), key=lambda group: (-len(group), min(group)))


def _against_others(rating: Rating, total: int, count: int) -> Fraction:
    return rating.points - Fraction(total - rating.points, count - 1)


def _effects(ratings: Sequence[Rating]) -> Mapping[str, float]:
    """The expert effects of `points = work + expert` by least squares, their mean 0 in every component.

    The works are eliminated first, so the system is experts × experts whatever the season's size.
    """
    experts = sorted({rating.expert for rating in ratings})
    place = {expert: at for at, expert in enumerate(experts)}
    groups: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for rating in ratings:
        groups[rating.work].append((place[rating.expert], rating.points))
    left, right = np.zeros((len(experts), len(experts))), np.zeros(len(experts))
    for group in groups.values():
        seats = np.array([seat for seat, _ in group])
        points = np.array([value for _, value in group], dtype=float)
        left[np.ix_(seats, seats)] -= 1 / len(group)
        left[seats, seats] += 1
        right[seats] += points - points.mean()
    solution = np.linalg.lstsq(left, right, rcond=None)[0] if experts else right
    return _centred({expert: float(solution[at]) for expert, at in place.items()}, components(ratings))


def _centred(effects: dict[str, float], groups: Sequence[frozenset[str]]) -> dict[str, float]:
    for group in groups:
        middle = sum(effects[expert] for expert in group) / len(group)
        for expert in group:
            effects[expert] -= middle
    return effects
