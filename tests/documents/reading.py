"""Read papers back, each with a reader that is not ours: poppler for PDF, html.parser, openpyxl."""

import io
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from openpyxl import load_workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.worksheet.worksheet import Worksheet


class Cell(NamedTuple):
    row: int
    column: int
    rowspan: int
    colspan: int
    text: str


def squeeze(text: str) -> str:
    """Without white space, of which line breaking makes more or less."""
    return re.sub(r"\s", "", text)


def pdf_tool(name: str, content: bytes, folder: Path, *options: str) -> str:
    file = folder / "paper.pdf"
    file.write_bytes(content)
    command = [name, *options, str(file), *(["-"] if name == "pdftotext" else [])]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def pdf_pages(content: bytes, folder: Path) -> list[str]:
    """The squeezed text of each page, in the order in which it is drawn."""
    return [squeeze(page) for page in pdf_tool("pdftotext", content, folder, "-raw").split("\f")[:-1]]


class _TableReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.cells: list[Cell] = []
        self.taken: set[tuple[int, int]] = set()
        self.row = -1
        self.open: tuple[int, int, int, int] | None = None
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.row += 1
        if tag in {"td", "th"}:
            given = dict(attrs)
            rowspan, colspan = int(given.get("rowspan") or 1), int(given.get("colspan") or 1)
            column = next(free for free in range(99) if (self.row, free) not in self.taken)
            self.taken |= {
                (row, at) for row in range(self.row, self.row + rowspan) for at in range(column, column + colspan)
            }
            self.open, self.pieces = (self.row, column, rowspan, colspan), []

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"} and self.open:
            self.cells.append(Cell(*self.open, squeeze("".join(self.pieces))))
            self.open = None


def html_cells(text: str) -> list[Cell]:
    reader = _TableReader()
    reader.feed(text)
    return sorted(reader.cells)


def sheets(content: bytes) -> list[Worksheet]:
    return load_workbook(io.BytesIO(content)).worksheets


def sheet_cells(sheet: Worksheet, first_label: str, rows: int, columns: int) -> list[Cell]:
    """The cells of the grid that begins with `first_label`, counted from there."""
    top = next(row for row in range(1, 30) if squeeze(str(sheet.cell(row, 1).value or "")) == squeeze(first_label))
    spans = {(found.min_row, found.min_col): found for found in sheet.merged_cells.ranges}
    hidden = {place for found in spans.values() for place in found.cells} - set(spans)
    cells = []
    for row in range(top, top + rows):
        for column in range(1, columns + 1):
            if (row, column) in hidden:
                continue
            span = spans.get((row, column))
            rowspan, colspan = (span.size["rows"], span.size["columns"]) if span else (1, 1)
            cells.append(Cell(row - top, column - 1, rowspan, colspan, _shown(sheet.cell(row, column))))
    return sorted(cells)


def _shown(cell: SheetCell) -> str:
    """The text that a spreadsheet program would show."""
    if isinstance(cell.value, float):
        return f"{cell.value:.{len(cell.number_format.partition('.')[2])}f}"
    return squeeze("" if cell.value is None else str(cell.value))
