"""Plausible marks: a work has its quality, an expert her severity, and the rubric its levels."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from portal.demo.corpus.dice import dice


@dataclass(frozen=True)
class Choice:
    """One level that is open for a criterion, from the best to the least; ranges are the rubric's."""

    level: str
    low: int
    high: int


def marks(
    work: object, expert: object, open_levels: dict[str, Sequence[Choice]], seed: object
) -> dict[str, tuple[str, int]]:
    """criterion → (level, points). A criterion with one open level (the verified amount binds it) keeps it."""
    quality = _quality(dice("quality", seed, work))
    rng = dice("marks", seed, work, expert)
    severity = dice("severity", seed, expert).uniform(-0.06, 0.05)
    odd = -0.22 if rng.random() < 0.02 else 0.0
    return {code: _mark(rng, levels, quality + severity + odd) for code, levels in open_levels.items()}


def _quality(rng: random.Random) -> float:
    """0 to 1; a few outstanding works, most of them solid."""
    return min(0.995, 0.60 + 0.40 * rng.betavariate(2.2, 1.9))


def _mark(rng: random.Random, levels: Sequence[Choice], quality: float) -> tuple[str, int]:
    value = max(0.0, min(1.0, quality + rng.gauss(0, 0.035)))
    place = 0 if len(levels) == 1 or value > 0.76 else 1 if value > 0.5 or len(levels) == 2 else 2
    level = levels[place]
    share = value if len(levels) == 1 else _inside(value, place)
    return level.level, level.low + round((level.high - level.low) * max(0.0, min(1.0, share)))


def _inside(value: float, place: int) -> float:
    """Where in its level a value lies."""
    low, high = ((0.76, 0.97), (0.5, 0.76), (0.2, 0.5))[place]
    return (value - low) / (high - low)
