"""The rubric (评分标准) as data: 002 附件1 一(二), or another city's of the same shape.

Shape of a preset's `[rubric]` section (a season file embeds the same `criteria`):

    id = "jincheng-2021"; version = 1
    criteria = [{code, name, tie, levels = [...]}  or  {code, name, tie, paths = [{code, name, levels = [...]}, ...]}]
    levels   = [{code, text, low, high, amount_from?}, ...]   from the highest to the lowest

`tie` is the criterion's place (1 first) when equal scores are told apart. A criterion with `paths` is scored on one of
two roads, `economic` or `social` (取其中一种计分). `amount_from`, a decimal string in 万元 of one year, stands on every
level of an economic road or on none and binds the level to the verified amount, lower bound included ((P) 100 万元
is “100 万元以上”). The social road is scored literally, so its total ends at 95 (002); scaling it to 25 is not offered.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path

from scoring.rules import strict
from scoring.rules.strict import BadValue, refused_as

ECONOMIC, SOCIAL = PATHS = ("economic", "social")
PRESETS = Path(__file__).resolve().parents[2] / "contests" / "presets"
_MOST_POINTS = 100


class RubricError(BadValue):
    """A rubric refused, with the key and a Chinese reason."""


@dataclass(frozen=True)
class Level:
    """One 档次 with its whole points, both ends included; `amount_from` in 万元/年."""

    code: str
    text: str
    low: int
    high: int
    amount_from: Decimal | None = None


@dataclass(frozen=True)
class Road:
    """One of the two ways to score a criterion: 经济效益 or 社会效益."""

    code: str
    name: str
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class Criterion:
    """One 评分项: either `levels`, or `paths` with levels each."""

    code: str
    name: str
    tie: int
    levels: tuple[Level, ...] = ()
    paths: tuple[Road, ...] = ()


@dataclass(frozen=True)
class Rubric:
    id: str
    version: int
    criteria: tuple[Criterion, ...]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return tuple(criterion.code for criterion in self.criteria)

    @property
    def tie_order(self) -> tuple[Criterion, ...]:
        return tuple(sorted(self.criteria, key=lambda criterion: criterion.tie))

    def criterion(self, code: str) -> Criterion:
        """The criterion of that code; KeyError when there is none."""
        return {criterion.code: criterion for criterion in self.criteria}[code]


@dataclass(frozen=True)
class Mark:
    """What one expert gave for one criterion: the level first, then whole points inside it."""

    level: str
    points: int


def levels_for(criterion: Criterion, path: str) -> tuple[Level, ...]:
    """The levels open on this path, highest first."""
    if not criterion.paths:
        return criterion.levels
    return {road.code: road.levels for road in criterion.paths}[path]


def level_for_amount(criterion: Criterion, amount: Decimal) -> Level | None:
    """The economic level that holds the verified 万元/年 (> 0); None where the criterion binds no amount."""
    if amount <= 0:
        raise ValueError("a verified amount is above 0")
    levels = levels_for(criterion, ECONOMIC) if criterion.paths else ()
    return next((level for level in levels if level.amount_from is not None and level.amount_from <= amount), None)


def total(marks: Mapping[str, Mark]) -> int:
    """百分制累计: the plain sum of the criteria's points."""
    return sum([mark.points for mark in marks.values()])


def bounds(rubric: Rubric, path: str) -> tuple[int, int]:
    """The lowest and the highest total possible on a path: 25–100 and 25–95 in 002."""
    ranges = [levels_for(criterion, path) for criterion in rubric.criteria]
    return sum(levels[-1].low for levels in ranges), sum(levels[0].high for levels in ranges)


def check_level(criterion: Criterion, path: str, level: str, benefit_wan: Decimal | None) -> str | None:
    """Why this level cannot be chosen, as a Chinese sentence; None when it can."""
    if level not in [known.code for known in levels_for(criterion, path)]:
        return f"“{criterion.name}”没有“{strict.shown(level)}”这个档次，请从所列档次中选一个。"
    if path != ECONOMIC or not criterion.paths or benefit_wan is None:
        return None
    bound = level_for_amount(criterion, benefit_wan)
    if bound is None or bound.code == level:
        return None
    return f"核定的年经济效益 {benefit_wan:f} 万元属于“{bound.text}”，“{criterion.name}”只能选这一档。"


def check_points(level: Level, points: object) -> str | None:
    """Why these points do not fit the level, as a Chinese sentence; None when they do. (P) Points are whole numbers."""
    if type(points) is not int:
        return f"分值应为整数，“{level.text}”为 {level.low}–{level.high} 分。"
    if not level.low <= points <= level.high:
        return f"{points} 分不在“{level.text}”的 {level.low}–{level.high} 分之内。"
    return None


def check_mark(criterion: Criterion, path: str, level: str, points: object, benefit_wan: Decimal | None) -> str | None:
    """Why this mark cannot stand, as a Chinese sentence; None when it can."""
    if fault := check_level(criterion, path, level, benefit_wan):
        return fault
    chosen = next(known for known in levels_for(criterion, path) if known.code == level)
    return check_points(chosen, points)


