"""A wrong preset is refused with file, key and reason in one sentence; each row breaks the shipped one in one place."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contests.rules.preset import PresetError, load, loads
from contests.rules.preset.files import SHIPPED

GOOD = (SHIPPED / "jincheng-2021.toml").read_text(encoding="utf-8")
ONE_OF_PHASES = "只能是 mobilise、organise、submit、audit、review、notice、award、showcase、nominate 之一"

# what stands in the file, what is put there, the key and the reason of the refusal
BROKEN = [
    ('format = "wuxiao-preset/1"', 'format = "wuxiao-preset/2"', "format", "应为“wuxiao-preset/1”"),
    ('format = "wuxiao-preset/1"', "", "format", "缺少这一项"),
    ('id = "jincheng-2021"', 'id = "晋城"', "id", "代码只能用小写字母"),
    ("year = 2021\n", "", "contest.year", "缺少这一项"),
    ("year = 2021\n", 'year = "2021"\n', "contest.year", "应为整数"),
    ('window = "附件1 一(一)1"', "window = 1", "grounds.window", "应为文字"),
    ("year = 2021\n", "year = true\n", "contest.year", "应为整数"),
    ("year = 2021\n", "year = 21\n", "contest.year", "应在 2000 到 2099 之间"),
    ('host_level = "city"', 'host_level = "province"', "contest.host_level", "只能是 city、county 之一"),
    ('host_name = "晋城市总工会"', 'host_name = " "', "contest.host_name", "不能为空"),
    ('host_name = "晋城市总工会"', "host_name = 7", "contest.host_name", "应为文字"),
    ('host_name = "晋城市总工会"', 'hostname = "晋城市总工会"', "contest.host_name", "缺少这一项"),
    ('label = "{year-1}-{year}"', 'label = "{yaer}"', "contest.label", "花括号中只能写"),
    ("first = 2019-10-01", 'first = "2019-10-01"', "achievement_window.first", "应为日期，例如 2021-09-10（不加引号）"),
    ("first = 2019-10-01", "first = 2022-10-01", "achievement_window.last", "结束日期早于开始日期"),
    ("first = 2019-10-01", "first = 2019-10-01T08:00:00", "achievement_window.first", "只写日期，不写时间"),
    ("first = 2020-01-01", "first = 2120-01-01", "statistics_period.first", "年份应在 1990 到 2110 之间"),
    ("opens = 2021-09-01", "opens = 2021-09-01T00:00:00Z", "phases[1].opens", "不要带时区"),
    ("closes = 2021-09-10", "closes = 2021-08-31", "phases[1].closes", "“成果申报”的截止早于开始"),
    ("opens = 2021-09-11", "opens = 2021-09-10", "phases[2].opens", "“考核评选”开始时“成果申报”尚未截止"),
    ("opens = 2021-05-01", "opens = 2021-05-01\nclose = 2021-08-31", "phases[0].close", "没有这一项，是不是“closes”"),
    ('kind = "organise"', 'kind = "preparation"', "phases[0].kind", ONE_OF_PHASES),
    ('kind = "organise"', 'kind = "review"', "phases[2].kind", "“review”重复"),
    ('kind = "organise"', 'kind = "award"', "phases[0].opens", "“组织实施”的开始早于在它之前的“公示”"),
    ('kind = "submit"', 'kind = "audit"', "phases", "缺少成果申报阶段"),
    (
        "unit_closes_days_before = 3",
        "unit_closes_days_before = 10",
        "settings.unit_closes_days_before",
        "提前 10 天截止",
    ),
    ("unit_closes_days_before = 3", "unit_closes_days_before = -1", "settings.unit_closes_days_before", "应在 0 到 60"),
    ("max_members = 5", 'max_members = "5"', "settings.max_members", "应为整数"),
    ("blind_review = true", "blind_review = 1", "settings.blind_review", "应为 true 或 false"),
    ("blind_review = true", "blindreview = true", "settings.blindreview", "没有这一项设置"),
    ('collective_counts_as = "state"', 'collective_counts_as = "both"', "settings.collective_counts_as", "只能是"),
    ('collective_counts_as = "state"', "collective_counts_as = []", "settings.collective_counts_as", "只能是"),
    ("notice_working_days = 5", "notice_working_days = 3", "settings.notice_working_days", "应在 5 到 30 之间"),
    ("industry_sections = []", 'industry_sections = ["Z"]', "eligibility.industry_sections[0]", "只能是 A、B"),
    ("industry_sections = []", 'industry_sections = ["B", "B"]', "eligibility.industry_sections[1]", "“B”重复"),
    ("industry_sections = []", 'industry_sections = "B"', "eligibility.industry_sections", "应为文字的列表"),
    ("industry_sections = []", "industry_sections = [3]", "eligibility.industry_sections[0]", "应为文字"),
    ("is_lead = true", "is_lead = false", "organizers", "应有且只有一个牵头单位，并排在第一位"),
    ('line = "youth_league"', 'line = "youth_league"\nis_lead = true', "organizers", "应有且只有一个牵头单位"),
    ('line = "youth_league"', 'line = "youth"', "organizers[1].line", "只能是 union、youth_league"),
    ('code = "small_creation"', 'code = "small_invention"', "kinds[1].code", "“small_invention”重复"),
    ('code = "small_creation"', 'code = "small_idea"', "kinds[1].code", "只能是 small_invention"),
    ('code = "process"', 'code = "equipment"', "categories[2].code", "“equipment”重复"),
    ("needs_explanation = true", 'needs_explanation = "是"', "categories[5].needs_explanation", "应为 true 或 false"),
    ('divisions = ["44"]', 'divisions = ["98"]', "industries[1].divisions[0]", "只能是 01、02"),
    ('code = "power"', 'code = "Power"', "industries[1].code", "代码只能用小写字母"),
    ('floor = "90"', 'floor = "96"', "tiers[2].floor", "等级应从高到低排列，96 不低于上一等的 95"),
    ('floor = "90"', 'floor = "95"', "tiers[2].floor", "等级应从高到低排列"),
    ('floor = "90"', 'floor = "九十"', "tiers[2].floor", '应为带引号的数字，例如 "95"'),
    ('floor = "90"', "floor = 90.0", "tiers[2].floor", "应为带引号的数字"),
    ('floor = "90"', 'floor = "90.005"', "tiers[2].floor", "应在 0 到 100 之间，至多两位小数"),
    ('floor = "95"', 'floor = "101"', "tiers[1].floor", "应在 0 到 100 之间"),
    ('floor = "95"', 'floor = "NaN"', "tiers[1].floor", "应在 0 到 100 之间"),
    ('floor = "90" # “90~94分”', "", "tiers[2].floor", "没有起始分的等级应排在有起始分的等级之前"),
    ("at_most = 3", "at_most = 0", "tiers[0].at_most", "应在 1 到 9999 之间"),
    ('code = "merit"', 'code = "third"', "tiers[4].code", "“third”重复"),
    ("maximum = 15\ncountable = true", "maximum = 14\ncountable = true", "organizing_items", "合计应为 100，现为 99"),
    ("percent = 90", "percent = 190", "targets[0].percent", "应在 0 到 100 之间"),
    ("percent = 90", "", "targets[0].percent", "没有数字的目标只能是参考目标"),
    ('per = "recommender"', 'per = "county"', "papers[0].per", "只能是 recommender"),
    ('orientation = "landscape"', 'orientation = "横向"', "papers[0].orientation", "只能是 portrait、landscape 之一"),
    ('code = "leader_profile"', 'code = "achievement_brief"', "papers[2].code", "“achievement_brief”重复"),
    ("due_day = 5", "due_day = 31", "returns[0].due_day", "应在 1 到 28 之间"),
    ("due_on = 2021-07-10", "", "returns[1].due_on", "缺少这一项"),
    ("due_day = 5", "due_day = 5\ndue_on = 2021-07-10", "returns[0].due_on", "没有这一项"),
    ('place = "一"', "", "clauses[0].place", "缺少这一项"),
    ("[source]\n", "colour = 1\n[source]\n", "colour", "没有这一项"),
    ("[source]\n", "[[source]]\n", "source", "应为一个表"),
    ("[[kinds]]", "[[kind]]", "kinds", "缺少这一项"),
]


def refusal_of(text: str) -> PresetError:
    with pytest.raises(PresetError) as refusal:
        loads(text, "wrong.toml")
    return refusal.value


@pytest.mark.parametrize(("good", "bad", "key", "reason"), BROKEN, ids=[f"{row[2]}-{row[1][:20]}" for row in BROKEN])
def test_each_break_names_file_key_and_reason(good: str, bad: str, key: str, reason: str) -> None:
    count = -1 if good == "[[kinds]]" else 1
    assert good in GOOD
    error = refusal_of(GOOD.replace(good, bad, count))
    assert (error.file, error.key) == ("wrong.toml", key)
    assert reason in error.reason
    assert str(error) == f"预设文件“wrong.toml”的“{key}”有误：{error.reason}。"


def test_no_rows_at_all() -> None:
    start, end = GOOD.index("[[kinds]]"), GOOD.index("[[categories]]")
    error = refusal_of("kinds = []\n" + GOOD[:start] + GOOD[end:])
    assert (error.key, error.reason) == ("kinds", "至少要有 1 项")


def test_an_audit_phase_must_end_before_the_review_begins() -> None:
    audit = '[[phases]]\nkind = "audit"\nname = "审核推荐"\nopens = 2021-09-08\ncloses = 2021-09-{}\n\n'
    mark = '[[phases]]\nkind = "review"'
    assert loads(GOOD.replace(mark, audit.format(10) + mark), "x.toml").phases[2].kind == "audit"
    error = refusal_of(GOOD.replace(mark, audit.format(12) + mark))
    assert (error.key, error.reason) == ("phases[3].opens", "“考核评选”开始时“审核推荐”尚未截止")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("a = 1\nb = \n", "第2行第5列"),
        ("a = 1\na = 2\n", "第2行第6列"),
        ("a = [1,", "文件末尾"),
        ("a = 2021-02-30\n", "第1行第5列"),
    ],
)
def test_not_toml(text: str, key: str) -> None:
    error = refusal_of(text)
    assert error.key == key
    assert error.reason.startswith("不是正确的 TOML 写法")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b"a = 1\nb = '" + "晋城".encode("gb18030") + b"'\n")
    big = tmp_path / "big.toml"
    big.write_text("#" * (1024 * 1024 + 1))
    cases = [
        (tmp_path / "absent.toml", "预设文件“absent.toml”有误：文件不存在或不能读取。"),
        (latin, "预设文件“latin.toml”有误：第 2 行不是 UTF-8 编码。"),
        (big, "预设文件“big.toml”有误：文件过大，超过 1 MB。"),
    ]
    for path, sentence in cases:
        with pytest.raises(PresetError) as refusal:
            load(path)
        assert str(refusal.value) == sentence


def test_a_good_file_loads_from_anywhere(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert load(path).file == load(str(path)).file == "ours.toml"


def sentence_of(text: str) -> str:
    """Empty where the preset is taken."""
    try:
        loads(text, "odd.toml")
    except PresetError as error:
        return str(error)
    return ""


LINES = [place for place, line in enumerate(GOOD.splitlines()) if line and not line.startswith("#")]


@given(st.sampled_from(LINES))
def test_leaving_out_any_line_is_either_fine_or_one_sentence(place: int) -> None:
    lines = GOOD.splitlines()
    sentence = sentence_of("\n".join(lines[:place] + lines[place + 1 :]))
    assert re.fullmatch("|预设文件“odd.toml”(的“.+”)?有误：.+。", sentence)


VALUES = st.sampled_from(
    ["1", "-1", "1.5", "true", '"x"', '""', "[]", "{}", "2021-09-10", "10:00:00", "inf", '"{year}"']
)
ASSIGNMENTS = [place for place in LINES if " = " in GOOD.splitlines()[place] and '"""' not in GOOD.splitlines()[place]]


@given(st.sampled_from(ASSIGNMENTS), VALUES)
def test_any_value_anywhere_is_either_fine_or_one_sentence(place: int, value: str) -> None:
    lines = GOOD.splitlines()
    lines[place] = lines[place].split(" = ")[0] + " = " + value
    assert re.fullmatch("|预设文件“odd.toml”(的“.+”)?有误：.+。", sentence_of("\n".join(lines)))
