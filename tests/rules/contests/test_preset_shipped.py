"""The two shipped presets say what the notices say (002 晋城市 2021, 000 新乡县 2015)."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from contests.rules.preset import Preset, PresetError, named, shipped
from contests.rules.settings import ContestSettings


@pytest.fixture(scope="module")
def jincheng() -> Preset:
    return named("jincheng-2021")


@pytest.fixture(scope="module")
def xinxiang() -> Preset:
    return named("xinxiang-2015")


def test_both_are_shipped_and_load() -> None:
    assert shipped() == ("jincheng-2021", "xinxiang-2015")
    assert [named(preset_id).id for preset_id in shipped()] == list(shipped())


def test_head_of_the_notice(jincheng: Preset) -> None:
    assert (jincheng.year, jincheng.label, jincheng.title) == (2021, "2020-2021", "晋城市2021年“五小”竞赛")
    assert (jincheng.host_name, jincheng.host_level) == ("晋城市总工会", "city")
    assert jincheng.document_number == jincheng.source.number == "晋市工通字〔2021〕19号"
    assert jincheng.source.issued_on == date(2021, 5, 20)


def test_organizers_stand_in_the_order_of_the_signatures(jincheng: Preset) -> None:
    assert [(body.short_name, body.line, body.is_lead) for body in jincheng.organizers] == [
        ("市总工会", "union", True),
        ("团市委", "youth_league", False),
        ("市妇联", "women_federation", False),
        ("市科协", "science_association", False),
    ]
    assert jincheng.organizers[3].duties.startswith("一是以乡村e站为依托，在农村开展竞赛活动")


def test_kinds_are_the_province_s_set(jincheng: Preset) -> None:
    assert "、".join(kind.name for kind in jincheng.kinds) == "小发明、小创造、小革新、小设计、小建议"


def test_six_categories_with_their_words(jincheng: Preset) -> None:
    assert [(row.code, row.name) for row in jincheng.categories] == [
        ("product", "产品类"),
        ("equipment", "设备类"),
        ("process", "工艺类"),
        ("cost_management", "成本与管理类"),
        ("environment_energy", "环保与节能类"),
        ("other", "其它"),
    ]
    assert jincheng.categories[1].definition == (
        "对技术设备进行革新和改造，对提高效率、促进文明生产与安全生产有一定价值的；"
    )
    assert [row.code for row in jincheng.categories if row.needs_explanation] == ["other"]


def test_industries_begin_with_those_of_annex_2(jincheng: Preset) -> None:
    assert "、".join(row.name for row in jincheng.industries[:6]) == "煤炭、电力、冶金、化工、机械、行政事业"
    assert len(jincheng.industries) == 13


def test_window_and_period(jincheng: Preset) -> None:
    assert (jincheng.achievement_window.first, jincheng.achievement_window.last) == (
        date(2019, 10, 1),
        date(2021, 9, 30),
    )
    assert (jincheng.statistics_period.first, jincheng.statistics_period.last) == (date(2020, 1, 1), date(2021, 12, 31))


@pytest.mark.parametrize(
    ("kind", "opens", "closes"),
    [
        ("organise", date(2021, 5, 1), date(2021, 8, 31)),
        ("submit", date(2021, 9, 1), date(2021, 9, 10)),
        ("review", date(2021, 9, 11), date(2021, 9, 30)),
        ("nominate", date(2021, 10, 1), date(2021, 10, 10)),
        ("notice", date(2021, 10, 1), date(2021, 10, 15)),
        ("showcase", date(2021, 10, 1), date(2021, 12, 31)),
    ],
)
def test_phases(jincheng: Preset, kind: str, opens: date, closes: date) -> None:
    phase = next(phase for phase in jincheng.phases if phase.kind == kind)
    assert (phase.opens, phase.closes) == (opens, closes)


@pytest.mark.parametrize(
    ("code", "name", "floor", "at_most"),
    [
        ("special", "特等奖", None, 3),
        ("first", "一等奖", "95", None),
        ("second", "二等奖", "90", None),
        ("third", "三等奖", "85", None),
        ("merit", "优秀奖", "80", None),
    ],
)
def test_tiers(jincheng: Preset, code: str, name: str, floor: str | None, at_most: int | None) -> None:
    tier = next(tier for tier in jincheng.tiers if tier.code == code)
    assert (tier.name, tier.floor, tier.at_most) == (name, floor and Decimal(floor), at_most)
    assert tier.automatic is (floor is not None)
    assert tier.prize_yuan == 0


def test_ten_items_make_a_hundred(jincheng: Preset) -> None:
    assert [item.maximum for item in jincheng.organizing_items] == [5, 10, 10, 10, 15, 15, 15, 10, 5, 5]
    assert sum(item.maximum for item in jincheng.organizing_items) == 100


def test_targets(jincheng: Preset) -> None:
    assert [(target.code, target.percent, target.advisory) for target in jincheng.targets] == [
        ("state_owned", 90, False),
        ("non_public", 60, False),
        ("public_institution", 70, False),
        ("college", None, True),
        ("rural_e_station", 100, False),
    ]


def test_papers(jincheng: Preset) -> None:
    assert [(paper.code, paper.annex, paper.orientation) for paper in jincheng.papers] == [
        ("recommendation_table", "附件2", "landscape"),
        ("achievement_brief", "附件3", "portrait"),
        ("leader_profile", "附件4", "portrait"),
        ("winner_unit_form", "附件5", "portrait"),
        ("statistics_one", "附件6", "portrait"),
        ("statistics_two", "附件6", "portrait"),
        ("truth_pledge", "", "portrait"),
    ]
    assert jincheng.papers[4].name == "2020-2021年度“五小”竞赛活动统计表(一)(工会系统)"


def test_winner_unit_and_returns(jincheng: Preset) -> None:
    assert jincheng.winner_unit is not None
    assert jincheng.winner_unit.opinions == ("申报单位意见", "县级(产业)意见", "市级意见")
    assert [(row.code, row.due_day, row.due_on) for row in jincheng.returns] == [
        ("monthly", 5, None),
        ("half_year", None, date(2021, 7, 10)),
        ("annual", None, date(2021, 12, 31)),
        ("season_report", None, date(2021, 9, 10)),
    ]


def test_settings_spell_out_every_default(jincheng: Preset) -> None:
    asked = {"require_dispatch": True, "dispatch_report": "summary"}  # 002 四(二)
    assert jincheng.settings == ContestSettings(**asked)
    assert set(jincheng.origin["settings"]) == set(ContestSettings().to_dict())


def test_the_rubric_adds_up_to_a_hundred_and_the_policy_is_the_published_one(jincheng: Preset) -> None:
    rubric = jincheng.sections["rubric"]
    levels = [(row.get("paths") or [row])[0]["levels"] for row in rubric["criteria"]]
    assert [row["code"] for row in rubric["criteria"]] == ["innovation", "technology", "benefit", "role"]
    assert sum(max(level["high"] for level in row) for row in levels) == 100
    assert jincheng.sections["policy"] == {
        "aggregate": "trimmed_mean",
        "trim_from": 5,
        "minimum_sheets": 3,
        "sheets_target": 5,
        "decimals": 2,
        "rounding": "half_up",
        "outlier_gap": 15,
    }


def test_no_name_of_a_person_is_kept(jincheng: Preset) -> None:
    positions = "".join(office.position for office in jincheng.offices)
    assert "市总工会党组书记、常务副主席" in positions
    assert len(jincheng.offices) == 13
    assert {office.body for office in jincheng.offices} == {
        "leading_group",
        "joint_conference",
        "liaison_group",
        "contest_office",
    }


def test_the_county_is_another_world(xinxiang: Preset) -> None:
    assert xinxiang.host_level == "county"
    assert xinxiang.eligibility.natures == ("enterprise",)
    assert xinxiang.eligibility.industry_sections == ("B", "C", "D")
    assert "、".join(kind.name for kind in xinxiang.kinds) == "小发明、小革新、小改造、小设计、小建议"
    assert [phase.kind for phase in xinxiang.phases] == ["mobilise", "organise", "submit", "review"]
    assert xinxiang.phases[2].closes == date(2016, 9, 30)
    assert xinxiang.settings.unit_closes_days_before == 0
    assert (xinxiang.papers[0].code, xinxiang.papers[0].copies) == ("achievement_application", 3)


def test_honours_are_those_of_the_notices(jincheng: Preset, xinxiang: Preset) -> None:
    """002 附件1 “优秀成果奖、优秀组织奖、优胜单位奖”; 000 四(三) “对成绩突出的单位、班组、个人”."""
    assert jincheng.settings.honour_kinds == {"organizing", "unit"}
    assert xinxiang.settings.honour_kinds == {"unit", "team", "person"}


def test_the_county_has_no_rubric_and_no_tiers_of_its_own(xinxiang: Preset) -> None:
    assert "rubric" not in xinxiang.sections
    assert (xinxiang.tiers, xinxiang.organizing_items, xinxiang.targets) == ((), (), ())
    assert xinxiang.document_number == ""


@pytest.mark.parametrize("preset_id", ["jincheng-2021", "xinxiang-2015"])
def test_phases_stand_in_order_of_their_opening(preset_id: str) -> None:
    assert all(earlier.opens <= later.opens for earlier, later in pairwise(named(preset_id).phases))


@pytest.mark.parametrize("preset_id", ["", "nowhere-2021", "../settings", "jincheng-2021.toml"])
def test_an_unknown_preset_names_those_that_are_there(preset_id: str) -> None:
    with pytest.raises(PresetError, match="没有这个预设，可用的有：jincheng-2021、xinxiang-2015"):
        named(preset_id)
