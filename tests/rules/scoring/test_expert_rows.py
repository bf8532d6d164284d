"""What a row of an experts' workbook says, and the sentence for every cell that cannot be taken."""

from datetime import date
from decimal import Decimal

import pytest

from scoring.rules import expert_rows as rules

TODAY = date(2021, 9, 1)
CHOICES = {"industries": {"煤炭": "coal", "机械": "machinery"}, "categories": {"设备类": "equipment"}}
GOOD: dict[str, rules.Cell] = {
    "name": "欧阳评",
    "username": "OuYang",
    "phone": Decimal("13900000002"),
    "employer": "太行二矿工会",
    "since": "2015-07",
    "former": "市煤炭设计院（2010.07-2015.06）；某大学(2003至2010)",
    "industries": "煤炭、机械",
    "categories": "设备类",
    "max_load": Decimal(60),
}


def parsed(**changes: rules.Cell) -> rules.Row:
    return rules.parse(3, GOOD | changes, {}, CHOICES, TODAY)


def test_a_good_row():
    row = parsed()
    assert row.faults == []
    assert (row.name, row.username, row.phone, row.max_load) == ("欧阳评", "ouyang", "13900000002", 60)
    assert (row.industries, row.categories) == (("coal", "machinery"), ("equipment",))
    assert row.stays == [
        rules.Stay("太行二矿工会", date(2015, 7, 1)),
        rules.Stay("市煤炭设计院", date(2010, 7, 1), date(2015, 6, 30)),
        rules.Stay("某大学", date(2003, 1, 1), date(2010, 12, 31)),
    ]


@pytest.mark.parametrize(
    ("key", "cell", "column", "sentence"),
    [
        ("name", None, "姓名", "请填写姓名。"),
        ("name", "王3", "姓名", "姓名应为 2 到 50 个字"),
        ("username", "王敏", "用户名", "用户名应为 3 到 30 位"),
        ("username", None, "用户名", "请填写用户名。"),
        ("phone", "12345", "手机号", "请填写 11 位手机号"),
        ("employer", "矿", "工作单位", "2 到 100 个字"),
        ("since", "很久以前", "任职起", "不是日期"),
        ("since", "2022-01", "任职起", "1950 年到今天之间"),
        ("since", "2020-13", "任职起", "不是日期，请核对"),
        ("former", "市煤炭设计院", "曾任职单位", "请写成“单位（起-止）”"),
        ("former", "市煤炭设计院（2015-2010）", "曾任职单位", "止不能早于起"),
        ("industries", "煤碳", "专业行业", "没有“煤碳”这一项，可填：煤炭、机械。"),
        ("industries", None, "专业行业", "请填写专业行业。"),
        ("categories", "别的", "专业类型", "没有“别的”这一项"),
        ("max_load", "很多", "最多份数", "1 到 2000 之间的整数"),
        ("max_load", Decimal(0), "最多份数", "1 到 2000 之间的整数"),
        ("max_load", Decimal("2.5"), "最多份数", "1 到 2000 之间的整数"),
    ],
)
def test_a_wrong_cell_names_its_column_and_reason(key, cell, column, sentence):
    faults = parsed(**{key: cell}).faults
    assert [fault[0] for fault in faults] == [column]
    assert sentence in faults[0][1]


def test_every_wrong_cell_of_a_row_is_named():
    assert {fault[0] for fault in parsed(name="王3", since="?", industries="煤碳").faults} == {
        "姓名", "任职起", "专业行业"
    }  # fmt: skip


def test_an_unreadable_cell_keeps_its_own_reason():
    row = rules.parse(3, GOOD, {"name": "是公式。"}, CHOICES, TODAY)
    assert row.faults == [("姓名", "是公式。")]


def test_the_same_person_twice():
    rows = [parsed(), rules.parse(7, GOOD, {}, CHOICES, TODAY)]
    rules.twice(rows)
    assert rows[0].faults == []
    assert rows[1].faults == [("用户名", "与第 3 行相同，每人只填一行。")]


def test_the_head():
    places, wrong = rules.match_head(["序号", "姓名", "用户名", "工作单位", "任职起", "专业行业"])
    assert [column.key for column in places.values()] == ["name", "username", "employer", "since", "industries"]
    assert wrong == []
    _, wrong = rules.match_head(["姓名", "姓名", "血型"])
    assert wrong[0] == "“姓名”这一列出现了两次，请只保留一列。"
    assert wrong[1] == "模板里没有“血型”这一列，请删去它，或改成模板中的列名。"
    assert "缺少“用户名”这一列，请按模板补上。" in wrong
