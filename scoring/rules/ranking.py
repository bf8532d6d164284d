"""From sheets to a ranking, to the letter of `wuxiao-season/1` (rules.md, "From sheets to a score").

Only int and Fraction inside; a Decimal appears once, as the score rounded half up. Ids are compared by code point.
Choices where the text leaves room:
- `minimum_sheets` counts every sheet handed in, before trimming; `sheets_counted` is what trimming left, also for an
  achievement with too few sheets.
- The highest sheet is chosen first, then the lowest of the others; among equal totals the expert whose id sorts last.
- The mean of a criterion in a tie is over the counted sheets, whatever `aggregate` is (a median counts all of them).
- Any criterion with two paths, not only one called benefit, is passed over in a group, tied so far, that holds both;
  a later criterion may split that group, the passed one is not taken up again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from math import lcm
from operator import attrgetter

from scoring.rules.policy import MEDIAN, TRIMMED_MEAN, ScorePolicy
from scoring.rules.rubric import Criterion, Rubric
from scoring.rules.sheets import Sheet, by_achievement
from scoring.rules.tiers import Tier, tier_for

TOO_FEW = "too_few_sheets"


@dataclass(frozen=True)
class Row:
    """One line of the ranking; without enough sheets `rank` and `score` are None and `tier` is empty.

    `means` holds each criterion's exact mean over the counted sheets, `left_out` the trimmed experts (highest, lowest),
    `gap` the highest minus the lowest total of all sheets.
    """

    rank: int | None
    achievement: str
    score: Decimal | None
    tier: str
    sheets_counted: int
    remarks: tuple[str, ...]
    path: str
    means: Mapping[str, Fraction]
    left_out: tuple[str, ...]
    gap: int

    @property
    def remark(self) -> str:
        return ";".join(self.remarks)


def rank(sheets: Sequence[Sheet], policy: ScorePolicy, tiers: Sequence[Tier], rubric: Rubric) -> list[Row]:
    """The ranking of all achievements that have a sheet. The sheets must be free of faults (`sheets.first_fault`)."""
    return placed([line(group, policy, tiers, rubric) for group in by_achievement(sheets).values()], rubric.tie_order)


def placed(lines: Sequence[Row], ties: Sequence[Criterion]) -> list[Row]:
    """Lines in order of id, ranked by score and then by `ties`; those without a score come last, without a rank."""
    ranked: list[Row] = []
    for group in _in_order([row for row in lines if row.score is not None], ties):
        place = len(ranked) + 1
        ranked.extend(replace(row, rank=place) for row in group)
    return ranked + [row for row in lines if row.score is None]


def trim(sheets: Sequence[Sheet], policy: ScorePolicy) -> tuple[list[Sheet], tuple[Sheet, ...]]:
    """(what counts, what is left out): one highest, then of the rest one lowest, from `trim_from` sheets on."""
    if policy.aggregate != TRIMMED_MEAN or len(sheets) < policy.trim_from:
        return list(sheets), ()
    highest = max(sheets, key=attrgetter("total", "expert"))
    rest = [sheet for sheet in sheets if sheet is not highest]
    if not rest:
        return [], (highest,)
    least = min(sheet.total for sheet in rest)
    lowest = max((sheet for sheet in rest if sheet.total == least), key=attrgetter("expert"))
    return [sheet for sheet in rest if sheet is not lowest], (highest, lowest)


def mean(values: Sequence[int]) -> Fraction:
    """The exact mean; 0 of no values, which only an achievement with too few sheets can have."""
    return Fraction(sum(values), len(values) or 1)


def median(values: Sequence[int]) -> Fraction:
    """The middle value, or the exact mean of the two in the middle."""
    ordered, half = sorted(values), len(values) // 2
    return Fraction(ordered[half]) if len(values) % 2 else Fraction(ordered[half - 1] + ordered[half], 2)


def round_half_up(value: Fraction, decimals: int) -> Decimal:
    """`value` ≥ 0 with exactly `decimals` digits; 94.995 becomes 95.00."""
    units = (2 * value.numerator * 10**decimals + value.denominator) // (2 * value.denominator)
    return Decimal((0, tuple(map(int, str(units))), -decimals))


def score(counted: Sequence[Sheet], policy: ScorePolicy) -> Decimal:
    """The exact mean or median of the totals, rounded once."""
    exact = median if policy.aggregate == MEDIAN else mean
    return round_half_up(exact([sheet.total for sheet in counted]), policy.decimals)


def points_of(sheets: Sequence[Sheet], policy: ScorePolicy) -> Decimal | None:
    """The score that all handed-in sheets of one achievement make; None with fewer than the policy's minimum."""
    return score(trim(sheets, policy)[0], policy) if len(sheets) >= policy.minimum_sheets else None


def gap(sheets: Sequence[Sheet]) -> int:
    """最高分与最低分之差, over all sheets handed in."""
    totals = [sheet.total for sheet in sheets]
    return max(totals) - min(totals)


def remarks(sheets: int, apart: int, policy: ScorePolicy) -> tuple[str, ...]:
    """Of an achievement with so many sheets, whose totals lie `apart`."""
    found = [TOO_FEW] if sheets < policy.minimum_sheets else []
    if apart >= policy.outlier_gap:
        found.append(f"gap:{apart}")
    return tuple(found)


def line(sheets: Sequence[Sheet], policy: ScorePolicy, tiers: Sequence[Tier], rubric: Rubric) -> Row:
    """One achievement's line from all its sheets, before it has its place: `rank` is None."""
    (counted, left_out), apart = trim(sheets, policy), gap(sheets)
    points = score(counted, policy) if len(sheets) >= max(policy.minimum_sheets, 1) else None
    return Row(
        rank=None,
        achievement=sheets[0].achievement,
        score=points,
        tier="" if points is None else tier_for(points, tiers),
        sheets_counted=len(counted),
        remarks=remarks(len(sheets), apart, policy),
        path=sheets[0].path,
        means={code: mean([sheet.marks[code].points for sheet in counted]) for code in rubric.codes},
        left_out=tuple(sheet.expert for sheet in left_out),
        gap=apart,
    )


def _in_order(rows: Sequence[Row], ties: Sequence[Criterion]) -> list[list[Row]]:
    """Groups that share a rank, best first; inside a group in order of id (as `rows` come)."""
    best_first = sorted(rows, key=attrgetter("score"), reverse=True)
    tied = [list(group) for _, group in groupby(best_first, key=attrgetter("score"))]
    return [part for group in tied for part in _untie(group, ties)]


def _untie(group: list[Row], criteria: Sequence[Criterion]) -> list[list[Row]]:
    if len(group) == 1 or not criteria:
        return [group]
    criterion, *others = criteria
    if criterion.paths and len({row.path for row in group}) > 1:
        return _untie(group, others)

    means = [row.means[criterion.code] for row in group]
    common = lcm(*(exact.denominator for exact in means))

    def by(row: Row) -> int:  # over one denominator: whole numbers are compared many times faster than fractions
        exact = row.means[criterion.code]
        return exact.numerator * (common // exact.denominator)

    parts = [list(part) for _, part in groupby(sorted(group, key=by, reverse=True), key=by)]
    return [piece for part in parts for piece in _untie(part, others)]
