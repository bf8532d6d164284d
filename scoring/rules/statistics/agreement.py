"""How far the experts agree: Krippendorff's α for interval data, and the intraclass correlation of one rating.

Both are exact. Both take what is missing as missing: works may have any number of ratings, and those with one alone
say nothing about agreement and are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction


def krippendorff_alpha(works: Iterable[Sequence[int]]) -> Fraction | None:
    """1 − observed / expected disagreement, with squared differences (Krippendorff 2011, interval metric).

    None when no work has two ratings, or when all ratings are equal: then there is nothing to disagree about.
    """
    pairable = [work for work in works if len(work) > 1]
    everything = [points for work in pairable for points in work]
    expected = _squared_differences(everything)
    if not expected:
        return None
    observed = _sum((_squared_differences(work), len(work) - 1) for work in pairable)
    return 1 - (len(everything) - 1) * observed / expected


def icc(works: Iterable[Sequence[int]]) -> Fraction | None:
    """ICC(1), one-way random effects, of a single rating: how much of the variance lies between the works.

    The experts of a work are a choice of many, so there is no expert effect in the model (Shrout and Fleiss 1979, case
    1). For unequal numbers of ratings the mean number is n₀ = (N − Σn²/N) / (works − 1). None without two works with
    two ratings, or when all ratings are equal.
    """
    groups = [work for work in works if len(work) > 1]
    total = sum(map(len, groups))
    if len(groups) < 2:
        return None
    # Σ n (mean − grand mean)² = Σ sum²/n − (grand sum)²/N
    squares = _sum((sum(work) ** 2, len(work)) for work in groups)
    between = (squares - Fraction(sum(map(sum, groups)) ** 2, total)) / (len(groups) - 1)
    within = _sum((_squared_differences(work), 2 * len(work)) for work in groups) / (total - len(groups))
    typical = (total - Fraction(sum(len(work) ** 2 for work in groups), total)) / (len(groups) - 1)
    whole = between + (typical - 1) * within
    return (between - within) / whole if whole else None


def _squared_differences(points: Sequence[int]) -> int:
    """Σ (x − y)² over all ordered pairs: 2n times Σ (x − mean)²."""
    return 2 * (len(points) * sum(x * x for x in points) - sum(points) ** 2)


def _sum(fractions: Iterable[tuple[int, int]]) -> Fraction:
    """Σ top / below, exact; a season has few different numbers below the line."""
    tops: Counter[int] = Counter()
    for top, below in fractions:
        tops[below] += top
    return sum((Fraction(top, below) for below, top in tops.items()), Fraction(0))
