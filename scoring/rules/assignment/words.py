"""The sentences of an impossible assignment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from scoring.rules.assignment.flows import most_sheets, obstacle
from scoring.rules.assignment.grid import Grid, Whole

LISTED, LEVELS = 5, 3


@dataclass(frozen=True)
class Names:
    """What ids are called; an id without a name stands for itself."""

    known: Mapping[str, str]

    def of(self, one: str) -> str:
        return self.known.get(one, one)

    def listed(self, ids: Iterable[str], unit: str) -> str:
        """“A1、A2” or, of many, “A1、A2、A3、A4、A5 等 12 项”."""
        ordered = sorted(ids)
        text = "、".join(self.of(one) for one in ordered[:LISTED])
        return text if len(ordered) <= LISTED else f"{text} 等 {len(ordered)} {unit}"

    def works(self, grid: Grid, rows: Whole) -> str:
        return "成果 " + self.listed((grid.rows[row] for row in rows), "项")

    def experts(self, grid: Grid, columns: Whole) -> str:
        return "专家 " + self.listed((grid.columns[column] for column in columns), "名")


def why(grid: Grid, rows: Whole, columns: Whole, names: Names) -> str:
    """One sentence on the irreducible set."""
    part = grid.part(rows, columns)
    if len(part.short_rows()):
        return _short(grid, int(rows[0]), names)
    works, sheets = names.works(grid, rows), part.sheets
    if (most := most_sheets(part)) < sheets:
        experts = names.experts(grid, columns) if len(columns) else "（没有专家）"
        return f"{works} 共需 {sheets} 份评审，可评的只有{experts}，除去回避并按各人的件数上限最多承担 {most} 份。"
    if (part.held > part.caps).any():
        over = np.flatnonzero(part.held > part.caps)
        return f"{works} 在 fixed 中指定给{names.experts(part, over)}，超过了件数上限。"
    return _uneven(part, works, names)


def _short(grid: Grid, row: int, names: Names) -> str:
    work, wanted, fixed = names.of(grid.rows[row]), grid.wanted[row], grid.fixed[row].sum()
    if fixed > wanted:
        return f"成果 {work} 在 fixed 中指定了 {fixed} 名专家，而每项成果只要 {wanted} 名。"
    alike = len(grid.short_rows())
    return (
        f"成果 {work} 除去回避后只有 {grid.able[row].sum()} 名专家可评，需要 {wanted} 名（这样的成果共 {alike} 项）。"
    )


def _uneven(part: Grid, works: str, names: Names) -> str:
    shared = f"{works} 共需 {part.sheets} 份评审，由{names.experts(part, np.arange(len(part.columns)))} 分担"
    if not part.levels:
        return f"{shared}，件数相差不超过 {part.balance} 时总数对不上。"
    cases = [_at_level(part, level, names) for level in part.levels[:LEVELS]]
    return f"{shared}，件数相差不可能不超过 {part.balance}：{'；'.join(cases)}。"


def _at_level(part: Grid, level: int, names: Names) -> str:
    low, high = part.bounds(level)
    prices = obstacle(part, low, high)
    if prices is None:
        raise RuntimeError("a set that can be shared is called impossible")
    them, others = prices != 0, prices == 0
    who, held = names.experts(part, np.flatnonzero(them)), int(part.held[them].sum())
    if (prices > 0).any():
        forced = held + int(np.maximum(part.need - part.open[:, others].sum(axis=1), 0).sum())
        return f"每人 {level} 到 {level + part.balance} 件时，{who} 要承担 {forced} 件，最多只许 {high[them].sum()} 件"
    able = held + int(np.minimum(part.need, part.open[:, them].sum(axis=1)).sum())
    return f"每人 {level} 到 {level + part.balance} 件时，{who} 至少应有 {low[them].sum()} 件，除去回避最多 {able} 件"
