"""What deserves a second look in how an expert or a panel marked. A pattern is a question to ask, never a verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from statistics import fmean, pstdev, variance

from scoring.rules.ranking import mean
from scoring.rules.statistics.ratings import Rating, by_expert, by_work

CONSTANT, QUICK, FAR_OFF = "constant", "quick", "far_off"
LEAST_SHEETS = 5
CONSTANT_SHARE = 0.8
QUICK_SECONDS = 30
FAR_OFF_POINTS = 5
FAR_OFF_ERRORS = 3


@dataclass(frozen=True)
class Pattern:
    """`who` is an expert's id (constant, quick) or a panel's name (far_off); `count` of `total` sheets show it.

    `points` is the total given again and again (constant), the mean seconds a sheet (quick) or the mean distance from
    the other panels in points (far_off).
    """

    kind: str
    who: str
    count: int
    total: int
    points: int


def patterns(
    ratings: Sequence[Rating],
    handed_in: Mapping[str, Sequence[tuple[datetime, datetime]]],
    panels: Mapping[str, str],
) -> list[Pattern]:
    """All patterns in order of kind and name.

    `handed_in`: expert → (first opened, last saved) of each handed-in sheet; `panels`: expert → panel, may be empty.
    """
    found = [*_constant(ratings), *_quick(handed_in), *_far_off(ratings, panels)]
    return sorted(found, key=lambda pattern: (pattern.kind, pattern.who))


def _constant(ratings: Sequence[Rating]) -> Iterable[Pattern]:
    """The same total on four fifths of at least five sheets."""
    for expert, own in by_expert(ratings).items():
        points, count = Counter(rating.points for rating in own).most_common(1)[0]
        if len(own) >= LEAST_SHEETS and count >= CONSTANT_SHARE * len(own):
            yield Pattern(CONSTANT, expert, count, len(own), points)


def _quick(handed_in: Mapping[str, Sequence[tuple[datetime, datetime]]]) -> Iterable[Pattern]:
    """Sheets that were opened for less than half a minute."""
    for expert, times in handed_in.items():
        took = [done - begun for begun, done in times]
        quick = sum(span < timedelta(seconds=QUICK_SECONDS) for span in took)
        if quick:
            typical = sum(took, timedelta()) / len(took)
            yield Pattern(QUICK, expert, quick, len(took), round(typical.total_seconds()))


def _far_off(ratings: Sequence[Rating], panels: Mapping[str, str]) -> Iterable[Pattern]:
    """A panel whose mean is far from the mean of the others.

    Far: at least FAR_OFF_POINTS, more than twice the spread among the other panels, and more than FAR_OFF_ERRORS
    standard errors of the difference, so that a panel with few works, or works of very different worth, is not named
    for its luck.
    """
    groups: dict[str, list[Rating]] = {}
    for rating in ratings:
        if rating.expert in panels:
            groups.setdefault(panels[rating.expert], []).append(rating)
    levels = {panel: _level(own) for panel, own in groups.items()}
    for panel, (own, error) in levels.items():
        others = [level for name, level in levels.items() if name != panel]
        if not others:
            continue
        away = own - sum(mean for mean, _ in others) / len(others)
        doubt = sqrt(error + sum(square for _, square in others) / len(others) ** 2)
        if abs(away) >= max(FAR_OFF_POINTS, 2 * pstdev(mean for mean, _ in others), FAR_OFF_ERRORS * doubt):
            yield Pattern(FAR_OFF, panel, len(groups[panel]), len(ratings), round(away))


def _level(ratings: Sequence[Rating]) -> tuple[float, float]:
    """(mean of the works' means, its squared standard error): the works are the sample, not their sheets."""
    means = [float(mean(points)) for points in by_work(ratings).values()]
    square = variance(means) / len(means) if len(means) > 1 else 0.0
    return fmean(means), square
