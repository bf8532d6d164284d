"""Workbooks that people upload, read strictly: nothing is parsed before its size is known, nothing is guessed.

Formulas, error values and merged cells have no value here but a reason; what is left is text, a Decimal or a date.
"""

from __future__ import annotations

import zipfile
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.xml import DEFUSEDXML
from openpyxl.xml.functions import iterparse

from core.errors import Refusal

Value = str | Decimal | date | None

UNPACKED_MAX_BYTES = 40 << 20
TAGS_MAX = 1_000_000  # an element of four bytes takes a hundred in memory
ROWS_MAX = 2000
COLUMNS_MAX = 60
LAST_ROW = 10_000
MERGED_MAX = 2000
HEAD_WITHIN = 10
_CHUNK = 1 << 16
_MERGED = "在合并单元格里，请取消合并后逐格填写。"
_BROKEN = "这个 Excel 文件已损坏或不是标准的 xlsx，请用 Excel 或 WPS 打开后另存为 xlsx 再上传。"
_FORMULA = "是公式，请改成它的值：复制后用“选择性粘贴 – 数值”。"


@dataclass
class Line:
    """A row that holds something: its number in the sheet, its values by place from 0, and why some have none."""

    number: int
    values: list[Value]
    faults: dict[int, str] = field(default_factory=dict)

    def at(self, place: int) -> Value:
        return self.values[place] if place < len(self.values) else None


@dataclass(frozen=True)
class Table:
    """`head` are the words of the head row, cut behind the last one; `lines` what stands below it."""

    head: list[str]
    lines: list[Line]


def read_table(content: BinaryIO, *, known: str, sheet: str = "") -> Table:
    """The table whose head row holds the word `known`, from the sheet called `sheet` or else the first visible one.

    Raises Refusal with a sentence for whatever is no such table; the content was checked to be an xlsx before.
    """
    if not DEFUSEDXML:  # a broken installation, nobody's upload
        raise RuntimeError("workbooks of strangers are read with defusedxml only")
    try:
        _check_size(content)
        content.seek(0)
        book = load_workbook(content, read_only=True, keep_links=False)
        lines = list(_lines(_sheet(book, sheet)))
    except Refusal:
        raise
    except Exception as broken:  # the reader meets a hostile file with whatever comes
        raise Refusal(_BROKEN, "file", "broken") from broken
    return _table(lines, known)


def _check_size(content: BinaryIO) -> None:
    """By the archive's directory first: `zipfile` never unpacks more of a part than is written there."""
    content.seek(0)
    with zipfile.ZipFile(content) as archive:
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > UNPACKED_MAX_BYTES:
            raise Refusal(
                f"表格解压后超过 {UNPACKED_MAX_BYTES >> 20} MB，无法接收，请删去图片和多余的工作表后再上传。",
                "file",
                "unpacked",
            )
        if sum(_tags(archive, part) for part in parts) > TAGS_MAX:
            raise Refusal("表格过大，请删去表格下方和右侧多余的空行、空列，或分成几个文件上传。", "file", "too_large")


