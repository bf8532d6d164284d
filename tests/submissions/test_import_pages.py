"""The pages of the import and the export: what is shown, what is refused and in which words, what is taken away."""

import html
import io
import os
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from core.models import Event
from submissions.actions import drafting, moves
from submissions.models import Achievement, PoolImport
from submissions.rules.importing import COLUMNS
from tests.cast import Cast, assemble, draft, submitted
from tests.submissions import books
from tests.submissions.unit_desk import signed_in

pytestmark = pytest.mark.django_db
UPLOAD, TEMPLATE, EXPORT = "/achievements/import/", "/achievements/template.xlsx", "/achievements/export.xlsx"


@pytest.fixture
def cast() -> Cast:
    return assemble()


def send(actor, content, name="成果.xlsx", **more):
    return signed_in(actor).post(UPLOAD, {"file": books.upload(content, name)} | more)


def brought(actor, content) -> PoolImport:
    answer = send(actor, content)
    assert answer.status_code == 302, said(answer)
    row = PoolImport.objects.latest("pk")
    assert answer["Location"] == page(row)
    return row


def page(row, name="import_preview") -> str:
    return reverse(f"submissions:{name}", args=[row.pk])


def said(answer) -> str:
    """The words of a page."""
    return html.unescape(re.sub(r"<[^>]+>|\s+", "", answer.content.decode()))


def lines(answer) -> list[str]:
    body = answer.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    return [re.sub(r"<[^>]+>|\s+", "", line) for line in re.findall(r"<tr>.*?</tr>", body, re.DOTALL)]


def rows_of(answer) -> list[tuple]:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return list(load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True))


# --- the template --------------------------------------------------------------------------------------


def test_the_template_has_the_contests_lists_and_comes_back_as_a_good_file(cast):
    answer = signed_in(cast["unit_a"]).get(TEMPLATE)
    blank = load_workbook(io.BytesIO(answer.content))
    sheet = blank["成果登记"]
    assert [cell.value for cell in sheet[1]] == ["序号", *(column.label for column in COLUMNS.values())]
    assert all(cell.comment for cell in sheet[1])
    offered = [cell.value for cell in blank["选项"]["C"]]
    assert offered[:5] == list(cast.contest.kind_set.values_list("name", flat=True))
    assert len(sheet.data_validations.dataValidation) == 5
    assert "列名下面没有内容（示例行不算）" in said(send(cast["unit_a"], answer.content))
    sheet["A3"], sheet["B3"], sheet["C3"] = 1, "皮带机纠偏装置", "小发明"
    row = brought(cast["unit_a"], books.saved(blank))
    signed_in(cast["unit_a"]).post(page(row, "import_confirm"), {"mode": "all"})
    assert [work.title for work in Achievement.objects.all()] == ["皮带机纠偏装置"]


def test_the_templates_own_example_is_a_right_row(cast):
    blank = load_workbook(io.BytesIO(signed_in(cast["unit_a"]).get(TEMPLATE).content))
    blank["成果登记"]["A2"] = 1
    shown = signed_in(cast["unit_a"]).get(page(brought(cast["unit_a"], books.saved(blank))))
    assert lines(shown) == ["第2行井下皮带机自动纠偏装置欧阳技2021-06-30"]


# --- wrong files ---------------------------------------------------------------------------------------

GOOD = [books.row("皮带机纠偏装置")]


def macros() -> bytes:
    return books.with_part(books.book(GOOD), "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (lambda: b"MZ\x90\x00" + b"\0" * 200, "成果.xlsx", "内容不属于其中任何一种"),
        ("项目名称,五小类别\n甲,小发明".encode, "成果.csv", "只接受Excel（xlsx）文件"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "成果.xls", "是旧版或加密的Office文件"),
        (macros, "成果.xlsm", "只接受Excel（xlsx）文件"),
        (lambda: b"PK\x03\x04" + b"\0" * 200, "成果.xlsx", "内容不属于其中任何一种"),
        (lambda: b"", "成果.xlsx", "文件是空的"),
        (lambda: books.saved(Workbook()), "成果.xlsx", "工作表是空的"),
        (lambda: books.book([]), "成果.xlsx", "列名下面没有内容"),
        (lambda: books.book([["甲"]], head=["名称"]), "成果.xlsx", "没有找到“项目名称”这一列"),
        (lambda: books.book([["甲", "乙"]], head=["项目名称", "备注"]), "成果.xlsx", "模板里没有“备注”这一列"),
        (lambda: books.book([["甲", "乙"]], head=["项目名称", "项目名称"]), "成果.xlsx", "这一列出现了两次"),
        (lambda: books.book([["甲", "乙"]], head=["项目名称"]), "成果.xlsx", "单元格B2有内容，但这一列没有列名"),
        (lambda: books.book([["甲"]] * 2001, head=["项目名称"]), "成果.xlsx", "共2001行，一次最多2000行"),
        (
            lambda: books.with_part(books.book(GOOD), "xl/media/a.xml", b"\0" * (60 << 20)),
            "成果.xlsx",
            "解压后超过40MB",
        ),
        (
            lambda: books.with_part(books.book(GOOD), "xl/media/a.xml", b"\0" * (201 << 20)),
            "成果.xlsx",
            "解压后超过200MB",
        ),
        (lambda: books.with_part(books.book(GOOD), "xl/a.bin", bytes(range(256)) * 50_000), "成果.xlsx", None),
    ],
)
def test_a_wrong_file_is_refused_in_a_sentence_and_nothing_is_written(cast, content, name, says):
    answer = send(cast["unit_a"], content(), name)
    if says is None:  # ballast that is none of the reader's business does no harm
        assert answer.status_code == 302
        return
    assert answer.status_code == 400
    assert says in said(answer)
    assert not PoolImport.objects.exists()
    assert not Achievement.objects.exists()


