"""Another year: every date moves, every text follows, the notice stays what it was."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contests.rules.preset import PresetError, loads, named, shipped
from contests.rules.preset.shift import move_day

JINCHENG = named("jincheng-2021")
YEARS = st.integers(2000, 2099)


def test_2026_is_2021_five_years_on() -> None:
    moved = JINCHENG.shifted(2026)
    assert (moved.year, moved.label, moved.title) == (2026, "2025-2026", "晋城市2026年“五小”竞赛")
    assert (moved.achievement_window.first, moved.achievement_window.last) == (date(2024, 10, 1), date(2026, 9, 30))
    assert (moved.statistics_period.first, moved.statistics_period.last) == (date(2025, 1, 1), date(2026, 12, 31))
    assert moved.statistics_period.label == "2025-2026"
    assert moved.phases[1].closes == date(2026, 9, 10)
    assert moved.returns[1].due_on == date(2026, 7, 10)
    assert moved.papers[4].name == "2025-2026年度“五小”竞赛活动统计表(一)(工会系统)"
    window = next(clause for clause in moved.clauses if clause.code == "window")
    assert window.text.startswith("2024年10月至2026年9月期间围绕生产和工作完成的")


def test_the_number_of_the_notice_belongs_to_its_own_year() -> None:
    moved = JINCHENG.shifted(2026)
    assert moved.document_number == ""
    assert moved.source == JINCHENG.source


def test_the_county_spans_two_years() -> None:
    moved = named("xinxiang-2015").shifted(2026)
    assert moved.label == "2026-2027"
    assert moved.phases[2].closes == date(2027, 9, 30)
    assert "于2027年9月30日前报" in moved.phases[2].text


@given(YEARS)
def test_there_and_back_is_the_same(year: int) -> None:
    for preset_id in shipped():
        preset = named(preset_id)
        back = preset.shifted(year).shifted(preset.year)
        assert (back.phases, back.label, back.settings, back.sections) == (
            preset.phases,
            preset.label,
            preset.settings,
            preset.sections,
        )


@given(YEARS)
def test_no_date_is_left_behind(year: int) -> None:
    moved, by = JINCHENG.shifted(year), year - JINCHENG.year
    for old, new in zip(JINCHENG.phases, moved.phases, strict=True):
        assert (new.opens.year - old.opens.year, new.closes.year - old.closes.year) == (by, by)
    assert all(
        new.due_on.year - old.due_on.year == by
        for old, new in zip(JINCHENG.returns, moved.returns, strict=True)
        if old.due_on and new.due_on
    )
    assert moved.achievement_window.first.year == 2019 + by


@pytest.mark.parametrize(
    ("day", "years", "keeps", "moved"),
    [
        (date(2024, 2, 29), 1, False, date(2025, 2, 28)),
        (date(2024, 2, 29), 4, False, date(2028, 2, 29)),
        (date(2025, 2, 28), 3, True, date(2028, 2, 29)),  # the end of the month stays its end
        (date(2025, 2, 28), 3, False, date(2028, 2, 28)),
        (date(2024, 2, 28), 4, True, date(2028, 2, 28)),  # not the end of its month
        (date(2021, 9, 30), 5, True, date(2026, 9, 30)),
        (date(2021, 12, 31), -1, False, date(2020, 12, 31)),
    ],
)
def test_february(day: date, years: int, keeps: bool, moved: date) -> None:
    assert move_day(day, years, keeps_month_end=keeps) == moved


@given(st.lists(st.dates(date(1995, 1, 1), date(2090, 12, 31)), min_size=2), st.integers(-4, 9))
def test_order_is_kept(days: list[date], years: int) -> None:
    days.sort()
    assert all(a <= b for a, b in pairwise(move_day(day, years) for day in days))


@given(st.dates(date(1995, 1, 1), date(2090, 12, 31)), st.integers(-4, 9))
def test_at_most_a_day_is_lost(day: date, years: int) -> None:
    moved = move_day(day, years)
    assert (moved.year, moved.month) == (day.year + years, day.month)
    assert timedelta(0) <= timedelta(days=day.day - moved.day) <= timedelta(days=1)


def test_a_minute_moves_with_its_day() -> None:
    text = LEAP.replace("closes = 2024-02-29", "closes = 2024-02-29T18:00:00")
    assert loads(text, "leap.toml").shifted(2025).phases[0].closes.isoformat() == "2025-02-28T18:00:00"


def test_a_leap_day_survives_in_a_whole_preset() -> None:
    moved = loads(LEAP, "leap.toml").shifted(2025)
    assert moved.phases[0].closes == date(2025, 2, 28)
    assert moved.achievement_window.last == date(2025, 2, 28)
    assert moved.shifted(2028).phases[0].closes == date(2028, 2, 29)


@pytest.mark.parametrize("year", [0, 1999, 2100, 20210])
def test_a_year_out_of_bounds_is_refused(year: int) -> None:
    with pytest.raises(PresetError) as refusal:
        JINCHENG.shifted(year)
    assert str(refusal.value) == "预设文件“jincheng-2021.toml”的“contest.year”有误：年份应在 2000 到 2099 之间。"


LEAP = """
format = "wuxiao-preset/1"
id = "leap"
tiers = []
organizing_items = []
targets = []
papers = []
returns = []
offices = []
clauses = []
[source]
title = "闰年"
[contest]
year = 2024
label = "{year}"
title = "闰年"
host_name = "某市总工会"
host_level = "city"
[achievement_window]
first = 2023-01-01
last = 2024-02-29
[statistics_period]
first = 2024-01-01
last = 2024-12-31
label = "{year}"
[eligibility]
scope = "所有单位"
natures = ["enterprise"]
industry_sections = []
[settings]
[[organizers]]
code = "union"
name = "某市总工会"
short_name = "市总工会"
line = "union"
is_lead = true
[[kinds]]
code = "small_design"
name = "小设计"
[[categories]]
code = "product"
name = "产品类"
[[industries]]
code = "coal"
name = "煤炭"
[[phases]]
kind = "submit"
name = "申报"
opens = 2024-02-01
closes = 2024-02-29
"""