def _tags(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    with archive.open(part) as stream:
        return sum(chunk.count(b"<") for chunk in iter(lambda: stream.read(_CHUNK), b""))


def _sheet(book: Any, wanted: str) -> Any:
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    chosen = next((sheet for sheet in visible if sheet.title.strip() == wanted), visible[0] if visible else None)
    if chosen is None:
        raise Refusal("文件里没有可见的工作表，请按模板填写后再上传。", "file", "empty")
    return chosen


def _lines(sheet: Any) -> Iterator[Line]:
    ranges = _measured(sheet)
    sheet.reset_dimensions()  # what the file says of itself; one false word there and the reader fills in for ever
    rows = sheet.iter_rows(max_row=LAST_ROW, max_col=COLUMNS_MAX)
    kept = [line for number, row in enumerate(rows, 1) if (line := _line(number, row))]
    merged = _merged(ranges, {line.number for line in kept})
    for line in kept:
        line.faults |= dict.fromkeys(merged.get(line.number, ()), _MERGED)
        yield line


def _line(number: int, row: Iterable[Any]) -> Line | None:
    """Up to its last cell that holds anything."""
    line, last = Line(number, []), 0
    for place, cell in enumerate(row):
        value, fault = _value(cell.value, cell.data_type) if cell.value is not None else (None, "")
        line.values.append(value)
        last = place + 1 if cell.value is not None else last
        if fault:
            line.faults[place] = fault
    del line.values[last:]
    return line if line.faults or any(value is not None for value in line.values) else None


def _value(value: Any, data_type: str) -> tuple[Value, str]:
    """The value as text, Decimal or date, or the reason why there is none."""
    if data_type == "f":
        return None, _FORMULA
    if data_type == "e":
        return None, f"是错误值“{value}”，请改成正确的内容。"
    return _plain(value), ""


def _plain(value: Any) -> Value:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(format(value, ".15g"))  # a sheet counts in 15 figures; what a float has behind them is noise
    return str(value).replace("_x000D_", "").strip() or None


Range = tuple[int, int, int, int]  # left, top, right, bottom, from 1


def _measured(sheet: Any) -> list[Range]:
    """The merged ranges, which the streaming reader leaves out; refuses a sheet that is filled beyond its measure."""
    found: list[Range] = []
    with sheet._get_source() as source:
        for _, element in iterparse(source):
            kind = element.tag.rpartition("}")[2]
            if kind == "mergeCell":
                found.append(range_boundaries(element.get("ref")))
            elif kind == "c" and len(element):
                _refuse_far(element.get("r"))
            element.clear()
            if len(found) > MERGED_MAX:
                raise Refusal("表格里的合并单元格过多，请全部取消合并后逐格填写。", "file", "merged")
    return found


def _refuse_far(place: str | None) -> None:
    """A cell without a place of its own stands behind the one before it."""
    if not place:
        return
    row, column = coordinate_to_tuple(place)
    if column > COLUMNS_MAX:
        raise Refusal(f"表格超过 {COLUMNS_MAX} 列，请对照模板删去多余的列。", "file", "columns")
    if row > LAST_ROW:
        raise Refusal(f"第 {row} 行还有内容，一次最多读到第 {LAST_ROW} 行，请删去或分成几个文件上传。", "file", "rows")


def _merged(ranges: list[Range], numbers: set[int]) -> dict[int, set[int]]:
    """Row number → places of its cells that are part of a merged range."""
    found: dict[int, set[int]] = {}
    ordered = sorted(numbers)
    for left, top, right, bottom in ranges:
        for number in ordered[bisect_left(ordered, top) : bisect_right(ordered, bottom)]:
            found.setdefault(number, set()).update(range(left - 1, min(right, COLUMNS_MAX)))
    return found


def _table(lines: list[Line], known: str) -> Table:
    if not lines:
        raise Refusal("工作表是空的，请按模板填写后再上传。", "file", "empty")
    at = next((i for i, line in enumerate(lines[:HEAD_WITHIN]) if known in map(heading, line.values)), None)
    if at is None:
        raise Refusal(f"没有找到“{known}”这一列；请下载模板，保留第一行的列名。", "file", "head")
    below = lines[at + 1 :]
    if not below:
        raise Refusal("列名下面没有内容，请逐行填写后再上传。", "file", "empty")
    if len(below) > ROWS_MAX:
        raise Refusal(f"共 {len(below)} 行，一次最多 {ROWS_MAX} 行，请分成几个文件上传。", "file", "rows")
    head = [heading(value) for value in lines[at].values]
    while head and not head[-1]:
        head.pop()
    _refuse_nameless(head, below)
    return Table(head, below)


def heading(value: Value) -> str:
    """The word of a head cell: blanks and the star of a required column do not count."""
    return "".join(str(value or "").split()).strip("*＊")


def _refuse_nameless(head: list[str], lines: list[Line]) -> None:
    named = {place for place, word in enumerate(head) if word}
    for line in lines:
        for place, value in enumerate(line.values):
            if value is not None and place not in named:
                cell = f"{get_column_letter(place + 1)}{line.number}"
                raise Refusal(f"单元格 {cell} 有内容，但这一列没有列名；请补上列名或删去这一列。", "file", "head")
