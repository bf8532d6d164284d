"""Simple lists: streamed, typed, and without formulas."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from core.workbook import CELL_LIMIT, Heading, sheet_name, write_list

HEADINGS = [Heading("项目名称", 40), Heading("经济效益(万元)", 16, "#,##0.00"), Heading("完成日期", 12, "yyyy-mm-dd")]
NOON = datetime.fromisoformat("2021-09-10T12:00")


def written(rows, headings=HEADINGS, title="清单"):  # type: ignore[no-untyped-def]
    target = io.BytesIO()
    count = write_list(target, title, headings, rows)
    target.seek(0)
    return count, load_workbook(target).active


def test_a_list_comes_back_as_it_was() -> None:
    count, sheet = written((name, Decimal("126.40"), date(2021, 6, 30)) for name in ("甲", "乙"))
    assert count == 2
    assert [cell.value for cell in sheet[1]] == ["项目名称", "经济效益(万元)", "完成日期"]
    assert [cell.value for cell in sheet[2]] == ["甲", 126.4, NOON.replace(day=30, month=6, hour=0)]
    assert [cell.number_format for cell in sheet[2]] == ["General", "#,##0.00", "yyyy-mm-dd"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A2", "A1:C3", "$1:$1")
    assert sheet.column_dimensions["A"].width == 40
    assert sheet["A1"].font.bold


def test_other_values() -> None:
    _, sheet = written([[True, None, NOON.replace(tzinfo=UTC)]])
    assert [cell.value for cell in sheet[2]] == ["是", None, NOON]


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["", "=", "+", "-", "@", "\t=", " ="]))
def test_no_text_ever_becomes_a_formula(text: str, start: str) -> None:
    _, sheet = written([[start + text, -5, start + text]])
    first, second, third = sheet[2]
    assert "f" not in {first.data_type, third.data_type}
    assert second.value == -5
    if start.strip():
        assert first.quotePrefix
        assert third.quotePrefix


def test_a_text_longer_than_a_cell_says_so() -> None:
    _, sheet = written([["长" * 40_000, 1, 1]])
    assert len(sheet["A2"].value) == CELL_LIMIT
    assert sheet["A2"].value.endswith("（全文过长，见原件）")


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        written([["甲", 1]])


@pytest.mark.parametrize(
    ("wanted", "taken", "name"),
    [
        ("甲[乙]/丙", [], "甲（乙）／丙"),
        ("'甲'", [], "甲"),
        ("", [], "表"),
        ("长" * 40, [], "长" * 31),
        ("List", ["list"], "List（2）"),
        ("长" * 40, ["长" * 31], "长" * 28 + "（2）"),
    ],
)
def test_sheet_names(wanted: str, taken: list[str], name: str) -> None:
    assert sheet_name(wanted, taken) == name
