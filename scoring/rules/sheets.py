"""Handed-in score sheets as plain values, and what makes a set of them impossible to count."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from scoring.rules.rubric import ECONOMIC, PATHS, Mark, Rubric, check_level, check_points, levels_for, total


@dataclass(frozen=True)
class Sheet:
    """One expert's sheet on one achievement; ids are opaque texts, `benefit_wan` the verified 万元 of one year."""

    achievement: str
    path: str
    expert: str
    marks: Mapping[str, Mark]
    benefit_wan: Decimal | None = None

    @cached_property
    def total(self) -> int:
        return total(self.marks)


@dataclass(frozen=True)
class Fault:
    """The sheet at `index` cannot stand: `key` inside the sheet, `reason` a Chinese sentence."""

    index: int
    key: str
    reason: str


def by_achievement(sheets: Sequence[Sheet]) -> dict[str, list[Sheet]]:
    """The sheets of each achievement, ids in code point order."""
    groups: dict[str, list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        groups[sheet.achievement].append(sheet)
    return dict(sorted(groups.items()))


def first_fault(sheets: Sequence[Sheet], rubric: Rubric) -> Fault | None:
    """The first sheet, in the order given, that contradicts the rubric, itself or an earlier sheet."""
    first: dict[str, Sheet] = {}
    seen: set[tuple[str, str]] = set()
    for index, sheet in enumerate(sheets):
        earlier = first.setdefault(sheet.achievement, sheet)
        faults = [*_clashes(sheet, earlier), *_own_faults(sheet, rubric)]
        if (sheet.achievement, sheet.expert) in seen:
            faults.insert(0, ("expert", "同一专家对同一成果只能有一张评分表。"))
        if faults:
            return Fault(index, *faults[0])
        seen.add((sheet.achievement, sheet.expert))
    return None


def _clashes(sheet: Sheet, earlier: Sheet) -> Iterator[tuple[str, str]]:
    if sheet.path != earlier.path:
        yield "path", "同一成果的各张评分表应按同一种效益计分。"
    elif sheet.path == ECONOMIC and sheet.benefit_wan != earlier.benefit_wan:
        yield "benefit_wan", "同一成果的各张评分表应有相同的核定效益。"


def _own_faults(sheet: Sheet, rubric: Rubric) -> Iterator[tuple[str, str]]:
    if sheet.path not in PATHS:
        yield "path", f"应为 {'、'.join(PATHS)} 之一。"
        return
    if sheet.benefit_wan is None and sheet.path == ECONOMIC:
        yield "benefit_wan", "按经济效益计分时必须有核定的年经济效益。"
    if sheet.benefit_wan is not None and sheet.benefit_wan <= 0:
        yield "benefit_wan", "核定的年经济效益应大于 0。"
    else:
        yield from _mark_faults(sheet, rubric)


def _mark_faults(sheet: Sheet, rubric: Rubric) -> Iterator[tuple[str, str]]:
    for code in sheet.marks:
        if code not in rubric.codes:
            yield f"marks.{code}", "评分标准中没有这一项。"
    for criterion in rubric.criteria:
        key = f"marks.{criterion.code}"
        if (mark := sheet.marks.get(criterion.code)) is None:
            yield key, f"缺少“{criterion.name}”的评分。"
        elif fault := check_level(criterion, sheet.path, mark.level, sheet.benefit_wan):
            yield f"{key}.level", fault
        else:
            chosen = next(level for level in levels_for(criterion, sheet.path) if level.code == mark.level)
            if fault := check_points(chosen, mark.points):
                yield f"{key}.points", fault
