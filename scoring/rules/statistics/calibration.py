"""How each expert marked the common entries, beside everybody else. Shown to the office, never put into a result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from scoring.rules.ranking import median
from scoring.rules.statistics.ratings import Rating, by_expert, by_work

LEAST_EXPERTS = 3  # the median of two is nobody's
LEAST_WORKS = 2
FAR_POINTS = 5  # severe or mild: the mean difference from the medians
UNEVEN_POINTS = 10  # severe on one work and mild on another
SEVERE, MILD, UNEVEN = "severe", "mild", "uneven"


@dataclass(frozen=True)
class Calibration:
    """One expert on the common entries she handed in, against the medians of all experts, exact, in points.

    `apart`: work → own points − median; `severity` is their mean (below 0 is severe), `spread` the largest minus the
    smallest. `deviates` names what is far off; empty while fewer than two works can be compared.
    """

    expert: str
    points: Mapping[str, int]
    apart: Mapping[str, Fraction]
    severity: Fraction | None
    spread: Fraction | None
    deviates: tuple[str, ...]


def medians(ratings: Sequence[Rating]) -> dict[str, Fraction]:
    """Work → median of all its ratings; only where at least three experts have rated it."""
    groups = by_work(ratings)
    return {work: median(points) for work, points in sorted(groups.items()) if len(points) >= LEAST_EXPERTS}


def calibrations(ratings: Sequence[Rating]) -> list[Calibration]:
    """One line an expert, in order of id; `ratings` are those of the common entries alone."""
    middle = medians(ratings)
    return [_line(expert, own, middle) for expert, own in by_expert(ratings).items()]


def _line(expert: str, own: Sequence[Rating], middle: Mapping[str, Fraction]) -> Calibration:
    points = {rating.work: rating.points for rating in own}
    apart = {work: given - middle[work] for work, given in points.items() if work in middle}
    if not apart:
        return Calibration(expert, points, {}, None, None, ())
    severity = sum(apart.values(), Fraction(0)) / len(apart)
    spread = max(apart.values()) - min(apart.values())
    return Calibration(expert, points, apart, severity, spread, _deviates(len(apart), severity, spread))


def _deviates(works: int, severity: Fraction, spread: Fraction) -> tuple[str, ...]:
    if works < LEAST_WORKS:
        return ()
    found = [SEVERE] if severity <= -FAR_POINTS else [MILD] if severity >= FAR_POINTS else []
    return (*found, UNEVEN) if spread >= UNEVEN_POINTS else tuple(found)
