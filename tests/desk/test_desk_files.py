"""Attachments: bad files in a sentence with the rest kept, their order, the late door, how they are shown."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from contests import queries as contest_queries
from contests.calendar import Move
from core import files
from submissions.actions import drafting, entering, moves, stamping, uploads
from submissions.models import Achievement
from tests.cast import Cast, draft
from tests.core.samples import docx, xlsx
from tests.submissions.unit_desk import BROWSER, opened, pdf, picture, save, signed_in, url

THREE_GB = 3 << 30


@pytest.fixture
def work(cast: Cast) -> Achievement:
    return Achievement.objects.get(pk=draft(cast).pk)


@pytest.fixture
def unit(cast: Cast) -> Client:
    return signed_in(cast["unit_a"])


def fresh(work: Achievement) -> Achievement:
    return Achievement.objects.get(pk=work.pk)


def named(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def bomb() -> bytes:
    """A workbook of some kilobytes that unpacks to more than we take."""
    out = io.BytesIO(xlsx())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.bin", b"\0" * (files.UNPACKED_MAX_BYTES + 1))
    return out.getvalue()


def wide_png() -> bytes:
    out = io.BytesIO()
    Image.new("1", (20_000, 20)).save(out, "PNG")
    return out.getvalue()


def attach(client: Client, work: Achievement, *uploads: object, **more: str) -> object:
    data = {"attachment_kind": "benefit_proof", "files": list(uploads)} | more
    return client.post(url("attachments", work), data, **BROWSER)


BAD: dict[str, tuple[Callable[[], SimpleUploadedFile], str]] = {
    "renamed exe": (lambda: named("效益证明.pdf", b"MZ\x90\x00" + b"\0" * 200), "“效益证明.pdf”的内容不属于"),
    "zip bomb": (lambda: named("台账.xlsx", bomb()), "文件“台账.xlsx”解压后超过 200 MB"),
    "svg": (lambda: named("图.svg", b"<svg><script>alert(1)</script></svg>"), "“图.svg”"),
    "svg as png": (lambda: named("图.png", b"<svg><script>alert(1)</script></svg>"), "请转换格式后再上传"),
    "pdf cut off": (lambda: named("鉴定书.pdf", b"%PDF-1.4\n" + b"0" * 3000), "“鉴定书.pdf”不完整或结尾"),
    "glued pdf": (lambda: named("鉴定书.pdf", b"%PDF-1.4\n%%EOF\n<script>alert(1)</script>"), "结尾有多余内容"),
    "20,000 pixels": (lambda: named("照片.png", wide_png()), "图片“照片.png”为 20000×20 像素"),
    "empty": (lambda: named("空.pdf", b""), "空"),
    "too large": (lambda: pdf("大.pdf", size=(20 << 20) + 1), "文件“大.pdf”超过 20 MB，请压缩或拆分后再上传。"),
    "html": (lambda: named("页面.docx", b"<html><script>alert(1)</script>"), "“页面.docx”"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_gets_its_sentence_and_the_good_one_is_kept(work, unit, kind):
    make, sentence = BAD[kind]
    answer = attach(unit, work, make(), pdf("好文件.pdf"))
    bad, good = answer.json()["results"]
    assert (bad["ok"], good["ok"]) == (False, True)
    assert sentence in bad["sentence"]
    assert [row.name for row in work.attachments.filter(kind="benefit_proof")] == ["好文件.pdf"]


def test_a_bad_file_does_not_hold_up_the_form(work, unit):
    """Without scripts, all in one: text and members are saved, the bomb is told."""
    changes = {"attachment_kind": "other", "files": [named("台账.xlsx", bomb())], "summary": "同时改的简介"}
    answer = save(unit, work, opened(unit, work), **changes)
    assert answer.status_code == 422
    assert "解压后超过" in answer.content.decode()
    assert fresh(work).summary == "同时改的简介"


def test_three_gigabytes_are_refused_by_their_declared_size(work, unit):
    """Not a byte of the body is read: there is none, and the answer is there."""
    kind = "multipart/form-data; boundary=x"
    for headers, told in ((BROWSER, "文件太大"), ({}, "文件太大，没有接收")):
        answer = unit.generic("POST", url("attachments", work), b"", kind, CONTENT_LENGTH=str(THREE_GB), **headers)
        assert answer.status_code == 413
        body = answer.json()["message"] if headers else answer.content.decode()
        assert told in body
    assert work.attachments.count() == 1


# --- their order ------------------------------------------------------------------------------------------------


def three(work: Achievement, unit: Client) -> list[int]:
    for name in ("甲.pdf", "乙.pdf"):
        attach(unit, work, pdf(name, size=len(name) + ord(name[0])))
    return list(work.attachments.values_list("pk", flat=True))


def test_the_order_is_hers_and_goes_into_the_version(cast, work, unit):
    first, second, third = three(work, unit)
    answer = unit.post(url("attachment_order", work), {"attachment": [third, first, second], "revision": 99}, **BROWSER)
    assert answer.status_code == 200
    assert answer.json()["files"].index("乙.pdf") < answer.json()["files"].index("甲.pdf")
    assert list(work.attachments.values_list("pk", flat=True)) == [third, first, second]
    sent = entering.hand_in(cast["unit_a"], work.pk)
    assert [file["id"] for file in sent.versions.get().content["attachments"]] == [third, first, second]


def test_an_order_made_beside_a_colleague_s_is_told_and_not_written(work, unit):
    first, second, third = three(work, unit)
    seen = Achievement.objects.get(pk=work.pk).revision
    mine, theirs = [second, first, third], [third, first, second]
    assert (
        unit.post(url("attachment_order", work), {"attachment": theirs, "revision": seen}, **BROWSER).status_code == 200
    )
    late = unit.post(url("attachment_order", work), {"attachment": mine, "revision": seen}, **BROWSER)
    assert late.status_code == 409
    assert late.json()["theirs"] == [row.name for row in work.attachments.all()]
    assert f'data-revision="{late.json()["revision"]}"' in late.json()["files"]
    assert list(work.attachments.values_list("pk", flat=True)) == theirs
    again = {"attachment": mine, "revision": late.json()["revision"]}
    assert unit.post(url("attachment_order", work), again, **BROWSER).status_code == 200
    assert list(work.attachments.values_list("pk", flat=True)) == mine


def test_without_scripts_a_file_is_lifted_by_a_button(work, unit):
    first, second, third = three(work, unit)
    form = opened(unit, work)
    assert save(unit, work, form, attachment=[first, second, third], lift=str(third)).status_code == 302
    assert list(work.attachments.values_list("pk", flat=True)) == [first, third, second]


def test_an_order_that_names_too_few_strangers_or_one_twice_loses_nothing(cast, work, unit):
    first, second, third = three(work, unit)
    foreign = draft(cast, "unit_b").attachments.get().pk
    unit.post(url("attachment_order", work), {"attachment": [third, foreign, third, "x"], "revision": 99}, **BROWSER)
    assert list(work.attachments.values_list("pk", flat=True)) == [third, first, second]


# --- the late door ----------------------------------------------------------------------------------------------


def closing(work: Achievement) -> datetime:
    closes = contest_queries.window(Move.SUBMIT, timezone.now(), work.contest, work.unit).closes
    assert closes
    return closes


def at(monkeypatch: pytest.MonkeyPatch, instant: datetime) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: instant)


def ticket(cast: Cast, work: Achievement) -> str:
    return signed_in(cast["unit_a"]).post(url("upload_begins", work), **BROWSER).json()["ticket"]


def late(cast: Cast, work: Achievement, ticket: str) -> None:
    """Her session is as new as the clock: it was set to another day."""
    assert attach(signed_in(cast["unit_a"]), work, pdf(), ticket=ticket).status_code == 200


def hand_in(cast: Cast, work: Achievement) -> str:
    client = signed_in(cast["unit_a"])
    save(client, work, opened(client, work), "submit")
    return fresh(work).status


def test_an_upload_begun_before_the_closing_may_finish_and_be_handed_in(cast, work, monkeypatch):
    closes = closing(work)
    at(monkeypatch, closes - timedelta(minutes=1))
    begun = ticket(cast, work)
    at(monkeypatch, closes + timedelta(minutes=5))
    assert hand_in(cast, work) == "draft"  # nothing came in late yet
    late(cast, work, begun)
    assert "现在不能提交" not in signed_in(cast["unit_a"]).get(url("edit", work)).content.decode()
    assert hand_in(cast, work) == "submitted"


@pytest.mark.parametrize("what", ["photo", "scan"])
def test_so_may_the_photo_and_the_stamped_scan(cast, work, monkeypatch, what):
    closes, printed = closing(work), stamping.print_form(cast["unit_a"], work.pk)
    where, file = {
        "photo": (url("photo", work), picture(width=827, height=1157)),
        "scan": (reverse("submissions:stamped_scan", args=[printed.pk]), pdf("扫描件.pdf")),
    }[what]
    at(monkeypatch, closes + timedelta(milliseconds=400))  # still in the named second
    begun = ticket(cast, work)
    at(monkeypatch, closes + timedelta(minutes=5))
    assert signed_in(cast["unit_a"]).post(where, {what: file, "ticket": begun}, **BROWSER).status_code == 200
    assert hand_in(cast, work) == "submitted"


@pytest.mark.parametrize("what", ["photo", "scan"])
def test_without_their_ticket_they_open_nothing(cast, work, monkeypatch, what):
    closes, printed = closing(work), stamping.print_form(cast["unit_a"], work.pk)
    at(monkeypatch, closes + timedelta(minutes=5))
    if what == "photo":
        uploads.keep_photo(cast["unit_a"], work, picture(width=827, height=1157), 99, ticket(cast, work))
    else:
        uploads.keep_stamped_scan(cast["unit_a"], printed, pdf("扫描件.pdf"), ticket(cast, work))
    assert hand_in(cast, work) == "draft"


def test_after_the_grace_the_door_is_shut(cast, work, monkeypatch):
    closes = closing(work)
    grace = timedelta(minutes=work.contest.settings.upload_grace_minutes)
    at(monkeypatch, closes)
    begun = ticket(cast, work)
    at(monkeypatch, closes + grace)
    late(cast, work, begun)
    at(monkeypatch, closes + grace + timedelta(seconds=1))
    assert hand_in(cast, work) == "draft"
    at(monkeypatch, closes + grace)
    assert hand_in(cast, work) == "submitted"


@pytest.mark.parametrize("whose", ["late", "forged", "another work's", "another person's", "none"])
def test_no_other_ticket_opens_it(cast, work, monkeypatch, whose):
    closes = closing(work)
    at(monkeypatch, closes - timedelta(minutes=1))
    other = Achievement.objects.get(pk=draft(cast).pk)
    mates = {"another work's": ticket(cast, other), "forged": ticket(cast, work)[:-2] + "zz", "none": ""}
    said = {"work": work.pk, "user": cast["team"].user.pk, "at": timezone.now().isoformat()}
    mates["another person's"] = signing.dumps(said, salt="submissions.upload")
    at(monkeypatch, closes + timedelta(minutes=1))
    mates["late"] = ticket(cast, work)
    late(cast, work, mates[whose])
    assert hand_in(cast, work) == "draft"


def test_an_upload_that_was_there_in_time_opens_nothing(cast, work, monkeypatch):
    closes = closing(work)
    at(monkeypatch, closes - timedelta(minutes=2))
    late(cast, work, ticket(cast, work))
    at(monkeypatch, closes + timedelta(minutes=1))
    assert hand_in(cast, work) == "draft"


# --- how they are shown -----------------------------------------------------------------------------------------


def served(client: Client, work: Achievement, upload: object, **query: str) -> object:
    attach(client, work, upload, attachment_kind="other")
    row = work.attachments.order_by("-pk").first()
    return client.get(reverse("submissions:attachment", args=[row.pk]), query)


def test_a_pdf_is_shown_in_a_page_that_may_do_nothing(work, unit):
    answer = served(unit, work, pdf())
    assert answer["Content-Disposition"].startswith("inline")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "script-src" not in policy


SHOWN = {
    "picture": (lambda: picture(name="图.png"), True),
    "docx": (lambda: named("说明.docx", docx()), False),
    "xlsx": (lambda: named("台账.xlsx", xlsx()), False),
}


@pytest.mark.parametrize(("upload", "shown"), SHOWN.values(), ids=SHOWN)
def test_pictures_are_shown_and_office_files_saved_both_in_a_sandbox(work, unit, upload, shown):
    answer = served(unit, work, upload())
    assert answer["Content-Disposition"].startswith("inline" if shown else "attachment")
    assert answer["Content-Security-Policy"].startswith("sandbox;")


def test_the_award_keeps_its_proof_as_long_as_the_file_is_there(cast, work, unit):
    attach(unit, work, pdf("表彰文件.pdf"), attachment_kind="local_award_document")
    proof = work.attachments.get(name="表彰文件.pdf")
    award = {"level": "base", "name": "一等奖", "awarding_body": "某厂工会", "rank": "", "document_number": "",
             "awarded_on": None, "proof_id": proof.pk}  # fmt: skip
    drafting.set_commendations(cast["unit_a"], work.pk, [award], 99)
    drafting.detach(cast["unit_a"], work.pk, proof.pk)
    assert work.commendations.get().proof is None
    moves.register(cast["unit_a"], work.pk)
