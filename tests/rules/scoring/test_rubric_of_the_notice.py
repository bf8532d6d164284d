"""002 附件1 一(二) as a jury member reads it, and what follows from it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.rules.rubric import PATHS, bounds, check_mark, level_for_amount, levels_for, shipped, total
from tests.rules.scoring.season_samples import OFFICIAL, judged

NOTICE = """
创新思路 | -        | original       | 有原创价值                                       | 15–20
创新思路 | -        | creative       | 有一定创意                                       | 10–14
创新思路 | -        | ordinary       | 思路一般                                         | 5–9
科技含量 | -        | leading        | 技术难度大，填补国内空白或在全国同行业中处于领先水平 | 20–30
科技含量 | -        | advanced_trade | 技术难度较大，处于同行业先进水平                   | 15–19
科技含量 | -        | advanced_unit  | 有一定技术难度，处于本单位先进水平                 | 10–14
创造效益 | economic | ge_100         | 100 万元以上/年                                  | 20–25
创造效益 | economic | 50_100         | 50~100 万元/年                                   | 15–19
创造效益 | economic | 10_50          | 10~50 万元/年                                    | 10–14
创造效益 | economic | lt_10          | 10 万元以下/年                                   | 5–9
创造效益 | social   | outstanding    | 突出                                             | 15–20
创造效益 | social   | good           | 较好                                             | 10–14
创造效益 | social   | fair           | 一般                                             | 5–9
发挥作用 | -        | key_problem    | 解决生产中关键技术难题或宏观课题                   | 20–25
发挥作用 | -        | partial        | 解决部分工艺、零件等问题                           | 10–19
发挥作用 | -        | ordinary       | 解决一般问题                                     | 5–9
"""


def test_the_shipped_rubric_is_the_notice_word_for_word() -> None:
    wanted = [tuple(cell.strip() for cell in line.split("|")) for line in NOTICE.strip().splitlines()]
    found = []
    for criterion in OFFICIAL.criteria:
        roads = [(road.code, road.levels) for road in criterion.paths] or [("-", criterion.levels)]
        for path, levels in roads:
            found += [(criterion.name, path, one.code, one.text, f"{one.low}–{one.high}") for one in levels]
    assert found == wanted


def test_ties_are_told_apart_by_technology_innovation_benefit_role() -> None:
    assert [one.code for one in OFFICIAL.tie_order] == ["technology", "innovation", "benefit", "role"]


@pytest.mark.parametrize(("path", "lowest", "highest"), [("economic", 25, 100), ("social", 25, 95)])
def test_bounds_of_the_total(path: str, lowest: int, highest: int) -> None:
    assert bounds(OFFICIAL, path) == (lowest, highest)


@given(judged())
def test_every_total_is_in_25_to_100_and_at_most_95_on_the_social_path(sheets: list) -> None:
    for one in sheets:
        assert 25 <= total(one.marks) <= (100 if one.path == "economic" else 95)


@pytest.mark.parametrize(
    ("amount", "level"),
    [
        ("100000", "ge_100"),
        ("100.01", "ge_100"),
        ("100", "ge_100"),
        ("100.00", "ge_100"),
        ("99.99", "50_100"),
        ("99.995", "50_100"),
        ("50", "50_100"),
        ("49.99", "10_50"),
        ("10", "10_50"),
        ("9.99", "lt_10"),
        ("0.01", "lt_10"),
    ],
)
def test_a_boundary_amount_belongs_to_the_higher_level(amount: str, level: str) -> None:
    found = level_for_amount(OFFICIAL.criterion("benefit"), Decimal(amount))
    assert found is not None
    assert found.code == level


@pytest.mark.parametrize("amount", ["0", "0.00", "-1"])
def test_no_level_for_an_amount_that_is_not_above_zero(amount: str) -> None:
    with pytest.raises(ValueError, match="above 0"):
        level_for_amount(OFFICIAL.criterion("benefit"), Decimal(amount))


def test_only_the_benefit_is_bound_to_the_amount() -> None:
    assert level_for_amount(OFFICIAL.criterion("role"), Decimal(5)) is None


@given(st.sampled_from(OFFICIAL.codes), st.sampled_from(PATHS), st.integers(-2, 40))
def test_points_stand_exactly_inside_the_level(code: str, path: str, points: int) -> None:
    criterion = OFFICIAL.criterion(code)
    for level in levels_for(criterion, path):
        inside = level.low <= points <= level.high
        assert (check_mark(criterion, path, level.code, points, None) is None) == inside


@pytest.mark.parametrize(
    ("code", "path", "level", "points", "amount", "sentence"),
    [
        ("innovation", "economic", "original", 20, "5", None),
        ("benefit", "economic", "ge_100", 20, "100", None),
        ("benefit", "social", "good", 10, None, None),
        ("benefit", "social", "good", 10, "500", None),
        ("innovation", "economic", "original", 14, None, "14 分不在“有原创价值”的 15–20 分之内。"),
        ("innovation", "economic", "original", 18.0, None, "分值应为整数，“有原创价值”为 15–20 分。"),
        ("innovation", "economic", "original", True, None, "分值应为整数，“有原创价值”为 15–20 分。"),
        ("role", "social", "leading", 20, None, "“发挥作用”没有“leading”这个档次，请从所列档次中选一个。"),
        ("benefit", "social", "ge_100", 20, None, "“创造效益”没有“ge_100”这个档次，请从所列档次中选一个。"),
        (
            "benefit",
            "economic",
            "ge_100",
            20,
            "99.99",
            "核定的年经济效益 99.99 万元属于“50~100 万元/年”，“创造效益”只能选这一档。",
        ),
    ],
)
def test_a_mark_that_cannot_stand_says_why(
    code: str, path: str, level: str, points: object, amount: str | None, sentence: str | None
) -> None:
    benefit = Decimal(amount) if amount else None
    assert check_mark(OFFICIAL.criterion(code), path, level, points, benefit) == sentence


@pytest.mark.parametrize(
    ("rubric_id", "version"),
    [
        ("jincheng-2021", 2),
        ("xinxiang-2015", 1),
        ("../presets/jincheng-2021", 1),
        ("", 1),
        ("jincheng\0", 1),
        ("a" * 999, 1),
    ],
)
def test_nothing_else_is_shipped(rubric_id: str, version: int) -> None:
    assert shipped(rubric_id, version) is None
