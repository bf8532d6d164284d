"""The papers as workbooks, read with openpyxl: the same cells as the page, ready to print, no formulas."""

import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from core.spec import Picture
from documents.catalog import PAPERS
from documents.render.html import render_html
from documents.render.xlsx import render_xlsx
from tests.documents import samples
from tests.documents.reading import html_cells, sheet_cells, sheets, squeeze

APPLICATION = samples.brief(kind="小革新", benefit_wan=Decimal("126.40"), unit_opinion="情况属实，同意申报。")
FILLED = {
    "recommendation_table": samples.table(15),
    "achievement_brief": samples.brief(),
    "leader_profile": samples.profile(),
    "achievement_application": APPLICATION,
    "winner_unit_form": samples.winner_unit(),
    "truth_pledge": samples.pledge(),
}


@pytest.mark.parametrize("code", sorted(PAPERS))
@pytest.mark.parametrize("filled", [True, False])
def test_page_and_workbook_have_the_same_cells(code: str, filled: bool) -> None:
    form, data = PAPERS[code], FILLED[code] if filled else {}
    page = html_cells(render_html(form, data))
    block = form.body[0]
    rows = 1 + max(cell.row for cell in page)
    sheet = sheets(render_xlsx([(form, data)]))[0]
    assert sheet_cells(sheet, page[0].text, rows, len(block.widths_mm)) == page
    assert sum(cell.rowspan * cell.colspan for cell in page) == rows * len(block.widths_mm)


@pytest.mark.parametrize("code", sorted(PAPERS))
def test_every_label_is_on_the_sheet_and_it_prints_on_a4(code: str) -> None:
    form = PAPERS[code]
    sheet = sheets(render_xlsx([(form, FILLED[code])]))[0]
    text = squeeze("".join(str(value) for row in sheet.iter_rows(values_only=True) for value in row if value))
    missing = [label for label in form.labels if squeeze(label) not in text]
    assert missing == (["免冠2寸红底相片"] if code == "leader_profile" else [])
    assert (int(sheet.page_setup.paperSize), sheet.page_setup.orientation) == (9, form.orientation)
    assert (sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (0, True)


def test_the_head_of_a_list_is_repeated_and_its_numbers_are_numbers() -> None:
    sheet = sheets(render_xlsx([(PAPERS["recommendation_table"], samples.table(15))]))[0]
    assert sheet.print_title_rows == "$4:$4"
    assert [sheet.cell(row, 1).value for row in range(5, 20)] == list(range(1, 16))
    application = sheets(render_xlsx([(PAPERS["achievement_application"], APPLICATION)]))[0]
    assert 126.4 in [value for row in application.iter_rows(values_only=True) for value in row]


def test_one_sheet_a_form_named_after_it() -> None:
    titles = ("甲/乙:丙", "同名" * 20, "同名" * 20)
    items = [(PAPERS["achievement_brief"], samples.brief(title=title)) for title in titles]
    names = [sheet.title for sheet in sheets(render_xlsx(items))]
    assert names[0] == "附件 3 甲／乙：丙"
    assert len(set(names)) == 3
    assert max(len(name) for name in names) <= 31


def test_the_photo_fits_its_place_undistorted() -> None:
    for width, height in ((413, 579), (900, 300)):
        content = render_xlsx([(PAPERS["leader_profile"], samples.profile(photo=samples.photo(width, height)))])
        (image,) = sheets(content)[0]._images
        across, down = image.anchor.ext.cx / 36_000, image.anchor.ext.cy / 36_000
        assert across <= 35.1
        assert down <= 53.1
        assert across / down == pytest.approx(width / height, rel=0.01)


def test_a_broken_picture_leaves_its_place_empty() -> None:
    content = render_xlsx([(PAPERS["leader_profile"], samples.profile(photo=Picture(b"no picture")))])
    assert sheets(content)[0]._images == []


def test_a_text_higher_than_a_spreadsheet_row_is_shown_whole() -> None:
    """A row ends at 409 pt; a 10,000 character text is one merged cell over several rows."""
    words = "".join(f"第{number}句。" for number in range(1900))
    sheet = sheets(render_xlsx([(PAPERS["achievement_brief"], samples.brief(summary=words))]))[0]
    span = next(found for found in sheet.merged_cells.ranges if found.min_col == 2 and found.size["rows"] > 1)
    assert squeeze(str(sheet.cell(span.min_row, 2).value)) == words
    heights = [sheet.row_dimensions[row].height for row in range(span.min_row, span.max_row + 1)]
    assert max(heights) <= 409
    # Some 29 characters of 12 pt go on a line; a third of these are digits of half the width.
    assert sum(heights) > len(words) * 0.7 / 29 * 14


@pytest.mark.parametrize("typed", ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1+1", "\x01=HYPERLINK(0)", "　=1+1"])
def test_a_formula_stays_text(typed: str) -> None:
    content = render_xlsx([(PAPERS["achievement_brief"], samples.brief(title=typed))])
    cell = load_workbook(io.BytesIO(content)).worksheets[0]["B4"]
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert squeeze(cell.value) == squeeze(typed.replace("\x01", ""))


def test_no_cell_of_a_hostile_form_is_a_formula() -> None:
    row = dict.fromkeys(samples.table(1)["rows"][0], "=cmd|' /C'!A0")
    for sheet in sheets(render_xlsx([(PAPERS["recommendation_table"], {"rows": [row]})])):
        assert "f" not in {cell.data_type for line in sheet.iter_rows() for cell in line}
