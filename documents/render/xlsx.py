"""Papers as a workbook: the same cells as in the PDF, merged and sized alike, ready to print on A4."""

import io
from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate
from math import ceil

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.drawing.image import Image
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.units import pixels_to_EMU
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image as Pillow

from core.spec import Data, Form
from core.workbook import put, sheet_name

from .layout import Paper, PrintedCell, PrintedGrid, PrintedLine, PrintedRow, papers
from .measure import POINTS_A_MM, text_height_mm

_GBK = 134
TEXT = Font(name="仿宋", size=12, charset=_GBK)
NARROW = Font(name="仿宋", size=10.5, charset=_GBK)
ANNEX = Font(name="黑体", size=16, charset=_GBK)
SUBTITLE = Font(name="楷体", size=14, charset=_GBK)
_EDGE = Side("thin")
_BOX = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
# A spreadsheet row is at most 409 pt high: what is higher is several rows, merged.
_TALLEST_MM = 400 / POINTS_A_MM
_PIXELS_A_MM = 96 / 25.4
_MARGINS_MM = {"portrait": (28, 26, 20, 20), "landscape": (25, 25, 18, 15)}


def render_xlsx(items: Sequence[tuple[Form, Data]]) -> bytes:
    """One sheet a filled form, named after it."""
    if not items:
        raise ValueError("a workbook needs at least one form")
    book = Workbook()
    book.remove(book.worksheets[0])
    for paper in papers(items):
        name = " ".join(filter(None, [paper.form.annex, paper.name or paper.form.title, paper.mark]))
        _draw(book.create_sheet(sheet_name(name, book.sheetnames)), paper)
    book.properties.title = items[0][0].title
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _draw(sheet: Worksheet, paper: Paper) -> None:
    """From the top down; each piece takes the next free row and returns the one after it."""
    form, widths = paper.form, paper.grids[0].widths_mm
    _set_up(sheet, paper, widths)
    row = 1
    if form.annex or paper.mark:
        row = _line(sheet, row, PrintedLine(form.annex, "", paper.mark), widths, ANNEX)
    row = _across(sheet, row, form.title, widths, _title_font(paper), "center", paper.title_pt * 2)
    if form.subtitle:
        row = _across(sheet, row, form.subtitle, widths, SUBTITLE, "center", 22)
    for line in paper.head:
        row = _line(sheet, row, line, widths, TEXT)
    for grid in paper.grids:
        row = _grid(sheet, row, grid)
    for line in paper.foot:
        row = _line(sheet, row, line, widths, TEXT)
    for note in form.notes:
        row = _across(sheet, row, note, widths, TEXT, "left", 18)
    sheet.print_area = f"A1:{get_column_letter(len(widths))}{row - 1}"


def _title_font(paper: Paper) -> Font:
    return Font(name="方正小标宋简体", size=paper.title_pt, charset=_GBK)


def _set_up(sheet: Worksheet, paper: Paper, widths: tuple[float, ...]) -> None:
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = (width * _PIXELS_A_MM - 5) / 7
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = paper.form.orientation
    sheet.page_setup.fitToHeight = 0
    sheet.page_setup.firstPageNumber = 1
    sheet.page_setup.useFirstPageNumber = True
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    left, right, top, bottom = (millimetres / 25.4 for millimetres in _MARGINS_MM[paper.form.orientation])
    sheet.page_margins = PageMargins(left, right, top, bottom, header=0.3, footer=0.3)
    sheet.oddFooter.center.text = "— &P —"
    sheet.sheet_view.showGridLines = False


def _across(
    sheet: Worksheet, row: int, text: str, widths: tuple[float, ...], font: Font, align: str, points: float
) -> int:
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(widths))
    _write(sheet.cell(row, 1), text, font, Alignment(horizontal=align, vertical="center", wrap_text=True))
    sheet.row_dimensions[row].height = points
    return row + 1


