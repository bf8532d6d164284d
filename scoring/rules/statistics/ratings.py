"""The one input of all statistics."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scoring.rules.sheets import Sheet


@dataclass(frozen=True, slots=True)
class Rating:
    """One expert's total on one achievement, in points."""

    work: str
    expert: str
    points: int


def ratings_of(sheets: Iterable[Sheet]) -> list[Rating]:
    return [Rating(sheet.achievement, sheet.expert, sheet.total) for sheet in sheets]


def by_work(ratings: Iterable[Rating]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for rating in ratings:
        found[rating.work].append(rating.points)
    return dict(found)


def by_expert(ratings: Sequence[Rating]) -> dict[str, list[Rating]]:
    found: dict[str, list[Rating]] = defaultdict(list)
    for rating in ratings:
        found[rating.expert].append(rating)
    return dict(sorted(found.items()))
