"""Blank workbooks to be filled in by hand: drop-downs, a note on every head, an example, and the rules in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from core.workbook import Heading, put, put_head

NOTES = "填写说明"
LISTS = "选项"
_EXAMPLE_FONT = Font(italic=True, color="7A7267")
_OPTIONAL_FILL = PatternFill("solid", fgColor="EFEBE4")
_REQUIRED_FILL = PatternFill("solid", fgColor="F6D9D5")
_NOTE_SIZE = (110, 300)  # points


@dataclass(frozen=True)
class BlankColumn:
    """`note` is what the person should know; `choices` become a drop-down; a text keeps leading zeros by "@"."""

    heading: Heading
    note: str
    required: bool = False
    choices: Sequence[str] = ()
    example: Any = None


def write_blank(target: IO[bytes], title: str, columns: Sequence[BlankColumn], rows: int) -> None:
    """A sheet `title` with a head in row 1, an example in row 2 and drop-downs over the next `rows` rows."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    sheet.freeze_panes = "A2"
    sheet.row_dimensions[1].height = 30
    for place, column in enumerate(columns, 1):
        _write_column(sheet, place, column)
    _write_notes(book.create_sheet(NOTES), columns)
    _write_lists(book.create_sheet(LISTS), sheet, columns, rows)
    book.save(target)


def _write_column(sheet: Worksheet, place: int, column: BlankColumn) -> None:
    letter = get_column_letter(place)
    sheet.column_dimensions[letter].width = column.heading.width
    sheet.column_dimensions[letter].number_format = column.heading.number_format or "@"
    head, example = sheet[f"{letter}1"], sheet[f"{letter}2"]
    put_head(head, column.heading.label, _REQUIRED_FILL if column.required else _OPTIONAL_FILL)
    head.comment = Comment(_words(column), NOTES, *_NOTE_SIZE)
    put(example, column.example)
    example.font, example.alignment = _EXAMPLE_FONT, Alignment(vertical="top", wrap_text=True)
    example.number_format = column.heading.number_format or "@"


def _words(column: BlankColumn) -> str:
    return f"{'必填。' if column.required else '可不填。'}{column.note}"


def _write_notes(sheet: Worksheet, columns: Sequence[BlankColumn]) -> None:
    for letter, word, width in (("A", "列名", 20), ("B", "填写要求", 90)):
        sheet.column_dimensions[letter].width = width
        put_head(sheet[f"{letter}1"], word)
    for number, column in enumerate(columns, 2):
        put(sheet.cell(number, 1), column.heading.label)
        put(sheet.cell(number, 2), _words(column))
        sheet.cell(number, 2).alignment = Alignment(wrap_text=True, vertical="top")


def _write_lists(lists: Worksheet, sheet: Worksheet, columns: Sequence[BlankColumn], rows: int) -> None:
    """One hidden column a drop-down: a list written into the rule itself may hold 255 characters only."""
    lists.sheet_state = "hidden"
    for place, column in enumerate(columns, 1):
        if not column.choices:
            continue
        letter = get_column_letter(place)
        for number, word in enumerate(column.choices, 1):
            put(lists.cell(number, place), word)
        rule = DataValidation("list", f"'{LISTS}'!${letter}$1:${letter}${len(column.choices)}", allow_blank=True)
        rule.showErrorMessage, rule.errorTitle, rule.error = True, "请从列表中选择", "这一格只能从下拉列表中选择。"
        rule.add(f"{letter}2:{letter}{rows + 2}")
        sheet.add_data_validation(rule)
