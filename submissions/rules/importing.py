"""Rows of somebody's workbook as achievements of the pool (rules.md "The pool and the season").

The pool asks for a title only; whatever else is written must be right.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from submissions.rules.cells import Cell, Column, Readers, read
from submissions.rules.duplicates.texts import plain
from submissions.rules.fields import FIELDS, FieldRule

SHEET = "成果登记"
NUMBER = "序号"
EXAMPLE = "示例"
"""The head of the column that nobody reads, and the mark in it of the row that nobody imports."""

_LEADER = "带头人"


@dataclass
class Row:
    """A row as it was understood: `values` by key (codes for choices), or `faults` as (column, reason)."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[tuple[str, str]] = field(default_factory=list)

    @property
    def title(self) -> str:
        return str(self.values.get("title", ""))

    @property
    def leader(self) -> str:
        return str(self.values.get("leader.name", ""))

    @property
    def completed_on(self) -> date | None:
        return self.values.get("completed_on")

    @property
    def identity(self) -> str:
        return identity(self.title, self.leader, self.completed_on)


def _column(key: str, kind: str, example: str, advice: str = "") -> Column:
    rule: FieldRule = FIELDS[key]
    label = rule.label if not key.startswith("leader.") or rule.label.startswith(_LEADER) else _LEADER + rule.label
    return Column(key, label, kind, key == "title", rule.max_length, advice or rule.help, example)


_DAY_HELP = "按“年-月-日”填写，如 2021-06-30。"
COLUMNS: dict[str, Column] = {
    c.key: c
    for c in (
        _column("title", "line", "井下皮带机自动纠偏装置", "100 字以内。其余各列可以以后补填。"),
        _column("kind", "choice", "小发明", "从下拉列表选择。"),
        _column("category", "choice", "设备类", "从下拉列表选择。"),
        _column("category_note", "line", ""),
        _column("industry", "choice", "煤炭", "从下拉列表选择。"),
        _column("completed_on", "date", "2021-06-30", _DAY_HELP),
        _column("applied_from", "date", "2021-07-05", "何时起用于生产。" + _DAY_HELP),
        _column("implemented_from", "date", "2020-11-01", _DAY_HELP),
        _column("implemented_to", "date", "2021-06-30", "不早于开始。" + _DAY_HELP),
        _column("leader.name", "leader", "欧阳技", "只填 1 名；少数民族姓名用“·”分隔。"),
        _column("leader.gender", "choice", "男", "从下拉列表选择。"),
        _column("leader.phone", "phone", "13900000001", "手机号，或区号加固定电话，如 0356-2025123。"),
        Column(
            "members", "其他成员", "members", False, None,
            "不含带头人；用“；”隔开，外单位的写在括号里，如：张三；李四（东山机械厂）。",
            "张小三；李小四（东山机械厂）",
        ),
        _column("benefit_path", "choice", "经济效益", "经济效益与社会效益取其中一种计分。"),
        _column("benefit_wan", "amount", "126.50", "单位万元，一年的金额，最多两位小数。"),
        _column("benefit_basis", "text", "年减少停机 132 次，每次损失 0.96 万元。"),
        _column("social_benefit", "text", ""),
        Column(
            "patents", "专利", "patents", False, None,
            "每项写专利号和授权公告日，如：ZL201710601862.3 2018-05-04；尚未授权的在号后写“申请中”；多项用“；”隔开。",
            "ZL201710601862.3 2018-05-04",
        ),
        _column("summary", "text", "在主运皮带上加装纠偏装置后，跑偏停机由每月 12 次降到 1 次。"),
        _column("innovation", "text", "以机械反馈代替人工调偏，不需外接电源。"),
    )
}  # fmt: skip
_BY_LABEL = {column.label: column for column in COLUMNS.values()}


# --- the head ----------------------------------------------------------------------------------------


def match_head(head: Sequence[str]) -> tuple[dict[int, Column], list[str]]:
    """Place → column, and what is wrong with the head in sentences. Columns that are not there stay empty."""
    places: dict[int, Column] = {}
    wrong = []
    for place, word in enumerate(head):
        label = unicodedata.normalize("NFKC", word).replace("(", "（").replace(")", "）")
        if label in ("", NUMBER):
            continue
        if label not in _BY_LABEL:
            wrong.append(f"模板里没有“{word}”这一列，请删去它，或改成模板中的列名。")
        elif _BY_LABEL[label] in places.values():
            wrong.append(f"“{label}”这一列出现了两次，请只保留一列。")
        else:
            places[place] = _BY_LABEL[label]
    return places, wrong


def absent(places: Mapping[int, Column]) -> list[str]:
    """The labels of the template that a head does not have."""
    return [column.label for column in COLUMNS.values() if column not in places.values()]


# --- a row -------------------------------------------------------------------------------------------


def parse_row(number: int, cells: Mapping[str, Cell], unreadable: Mapping[str, str], readers: Readers) -> Row:
    """`cells` and `unreadable` (the reasons of cells without a value) by key; a missing key is an empty cell."""
    row = Row(number)
    for key, column in COLUMNS.items():
        if key in unreadable:
            row.faults.append((column.label, unreadable[key]))
            continue
        try:
            value = read(column, cells.get(key), readers)
        except ValueError as wrong:
            row.faults.append((column.label, str(wrong)))
        else:
            row.values |= {} if value in (None, "", []) else {key: value}
    _check_order(row)
    return row


def _check_order(row: Row) -> None:
    first, last = row.values.get("implemented_from"), row.values.get("implemented_to")
    if first and last and first > last:
        row.faults.append((COLUMNS["implemented_to"].label, "结束不能早于开始，请核对两个日期。"))


# --- the same work twice -----------------------------------------------------------------------------


def identity(title: str, leader: str, completed_on: date | None) -> str:
    """What makes two rows of one unit and season the same work: title (letters and figures only), leader, date."""
    return f"{plain(title) or title}|{leader}|{completed_on.isoformat() if completed_on else ''}"


@dataclass(frozen=True)
class Sorted:
    """`fresh` will be registered; `known` are there already, with the sentence why; `wrong` have faults."""

    fresh: list[Row]
    known: list[tuple[Row, str]]
    wrong: list[Row]


def sort_out(rows: Iterable[Row], pool: Mapping[str, str]) -> Sorted:
    """`pool`: identity → title of what the unit has this season, in whatever state."""
    found = Sorted([], [], [])
    seen: dict[str, int] = {}
    for row in rows:
        if row.faults:
            found.wrong.append(row)
        elif row.identity in pool:
            found.known.append((row, f"成果库里已有“{pool[row.identity]}”。"))
        elif row.identity in seen:
            found.known.append((row, f"与第 {seen[row.identity]} 行相同。"))
        else:
            seen[row.identity] = row.number
            found.fresh.append(row)
    return found
