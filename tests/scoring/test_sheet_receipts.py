"""The receipt: what an expert takes home of each handed-in sheet, and that nothing can be changed behind it."""

import hashlib
import json

import pytest
from django.urls import reverse

from core.models import Event
from scoring.actions import flags, sheets
from scoring.models import Mark, ScoreSheet, SheetFlag
from tests.cast import Cast
from tests.scoring import judging
from tests.scoring.judging import client_of, marks, own

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return judging.season(1, k=4)[0]


@pytest.fixture
def sheet(cast) -> ScoreSheet:
    (mine,) = own(cast, "expert1")
    sheets.save_marks(cast["expert1"], mine.pk, marks(mine), revision=0, comment="好“极”了。", doubt="数据偏高。")
    sheets.hand_in(cast["expert1"], [mine.pk])
    mine.refresh_from_db()
    return mine


def url(name: str, sheet: ScoreSheet) -> str:
    return reverse(f"scoring:{name}", args=[sheet.pk])


def pasted(cast: Cast, text: str, who: str = "expert1") -> str:
    answer = client_of(cast, who).post(reverse("scoring:receipt_check"), {"given": text})
    return answer.content.decode()


def test_the_receipt_is_the_hash_of_the_file_and_stands_in_the_ledger(cast, sheet):
    answer = client_of(cast, "expert1").get(url("receipt_file", sheet))
    assert hashlib.sha256(answer.content).hexdigest() == sheet.receipt
    assert json.loads(Event.objects.get(verb="hand_in").payload)["receipt"] == sheet.receipt
    assert f"receipt-{sheet.entry.code}.json" in answer["Content-Disposition"]


def test_the_file_holds_what_she_gave_in_canonical_form(cast, sheet):
    text = client_of(cast, "expert1").get(url("receipt_file", sheet)).content.decode()
    data = json.loads(text)
    assert text == json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert data["format"] == "wuxiao-sheet/1"
    assert data["marks"]["innovation"] == ["original", 20]
    assert (data["total"], data["comment"], data["doubt"], data["ineligible"]) == (
        "100.00",
        "好“极”了。",
        "数据偏高。",
        "",
    )
    assert data["expert"] == sheet.appointment.pseudonym
    assert cast["expert1"].user.display_name not in text


def test_one_click_says_that_it_matches(cast, sheet):
    client = client_of(cast, "expert1")
    assert f'href="{url("receipt", sheet)}"' in client.get(reverse("scoring:sheets")).content.decode()
    text = client.get(url("receipt", sheet)).content.decode()
    assert "一致：" in text
    assert "不一致" not in text
    assert sheet.receipt in text


def test_pasted_by_hash_or_by_file(cast, sheet):
    file = client_of(cast, "expert1").get(url("receipt_file", sheet)).content.decode()
    for given in (sheet.receipt, sheet.receipt.upper(), f"  {sheet.receipt}\n", file):
        assert f"一致：{sheet.entry.code} 的评分与提交时完全相同" in pasted(cast, given)
    for given in ("0" * 64, file.replace("好", "坏"), "随便写的"):
        assert "不一致：您提交过的评分表中，没有一份与它相符" in pasted(cast, given)
    assert "请粘贴回执编号" in pasted(cast, "")


def test_a_changed_row_is_found(cast, sheet):
    Mark.objects.filter(sheet=sheet, criterion="innovation").update(points=16)
    assert "库中现在的评分与回执不符" in pasted(cast, sheet.receipt)
    assert "不一致" in client_of(cast, "expert1").get(url("receipt", sheet)).content.decode()


def test_a_changed_row_with_a_changed_receipt_is_found_too(cast, sheet):
    """Whoever rewrites both still has the ledger and the expert's own file against her."""
    old = sheet.receipt
    ScoreSheet.objects.filter(pk=sheet.pk).update(receipt="1" * 64)
    assert "不一致" in pasted(cast, old)
    assert "不一致" in client_of(cast, "expert1").get(url("receipt", sheet)).content.decode()


def test_a_voided_sheet_still_proves_what_was_given(cast, sheet):
    flags.resolve_flag(cast["office"], SheetFlag.objects.get().pk, "void", "不计。")
    assert "后来作废，不计分" in pasted(cast, sheet.receipt)


def test_a_returned_sheet_gets_a_new_receipt(cast, sheet):
    flags.resolve_flag(cast["office"], SheetFlag.objects.get().pk, "return", "请再看。")
    assert client_of(cast, "expert1").get(url("receipt", sheet)).status_code == 404
    again = ScoreSheet.objects.get(pk=sheet.pk)
    sheets.save_marks(cast["expert1"], sheet.pk, marks(sheet, step=1), revision=again.revision)
    sheets.hand_in(cast["expert1"], [sheet.pk])
    again.refresh_from_db()
    assert again.receipt
    assert again.receipt != sheet.receipt
    assert f"一致：{sheet.entry.code}" in pasted(cast, again.receipt)
    assert "没有一份与它相符" in pasted(cast, sheet.receipt)


def test_nobody_elses_receipt_exists(cast, sheet):
    other = next(who for who in ("expert2", "expert3", "expert4"))
    client = client_of(cast, other)
    assert client.get(url("receipt", sheet)).status_code == 404
    assert client.get(url("receipt_file", sheet)).status_code == 404
    assert "没有一份与它相符" in pasted(cast, sheet.receipt, other)
    assert client_of(cast, "office").get(url("receipt", sheet)).status_code == 403


def test_before_the_hand_in_there_is_none(cast):
    (mine,) = own(cast, "expert2") or own(cast, "expert3")
    who = mine.appointment.expert.user.username
    assert client_of(cast, who).get(url("receipt", mine)).status_code == 404
