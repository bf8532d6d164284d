"""A declaration and its data, laid out: the printed cells in their places, read alike by the HTML and the workbook."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from core.spec import (
    Align,
    Cell,
    Data,
    Field,
    Form,
    Label,
    Line,
    Orientation,
    Photo,
    Picture,
    Section,
    Slot,
    Stamp,
    Table,
    text_of,
)

from .measure import POINTS_A_MM, text_height_mm

USABLE_MM: dict[Orientation, float] = {"portrait": 156, "landscape": 247}
_TITLE_PT, _LONG_TITLE_PT = 22, 18


@dataclass(frozen=True)
class PrintedCell:
    """`row` and `column` count from 0 within the grid. `number` is set where the value is a number."""

    row: int
    column: int
    rowspan: int
    colspan: int
    kind: Literal["label", "value", "photo"]
    text: str
    align: Align
    narrow: bool = False
    top: bool = False
    indent: bool = False
    tail: str = ""
    number: int | Decimal | None = None
    picture: Picture | None = None
    box_mm: tuple[float, float] = (0, 0)

    @property
    def paragraphs(self) -> list[str]:
        return self.text.split("\n")


@dataclass(frozen=True)
class PrintedRow:
    height_mm: float
    cells: tuple[PrintedCell, ...]
    grows: bool = False


@dataclass(frozen=True)
class PrintedGrid:
    """`head` is repeated on every page."""

    widths_mm: tuple[float, ...]
    head: tuple[PrintedRow, ...]
    rows: tuple[PrintedRow, ...]


@dataclass(frozen=True)
class PrintedLine:
    left: str
    middle: str
    right: str


@dataclass(frozen=True)
class Paper:
    """One filled form, ready to be drawn. `mark` is 第 n 份/共 N 份, `name` tells it from its neighbours."""

    form: Form
    name: str
    mark: str
    head: tuple[PrintedLine, ...]
    grids: tuple[PrintedGrid, ...]
    foot: tuple[PrintedLine, ...]
    stamp: Stamp | None = None

    @property
    def title_pt(self) -> int:
        """2号 as GB/T 9704 has it, smaller where it would not fit on one line."""
        fits = len(self.form.title) * _TITLE_PT <= USABLE_MM[self.form.orientation] * POINTS_A_MM
        return _TITLE_PT if fits else _LONG_TITLE_PT


def lay_out(form: Form, data: Data, copy: int = 1) -> Paper:
    """Fill `form` with `data`; a key that is missing prints an empty place."""
    return Paper(
        form=form,
        name=text_of(data.get(form.name_key)).replace("\n", " ") if form.name_key else "",
        mark=f"第 {copy} 份/共 {form.copies} 份" if form.copies > 1 else "",
        head=tuple(_line(line, data) for line in form.head),
        grids=tuple(_table(block, data) if isinstance(block, Table) else _section(block, data) for block in form.body),
        foot=tuple(_line(line, data) for line in form.foot),
        stamp=found if isinstance(found := data.get("stamp"), Stamp) else None,
    )


def papers(items: Iterable[tuple[Form, Data]]) -> list[Paper]:
    """All the papers of a document in order, each form in as many copies as it asks for."""
    return [lay_out(form, data, copy) for form, data in items for copy in range(1, form.copies + 1)]


def _line(line: Line, data: Data) -> PrintedLine:
    return PrintedLine(*(_slot(slot, data) for slot in (line.left, line.middle, line.right)))


def _slot(slot: Slot, data: Data) -> str:
    value = text_of(data.get(slot.key)) if slot.key else ""
    return slot.label + (value or slot.blank)


def _section(section: Section, data: Data) -> PrintedGrid:
    cells: list[list[PrintedCell]] = [[] for _ in section.rows]
    for row, column, cell in section.placed():
        cells[row].append(_cell(row, column, cell, data))
    rows = zip(section.rows, cells, strict=True)
    return PrintedGrid(
        section.widths_mm, (), tuple(PrintedRow(row.height_mm, tuple(found), row.grows) for row, found in rows)
    )


def _cell(row: int, column: int, cell: Cell, data: Data) -> PrintedCell:
    place = (row, column, cell.rowspan, cell.colspan)
    match cell:
        case Label():
            return PrintedCell(*place, "label", cell.text, cell.align, cell.narrow)
        case Photo():
            found = data.get(cell.key)
            picture = found if isinstance(found, Picture) else None
            text = "" if picture else cell.text
            box = (cell.width_mm, cell.height_mm)
            return PrintedCell(*place, "photo", text, cell.align, cell.narrow, picture=picture, box_mm=box)
        case Field():
            value = data.get(cell.key)
            tail = str(data.get(f"{cell.key}_tail") or cell.tail) if cell.tail else ""
            looks: dict[str, Any] = {"top": cell.top, "indent": cell.indent, "tail": tail}
            return PrintedCell(*place, "value", text_of(value), cell.align, cell.narrow, number=_number(value), **looks)
    raise TypeError(f"a grid cannot hold {type(cell).__name__}")


def _table(table: Table, data: Data) -> PrintedGrid:
    heads = (
        PrintedCell(0, at, 1, 1, "label", column.label, "center", column.narrow)
        for at, column in enumerate(table.columns)
    )
    filled = [_table_row(table, number, values) for number, values in enumerate(data.get(table.key) or [], start=1)]
    filled += [_table_row(table, len(filled) + more, {}) for more in range(1, _blank_rows(table, filled) + 1)]
    return PrintedGrid(table.widths_mm, (PrintedRow(table.head_mm, tuple(heads)),), tuple(filled))


def _blank_rows(table: Table, filled: list[PrintedRow]) -> int:
    """As many as leave the table as high as the blank form, so that long entries do not push blanks to a new page."""
    used = sum(max(table.row_mm, *(_needed_mm(table, cell) for cell in row.cells)) for row in filled)
    return max(0, int((table.min_rows * table.row_mm - used) / table.row_mm))


def _needed_mm(table: Table, cell: PrintedCell) -> float:
    return text_height_mm(cell.text, table.widths_mm[cell.column], narrow=cell.narrow)


def _table_row(table: Table, number: int, values: Mapping[str, Any]) -> PrintedRow:
    cells = []
    for at, column in enumerate(table.columns):
        value = values.get(column.key)
        looks = (column.align, column.narrow)
        cells.append(PrintedCell(number, at, 1, 1, "value", text_of(value), *looks, number=_number(value)))
    return PrintedRow(table.row_mm, tuple(cells))


def _number(value: Any) -> int | Decimal | None:
    return value if isinstance(value, int | Decimal) and not isinstance(value, bool) else None
