"""The declarations: they tile, they are pure, and text is cleaned without being changed."""

import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.spec import Field, Form, Label, Photo, Picture, Row, Section, Table, printable, text_of
from documents.catalog import PAPERS
from documents.catalog.formats import month, patent_lines, period
from documents.render.layout import lay_out
from tests.documents import samples


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ((Row((Label("甲"),), 10),), "leaves"),
        ((Row((Label("甲"), Field("a", colspan=2)), 10),), "does not hold"),
        ((Row((Label("甲", rowspan=2), Field("a")), 10),), "below the last row"),
        ((Row((Label("甲"), Label("乙", rowspan=2)), 10), Row((Label("丙", colspan=2),), 10)), "does not hold"),
    ],
)
def test_a_grid_that_does_not_tile_is_refused(rows: tuple[Row, ...], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Section((20, 20), rows)


@pytest.mark.parametrize("code", sorted(PAPERS))
def test_each_paper_fits_its_sheet_and_is_listed_under_its_own_code(code: str) -> None:
    form = PAPERS[code]
    assert form.code == code
    for block in form.body:
        assert sum(block.widths_mm) == {"portrait": 156, "landscape": 247}[form.orientation]


def test_the_declarations_need_no_django() -> None:
    """Preset checks and other floors read them without a settings module."""
    code = "import sys, core.spec, documents.catalog; print([m for m in ('django', 'openpyxl') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        (None, ""),
        (12, "12"),
        (Decimal("126.40"), "126.40"),
        (Decimal("1E+3"), "1000"),
        (date(2021, 9, 8), "2021年9月8日"),
        ("  第一段 \r\n\r\n\t第二段\u2028第三段", "第一段\n第二段\n第三段"),
        ("张\x00三\x1b", "张三"),
        ("\u202e三张\u202c", "三张"),
        ("半\ud800个", "半个"),
        ("欧阳𬭎·䶮\ue000", "欧阳𬭎·䶮\ue000"),
    ],
)
def test_values_are_printed(typed: object, printed: str) -> None:
    assert text_of(typed) == printed


def test_a_value_that_is_no_value_is_refused() -> None:
    with pytest.raises(TypeError, match="list"):
        text_of(["一"])


@given(st.text())
def test_cleaning_keeps_what_is_printable_and_is_stable(text: str) -> None:
    once = printable(text)
    assert printable(once) == once
    assert not any(ord(mark) < 32 and mark != "\n" for mark in once)
    assert [mark for mark in text if "一" <= mark <= "鿿"] == [mark for mark in once if "一" <= mark <= "鿿"]


def test_a_picture_is_never_svg() -> None:
    with pytest.raises(ValueError, match="svg"):
        Picture(b"<svg/>", "image/svg+xml")


def test_dates_and_patents_as_the_forms_write_them() -> None:
    assert month(date(2021, 5, 3)) == "2021.05"
    assert period(date(2020, 3, 1), date(2021, 6, 30)) == "2020.03–2021.06"
    assert period(date(2020, 3, 1), date(2020, 3, 9)) == "2020.03"
    assert period(date(2020, 3, 1), None) == "2020.03 至今"
    assert period(None, None) == ""
    assert patent_lines([("ZL201710601862.3", date(2019, 5, 7))]) == "ZL201710601862.3（2019.05.07）"
    assert patent_lines([]) == "否"


def test_a_blank_recommendation_table_has_twelve_rows_and_a_filled_one_keeps_its_height() -> None:
    form = PAPERS["recommendation_table"]
    count = {rows: len(lay_out(form, {"rows": samples.table(30)["rows"][:rows]}).grids[0].rows) for rows in (0, 2, 30)}
    assert count[0] == 12
    assert 2 < count[2] < 12
    assert count[30] == 30


def test_missing_keys_print_empty_places() -> None:
    paper = lay_out(PAPERS["leader_profile"], {})
    photos = [cell for row in paper.grids[0].rows for cell in row.cells if cell.kind == "photo"]
    assert [cell.text for cell in photos] == ["免冠2寸\n红底相片"]
    values = [cell.text for row in paper.grids[0].rows for cell in row.cells if cell.kind == "value"]
    assert set(values) == {""}


def test_copies_are_counted() -> None:
    assert [lay_out(PAPERS["achievement_application"], {}, number).mark for number in (1, 3)] == [
        "第 1 份/共 3 份",
        "第 3 份/共 3 份",
    ]


def test_only_declared_things_stand_in_a_form() -> None:
    for form in PAPERS.values():
        assert isinstance(form, Form)
        for block in form.body:
            assert isinstance(block, Table) or all(
                isinstance(cell, Label | Field | Photo) for row in block.rows for cell in row.cells
            )
