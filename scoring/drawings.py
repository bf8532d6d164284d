"""Where the marks of the judgement's small pictures stand: plain geometry, drawn by the templates as SVG."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

Points: TypeAlias = int | Decimal

# The strip of one row of the ranking: totals from left to right, equal ones above one another.
STRIP_LEFT, STRIP_WIDE = 6.0, 168.0
STRIP_ROWS = (12.0, 5.5, 18.5)
HIGHEST = 100

# An expert's own distribution: nine columns of five points; the first holds all that is lower.
_COLUMN, _GAP, _TALL = 20, 22, 36
_BINS = (None, 60, 65, 70, 75, 80, 85, 90, 95)

_TICK = 6

# The histogram of a round: one column a point.
_BAR, _STEP, _BASE, _HEIGHT = 22, 24, 96, 76


@dataclass(frozen=True)
class Dot:
    x: str
    y: str
    left_out: bool


@dataclass(frozen=True)
class Strip:
    """`words` says the same as the dots: “E1A2B3C4 95、…”."""

    dots: tuple[Dot, ...]
    low_x: str
    high_x: str
    score_x: str
    words: str


@dataclass(frozen=True)
class Bar:
    x: int
    y: str
    height: str
    tier: str
    label: str
    label_x: int


@dataclass(frozen=True)
class Line:
    x: int
    name: str
    floor: Decimal


def strip_floor(totals: Iterable[int]) -> int:
    """The left end of all strips of a page: a full ten under the lowest total, at most 80."""
    return min(80, min(totals, default=80) // 10 * 10)


def strip(sheets: Sequence[tuple[str, int, bool]], score: Decimal | None, floor: int) -> Strip:
    """`sheets` are (pseudonym, total, left out); `score` draws the line.

    The words are the marks in order and nobody's: with the assignment beside them a name could be found to each.
    """
    seen: Counter[int] = Counter()
    dots = []
    for _, total, left_out in sorted(sheets, key=lambda one: (one[1], one[2], one[0])):
        dots.append(Dot(_place(total, floor), f"{STRIP_ROWS[seen[total] % len(STRIP_ROWS)]:g}", left_out))
        seen[total] += 1
    marks = sorted((total, out) for _, total, out in sheets)
    words = "、".join(f"{total} 分{'（不计）' if out else ''}" for total, out in marks)
    ends = [total for _, total, _ in sheets] or [floor]
    mark = "" if score is None else _place(score, floor)
    return Strip(tuple(dots), _place(min(ends), floor), _place(max(ends), floor), mark, words)


def _place(points: Points, floor: int) -> str:
    share = (float(points) - floor) / (HIGHEST - floor)
    return f"{STRIP_LEFT + STRIP_WIDE * min(1.0, max(0.0, share)):.1f}"


def ticks(done: Sequence[bool], place: int) -> list[tuple[str, str]]:
    """(class, path) of an expert's sheets in order: done, the one at `place` (from 1), to do; a path each."""
    kinds = ["c" if at + 1 == place else "d" if finished else "t" for at, finished in enumerate(done)]
    drawn = {
        kind: "".join(f"M{_TICK * at} 0h4.5v10h-4.5z" for at, one in enumerate(kinds) if one == kind) for kind in "dct"
    }
    return [(kind, path) for kind, path in drawn.items() if path]


def ticks_width(count: int) -> str:
    return f"{_TICK * count - 1.5:g}"


def own_distribution(totals: Iterable[Points]) -> list[Bar]:
    """Columns of an expert's totals, in steps of five points."""
    counts: Counter[int] = Counter(_bin(total) for total in totals)
    most = max(counts.values(), default=0) or 1
    bars = []
    for place, low in enumerate(_BINS):
        tall = _TALL * counts[place] / most
        label = "<60" if low is None else str(low) if place % 2 == 0 else ""
        bars.append(Bar(1 + place * _GAP, f"{44 - tall:.1f}", f"{tall:.1f}", "", label, 11 + place * _GAP))
    return bars


def _bin(total: Points) -> int:
    return max(place for place, low in enumerate(_BINS) if low is None or low <= total)


def histogram(
    scores: Sequence[Decimal], tiers: Sequence[tuple[str, Decimal]]
) -> tuple[int, list[Bar], list[Line], int]:
    """(left end, one bar a point, the tiers' lines, how many lie left of it); `tiers` from the highest."""
    low = min([70, *(int(floor) // 5 * 5 for _, floor in tiers)])
    counts = Counter(min(HIGHEST - 1, int(score)) for score in scores if score >= low)
    most = max(counts.values(), default=0) or 1
    bars = []
    for place, point in enumerate(range(low, HIGHEST)):
        tall = _HEIGHT * counts[point] / most
        label = str(point) if point % 5 == 0 else ""
        letter = _letter(Decimal(point), [floor for _, floor in tiers])
        bars.append(Bar(1 + place * _STEP, f"{_BASE - tall:.1f}", f"{tall:.1f}", letter, label, place * _STEP))
    lines = [Line(int((floor - low) * _STEP), name, floor) for name, floor in tiers]
    return low, bars, lines, sum(score < low for score in scores)


def _letter(point: Decimal, floors: Sequence[Decimal]) -> str:
    """The shade of a tier: a for the highest down to e for none."""
    reached = next((place for place, floor in enumerate(floors) if floor <= point), 4)
    return "abcde"[min(reached, 4)]
