"""Invented seasons for the tests: builders for readable tables, strategies for the property tests, one small reader."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from scoring.rules.policy import AGGREGATES, ScorePolicy
from scoring.rules.rubric import PATHS, Mark, Rubric, level_for_amount, levels_for, shipped
from scoring.rules.sheets import Sheet
from scoring.rules.tiers import Tier

TIERS = tuple(
    Tier(name, Decimal(floor))
    for name, floor in (("一等奖", "95"), ("二等奖", "90"), ("三等奖", "85"), ("优秀奖", "80"))
)
AMOUNTS = {"ge_100": "120.00", "50_100": "64.50", "10_50": "10.00", "lt_10": "9.99"}


def official() -> Rubric:
    rubric = shipped("jincheng-2021", 1)
    assert rubric is not None
    return rubric


OFFICIAL = official()


def mark(code: str, path: str, points: int) -> Mark:
    """The mark with these points, in the level whose range holds them."""
    levels = levels_for(OFFICIAL.criterion(code), path)
    return Mark(next(level.code for level in levels if level.low <= points <= level.high), points)


def sheet(achievement: str, expert: str, points: str, path: str = "economic") -> Sheet:
    """A sheet from "创新 科技 效益 作用", for example "18 25 22 23"; the amount is one that fits the benefit level."""
    marks = {
        code: mark(code, path, int(one))
        for code, one in zip(("innovation", "technology", "benefit", "role"), points.split(), strict=True)
    }
    benefit = Decimal(AMOUNTS[marks["benefit"].level]) if path == "economic" else None
    return Sheet(achievement, path, expert, marks, benefit)


def sheets(table: str) -> list[Sheet]:
    """A table with lines `achievement path expert: innovation technology benefit role`."""
    found = []
    for line in table.strip().splitlines():
        head, points = line.split(":")
        achievement, path, expert = head.split()
        found.append(sheet(achievement, expert, points, path))
    return found


def season_dict() -> dict[str, Any]:
    """The issue's example with two achievements and four sheets, as JSON values."""

    def one(achievement: str, expert: str) -> dict[str, Any]:
        return {
            "achievement": achievement,
            "path": "economic",
            "benefit_wan": "120.00",
            "expert": expert,
            "marks": {
                "innovation": {"level": "original", "points": 18},
                "technology": {"level": "leading", "points": 25},
                "benefit": {"level": "ge_100", "points": 22},
                "role": {"level": "key_problem", "points": 23},
            },
        }

    social = one("A2", "E1") | {"path": "social"}
    del social["benefit_wan"]
    social["marks"]["benefit"] = {"level": "good", "points": 12}
    return {
        "format": "wuxiao-season/1",
        "policy": ScorePolicy().to_dict(),
        "tiers": [{"name": tier.name, "floor": f"{tier.floor:f}"} for tier in TIERS],
        "rubric": {"id": "jincheng-2021", "version": 1},
        "sheets": [one("A1", "E1"), one("A1", "E2"), one("A1", "E3"), social],
    }


policies = st.builds(
    ScorePolicy,
    aggregate=st.sampled_from(AGGREGATES),
    trim_from=st.integers(3, 6),
    minimum_sheets=st.integers(1, 4),
    decimals=st.integers(0, 3),
    outlier_gap=st.integers(1, 30),
)


@st.composite
def marks_on(draw: st.DrawFn, path: str, amount: Decimal | None, *, coarse: bool) -> dict[str, Mark]:
    """Marks inside their levels; `coarse` draws from few values, so that many achievements are tied."""
    marks = {}
    for criterion in OFFICIAL.criteria:
        bound = level_for_amount(criterion, amount) if amount is not None else None
        levels = levels_for(criterion, path)
        level = bound or draw(st.sampled_from(levels[:2] if coarse else levels))
        points = st.sampled_from((level.low, level.low + 1)) if coarse else st.integers(level.low, level.high)
        marks[criterion.code] = Mark(level.code, draw(points))
    return marks


@st.composite
def judged(draw: st.DrawFn, achievement: str = "A", *, most: int = 7) -> list[Sheet]:
    """All sheets of one achievement."""
    path, coarse = draw(st.sampled_from(PATHS)), draw(st.booleans())
    amount = Decimal(draw(st.sampled_from(sorted(AMOUNTS.values())))) if path == "economic" else None
    experts = draw(st.lists(st.integers(1, 12), min_size=1, max_size=most, unique=True))
    return [
        Sheet(achievement, path, f"E{number}", draw(marks_on(path, amount, coarse=coarse)), amount)
        for number in experts
    ]


@st.composite
def rounds(draw: st.DrawFn, most: int = 6) -> list[Sheet]:
    """All sheets of a round; some achievements repeat another's marks, so that ties are common."""
    found: list[Sheet] = []
    for number in range(draw(st.integers(0, most))):
        if found and draw(st.booleans()):
            model = draw(st.sampled_from(sorted({one.achievement for one in found})))
            copies = [one for one in found if one.achievement == model]
            found += [Sheet(f"A{number}", c.path, c.expert, c.marks, c.benefit_wan) for c in copies]
        else:
            found += draw(judged(f"A{number}"))
    return found
