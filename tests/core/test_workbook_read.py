"""Uploaded workbooks, the blank ones we hand out, and what is refused before it is parsed."""

import io
import random
import struct
import zipfile
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook

from core.errors import Refusal
from core.workbook import Heading
from core.workbook_blank import BlankColumn, write_blank
from core.workbook_read import COLUMNS_MAX, LAST_ROW, ROWS_MAX, read_table
from tests.submissions.books import book, saved, with_part

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def read(content, known="名称", sheet=""):
    return read_table(io.BytesIO(content), known=known, sheet=sheet)


def refused(content, **options):
    with pytest.raises(Refusal) as caught:
        read(content, **options)
    assert caught.value.message.endswith("。")
    assert caught.value.field == "file"
    return caught.value.code


def test_values_are_text_decimals_and_dates():
    instant = datetime(2021, 6, 30, 8)  # noqa: DTZ001  a sheet knows no zones
    cells = ["甲", 13900000001, 0.1 + 0.2, date(2021, 6, 30), instant, True, time(8, 30), " \n"]
    table = read(book([cells], head=["名称 *", *"abcdefg"]))
    assert table.head == ["名称", *"abcdef", "g"]
    [line] = table.lines
    assert line.values == [
        "甲", Decimal("13900000001"), Decimal("0.3"), date(2021, 6, 30), date(2021, 6, 30), "True", "08:30:00", None
    ]  # fmt: skip
    assert (line.number, line.faults, line.at(99)) == (2, {}, None)


def test_formulas_and_error_values_have_a_reason_instead_of_a_value():
    table = read(book([["=1+1", "=B9", "#N/A"]], head=["名称", "数", "误"]))
    [line] = table.lines
    assert line.values == [None, None, None]
    assert ["公式" in line.faults[0], "公式" in line.faults[1], "错误值“#N/A”" in line.faults[2]] == [True] * 3


def test_a_text_that_looks_like_a_formula_is_text():
    def as_text(sheet):
        sheet["A2"].value = "=1+1"
        sheet["A2"].data_type = "s"

    assert read(book([[""]], head=["名称"], then=as_text)).lines[0].values == ["=1+1"]


def test_every_cell_of_a_merged_range_has_a_reason():
    rows = [["甲", "一"], ["乙", "二"], ["丙", "三"]]
    table = read(book(rows, head=["名称", "数"], then=lambda sheet: sheet.merge_cells("B2:B3")))
    assert [(line.number, sorted(line.faults)) for line in table.lines] == [(2, [1]), (3, [1]), (4, [])]
    assert "取消合并" in table.lines[0].faults[1]


def test_the_head_may_stand_below_a_merged_title_and_empty_rows_are_none():
    def titled(sheet):
        sheet.insert_rows(1, 2)
        sheet["A1"] = "二〇二一年成果登记表"
        sheet.merge_cells("A1:B1")

    table = read(book([["甲", 1], [None, None], ["乙", 2]], head=["名称", "数"], then=titled))
    assert [(line.number, line.values[0], line.faults) for line in table.lines] == [(4, "甲", {}), (6, "乙", {})]


def test_the_named_sheet_comes_before_the_first_visible_one():
    made = Workbook()
    made.active.append(["名称"])
    made.active.append(["别的"])
    wanted = made.create_sheet("成果")
    wanted.append(["名称"])
    wanted.append(["甲"])
    assert read(saved(made), sheet="成果").lines[0].values == ["甲"]
    wanted.sheet_state = "hidden"
    assert read(saved(made), sheet="成果").lines[0].values == ["别的"]


@pytest.mark.parametrize(
    ("rows", "head", "code"),
    [
        ([], [], "empty"),
        ([], ["名称"], "empty"),
        ([["甲"]], ["别的"], "head"),
        ([["甲", "多"]], ["名称"], "head"),
        ([["甲"]] * (ROWS_MAX + 1), ["名称"], "rows"),
        ([["甲", *[None] * COLUMNS_MAX, "远"]], ["名称"], "columns"),
    ],
)
def test_what_is_no_table(rows, head, code):
    assert refused(book(rows, head=head)) == code


def test_exactly_the_most_rows_are_read():
    assert len(read(book([["甲"]] * ROWS_MAX, head=["名称"])).lines) == ROWS_MAX


def test_a_bomb_is_refused_by_its_directory_before_anything_is_unpacked(monkeypatch):
    bomb = with_part(book([["甲"]], head=["名称"]), "xl/media/bomb.xml", b"\0" * (41 << 20))
    assert len(bomb) < 100_000
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *a, **k: pytest.fail("unpacked"))
    assert refused(bomb) == "unpacked"


def test_a_part_that_claims_three_gigabytes_is_refused():
    content = bytearray(book([["甲"]], head=["名称"]))
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<L", 3 << 30)
    assert refused(bytes(content)) == "unpacked"


def test_a_part_that_claims_less_than_it_holds_is_refused():
    content = bytearray(with_part(book([["甲"]], head=["名称"]), SHEET, b"<x>" + b" " * 5_000_000 + b"</x>"))
    at = content.rindex(SHEET.encode()) - 46
    assert content[at : at + 4] == b"PK\x01\x02"
    content[at + 24 : at + 28] = struct.pack("<L", 100)
    assert refused(bytes(content)) == "broken"


def test_a_million_tiny_cells_are_refused_before_they_are_parsed():
    tiny = b"<worksheet><sheetData><row>" + b"<c/>" * 1_000_001 + b"</row></sheetData></worksheet>"
    assert refused(with_part(book([["甲"]], head=["名称"]), SHEET, tiny)) == "too_large"


