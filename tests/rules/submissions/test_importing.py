"""A row of a workbook: what the pool takes, what it refuses and in which words."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contests.rules import identifiers
from submissions.rules import importing
from submissions.rules.cells import Patent, Readers
from submissions.rules.fields import FIELDS

TODAY = date(2021, 9, 1)
COLUMN = importing.COLUMNS


def patent(text: str) -> Patent:
    number = identifiers.parse_patent(text)
    return Patent(number.canonical, "invention", number.year)


READERS = Readers(
    {
        "kind": {"小发明": "small_invention", "小建议": "small_suggestion"},
        "category": {"设备类": "equipment", "其它": "other"},
        "industry": {"煤炭": "coal"},
        "leader.gender": {"男": "male", "女": "female"},
        "benefit_path": {"经济效益": "economic", "社会效益": "social"},
    },
    identifiers.validate_name,
    identifiers.validate_leader,
    identifiers.normalise_phone,
    patent,
    TODAY,
    max_members=5,
)


def parse(**cells):
    keys = {key.replace("__", "."): value for key, value in cells.items()}
    return importing.parse_row(7, {"title": "皮带机纠偏装置"} | keys, {}, READERS)


def value(key, cell):
    row = importing.parse_row(7, {"title": "皮带机纠偏装置", key: cell}, {}, READERS)
    assert row.faults == []
    return row.values.get(key)


def reason(key, cell):
    row = importing.parse_row(7, {"title": "皮带机纠偏装置", key: cell}, {}, READERS)
    [(label, sentence)] = row.faults
    assert label == COLUMN[key].label
    assert sentence.endswith("。")
    return sentence


def test_a_title_is_all_that_the_pool_asks_for():
    row = parse()
    assert (row.values, row.faults) == ({"title": "皮带机纠偏装置"}, [])


@pytest.mark.parametrize("cell", [None, "", "  ", "\u3000", "\u200b", "\ufeff \n"])
def test_without_a_title_there_is_no_work(cell):
    assert reason("title", cell) == "请填写项目名称。"


def test_every_column_is_a_declared_field_or_one_of_the_two_lists():
    assert set(COLUMN) - set(FIELDS) == {"members", "patents"}
    assert len({column.label for column in COLUMN.values()}) == len(COLUMN)
    assert [key for key, column in COLUMN.items() if column.required] == ["title"]


@pytest.mark.parametrize(
    ("key", "cell", "taken"),
    [
        ("title", " 自动\n纠偏\u3000装置 ", "自动 纠偏 装置"),
        ("title", Decimal("2021"), "2021"),
        ("title", "=1+1", "=1+1"),
        ("title", "装置\u202e倒写\x07", "装置倒写"),
        ("title", "节能😀灯", "节能😀灯"),
        ("kind", " 小发明 ", "small_invention"),
        ("category", "其它", "other"),
        ("completed_on", date(2021, 6, 30), date(2021, 6, 30)),
        ("completed_on", "２０２１年６月３０日", date(2021, 6, 30)),
        ("completed_on", "2021.6.30", date(2021, 6, 30)),
        ("completed_on", "2021/06/30", date(2021, 6, 30)),
        ("leader.name", "阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("leader.name", "阿卜杜拉．买买提", "阿卜杜拉·买买提"),
        ("leader.name", "𬱖𠮷", "𬱖𠮷"),
        ("leader.name", "王 强", "王强"),
        ("leader.phone", Decimal("13900000001"), "13900000001"),
        ("leader.phone", "１３９００００００１１", "13900000011"),
        ("leader.phone", "0356—2025123", "0356-2025123"),
        ("benefit_wan", Decimal("126.5"), Decimal("126.50")),
        ("benefit_wan", "１，２６０.５０ 万元/年", Decimal("1260.50")),
        ("benefit_wan", Decimal(0), Decimal("0.00")),
        ("benefit_path", "社会效益", "social"),
        ("summary", "一、现状\r\n二、做法", "一、现状\n二、做法"),
        ("members", "张三；李四（东山机械厂）、 王五", [("张三", ""), ("李四", "东山机械厂"), ("王五", "")]),
        ("members", "；；", None),
    ],
)
def test_what_is_taken(key, cell, taken):
    assert value(key, cell) == taken


@pytest.mark.parametrize(
    ("key", "cell", "says"),
    [
        ("title", "长" * 10_000, "不超过 100 字，现有 10000 字"),
        ("summary", "长" * 3001, "不超过 3000 字，现有 3001 字"),
        ("kind", "小发名", "没有“小发名”这一项，请从下拉列表选择：小发明、小建议"),
        ("kind", "长" * 10_000, "…"),
        ("completed_on", "2021-02-30", "不是日期"),
        ("completed_on", "去年", "“去年”不是日期"),
        ("completed_on", Decimal("44377"), "“44377”不是日期"),
        ("completed_on", date(1099, 1, 1), "年份不对"),
        ("leader.name", "王😀", "姓名第2个字“😀”不能识别"),
        ("leader.name", "王" * 10_000, "姓名应为2至50个字"),
        ("leader.name", "王", "姓名应为2至50个字"),
        ("leader.name", "王强　李丽", "只能有 1 名项目带头人，其他人请填为成员"),
        ("leader.name", "王强\n李丽", "只能有 1 名项目带头人"),
        ("leader.name", "王强；李丽", "只能有 1 名项目带头人"),
        ("leader.phone", "12345", "联系电话应为11位手机号"),
        ("leader.phone", "1" * 10_000, "只填写一个号码"),
        ("benefit_wan", "很多", "“很多”不是数字"),
        ("benefit_wan", "1260元", "不是数字"),
        ("benefit_wan", "NaN", "不能小于 0"),
        ("benefit_wan", "-1", "不能小于 0"),
        ("benefit_wan", "1e9999999", "数额过大"),
        ("benefit_wan", "1.005", "最多两位小数"),
        ("members", "张三；李四；王五；赵六；孙七", "合计不超过 5 人"),
        ("members", "张三；😀", "成员“😀”：姓名应为2至50个字"),
        ("patents", "ZL201710601862.4 2018-05-04", "校验位不对"),
        ("patents", "ZL201710601862.3", "后请写明授权公告日"),
        ("patents", "ZL201710601862.3 2031-05-04", "不能晚于今天"),
        ("patents", "ZL201710601862.3 2016-05-04", "不能早于申请的年份（2017 年）"),
        ("patents", "ZL201710601862.3 2018-02-30", "不是日期"),
        ("patents", "ZL201710601862.3 申请中；201710601862.3 2018-05-04", "填写了两次"),
        ("patents", "；".join(["ZL201710601862.3 申请中"] * 11), "专利不超过 10 项"),
    ],
)
def test_what_is_refused(key, cell, says):
    assert says in reason(key, cell)


def test_patents_are_written_with_their_day_or_as_applied_for():
    found = value("patents", "zl２０１７１０６０１８６２３（2018年5月4日）")
    assert found == [
        {
            "kind": "invention",
            "number": "ZL201710601862.3",
            "status": "granted",
            "granted_on": date(2018, 5, 4),
            "owner": "",
        }
    ]
    [applied] = value("patents", "ZL201710601862.3，申请中")
    assert (applied["status"], applied["granted_on"]) == ("applied", None)


def test_every_fault_of_a_row_is_told_and_the_unreadable_cells_with_them():
    cells = {"title": "", "kind": "小发名", "implemented_from": "2021-05-01", "implemented_to": "2021-04-01"}
    row = importing.parse_row(9, cells, {"summary": "是公式。"}, READERS)
    assert [label for label, _ in row.faults] == [
        "项目名称", "五小类别", "项目成果简介", "项目实施时间（止）"
    ]  # fmt: skip


@given(st.sampled_from(sorted(COLUMN)), st.one_of(st.text(), st.decimals(), st.dates(), st.none()))
def test_no_cell_can_break_the_reader(key, cell):
    """Taken or refused in a Chinese sentence; what is taken fits its column."""
    row = importing.parse_row(1, {"title": "甲", key: cell}, {}, READERS)
    assert all(reason.endswith("。") for _, reason in row.faults)
    taken, most = row.values.get(key), COLUMN[key].max_length
    assert not (isinstance(taken, str) and most) or len(taken) <= most


# --- the head ----------------------------------------------------------------------------------------


def test_the_template_of_the_house_matches_itself():
    labels = [importing.NUMBER, *(column.label for column in COLUMN.values())]
    places, wrong = importing.match_head(labels)
    assert [column.key for column in places.values()] == list(COLUMN)
    assert (wrong, importing.absent(places)) == ([], [])


def test_half_width_brackets_and_gaps_in_the_head_are_taken():
    places, wrong = importing.match_head(["", "项目名称", "年经济效益(万元)"])
    assert {place: column.key for place, column in places.items()} == {1: "title", 2: "benefit_wan"}
    assert wrong == []
    assert "完成日期" in importing.absent(places)


def test_columns_too_many_are_named():
    _, wrong = importing.match_head(["项目名称", "备注", "项目名称"])
    assert wrong == [
        "模板里没有“备注”这一列，请删去它，或改成模板中的列名。",
        "“项目名称”这一列出现了两次，请只保留一列。",
    ]


# --- the same work twice -----------------------------------------------------------------------------


def rows(*values):
    cells = [dict(zip(("title", "leader.name", "completed_on"), row, strict=False)) for row in values]
    return [importing.parse_row(n, row, {}, READERS) for n, row in enumerate(cells, 2)]


def test_the_same_title_leader_and_day_are_one_work():
    given_rows = rows(
        ("皮带机，纠偏装置", "欧阳技", "2021-06-30"),
        ("皮带机 纠偏装置", "欧阳技", "2021/6/30"),
        ("皮带机纠偏装置", "欧阳技", "2021-07-01"),
        ("皮带机纠偏装置", "李四四", "2021-06-30"),
        ("已在库中", "", ""),
        ("", "", ""),
    )
    heaps = importing.sort_out(given_rows, {importing.identity("已在（库）中", "", None): "已在（库）中"})
    assert [row.number for row in heaps.fresh] == [2, 4, 5]
    assert [(row.number, why) for row, why in heaps.known] == [
        (3, "与第 2 行相同。"),
        (6, "成果库里已有“已在（库）中”。"),
    ]
    assert [row.number for row in heaps.wrong] == [7]


def test_titles_of_signs_alone_are_told_apart():
    heaps = importing.sort_out(rows(("😀",), ("🔧",)), {})
    assert len(heaps.fresh) == 2
