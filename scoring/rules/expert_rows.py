"""Rows of somebody's workbook as experts of the register (domain.md A9): what a row says, or why it cannot be taken.

A person is known by her user name; where she works and worked is there for recusal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

Cell = str | Decimal | date | None
Value = TypeVar("Value")
SHEET, NUMBER, EXAMPLE = "专家", "序号", "示例"
_SPLIT = re.compile(r"[、;；,，\n]+")
_USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,29}")
_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af·A-Za-z ]{2,50}")
_PHONE = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}")
_YEAR = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?月?)?年?")
_PAST = re.compile(r"(.+?)[(（](\S+?)\s*[-–—至到]+\s*(\S+?)[)）]")
_MOST_LOAD = 2000


@dataclass(frozen=True)
class Column:
    key: str
    label: str
    required: bool
    note: str
    example: str


COLUMNS = {
    c.key: c
    for c in (
        Column("name", "姓名", True, "2 到 50 个字；少数民族姓名用“·”分隔。", "欧阳评"),
        Column(
            "username",
            "用户名",
            True,
            "登录用，3 到 30 位小写字母、数字，字母开头；已有账号的填原用户名。",
            "ouyangping",
        ),
        Column("phone", "手机号", False, "手机号，或区号加固定电话。", "13900000002"),
        Column("employer", "工作单位", True, "现在的工作单位全称，用于回避。", "太行二矿工会"),
        Column("since", "任职起", True, "年、年-月或年-月-日，如 2015-07。", "2015-07"),
        Column(
            "former",
            "曾任职单位",
            False,
            "近几年的，写“单位（起-止）”，多个用“；”隔开。",
            "市煤炭设计院（2010.07-2015.06）",
        ),
        Column("industries", "专业行业", True, "从本届行业中填写，多个用“、”隔开。", "煤炭、机械"),
        Column("categories", "专业类型", False, "从本届项目类型中填写，多个用“、”隔开；不填为各类型都评。", "设备类"),
        Column("max_load", "最多份数", False, "一轮最多评多少份，不限的不填。", "60"),
    )
}
_BY_LABEL = {column.label: column for column in COLUMNS.values()}


@dataclass(frozen=True)
class Stay:
    """One employment as it was written."""

    place: str
    started_on: date
    ended_on: date | None = None


@dataclass
class Row:
    """`faults` are (column, reason); without one the row can be taken."""

    number: int
    name: str = ""
    username: str = ""
    phone: str = ""
    stays: list[Stay] = field(default_factory=list)
    industries: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    max_load: int | None = None
    faults: list[tuple[str, str]] = field(default_factory=list)


class Wrong(ValueError):
    """Why a cell cannot be taken."""


def match_head(head: Sequence[str]) -> tuple[dict[int, Column], list[str]]:
    """Place → column, and what is wrong with the head in sentences."""
    places: dict[int, Column] = {}
    wrong = []
    for place, word in enumerate(head):
        label = unicodedata.normalize("NFKC", word)
        if label in ("", NUMBER):
            continue
        if label not in _BY_LABEL:
            wrong.append(f"模板里没有“{word}”这一列，请删去它，或改成模板中的列名。")
        elif _BY_LABEL[label] in places.values():
            wrong.append(f"“{label}”这一列出现了两次，请只保留一列。")
        else:
            places[place] = _BY_LABEL[label]
    missing = [c.label for c in COLUMNS.values() if c.required and c not in places.values()]
    return places, wrong + [f"缺少“{label}”这一列，请按模板补上。" for label in missing]


def parse(
    number: int,
    cells: Mapping[str, Cell],
    unreadable: Mapping[str, str],
    choices: Mapping[str, Mapping[str, str]],
    today: date,
) -> Row:
    """`choices`: "industries" and "categories" → word → code."""
    row = Row(number)
    cell = _Cells(row, cells, unreadable)
    row.name = cell.take("name", _name) or ""
    row.username = cell.take("username", _username) or ""
    row.phone = cell.take("phone", _phone) or ""
    place, since = cell.take("employer", _place), cell.take("since", lambda text: _past(_day(text), today))
    row.stays = [Stay(place, since)] if place and since else []
    row.stays += cell.take("former", lambda text: _former(text, today)) or []
    row.industries = cell.take("industries", lambda text: _codes(text, choices["industries"])) or ()
    row.categories = cell.take("categories", lambda text: _codes(text, choices["categories"])) or ()
    row.max_load = cell.take("max_load", _load)
    return row


@dataclass(frozen=True)
class _Cells:
    """The cells of one row; what cannot be taken becomes a fault of the row."""

    row: Row
    cells: Mapping[str, Cell]
    unreadable: Mapping[str, str]

    def take(self, key: str, read: Callable[[str], Value]) -> Value | None:
        column = COLUMNS[key]
        text = _text(self.cells.get(key))
        try:
            if key in self.unreadable:
                raise Wrong(self.unreadable[key])
            if not text and column.required:
                raise Wrong(f"请填写{column.label}。")
            return read(text) if text else None
        except Wrong as wrong:
            self.row.faults.append((column.label, str(wrong)))
            return None


def twice(rows: Iterable[Row]) -> None:
    """A user name that an earlier row has is a fault of the later one."""
    seen: dict[str, int] = {}
    for row in rows:
        if row.username and row.username in seen:
            row.faults.append((COLUMNS["username"].label, f"与第 {seen[row.username]} 行相同，每人只填一行。"))
        elif row.username:
            seen[row.username] = row.number


def _text(cell: Cell) -> str:
    text = f"{cell:f}" if isinstance(cell, Decimal) else "" if cell is None else str(cell)
    return unicodedata.normalize("NFKC", "".join(c for c in text if c.isprintable() or c == "\n")).strip()


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise Wrong("姓名应为 2 到 50 个字，不含数字和符号（“·”除外）。")
    return text


def _username(text: str) -> str:
    if not _USERNAME.fullmatch(text.lower()):
        raise Wrong("用户名应为 3 到 30 位小写字母、数字，以字母开头。")
    return text.lower()


def _phone(text: str) -> str:
    if not _PHONE.fullmatch(text):
        raise Wrong("请填写 11 位手机号，或区号加固定电话，如 0356-2025123。")
    return text


def _place(text: str) -> str:
    if not 2 <= len(text) <= 100:
        raise Wrong("单位名称应为 2 到 100 个字。")
    return text


def _day(text: str, *, last: bool = False) -> date:
    """The first (or last) day of what was named: a year, a month or a day."""
    found = _YEAR.fullmatch(text.replace(" ", ""))
    if not found:
        raise Wrong(f"“{text[:20]}”不是日期，请写年、年-月或年-月-日，如 2015-07。")
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        if last and not month:
            return date(year, 12, 31)
        if last and not day:
            following = date(year + month // 12, month % 12 + 1, 1)
            return date.fromordinal(following.toordinal() - 1)
        return date(year, month or 1, day or 1)
    except ValueError as wrong:
        raise Wrong(f"“{text[:20]}”不是日期，请核对。") from wrong


def _past(day: date, today: date) -> date:
    if not day.year >= 1950 or day > today:
        raise Wrong("日期应在 1950 年到今天之间，请核对。")
    return day


def _former(text: str, today: date) -> list[Stay]:
    return [_stay(piece.strip(), today) for piece in re.split(r"[;；\n]+", text) if piece.strip()]


def _stay(piece: str, today: date) -> Stay:
    found = _PAST.fullmatch(piece)
    if not found:
        raise Wrong(f"“{piece[:20]}”请写成“单位（起-止）”，如 市煤炭设计院（2010.07-2015.06）。")
    first, last = _past(_day(found[2]), today), _day(found[3], last=True)
    if last < first:
        raise Wrong(f"“{found[1][:20]}”的止不能早于起，请核对。")
    return Stay(_place(found[1].strip()), first, min(last, today))


def _codes(text: str, words: Mapping[str, str]) -> tuple[str, ...]:
    found = []
    for piece in filter(None, (piece.strip() for piece in _SPLIT.split(text))):
        if piece not in words:
            raise Wrong(f"没有“{piece[:20]}”这一项，可填：{'、'.join(words)}。")
        found.append(words[piece])
    return tuple(dict.fromkeys(found))


def _load(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= _MOST_LOAD:
        raise Wrong(f"请填写 1 到 {_MOST_LOAD} 之间的整数，不限的不填。")
    return int(text)
