"""Workbooks of simple lists, and the one way in which a typed text gets into any cell of ours.

A text that a spreadsheet would run as a formula stays text: it is written as a string and marked as quoted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.worksheet import Worksheet

from core.spec import printable

CELL_LIMIT = 32_767
_CUT = "……（全文过长，见原件）"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_HEAD_FONT = Font(bold=True)
_HEAD_FILL = PatternFill("solid", fgColor="EFEBE4")
_HEAD_ALIGNMENT = Alignment(horizontal="center", vertical="center", wrap_text=True)
_HEAD_BORDER = Border(bottom=Side("thin", color="857D72"))
_FORBIDDEN_IN_NAMES = str.maketrans("[]:*?/\\", "（）：＊？／＼")
_NAME_LIMIT = 31


@dataclass(frozen=True)
class Heading:
    """The head of one list column. `width` counts characters; money is "#,##0.00", a date "yyyy-mm-dd"."""

    label: str
    width: float = 14
    number_format: str = ""


def safe_value(value: Any) -> Any:
    """What a cell may hold: numbers and dates as they are (local time, zone dropped), all else clean text."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if value is None or isinstance(value, int | float | Decimal | date):
        return value
    text = printable(str(value))
    return text if len(text) <= CELL_LIMIT else text[: CELL_LIMIT - len(_CUT)] + _CUT


def looks_like_formula(value: Any) -> bool:
    return isinstance(value, str) and value.lstrip(" \u3000").startswith(_FORMULA_STARTS)


def put(cell: Cell, value: Any) -> None:
    """Write a value into a cell; one that a spreadsheet could take for a formula becomes quoted text."""
    cell.value = safe_value(value)
    if isinstance(cell.value, str):
        cell.data_type = "s"
        cell.quotePrefix = looks_like_formula(value) or looks_like_formula(cell.value)


def put_head(cell: Cell, label: str, fill: PatternFill = _HEAD_FILL) -> None:
    put(cell, label)
    cell.font, cell.fill, cell.alignment, cell.border = _HEAD_FONT, fill, _HEAD_ALIGNMENT, _HEAD_BORDER


def sheet_name(wanted: str, taken: Iterable[str] = ()) -> str:
    """A name that a workbook accepts: no forbidden mark, at most 31 characters, unlike `taken` in any case."""
    base = printable(wanted).replace("\n", " ").translate(_FORBIDDEN_IN_NAMES).strip(" '") or "表"
    used = {name.casefold() for name in taken}
    name, number = base[:_NAME_LIMIT], 1
    while name.casefold() in used:
        number += 1
        suffix = f"（{number}）"
        name = base[: _NAME_LIMIT - len(suffix)] + suffix
    return name


def write_list(target: IO[bytes], title: str, headings: Sequence[Heading], rows: Iterable[Sequence[Any]]) -> int:
    """Stream a list into `target` as a workbook of one sheet with a frozen, filtered head; return the rows written.

    `rows` may be a generator: memory stays flat.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(sheet_name(title))
    _prepare(sheet, headings)
    written = 0
    try:
        for row in rows:
            cells = zip(headings, row, strict=True)
            sheet.append([_list_cell(sheet, value, heading.number_format) for heading, value in cells])
            written += 1
    except BaseException:
        sheet.close()  # else the half-written file complains when it is collected
        raise
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{written + 1}"
    book.save(target)
    return written


def _prepare(sheet: WriteOnlyWorksheet, headings: Sequence[Heading]) -> None:
    for number, heading in enumerate(headings, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = heading.width
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.append([_head_cell(sheet, heading.label) for heading in headings])


def _head_cell(sheet: WriteOnlyWorksheet, label: str) -> Cell:
    cell = WriteOnlyCell(sheet)
    put_head(cell, label)
    return cell


def _list_cell(sheet: WriteOnlyWorksheet, value: Any, number_format: str) -> Any:
    """A bare value where that is enough: a cell object costs several times as much."""
    safe = safe_value(value)
    formula = looks_like_formula(safe)
    if not formula and (isinstance(safe, str) or not number_format):
        return safe
    cell = WriteOnlyCell(sheet)
    put(cell, value)
    if not formula:
        cell.number_format = number_format
    return cell