def rubric_from_dict(section: object) -> Rubric:
    """The rubric of a preset's `[rubric]` section; raises RubricError(key, reason)."""
    with refused_as(RubricError):
        found = strict.table(section, "", ("id", "version", "criteria"))
        return Rubric(
            strict.text(found["id"], "id"), strict.whole(found["version"], "version", 1, 10**6), _criteria(found)
        )


def rubric_to_dict(rubric: Rubric) -> dict[str, object]:
    """The same shape again; `rubric_from_dict` of it is equal to `rubric`."""
    return {"id": rubric.id, "version": rubric.version, "criteria": [_criterion_dict(one) for one in rubric.criteria]}


def shipped(rubric_id: str, version: int) -> Rubric | None:
    """The rubric that `contests/presets/<id>.toml` ships in this version; None when there is none."""
    rubric = _shipped(rubric_id) if re.fullmatch(r"[a-z0-9][a-z0-9-]*", rubric_id) else None
    return rubric if rubric and (rubric.id, rubric.version) == (rubric_id, version) else None


@cache
def _shipped(rubric_id: str) -> Rubric | None:
    try:
        preset = tomllib.loads((PRESETS / f"{rubric_id}.toml").read_text(encoding="utf-8"))
    except OSError:  # absent, or a name the file system refuses
        return None
    return rubric_from_dict(preset["rubric"]) if "rubric" in preset else None


def _criteria(section: Mapping[str, object]) -> tuple[Criterion, ...]:
    listed = strict.rows(section["criteria"], "criteria", at_least=1)
    criteria = tuple(_criterion(row, f"criteria[{index}]") for index, row in enumerate(listed))
    strict.unique([criterion.code for criterion in criteria], "criteria")
    if sorted(criterion.tie for criterion in criteria) != list(range(1, len(criteria) + 1)):
        raise BadValue("criteria", f"tie 应为 1 到 {len(criteria)}，各用一次。")
    return criteria


def _criterion(row: object, key: str) -> Criterion:
    kind = "paths" if isinstance(row, dict) and "paths" in row else "levels"
    found = strict.table(row, key, ("code", "name", "tie", kind))
    code, name = strict.text(found["code"], f"{key}.code"), strict.text(found["name"], f"{key}.name")
    tie = strict.whole(found["tie"], f"{key}.tie", 1, 100)
    if kind == "paths":
        return Criterion(code, name, tie, paths=_roads(found["paths"], f"{key}.paths"))
    return Criterion(code, name, tie, levels=_levels(found["levels"], f"{key}.levels", bound=False))


def _roads(value: object, key: str) -> tuple[Road, ...]:
    roads = tuple(_road(row, f"{key}[{index}]") for index, row in enumerate(strict.rows(value, key)))
    if sorted(road.code for road in roads) != sorted(PATHS):
        raise BadValue(key, f"应恰有 {'、'.join(PATHS)} 两种。")
    return roads


def _road(row: object, key: str) -> Road:
    found = strict.table(row, key, ("code", "name", "levels"))
    code = strict.one_of(found["code"], f"{key}.code", PATHS)
    levels = _levels(found["levels"], f"{key}.levels", bound=code == ECONOMIC)
    return Road(code, strict.text(found["name"], f"{key}.name"), levels)


def _levels(value: object, key: str, *, bound: bool) -> tuple[Level, ...]:
    listed = strict.rows(value, key, at_least=1)
    levels = tuple(_level(row, f"{key}[{index}]", bound=bound) for index, row in enumerate(listed))
    strict.unique([level.code for level in levels], key)
    if any(above.low <= below.high for above, below in pairwise(levels)):
        raise BadValue(key, "档次应从高到低，分值范围互不相交。")
    _check_amounts([level.amount_from for level in levels], key)
    return levels


def _check_amounts(amounts: Sequence[Decimal | None], key: str) -> None:
    known = [amount for amount in amounts if amount is not None]
    if not known:
        return
    falling = all(above > below for above, below in pairwise(known))
    if len(known) != len(amounts) or not falling or known[-1] != 0:
        raise BadValue(key, "amount_from 应每档都有，从高到低，末档为 0。")


def _level(row: object, key: str, *, bound: bool) -> Level:
    found = strict.table(row, key, ("code", "text", "low", "high"), ("amount_from",) if bound else ())
    high = strict.whole(found["high"], f"{key}.high", 0, _MOST_POINTS)
    return Level(
        code=strict.text(found["code"], f"{key}.code"),
        text=strict.text(found["text"], f"{key}.text"),
        low=strict.whole(found["low"], f"{key}.low", 0, high),
        high=high,
        amount_from=strict.decimal(found["amount_from"], f"{key}.amount_from") if "amount_from" in found else None,
    )


def _criterion_dict(criterion: Criterion) -> dict[str, object]:
    head: dict[str, object] = {"code": criterion.code, "name": criterion.name, "tie": criterion.tie}
    if not criterion.paths:
        return head | {"levels": [_level_dict(level) for level in criterion.levels]}
    roads = [
        {"code": road.code, "name": road.name, "levels": [_level_dict(level) for level in road.levels]}
        for road in criterion.paths
    ]
    return head | {"paths": roads}


def _level_dict(level: Level) -> dict[str, object]:
    head: dict[str, object] = {"code": level.code, "text": level.text, "low": level.low, "high": level.high}
    return head if level.amount_from is None else head | {"amount_from": f"{level.amount_from:f}"}
