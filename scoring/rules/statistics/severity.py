"""Who marks low, who marks high, and what a work would have with any other typical value."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import fmean

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


def leanings(ratings: Sequence[Rating], known: Mapping[str, float] | None = None) -> list[Leaning]:
    """One line an expert, in order of id. `known`: the `effects` of these ratings, where they were computed already."""
    totals = {work: (sum(points), len(points)) for work, points in by_work(ratings).items()}
    each = effects(ratings) if known is None else known
    found = []
    for expert, own in by_expert(ratings).items():
        points = [rating.points for rating in own]
        against = _against_others([(rating.points, *totals[rating.work]) for rating in own])
        found.append(Leaning(expert, len(own), mean(points), against, each[expert], float(np.std(points))))
    return found


def typicals(
    ratings: Sequence[Rating], beside: Sequence[Rating] = (), known: Mapping[str, float] | None = None
) -> list[Typical]:
    """One line a work, in order of id: mean, median, mean without one highest and one lowest, additive model.

    `beside`: ratings that count for no work and tell of the experts alone (calibration). `known`: the `effects` of all.
    """
    each = effects([*ratings, *beside]) if known is None else known
    groups: dict[str, list[Rating]] = defaultdict(list)
    for rating in ratings:
        groups[rating.work].append(rating)
    found = []
    for work, own in sorted(groups.items()):
        points = sorted(rating.points for rating in own)
        trimmed = points[1:-1] if len(points) >= _TRIM_FROM else points
        adjusted = fmean(rating.points - each[rating.expert] for rating in own)
        found.append(Typical(work, mean(points), median(points), mean(trimmed), adjusted))
    return found


def components(ratings: Sequence[Rating]) -> list[frozenset[str]]:
    """The experts in groups that share works, directly or through others; larger first.

    Between two groups nothing can be compared, and normalising across them is refused (rules.md).
    """
    leader: dict[str, str] = {}
    first: dict[str, str] = {}

    def root(node: str) -> str:
        while leader[node] != node:
            leader[node] = leader[leader[node]]
            node = leader[node]
        return node

    for rating in ratings:
        leader.setdefault(rating.expert, rating.expert)
        leader[root(first.setdefault(rating.work, rating.expert))] = root(rating.expert)
    groups: dict[str, set[str]] = defaultdict(set)
    for expert in leader:
        groups[root(expert)].add(expert)
    return sorted(map(frozenset, groups.values()), key=lambda group: (-len(group), min(group)))


def _against_others(own: Iterable[tuple[int, int, int]]) -> Fraction | None:
    """The mean distance from the others on the same works; `own`: (own points, total, number) of the ratings of each.

    p − (total − p) / (n − 1) = (n·p − total) / (n − 1): whole numbers are added up first, for each n alone.
    """
    away: Counter[int] = Counter()
    shared = 0
    for points, total, count in own:
        if count > 1:
            shared += 1
            away[count - 1] += count * points - total
    return sum((Fraction(top, below) for below, top in away.items()), Fraction(0)) / shared if shared else None


def effects(ratings: Sequence[Rating]) -> Mapping[str, float]:
    """The expert effects of `points = work + expert` by least squares, their mean 0 in every component.

    The works are eliminated first, so the system is experts × experts whatever the season's size. Works with equally
    many ratings are taken together.
    """
    place = {expert: at for at, expert in enumerate(sorted({rating.expert for rating in ratings}))}
    works: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for rating in ratings:
        works[rating.work].append((place[rating.expert], rating.points))
    alike: dict[int, list[list[tuple[int, int]]]] = defaultdict(list)
    for group in works.values():
        alike[len(group)].append(group)
    left, right = np.zeros((len(place), len(place))), np.zeros(len(place))
    for size, groups in alike.items():
        table = np.array(groups)
        seats, points = table[:, :, 0], table[:, :, 1].astype(float)
        np.add.at(left, (seats[:, :, None], seats[:, None, :]), -1 / size)
        np.add.at(left, (seats, seats), 1)
        np.add.at(right, seats, points - points.mean(axis=1, keepdims=True))
    solution = np.linalg.lstsq(left, right, rcond=None)[0] if place else right
    return _centred({expert: float(solution[at]) for expert, at in place.items()}, components(ratings))


def _centred(found: dict[str, float], groups: Sequence[frozenset[str]]) -> dict[str, float]:
    for group in groups:
        middle = sum(found[expert] for expert in group) / len(group)
        for expert in group:
            found[expert] -= middle
    return found