def test_a_file_above_the_limit_and_no_file_at_all(cast, settings):
    settings.UPLOAD_MAX_BYTES = 1 << 20
    big = books.with_part(books.book(GOOD), "xl/media/a.png", os.urandom(2 << 20))
    assert "超过1MB" in said(send(cast["unit_a"], big))
    assert "请选择填好的Excel文件。" in said(signed_in(cast["unit_a"]).post(UPLOAD, {}))


# --- the preview ---------------------------------------------------------------------------------------


def test_every_wrong_cell_is_listed_with_row_column_and_reason(cast):
    content = books.book(
        [
            books.row("甲装置"),
            books.row("长" * 10_000, _1="小发名", _4="王😀"),
            books.row("=1+1", _6="=1+1"),
            books.row("丙装置", _5="１２３"),
            books.row("乙装置", _3="２０２１年６月３０日", _4="阿卜杜拉•买买提"),
        ],
        then=lambda sheet: sheet.merge_cells("B5:C5"),
    )
    shown = lines(signed_in(cast["unit_a"]).get(page(brought(cast["unit_a"], content))))
    assert [line[:10] for line in shown] == [
        "第3行项目名称不超过", "第3行五小类别没有“", "第3行带头人姓名姓名", "第4行项目名称是公式",
        "第4行年经济效益（万", "第5行五小类别在合并", "第5行项目类型在合并", "第5行带头人联系电话",
    ]  # fmt: skip
    assert all(line.endswith("。") for line in shown)


def test_the_page_says_what_will_be_registered_and_what_is_there(cast):
    client, content = (
        signed_in(cast["unit_a"]),
        books.book([books.row("甲装置"), books.row("乙装置"), books.row("甲装置")]),
    )
    row = brought(cast["unit_a"], content)
    look = client.get(page(row))
    assert lines(look) == ["第2行甲装置欧阳技2021-06-30", "第3行乙装置欧阳技2021-06-30"]
    assert lines(client.get(page(row) + "?show=known")) == ["第4行甲装置与第2行相同。"]
    assert "项目名称、带头人、完成日期都相同的视为同一项" in said(look)
    assert "表中没有这些列，将留空：类型说明、所属行业" in said(look)


def test_confirming_registers_and_shows_the_result(cast):
    client = signed_in(cast["unit_a"])
    row = brought(cast["unit_a"], books.book([books.row("甲装置"), books.row("乙装置", _5="无")]))
    refused = client.post(page(row, "import_confirm"), {"mode": "all"})
    assert (refused.status_code, Achievement.objects.count()) == (400, 0)
    assert "有1行不正确，一行也没有导入" in said(refused)
    assert client.post(page(row, "import_confirm"), {"mode": "good"})["Location"] == page(row)
    assert "已登记入库1项" in said(client.get(page(row)))
    assert lines(client.get(page(row)))[0].startswith("第3行带头人联系电话")
    again = client.post(page(row, "import_confirm"), {"mode": "good"}, follow=True)
    assert "这份表格已经导入过，没有重复登记。" in said(again)
    assert Achievement.objects.count() == 1


@pytest.mark.parametrize("mode", ["", "nonsense", None])
def test_without_a_clear_choice_it_is_all_or_none(cast, mode):
    row = brought(cast["unit_a"], books.book([books.row("甲装置"), books.row("乙装置", _5="无")]))
    signed_in(cast["unit_a"]).post(page(row, "import_confirm"), {} if mode is None else {"mode": mode})
    assert not Achievement.objects.exists()


