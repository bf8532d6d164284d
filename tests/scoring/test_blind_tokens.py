"""Fifty planted tokens and more: whatever an expert opens, none of them is there."""

import io
import re

import pytest
from django.core import mail
from pypdf import PdfReader

from accounts.models import User
from core.models import Job, Outbox
from core.tasks import deliver_mail
from documents.actions import request_score_sheets
from documents.tasks import make_paper
from scoring.actions import blind, reminders, results, rounds, sheets
from scoring.models import BlindFinding
from scoring.queries.reminders import default_text
from tests.cast import assemble
from tests.core import planted
from tests.scoring import blinding, judging
from tests.scoring.blinding import BOOK, HIDDEN, KNOWN, TOKENS, accepted_with, crawl, documents, told
from tests.scoring.judging import client_of, marks, own, posted

pytestmark = pytest.mark.django_db


@pytest.fixture
def released():
    cast = assemble()
    accepted_with(cast, *documents())
    judging.to_review(cast)
    round_ = judging.drafted(cast, k=4)
    rounds.plan_assignment(cast["office"], round_.pk, seed=7)
    blinding.prepared(round_)
    for finding in BlindFinding.objects.filter(round=round_, state="open"):
        finding.refresh_from_db()
        if finding.state == "open":
            blind.mask_finding(cast["office"], finding.pk)
    rounds.open_round(cast["office"], round_.pk)
    return cast, round_


def test_there_are_fifty_tokens_and_each_is_one_of_its_own():
    assert len(TOKENS) == len(set(TOKENS)) >= 50


def reminded(cast, round_, settings):
    """Her reminder as the portal shows it, and as it went out by mail: exactly one of each."""
    settings.MAIL_ON = True
    User.objects.filter(pk=cast["expert1"].user.pk).update(email="expert1@example.cn")
    hers = round_.appointments.get(expert__user=cast["expert1"].user)
    reminders.remind(cast["office"], round_.pk, number=1, appointments=[hers.pk], text=default_text(round_, None))
    deliver_mail.run(Job.objects.get(task="core.tasks.deliver_mail").pk)
    (letter,) = mail.outbox
    assert letter.to == ["expert1@example.cn"]
    assert "1 份评分表没有提交" in letter.body
    return Outbox.objects.get(channel="site", recipient=cast["expert1"].user), letter


def test_no_page_file_or_mail_of_an_expert_holds_a_token(released, settings):
    cast, round_ = released
    client, (sheet,) = client_of(cast, "expert1"), own(cast, "expert1")
    message, letter = reminded(cast, round_, settings)
    given, seen, read = [], {}, b""
    for url, body, media in crawl(client):
        seen[url], read = media, read + body
        given += told(url, body, media, TOKENS)
    page = blinding.sheet_url(sheet.pk)
    for answer in (
        client.post(page, {"revision": 99}),
        client.post(f"{page}save/", posted(marks(sheet), 0)),
        client.post(f"{page}save/", posted(marks(sheet, "low"), 0)),
    ):
        given += told(answer.request["PATH_INFO"], answer.content, "text/html", TOKENS)
    assert given == []
    assert [token for token in TOKENS if token in str(letter.message()) + blinding.mails() + message.body] == []
    assert "您在“终评”中还有 1 份评分表没有提交" in read.decode("utf-8", "ignore")
    assert {url for url in seen if url.startswith(page)} >= {
        f"{page}files/1/",
        *(f"{page}documents/{n}/" for n in (1, 2, 3)),
    }
    assert {media for url, media in seen.items() if "/documents/" in url} == {planted.PDF, blinding.DOCX, blinding.XLSX}


def test_on_paper_and_after_the_hand_in_still_none(released):
    cast, round_ = released
    (sheet,) = own(cast, "expert1")
    asked = request_score_sheets(cast["office"], round_, sheet.appointment, "https://wuxiao.example/score-papers/")
    make_paper.run(asked.job_id)
    asked.job.refresh_from_db()
    with asked.job.result.open() as printed:
        body = printed.read()
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages).replace("\n", "")
    assert sheet.entry.code in text
    assert [token for token in TOKENS if token in text] == []
    assert told("print", body, planted.PDF, TOKENS) == []
    sheets.save_marks(cast["expert1"], sheet.pk, marks(sheet), revision=0)
    sheets.hand_in(cast["expert1"], [sheet.pk])
    results.close_round(cast["office"], round_.pk, waive="试评。")
    given = [one for url, body, media in crawl(client_of(cast, "expert1")) for one in told(url, body, media, TOKENS)]
    assert given == []


def test_what_is_needed_to_judge_is_still_there(released):
    cast, _ = released
    client, (sheet,) = client_of(cast, "expert1"), own(cast, "expert1")
    page = client.get(blinding.sheet_url(sheet.pk))
    text = page.content.decode()
    assert "跑偏停机由每月 12 次降到 1 次" in text
    assert "鉴定书 1 份，已由审核单位核对" in text
    assert re.findall(r"附件\d \w+", text)[:3] == ["附件1 图表说明书", "附件2 其他材料", "附件3 其他材料"]
    drawing = client.get(f"{blinding.sheet_url(sheet.pk)}documents/1/")
    assert "%E9%99%84%E4%BB%B61.pdf" in drawing["Content-Disposition"]  # 附件1.pdf
    assert drawing["Content-Disposition"].startswith("inline")
    assert drawing["X-Frame-Options"] == "SAMEORIGIN"
    word = client.get(f"{blinding.sheet_url(sheet.pk)}documents/2/")
    assert word["Content-Disposition"].startswith("attachment")
    assert client.get(f"{blinding.sheet_url(sheet.pk)}documents/4/").status_code == 404
    assert client.get(f"{blinding.sheet_url(sheet.pk)}documents/0/").status_code == 404


def test_the_finder_finds_every_token_before_the_cleaning(released):
    """The crawl's own eyes: over the files as they were uploaded they see what was planted."""
    raw = {name: (data, media) for _, data, name, media in documents()}
    pdf, media = raw[f"{HIDDEN['pdf_name']}.pdf"]
    assert set(planted.left_in(media, pdf, planted.PDF_TOKENS)) == set(planted.PDF_TOKENS)
    book, media = raw[f"{HIDDEN['xlsx_name']}.xlsx"]
    assert set(planted.left_in(media, book, BOOK)) == set(BOOK)
    assert told("photo", blinding.photo(), "image/png", TOKENS) == [f"photo: {HIDDEN['png']}"]


def test_in_a_round_that_is_not_blind_the_names_stand_and_the_metadata_still_goes():
    cast = assemble()
    cast.contest.settings_data = cast.contest.settings_data | {"blind_review": False}
    cast.contest.save()
    accepted_with(cast, *documents())
    judging.to_review(cast)
    round_ = judging.drafted(cast, k=4)
    rounds.plan_assignment(cast["office"], round_.pk, seed=7)
    blinding.prepared(round_)
    assert not BlindFinding.objects.exists()
    rounds.open_round(cast["office"], round_.pk)
    (sheet,) = own(cast, "expert1")
    text = client_of(cast, "expert1").get(blinding.sheet_url(sheet.pk)).content.decode()
    for shown in (KNOWN["unit"], KNOWN["leader"], KNOWN["member"], KNOWN["placeless"], "附件5"):
        assert shown in text
    assert "匿名评审" not in text
    answer = client_of(cast, "expert1").get(f"{blinding.sheet_url(sheet.pk)}documents/2/")
    body = b"".join(answer.streaming_content)
    assert planted.left_in(planted.PDF, body) == []
