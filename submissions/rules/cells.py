"""Reads one cell of somebody's workbook by the kind of its column. What other apps know (how a name, a phone or a
patent is written) comes in with `Readers`, each of which raises ValueError with the sentence for the person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from submissions.rules import codes

Cell = str | Decimal | date | None

_SHOWN = 8  # choices that a sentence names
_SPLIT = re.compile(r"[;；\n、,，]+")
_LINES = re.compile(r"[;；\n]+")
_MEMBER = re.compile(r"(.+?)\s*[(（](.*)[)）]")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_PATENT_DAY = re.compile(rf"(.+?)[\s,，（(]+({_DAY.pattern})\s*[)）]?", re.DOTALL)
_APPLIED = re.compile(r"(.+?)[\s,，（(]*申请中\s*[)）]?", re.DOTALL)
_YEARLY = re.compile(r"[,，\s]|(?:万元?)?(?:/年|每年)?$")
_INVISIBLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]")
_WHOLE_DIGITS = 10


class Wrong(ValueError):
    """Why a cell cannot be taken: one Chinese sentence."""


@dataclass(frozen=True)
class Column:
    """`key` is one of FIELDS, or `members` or `patents`; `kind` says how it is read (see `read`)."""

    key: str
    label: str
    kind: str
    required: bool
    max_length: int | None
    help: str
    example: str


@dataclass(frozen=True)
class Patent:
    """What is known of a written patent: the canonical number, its kind and the year of the application."""

    number: str
    kind: str
    year: int


@dataclass(frozen=True)
class Readers:
    """What a contest allows and how other apps read things. `choices`: key → word → code."""

    choices: Mapping[str, Mapping[str, str]]
    name: Callable[[str], str]
    leader: Callable[[str], str]
    phone: Callable[[str], str]
    patent: Callable[[str], Patent]
    today: date
    max_members: int


def read(column: Column, cell: Cell, readers: Readers) -> Any:
    """The value of a cell, None for an empty one; Wrong (a ValueError) with the reason."""
    empty = cell is None or not as_text(cell)
    if empty and column.required:
        raise Wrong(f"请填写{column.label}。")
    return None if empty else _READ[column.kind](column, cell, readers)


def clean(text: str) -> str:
    """One kind of line end; no control characters, none that reorder or hide in their surroundings."""
    return _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))


def as_text(cell: Cell) -> str:
    """A cell as a person reads it: a phone that a sheet took for a number has no decimals."""
    return clean(f"{cell:f}" if isinstance(cell, Decimal) else str(cell)).strip()


def _text(column: Column, cell: Cell, readers: Readers) -> str:
    text = as_text(cell)
    if column.max_length and len(text) > column.max_length:
        raise Wrong(f"不超过 {column.max_length} 字，现有 {len(text)} 字，请删减。")
    return text


def _line(column: Column, cell: Cell, readers: Readers) -> str:
    return _text(column, " ".join(as_text(cell).split()), readers)


def _choice(column: Column, cell: Cell, readers: Readers) -> str:
    words = readers.choices[column.key]
    text = "".join(unicodedata.normalize("NFKC", as_text(cell)).split())
    found = {unicodedata.normalize("NFKC", word): code for word, code in words.items()}.get(text)
    if found is None:
        more = "等" if len(words) > _SHOWN else ""
        raise Wrong(f"没有“{_short(text)}”这一项，请从下拉列表选择：{'、'.join(list(words)[:_SHOWN])}{more}。")
    return found


def _date(column: Column, cell: Cell, readers: Readers) -> date:
    day = cell if isinstance(cell, date) else _day(as_text(cell))
    if not 1900 <= day.year <= 2100:
        raise Wrong("年份不对，请核对。")
    return day


def _day(text: str) -> date:
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    try:
        return date(*map(int, found.groups() if found else ()))
    except (TypeError, ValueError):
        raise Wrong(f"“{_short(text)}”不是日期，请按“年-月-日”填写，例如 2021-06-30。") from None


def _amount(column: Column, cell: Cell, readers: Readers) -> Decimal:
    plain = _YEARLY.sub("", unicodedata.normalize("NFKC", as_text(cell)))
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        raise Wrong(f"“{_short(as_text(cell))}”不是数字，请填写以万元为单位的数字，例如 86.40。") from None
    if not amount.is_finite() or amount < 0:
        raise Wrong("金额不能小于 0，请核对。")
    if amount >= 10**_WHOLE_DIGITS:
        raise Wrong("数额过大：单位是万元，请核对。")
    if amount != round(amount, 2):
        raise Wrong("最多两位小数，请四舍五入后填写。")
    return round(amount, 2)


def _leader(column: Column, cell: Cell, readers: Readers) -> str:
    return readers.leader(_short_enough(as_text(cell), "姓名应为2至50个字。"))


def _phone(column: Column, cell: Cell, readers: Readers) -> str:
    return readers.phone(_short_enough(as_text(cell), "联系电话过长，只填写一个号码。"))


def _short_enough(text: str, sentence: str, most: int = 200) -> str:
    if len(text) > most:
        raise Wrong(sentence)
    return text


def _members(column: Column, cell: Cell, readers: Readers) -> list[tuple[str, str]]:
    """(name, organisation) in their order. The leader counts towards the maximum (domain.md F4)."""
    pieces = [piece.strip() for piece in _SPLIT.split(as_text(cell)) if piece.strip()]
    if 1 + len(pieces) > readers.max_members:
        raise Wrong(f"带头人与成员合计不超过 {readers.max_members} 人，请减少成员。")
    return [_member(piece, readers) for piece in pieces]


def _member(piece: str, readers: Readers) -> tuple[str, str]:
    found = _MEMBER.fullmatch(_short_enough(piece, "每位成员写“姓名（单位）”，不要写其他内容。"))
    name, organisation = (found[1], found[2].strip()) if found else (piece, "")
    if len(organisation) > 100:
        raise Wrong(f"成员“{_short(name)}”的单位不超过 100 字，请删减。")
    try:
        return readers.name(name), organisation
    except ValueError as wrong:
        raise Wrong(f"成员“{_short(piece)}”：{wrong}") from wrong


def _patents(column: Column, cell: Cell, readers: Readers) -> list[dict[str, Any]]:
    """As actions.drafting.set_patents takes them."""
    pieces = [piece.strip() for piece in _LINES.split(as_text(cell)) if piece.strip()]
    if len(pieces) > codes.MAX_PATENTS:
        raise Wrong(f"专利不超过 {codes.MAX_PATENTS} 项。")
    found = [_patent(piece, readers) for piece in pieces]
    if len({patent["number"] for patent in found}) < len(found):
        raise Wrong("同一专利号填写了两次，请删去一个。")
    return found


def _patent(piece: str, readers: Readers) -> dict[str, Any]:
    text = _short_enough(piece, "每项专利只写专利号和授权公告日。")
    dated, applied = _PATENT_DAY.fullmatch(text), _APPLIED.fullmatch(text)
    number = readers.patent((dated or applied or [text, text])[1])
    granted_on = _day(dated[2]) if dated else None
    if not dated and not applied:
        raise Wrong(f"专利 {number.number} 后请写明授权公告日，如 2018-05-04；尚未授权的写“申请中”。")
    if granted_on and granted_on > readers.today:
        raise Wrong(f"专利 {number.number} 的授权公告日不能晚于今天，请核对。")
    if granted_on and granted_on.year < number.year:
        raise Wrong(f"专利 {number.number} 的授权公告日不能早于申请的年份（{number.year} 年），请核对。")
    status = "granted" if granted_on else "applied"
    return {"kind": number.kind, "number": number.number, "status": status, "granted_on": granted_on, "owner": ""}


def _short(text: str, most: int = 20) -> str:
    return text if len(text) <= most else text[:most] + "…"


_READ: dict[str, Callable[[Column, Cell, Readers], Any]] = {
    "line": _line,
    "text": _text,
    "choice": _choice,
    "date": _date,
    "amount": _amount,
    "leader": _leader,
    "phone": _phone,
    "members": _members,
    "patents": _patents,
}
