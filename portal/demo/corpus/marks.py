"""Plausible marks: a work has its quality, an expert her severity, and the rubric its levels.

In a season of sixty with some fifteen works above 100 万元 about three reach 95 points, and the other tiers are filled
below them; one sheet in sixty stands far apart from the others, so that a gap of 15 points turns up a few times.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.demo.corpus.dice import dice

_GOLDEN = 0.6180339887498949  # its multiples spread evenly over 0..1, wherever the numbers of the works begin
_WORST, _SPAN = 0.47, 0.54
_SEVEREST, _MILDEST = -0.04, 0.035
_DISSENT, _ONE_DISSENT_IN = 0.27, 60


@dataclass(frozen=True)
class Choice:
    """One level that is open for a criterion, from the best to the least; ranges are the rubric's."""

    level: str
    low: int
    high: int


def marks(
    work: object, expert: object, open_levels: Mapping[str, Sequence[Choice]], seed: object
) -> dict[str, tuple[str, int]]:
    """criterion → (level, points). A criterion with one open level (the verified amount binds it) keeps it.

    `work` as a running number gives an even spread of quality.
    """
    rng = dice("marks", seed, work, expert)
    view = quality(work, seed) + dice("severity", seed, expert).uniform(_SEVEREST, _MILDEST)
    if rng.randrange(_ONE_DISSENT_IN) == 0:
        view -= _DISSENT
    liking = dice("liking", seed, work)
    return {
        code: _mark(view + liking.gauss(0, 0.03) + rng.gauss(0, 0.02), levels) for code, levels in open_levels.items()
    }


def quality(work: object, seed: object) -> float:
    """From 0.47 to 1.01."""
    rng = dice("quality", seed)
    even = rng.random() + work * _GOLDEN if isinstance(work, int) else _chance(seed, work)
    return _WORST + _SPAN * (even % 1)


def _chance(*parts: object) -> float:
    source: random.Random = dice("quality", *parts)
    return source.random()


def _mark(view: float, levels: Sequence[Choice]) -> tuple[str, int]:
    """The point at `view` of the way from the lowest to the highest, and the level that it lies in."""
    lowest, highest = min(level.low for level in levels), max(level.high for level in levels)
    points = round(lowest + (highest - lowest) * min(1.0, max(0.0, view)))
    level = max((level for level in levels if level.low <= points), key=lambda level: level.low)
    return level.level, min(points, level.high)