def test_another_persons_import_does_not_exist_for_her(cast):
    row = brought(cast["unit_a"], books.book(GOOD))
    for who in ("unit_b", "mine", "team"):
        client = signed_in(cast[who])
        assert client.get(page(row)).status_code == client.post(page(row, "import_confirm")).status_code == 404
    for who in ("auditor_a", "office", "expert1"):
        assert signed_in(cast[who]).get(page(row)).status_code == 403
    assert not Achievement.objects.exists()


def test_looking_takes_the_same_queries_at_one_row_and_at_many(cast):
    assert looked(cast, 1) == looked(cast, 150)


def looked(cast, count) -> int:
    client = signed_in(cast["mine"])
    client.post(UPLOAD, {"file": books.upload(books.season(count)), "unit": cast.enrolments["mine"].pk})
    row = PoolImport.objects.latest("pk")
    client.get(page(row))
    with CaptureQueriesContext(connection) as made:
        assert client.get(page(row)).status_code == 200
    return len(made)


# --- the export ----------------------------------------------------------------------------------------


def test_the_export_is_the_list_with_its_filters(cast):
    draft(cast, title="甲草稿")
    submitted(cast, title="乙成果")
    submitted(cast, "unit_b", title="丙成果")
    assert [row[1] for row in rows_of(signed_in(cast["unit_a"]).post(EXPORT))[1:]] == ["乙成果", "甲草稿"]
    assert [row[1] for row in rows_of(signed_in(cast["unit_a"]).post(EXPORT + "?status=draft"))[1:]] == ["甲草稿"]
    assert [row[1] for row in rows_of(signed_in(cast["office"]).post(EXPORT))[1:]] == ["丙成果", "乙成果"]
    assert signed_in(cast["expert1"]).post(EXPORT).status_code == 403


def test_full_phones_only_for_those_who_need_them(cast):
    submitted(cast)
    phone = {who: rows_of(signed_in(cast[who]).post(EXPORT))[1][9] for who in ("unit_a", "auditor_a", "office")}
    assert set(phone.values()) == {"13900000001"}
    assert rows_of(signed_in(cast["supervisor"]).post(EXPORT))[1][9] == "139****0001"


def test_others_take_away_what_was_handed_in(cast):
    work = submitted(cast, title="提交时的名称")
    moves.return_for_changes(cast["auditor_a"], work.pk, "请修改。")
    drafting.save_fields(cast["unit_a"], work.pk, {"title": "正在改的名称", "leader.phone": "13700000009"}, 99)
    drafting.set_members(cast["unit_a"], work.pk, [("新成员", "")], 99)

    def taken(who: str) -> tuple[str, str, bool]:
        row = rows_of(signed_in(cast[who]).post(EXPORT))[1]
        return row[1], row[9], "新成员" in (row[10] or "")

    assert taken("unit_a") == ("正在改的名称", "13700000009", True)
    for who in ("auditor_a", "office"):
        assert taken(who) == ("提交时的名称", "13900000001", False)


def test_taking_the_list_away_is_an_event_and_reading_it_is_not(cast):
    submitted(cast)
    events = Event.objects.count()
    client = signed_in(cast["auditor_a"])
    assert client.get(EXPORT).status_code == 405
    client.get("/achievements/")
    assert Event.objects.count() == events
    client.post(EXPORT)
    event = Event.objects.latest("pk")
    assert (event.verb, event.subject, event.payload) == ("export", f"contest:{cast.contest.pk}", '{"count":1}')


def test_the_export_of_many_rows_takes_no_more_queries_than_of_one(cast):
    def queries() -> int:
        client = signed_in(cast["office"])
        client.post(EXPORT)
        with CaptureQueriesContext(connection) as made:
            client.post(EXPORT)
        return len(made)

    submitted(cast)
    one = queries()
    submitted(cast)
    submitted(cast)
    assert queries() == one


def test_a_title_that_looks_like_a_formula_leaves_as_text(cast):
    draft(cast, title="=1+1")
    answer = signed_in(cast["unit_a"]).post(EXPORT)
    cell = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]["B2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)


def test_the_list_offers_both_buttons(cast):
    draft(cast)
    unit = said(signed_in(cast["unit_a"]).get("/achievements/"))
    office = said(signed_in(cast["office"]).get("/achievements/"))
    assert ["导入" in unit, "导出" in unit] == [True, True]
    assert ["导入" in office, "导出" in office] == [False, False]
    submitted(cast)
    assert "导出" in said(signed_in(cast["office"]).get("/achievements/"))