def with_strings(strings):
    """A workbook as Excel writes it: the cells point into a list of texts."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    named = f'<Override PartName="/{STRINGS}" ContentType="{kind}"/></Types>'
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{n - 1}</v></c></row>' for n in (1, 2))
    content = book([["甲"]], head=["名称"])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        types = archive.read("[Content_Types].xml").decode().replace("</Types>", named)
    content = with_part(content, "[Content_Types].xml", types.encode())
    content = with_part(
        content, SHEET, f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'.encode()
    )
    return with_part(content, STRINGS, strings.encode())


def test_shared_texts_are_read():
    texts = "<si><t>名称</t></si><si><r><t>甲_x000D_\n</t></r><r><t>乙</t></r></si>"
    assert read(with_strings(f'<sst xmlns="{MAIN}">{texts}</sst>')).lines[0].values == ["甲\n乙"]


def test_entities_are_not_expanded():
    texts = f'<sst xmlns="{MAIN}"><si><t>名称</t></si><si><t>&b;</t></si></sst>'
    doctype = '<!DOCTYPE sst [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    assert read(with_strings(texts.replace("&b;", "甲"))).lines[0].values == ["甲"]
    assert refused(with_strings(doctype + texts)) == "broken"
    assert refused(with_part(book([["甲"]], head=["名称"]), SHEET, doctype.encode() + b"<sst>&b;</sst>")) == "broken"


@pytest.mark.parametrize("name", ["xl/workbook.xml", "[Content_Types].xml", SHEET, STRINGS])
@pytest.mark.parametrize("part", [b"", b"<", b"<a/>", "全是文字".encode()])
def test_a_broken_part_is_a_sentence(name, part):
    whole = with_strings(f'<sst xmlns="{MAIN}"><si><t>名称</t></si><si><t>甲</t></si></sst>')
    assert refused(with_part(whole, name, part)) in {"broken", "empty", "head"}


def test_bytes_changed_at_random_break_nothing_but_the_file():
    good, chance = book([["甲", 1], ["乙", 2]], head=["名称", "数"]), random.Random(5)
    for _ in range(150):
        content = bytearray(good)
        for _ in range(chance.randint(1, 8)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        with suppress(Refusal):
            read(bytes(content))


def test_too_many_merged_ranges_are_refused():
    def many(sheet):
        for number in range(2001):
            sheet.merge_cells(start_row=10 + number, end_row=10 + number, start_column=1, end_column=2)

    assert refused(book([["甲"]], head=["名称"], then=many)) == "merged"


# --- blank workbooks -----------------------------------------------------------------------------------


def test_a_blank_workbook_offers_lists_notes_and_an_example():
    columns = [
        BlankColumn(Heading("名称", 30), "100 字以内。", required=True, example="=甲"),
        BlankColumn(Heading("类别"), "从列表选择。", choices=["小发明", "小建议"], example="小发明"),
        BlankColumn(Heading("日期", 12, "yyyy-mm-dd"), "年-月-日。", example="2021-06-30"),
    ]
    out = io.BytesIO()
    write_blank(out, "登记", columns, rows=20)
    blank = load_workbook(out)
    sheet, lists = blank["登记"], blank["选项"]
    assert [s.sheet_state for s in blank.worksheets] == ["visible", "visible", "hidden"]
    assert [cell.value for cell in sheet[1]] == ["名称", "类别", "日期"]
    assert sheet["A1"].comment.text == "必填。100 字以内。"
    assert (sheet["A2"].value, sheet["A2"].data_type, sheet["A2"].quotePrefix) == ("=甲", "s", True)
    [rule] = sheet.data_validations.dataValidation
    assert (rule.formula1, str(rule.sqref)) == ("'选项'!$B$1:$B$2", "B2:B22")
    assert [lists["B1"].value, lists["B2"].value] == ["小发明", "小建议"]
    assert blank["填写说明"]["B2"].value == "必填。100 字以内。"
    assert read(out.getvalue(), sheet="登记").lines[0].values == ["=甲", "小发明", "2021-06-30"]


# --- a sheet that says more of itself than it holds ----------------------------------------------------------------


def told(dimension: str, rows: str) -> bytes:
    """A workbook whose sheet declares that size and holds those rows behind its head and one good row."""

    good = book([["甲"]], head=["名称"])
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        head, _, rest = archive.read(SHEET).decode().partition("<sheetData>")
    rest = rest.replace("</sheetData>", f"{rows}</sheetData>")
    return with_part(good, SHEET, f"{_dimensioned(head, dimension)}<sheetData>{rest}".encode())


def _dimensioned(head: str, dimension: str) -> str:
    before, _, after = head.partition("<dimension ref=")
    return f'{before}<dimension ref="{dimension}"{after[after.index("/>") :]}' if after else head


@pytest.mark.parametrize(
    "last", ['<row r="1048576"/>', '<row r="999999999999"/>', '<row r="1048576" ht="14"><c r="A1048576"/></row>']
)
def test_a_sheet_formatted_to_its_last_row_is_read_to_its_last_word(last):
    table = read(told("A1:XFD1048576", last))
    assert [line.values[0] for line in table.lines] == ["甲"]


def test_words_beyond_the_measure_are_told_not_dropped():
    far = f'<row r="{LAST_ROW + 1}"><c r="A{LAST_ROW + 1}"><v>1</v></c></row>'
    assert refused(told("A1:A3", far)) == "rows"
    wide = '<row r="3"><c r="XFD3"><v>1</v></c></row>'
    assert refused(told("A1:A3", wide)) == "columns"
