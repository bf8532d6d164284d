"""Papers as HTML: the preview in a page, and what the PDF is made from.

Widths and heights stand in `<col width>` and `<td height>`, not in style attributes: the pages' CSP refuses those.
The screen's style sheet overrides them, WeasyPrint takes them as they are.
"""

import base64
from collections.abc import Sequence

from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from core.spec import Data, Form, Picture

from .layout import Paper, PrintedCell, PrintedGrid, PrintedRow, lay_out

_PIXELS_A_MM = 96 / 25.4
_QR = f"{20 * _PIXELS_A_MM:.2f}"


def render_html(form: Form, data: Data) -> SafeString:
    """The preview of one filled form: an `<article class="paper">`; style it with css/paper-preview.css."""
    return fragment(lay_out(form, data), for_print=False)


def fragment(paper: Paper, *, for_print: bool) -> SafeString:
    """Printed pictures are carried inside; a preview refers to them by URL where they have one."""
    grids = [_grid(grid, for_print) for grid in paper.grids]
    context = {"paper": paper, "form": paper.form, "grids": grids}
    if paper.stamp:
        context["code"] = flatatt({"src": _source(paper.stamp.picture, for_print), "width": _QR, "height": _QR})
    return render_to_string("documents/render/paper.html", context)


def page(papers: Sequence[Paper], title: str) -> str:
    """A whole document of papers, for the PDF."""
    pieces = [
        # A form's pages are a group of their own when its neighbours' have another name (css/paper.css).
        {"html": fragment(paper, for_print=True), "group": f"{paper.form.orientation}-{number % 2}"}
        for number, paper in enumerate(papers)
    ]
    return render_to_string("documents/render/document.html", {"papers": pieces, "title": title})


def _grid(grid: PrintedGrid, for_print: bool) -> dict[str, object]:
    whole = sum(grid.widths_mm)
    return {
        "widths": [f"{width / whole * 100:.3f}%" for width in grid.widths_mm],
        "head": [_row(row, for_print) for row in grid.head],
        "rows": [_row(row, for_print) for row in grid.rows],
    }


def _row(row: PrintedRow, for_print: bool) -> dict[str, object]:
    cells = [
        {
            "cell": cell,
            "attributes": flatatt(_cell_attributes(cell, row.height_mm)),
            "picture": _picture(cell, for_print),
            "paragraphs": filter(None, cell.text.split("\n")),
        }
        for cell in row.cells
    ]
    return {"attributes": flatatt({"class": "paper-grows"} if row.grows else {}), "cells": cells}


def _cell_attributes(cell: PrintedCell, height_mm: float) -> dict[str, str]:
    """The height stands in each cell: WeasyPrint would give a `<tr height>` to the last row of a spanning cell."""
    marks = [name for name in ("narrow", "top", "indent") if getattr(cell, name)]
    attributes = {"class": " ".join(f"paper-{name}" for name in [cell.kind, cell.align, *marks])}
    attributes |= {name: str(count) for name in ("colspan", "rowspan") if (count := getattr(cell, name)) > 1}
    return attributes | ({"height": _pixels(height_mm)} if cell.rowspan == 1 else {})


def _picture(cell: PrintedCell, for_print: bool) -> str:
    """The place of a picture; it is fitted into it, whole and undistorted."""
    if cell.picture is None:
        return ""
    width, height = cell.box_mm
    source = _source(cell.picture, for_print)
    return flatatt({"src": source, "width": _pixels(width), "height": _pixels(height)})


def _source(picture: Picture, for_print: bool) -> str:
    if picture.url and not for_print:
        return picture.url
    return f"data:{picture.mime};base64,{base64.b64encode(picture.content).decode()}"


def _pixels(millimetres: float) -> str:
    return f"{millimetres * _PIXELS_A_MM:.2f}"
