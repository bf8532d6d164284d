"""The cheapest changes that make an impossible assignment possible, each tried on the whole problem.

Where several sets are impossible at once and one change does not help them all, it is tried on the explained set.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from scoring.rules.assignment.flows import possible
from scoring.rules.assignment.grid import Grid, Whole
from scoring.rules.assignment.levels import NO_LIMIT
from scoring.rules.assignment.problem import Problem
from scoring.rules.assignment.words import LISTED, Names

FIRST_ONLY = "（先解决这一组，其余的再计算）"
AT_LEAST_TRIED, MOST_HIRED, TRIED_SINGLY = 5, 200, 20


@dataclass(frozen=True)
class Remedy:
    """`changed` gives the grid after so many steps, at most `most`; `cost` and `text` are of that many steps."""

    most: int
    changed: Callable[[Grid, int], Grid]
    cost: Callable[[int], int]
    text: Callable[[int], str]


def remedies(problem: Problem, grid: Grid, rows: Whole, columns: Whole, names: Names) -> list[str]:
    """Phrases, the cheapest first: by how many experts, sheets or pairs each changes."""
    if found := _working(_offers(problem, grid, rows, columns, names), grid):
        return found
    part = grid.part(rows, columns)
    places = np.arange(len(rows)), np.arange(len(columns))
    found = _working(_offers(problem, part, *places, names), part)
    return [text + FIRST_ONLY for text in found or _with_hiring(problem, part, *places, names)]


def _with_hiring(problem: Problem, grid: Grid, rows: Whole, columns: Whole, names: Names) -> list[str]:
    """Where nothing helps by itself: the fewest new experts beside whom something does."""
    hire = _hire(problem, grid, rows, names)
    for count in range(1, min(hire.most, TRIED_SINGLY) + 1):
        wider = hire.changed(grid, count)
        if found := _working(_eased(wider, rows, columns, names), wider):
            return [f"{hire.text(count)}，并{text}" for text in found]
    unfixed = "，并取消 fixed 中的指定" if grid.fixed.any() else ""
    return [hire.text(problem.per_achievement) + unfixed]


def _working(offers: Iterable[Remedy], grid: Grid) -> list[str]:
    found = []
    for remedy in offers:
        amount = _amount(remedy, grid)
        if amount is not None:
            found.append((remedy.cost(amount), remedy.text(amount)))
    return [text for _, text in sorted(found, key=lambda pair: pair[0])]


def _amount(remedy: Remedy, grid: Grid) -> int | None:
    """A few steps are tried one by one: more experts need not be easier to keep level. Many are halved."""

    def helps(amount: int) -> bool:
        return possible(remedy.changed(grid, amount))

    if remedy.most <= TRIED_SINGLY:
        return next((amount for amount in range(1, remedy.most + 1) if helps(amount)), None)
    return least_helping(remedy.most, helps)


def _offers(problem: Problem, grid: Grid, rows: Whole, columns: Whole, names: Names) -> Iterator[Remedy]:
    yield _hire(problem, grid, rows, names)
    yield from _eased(grid, rows, columns, names)


def _eased(grid: Grid, rows: Whole, columns: Whole, names: Names) -> Iterator[Remedy]:
    yield _ask_fewer(grid, rows, names)
    capped = columns[grid.caps[columns] < NO_LIMIT]
    if len(capped):
        yield _raise_maximum(grid, capped, names)
    able, even = grid.able.sum(axis=0), grid.sheets // max(1, len(grid.columns))
    rare = np.flatnonzero((able < even) & (able < grid.caps))
    if 0 < len(rare) <= LISTED:
        yield _limit(grid, able, rare, names)
    yield _widen_balance(grid)
    if grid.fixed[rows].any():
        yield _unfix(grid, rows, names)


def _hire(problem: Problem, grid: Grid, rows: Whole, names: Names) -> Remedy:
    counted = Counter(problem.achievement[grid.rows[row]].industry for row in rows)
    industry = min(counted, key=lambda one: (-counted[one], one))
    knows = f"熟悉 {names.of(industry)}、" if industry else ""
    return Remedy(
        min(max(problem.per_achievement, AT_LEAST_TRIED), MOST_HIRED),
        _with_experts,
        lambda count: count,
        lambda count: f"增聘 {count} 名{knows}与这些成果没有回避关系的专家",
    )


def _with_experts(grid: Grid, count: int) -> Grid:
    def wider(table: np.ndarray, value: int) -> np.ndarray:
        return np.pad(table, ((0, 0), (0, count)), constant_values=value)

    return replace(
        grid,
        columns=grid.columns + tuple(f"+{number}" for number in range(count)),
        worth=wider(grid.worth, 0),
        open=wider(grid.open, True),
        fixed=wider(grid.fixed, False),
        caps=np.append(grid.caps, np.full(count, NO_LIMIT)),
    )


def _ask_fewer(grid: Grid, rows: Whole, names: Names) -> Remedy:
    """One or more experts fewer for these achievements, and for all that are short in the same way."""
    short = grid.short_rows()
    asked = short if len(short) else rows

    def changed(whole: Grid, fewer: int) -> Grid:
        wanted = whole.wanted.copy()
        wanted[asked] -= fewer
        return replace(whole, wanted=wanted)

    most = int(grid.wanted[asked].min()) if len(asked) else 0
    return Remedy(
        most - 1,
        changed,
        lambda fewer: fewer * len(asked),
        lambda fewer: f"把{names.works(grid, asked)} 的专家数由 {most} 名减为 {most - fewer} 名",
    )


def _raise_maximum(grid: Grid, capped: Whole, names: Names) -> Remedy:
    def changed(whole: Grid, more: int) -> Grid:
        caps = whole.caps.copy()
        caps[capped] += more
        return replace(whole, caps=caps)

    return Remedy(
        len(grid.rows),
        changed,
        lambda more: more * len(capped),
        lambda more: f"把{names.experts(grid, capped)} 的件数上限（max_load）各提高 {more} 件",
    )


def _widen_balance(grid: Grid) -> Remedy:
    def changed(whole: Grid, more: int) -> Grid:
        return replace(whole, balance=whole.balance + more)

    return Remedy(
        grid.sheets,
        changed,
        lambda more: more,
        lambda more: f"把允许的件数相差（balance）由 {grid.balance} 放宽到 {grid.balance + more}",
    )


def _limit(grid: Grid, able: Whole, rare: Whole, names: Names) -> Remedy:
    """A maximum of their own for experts who may judge so little that nobody else can be level with them."""

    def changed(whole: Grid, _: int) -> Grid:
        caps = whole.caps.copy()
        caps[rare] = np.minimum(caps[rare], able[rare])
        return replace(whole, caps=caps)

    limits = "、".join(f"{names.of(grid.columns[one])} {able[one]} 件" for one in rare)
    return Remedy(1, changed, lambda _: len(rare), lambda _: f"给回避太多的专家定件数上限（max_load）：{limits}")


def _unfix(grid: Grid, rows: Whole, names: Names) -> Remedy:
    def changed(whole: Grid, _: int) -> Grid:
        fixed = whole.fixed.copy()
        fixed[rows] = False
        return replace(whole, open=whole.open | (whole.fixed & ~fixed), fixed=fixed)

    pairs = int(grid.fixed[rows].sum())
    return Remedy(1, changed, lambda _: pairs, lambda _: f"取消 fixed 中{names.works(grid, rows)} 的 {pairs} 个指定")


def least_helping(most: int, helps: Callable[[int], bool]) -> int | None:
    """The least amount from 1 to `most` that helps, more helping no less; None when not even `most` does."""
    if most < 1 or not helps(most):
        return None
    low, high = 0, 1
    while high < most and not helps(high):
        low, high = high, high * 2
    high = min(high, most)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if helps(middle) else (middle, high)
    return high
