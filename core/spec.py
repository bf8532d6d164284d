"""Official papers as values: one declaration that every renderer reads.

Nothing here knows a model, a file format or the clock. A `Form` says which cells stand where, `documents.render`
turns it and a plain mapping of values into the preview, the PDF and the workbook.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

Align = Literal["left", "center", "right"]
Orientation = Literal["portrait", "landscape"]
Data = Mapping[str, Any]
"""What a form is filled with: str, int, Decimal, date, Picture or None a key; a table's key holds such mappings."""

_NEWLINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Controls, halves of characters, non-characters; and the marks that reorder their surroundings, with which a name
# could make a printed line read differently from what was typed. Private-use characters stay: a name may hold one.
_UNPRINTABLE = re.compile(
    r"[\x00-\x09\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


@dataclass(frozen=True)
class Picture:
    """A picture of the paper's own. `content` is printed; a preview may show it by `url` instead."""

    content: bytes = b""
    mime: str = "image/jpeg"
    url: str = ""

    def __post_init__(self) -> None:
        # Only pictures that cannot themselves refer to other files: SVG may.
        if self.mime not in {"image/jpeg", "image/png"}:
            raise ValueError(f"a paper's picture is JPEG or PNG, not {self.mime}")


@dataclass(frozen=True)
class Stamp:
    """What tells one printing from another, at the upper right of its paper: lines of text and a QR code.

    It comes with the data, under the key `stamp`; a workbook has none.
    """

    lines: tuple[str, ...]
    picture: Picture


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What every cell of a grid has. `narrow` prints 10.5 pt instead of 12."""

    colspan: int = 1
    rowspan: int = 1
    align: Align = "center"
    narrow: bool = False


@dataclass(frozen=True)
class Label(Cell):
    """A printed word of the form, verbatim but for line breaks where the notice's narrow cells have theirs."""

    text: str


@dataclass(frozen=True)
class Field(Cell):
    """A place for the value `key`. `tail` stands at its lower right (seal and date of an opinion).

    What the data holds under `<key>_tail` takes its place.
    """

    key: str
    top: bool = False
    indent: bool = False
    tail: str = ""


@dataclass(frozen=True)
class Photo(Cell):
    """A place for a `Picture`, printed at most this big; `text` says what to stick there when there is none."""

    key: str
    text: str
    width_mm: float
    height_mm: float


@dataclass(frozen=True)
class Row:
    """`height_mm` is a minimum. A row that `grows` may run over the end of a page; the others stay whole."""

    cells: tuple[Cell, ...]
    height_mm: float
    grows: bool = False


@dataclass(frozen=True)
class Section:
    """A fixed grid. Every row must fill the columns exactly, counting what earlier rows span into it."""

    widths_mm: tuple[float, ...]
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        for _ in self.placed():
            pass

    def placed(self) -> Iterator[tuple[int, int, Cell]]:
        """Yield (row, column, cell), both counted from 0; raise ValueError where the cells do not tile the grid."""
        taken: set[tuple[int, int]] = set()
        for number, row in enumerate(self.rows):
            free = [column for column in range(len(self.widths_mm)) if (number, column) not in taken]
            for cell in row.cells:
                place, free = free[: cell.colspan], free[cell.colspan :]
                if len(place) < cell.colspan or place[-1] - place[0] != cell.colspan - 1:
                    raise ValueError(f"row {number + 1} does not hold {cell}")
                taken |= {(number + down, column) for down in range(cell.rowspan) for column in place}
                yield number, place[0], cell
            if free:
                raise ValueError(f"row {number + 1} leaves columns {free} empty")
        if any(row >= len(self.rows) for row, _ in taken):
            raise ValueError("a cell spans below the last row")


@dataclass(frozen=True)
class Column:
    """One column of a `Table`: its head, printed verbatim, and the key in each row's mapping."""

    key: str
    label: str
    width_mm: float
    align: Align = "center"
    narrow: bool = False


@dataclass(frozen=True)
class Table:
    """A list under a head that is repeated on every page; blank, it has `min_rows` rows, and is never lower."""

    columns: tuple[Column, ...]
    key: str = "rows"
    head_mm: float = 12
    row_mm: float = 9
    min_rows: int = 0

    @property
    def widths_mm(self) -> tuple[float, ...]:
        return tuple(column.width_mm for column in self.columns)


@dataclass(frozen=True)
class Slot:
    """A piece of a line: the printed `label`, then the value of `key`, or `blank` where there is none."""

    label: str = ""
    key: str = ""
    blank: str = ""


@dataclass(frozen=True)
class Line:
    """A line above or below the grid: at the left, from the middle on, or at the right edge."""

    left: Slot = Slot()
    middle: Slot = Slot()
    right: Slot = Slot()


@dataclass(frozen=True)
class Form:
    """An official paper.

    `annex` is printed at the top left ("附件 3"), `name_key` names the value that tells one filled copy from
    another (bookmark, sheet name), `copies` above 1 prints that many, each marked 第 n 份/共 N 份.
    """

    code: str
    title: str
    body: tuple[Section | Table, ...]
    annex: str = ""
    subtitle: str = ""
    head: tuple[Line, ...] = ()
    foot: tuple[Line, ...] = ()
    notes: tuple[str, ...] = ()
    orientation: Orientation = "portrait"
    copies: int = 1
    name_key: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        """Every word that the blank form carries, top to bottom, without its line breaks."""
        slots = [slot.label for line in self.head for slot in (line.left, line.middle, line.right)]
        grid = [label for block in self.body for label in _labels_of(block)]
        feet = [slot.label for line in self.foot for slot in (line.left, line.middle, line.right)]
        return tuple(filter(None, [self.annex, self.title, self.subtitle, *slots, *grid, *feet, *self.notes]))


def _labels_of(block: Section | Table) -> list[str]:
    if isinstance(block, Table):
        return [_joined(column.label) for column in block.columns]
    cells = [cell for row in block.rows for cell in row.cells]
    return [_joined(cell.text) for cell in cells if isinstance(cell, Label | Photo)]


def _joined(label: str) -> str:
    return label.replace("\n", "")


def printable(text: str) -> str:
    """The text without what no paper or workbook can hold: control characters, reordering marks, stray halves."""
    return _UNPRINTABLE.sub("", _NEWLINES.sub("\n", text).replace("\t", " "))


def text_of(value: Any) -> str:
    """A value as a form prints it; paragraphs are trimmed and empty ones dropped."""
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if not isinstance(value, str | int | Decimal):
        raise TypeError(f"a form cannot print {type(value).__name__}")
    if isinstance(value, Decimal):
        return f"{value:f}"
    paragraphs = (paragraph.strip() for paragraph in printable(str(value)).split("\n"))
    return "\n".join(paragraph for paragraph in paragraphs if paragraph)