def _line(sheet: Worksheet, row: int, line: PrintedLine, widths: tuple[float, ...], font: Font) -> int:
    """The left half and the right half of a line, each in merged cells, parted where the columns come nearest."""
    half = sum(widths) / 2
    sums = list(accumulate(widths))
    split = min(range(1, len(widths)), key=lambda count: abs(sums[count - 1] - half))
    second, align = (line.right, "right") if line.right else (line.middle, "left")
    for text, first, last, side in ((line.left, 1, split, "left"), (second, split + 1, len(widths), align)):
        if last > first:
            sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)
        if text:
            _write(sheet.cell(row, first), text, font, Alignment(horizontal=side, vertical="center"))
    sheet.row_dimensions[row].height = 24
    return row + 1


def _grid(sheet: Worksheet, top: int, grid: PrintedGrid) -> int:
    rows = grid.head + grid.rows
    heights = [_height_mm(row, grid.widths_mm) for row in rows]
    parts = [ceil(height / _TALLEST_MM) for height in heights]
    starts = [top, *accumulate(parts, initial=top)][1:]
    for row, height, start, count in zip(rows, heights, starts, parts, strict=False):
        for part in range(start, start + count):
            sheet.row_dimensions[part].height = height * POINTS_A_MM / count
        for cell in row.cells:
            _cell(sheet, cell, start, starts[cell.row + cell.rowspan] - 1)
    if grid.head:
        sheet.print_title_rows = f"{top}:{starts[len(grid.head)] - 1}"
    return starts[-1]


def _height_mm(row: PrintedRow, widths: tuple[float, ...]) -> float:
    return max(row.height_mm, *(_needed_mm(cell, widths) for cell in row.cells))


def _needed_mm(cell: PrintedCell, widths: tuple[float, ...]) -> float:
    """Merged cells do not grow by themselves in a spreadsheet, so the height is reckoned here."""
    if cell.rowspan > 1 or cell.kind == "photo":
        return 0
    width = sum(widths[cell.column : cell.column + cell.colspan])
    return text_height_mm(_text(cell), width, narrow=cell.narrow, indent=cell.indent)


def _text(cell: PrintedCell) -> str:
    """A first-line indent is two characters wide, as typed on paper; a seal line stands under the text."""
    text = "\n".join(f"　　{paragraph}" for paragraph in cell.paragraphs) if cell.indent and cell.text else cell.text
    return f"{text}\n\n{cell.tail}" if cell.tail else text


def _cell(sheet: Worksheet, cell: PrintedCell, first: int, last: int) -> None:
    left, right = cell.column + 1, cell.column + cell.colspan
    for row in range(first, last + 1):
        for column in range(left, right + 1):
            sheet.cell(row, column).border = _BOX
    if last > first or right > left:
        sheet.merge_cells(start_row=first, end_row=last, start_column=left, end_column=right)
    corner = sheet.cell(first, left)
    looks = Alignment(horizontal=cell.align, vertical="top" if cell.top else "center", wrap_text=True)
    _write(corner, _text(cell) if cell.number is None else cell.number, NARROW if cell.narrow else TEXT, looks)
    if isinstance(cell.number, Decimal):
        # With the decimals that it was given: 126.40 stays 126.40, and stays a number.
        corner.number_format = f"{round(Decimal(0), len(cell.text.partition('.')[2])):f}"
    if cell.picture:
        _picture(sheet, cell, first)


def _write(cell: Cell, value: object, font: Font, alignment: Alignment) -> None:
    if value != "":
        put(cell, value)
    cell.font, cell.alignment = font, alignment


def _picture(sheet: Worksheet, cell: PrintedCell, row: int) -> None:
    """Fit the picture into its box, whole and undistorted; one that cannot be read leaves the place empty."""
    assert cell.picture
    try:
        with Pillow.open(io.BytesIO(cell.picture.content)) as found:
            found.verify()
        image = Image(io.BytesIO(cell.picture.content))
    except (OSError, SyntaxError, ValueError):
        return
    room = [millimetres * _PIXELS_A_MM for millimetres in cell.box_mm]
    scale = min(room[0] / image.width, room[1] / image.height)
    size = XDRPositiveSize2D(pixels_to_EMU(image.width * scale), pixels_to_EMU(image.height * scale))
    marker = AnchorMarker(col=cell.column, row=row - 1, colOff=pixels_to_EMU(2), rowOff=pixels_to_EMU(4))
    image.anchor = OneCellAnchor(_from=marker, ext=size)
    sheet.add_image(image)
