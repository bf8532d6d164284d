"""The stamped copy: printed with a number, its scan tied to what it says, asked for where the contest wants it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from contests.models import Contest
from core.errors import NotAllowed, Refusal
from core.models import Event
from documents import stamped as documents_stamped
from documents.models import Paper
from documents.render.pdf import render_pdf
from documents.tasks import make_paper
from submissions import queries
from submissions.actions import drafting, entering, moves, stamping, uploads
from submissions.models import Achievement, StampedForm
from submissions.rules import stamped
from tests.cast import Cast, draft, submitted
from tests.documents.reading import pdf_pages, squeeze
from tests.submissions.unit_desk import BROWSER, opened, pdf, save, signed_in, url


@pytest.fixture
def work(cast: Cast) -> Achievement:
    return Achievement.objects.get(pk=draft(cast).pk)


@pytest.fixture
def unit(cast: Cast) -> Client:
    return signed_in(cast["unit_a"])


def fresh(work: Achievement) -> Achievement:
    return Achievement.objects.get(pk=work.pk)


def wanted(cast: Cast, at: str = "submit", **more: bool) -> None:
    """The contest of this scene asks for it."""
    asked = {"require_stamped_copy": True, "stamped_copy_at": at, **more}
    Contest.objects.filter(pk=cast.contest.pk).update(settings_data=cast.contest.settings_data | asked)


def scanned(cast: Cast, work: Achievement, who: str = "unit_a") -> StampedForm:
    form = stamping.print_form(cast[who], work.pk)
    return uploads.keep_stamped_scan(cast[who], form, pdf("扫描件.pdf"))


def stamped_finding(work: Achievement) -> Any:
    return next(f for f in queries.checklist(fresh(work)) if f.code == "stamped")


def test_the_same_content_has_one_number_and_another_content_another(cast, work):
    first = stamping.print_form(cast["unit_a"], work.pk)
    assert stamping.print_form(cast["unit_a"], work.pk) == first
    assert first.number == f"{cast.contest.year}-{work.pk:05d}-{first.content_hash[:8].upper()}"
    drafting.save_fields(cast["unit_a"], work.pk, {"leader.phone": "13900000002", "benefit_basis": "另一种算法"}, 99)
    assert stamping.print_form(cast["unit_a"], work.pk) == first  # not on the paper
    drafting.save_fields(cast["unit_a"], work.pk, {"summary": "改过的简介，年节约 1 万元。"}, 99)
    assert stamping.print_form(cast["unit_a"], work.pk) != first


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("title", "别的名称"),
        ("leader.name", "别人"),
        ("summary", "别的简介"),
        ("filled_by", "别人"),
        ("responsible_person", "别人"),
    ],
)
def test_every_printed_value_is_under_the_seal(cast, work, key, value):
    form = scanned(cast, work)
    drafting.save_fields(cast["unit_a"], work.pk, {key: value}, 99)
    now = stamped.printed(queries.content(fresh(work)))
    assert queries.content_hash(now) != form.content_hash


def test_where_the_contest_asks_it_is_red_until_the_scan_of_this_content_is_there(cast, work):
    wanted(cast)
    work = fresh(work)
    assert stamped_finding(work).state == "red"
    with pytest.raises(Refusal, match="请打印申报表，盖章后上传扫描件"):
        entering.hand_in(cast["unit_a"], work.pk)
    form = scanned(cast, work)
    assert stamped_finding(work).state == "green"
    drafting.save_fields(cast["unit_a"], work.pk, {"title": "盖章之后改的名称"}, 99)
    finding = stamped_finding(work)
    assert finding.state == "red"
    assert form.number in finding.sentence
    assert "请重新打印、盖章并上传" in finding.sentence
    drafting.save_fields(cast["unit_a"], work.pk, {"title": work.title}, 99)
    assert entering.hand_in(cast["unit_a"], work.pk).status == "submitted"


def test_where_it_does_not_ask_nothing_is_red(cast, work):
    assert [f for f in queries.checklist(work) if f.code == "stamped"] == []
    assert entering.hand_in(cast["unit_a"], work.pk).status == "submitted"


def test_the_scan_belongs_to_the_version_that_says_the_same(cast, work):
    form = scanned(cast, work)
    assert form.version is None
    sent = entering.hand_in(cast["unit_a"], work.pk)
    form.refresh_from_db()
    assert form.version == sent.versions.get()
    assert sent.versions.get().content["stamped_copy"] == form.number


def test_asked_for_before_the_recommendation_it_blocks_that(cast):
    wanted(cast, "recommend")
    work = submitted(cast)
    assert stamped_finding(work).state == "person"
    with pytest.raises(Refusal, match="还不能推荐：请打印申报表，盖章后上传扫描件"):
        moves.recommend(cast["auditor_a"], work.pk)
    form = scanned(cast, work, "auditor_a")
    assert form.version == fresh(work).versions.get()
    assert moves.recommend(cast["auditor_a"], work.pk).holder == cast.enrolments["host"]


def test_strangers_and_latecomers_bring_no_scan(cast, work):
    form = stamping.print_form(cast["unit_a"], work.pk)
    for who in ("unit_b", "auditor_a", "office"):
        with pytest.raises(NotAllowed):
            uploads.keep_stamped_scan(cast[who], form, pdf())
    entering.hand_in(cast["unit_a"], work.pk)
    with pytest.raises(NotAllowed):
        uploads.keep_stamped_scan(cast["unit_a"], form, pdf())


def test_the_ledger_knows_the_scan_and_no_word_of_it(cast, work):
    form = scanned(cast, work)
    event = Event.objects.order_by("-pk").first()
    assert (event.verb, json.loads(event.payload)) == (
        "keep_stamped_copy",
        {"form": form.pk, "content": form.content_hash, "sha256": form.scan.sha256},
    )


def test_the_editor_prints_takes_the_scan_and_tells_when_it_is_outdated(cast, work, unit):
    page = unit.get(url("edit", work)).content.decode()
    assert "打印盖章表" in page
    form = stamping.print_form(cast["unit_a"], work.pk)
    answer = unit.post(reverse("submissions:stamped_scan", args=[form.pk]), {"scan": pdf()}, **BROWSER)
    assert "与现在的内容一致" in answer.json()["stamped"]
    told = unit.post(url("fields", work), {"revision": "99", "summary": "改过"}, **BROWSER).json()
    assert "已过时" in told["stamped"]


def test_a_bad_scan_is_told_and_without_scripts_the_form_is_saved(cast, work, unit):
    form = stamping.print_form(cast["unit_a"], work.pk)
    bad = SimpleUploadedFile("扫描.pdf", b"MZ\x90\x00")
    answer = unit.post(reverse("submissions:stamped_scan", args=[form.pk]), {"scan": bad}, **BROWSER)
    assert (answer.status_code, "请转换格式" in answer.json()["message"]) == (400, True)
    page = save(
        unit, work, opened(unit, work), scan=SimpleUploadedFile("扫描.pdf", b"MZ\x90\x00"), innovation="同时改的"
    )
    assert page.status_code == 422
    assert "请转换格式" in page.content.decode()
    assert fresh(work).innovation == "同时改的"
    assert save(unit, work, opened(unit, work), scan=pdf("扫描.pdf")).status_code == 302
    form.refresh_from_db()
    assert form.scan is not None


def test_the_qr_page_says_whether_the_paper_is_current_to_those_who_may_see_it(cast, work):
    form = scanned(cast, work)
    address = reverse("documents:stamped", args=[form.number])
    entering.hand_in(cast["unit_a"], work.pk)
    for who in ("unit_a", "auditor_a", "office", "supervisor"):
        page = signed_in(cast[who]).get(address).content.decode()
        assert "这一份与现在的内容一致" in page
        assert f'src="{reverse("submissions:stamped_file", args=[form.pk])}"' in page
    for who, status in {"unit_b": 404, "auditor_b": 404, "expert1": 403}.items():
        assert signed_in(cast[who]).get(address).status_code == status
    assert Client().get(address).status_code == 302
    moves.return_for_changes(cast["auditor_a"], work.pk, "请改名称。")
    drafting.save_fields(cast["unit_a"], work.pk, {"title": "退回之后改的名称"}, 99)
    assert "这一份已不是现在的内容" in signed_in(cast["unit_a"]).get(address).content.decode()
    # The unit's unsent edits are nobody else's: for them the paper still fits the version that was handed in.
    assert "这一份与现在的内容一致" in signed_in(cast["office"]).get(address).content.decode()


def test_auditor_and_office_find_form_and_scan_from_the_work(cast, work):
    link = reverse("documents:stamped", args=[scanned(cast, work).number])
    entering.hand_in(cast["unit_a"], work.pk)
    for who in ("unit_a", "auditor_a", "office"):
        assert link in signed_in(cast[who]).get(url("detail", work)).content.decode()
    assert link in signed_in(cast["auditor_a"]).get(url("audit", work)).content.decode()


def test_the_scan_is_served_to_those_who_see_the_work(cast, work):
    path = reverse("submissions:stamped_file", args=[scanned(cast, work).pk])
    entering.hand_in(cast["unit_a"], work.pk)
    for who, status in {"unit_a": 200, "auditor_a": 200, "office": 200, "unit_b": 404, "expert1": 404}.items():
        assert signed_in(cast[who]).get(path).status_code == status, who


def test_the_paper_is_made_by_a_job_and_asked_for_twice_it_is_one(cast, work, unit):
    address = reverse("documents:print_stamped", args=[work.pk])
    first = unit.post(address)
    paper = Paper.objects.get()
    assert first["Location"] == reverse("documents:paper", args=[paper.pk])
    assert unit.post(address)["Location"] == first["Location"]
    make_paper(paper.job.pk)
    paper.job.refresh_from_db()
    assert paper.job.result_name == f"盖章表-{paper.stamped.number}.pdf"
    assert unit.post(address)["Location"] == first["Location"]
    assert paper.address == f"http://testserver{reverse('documents:stamped', args=[paper.stamped.number])}"
    assert signed_in(cast["unit_b"]).post(address).status_code == 404


def test_the_printed_form_carries_number_hash_and_code(cast, work, tmp_path):
    form = stamping.print_form(cast["unit_a"], work.pk)
    made = render_pdf([documents_stamped.filled(form, "https://example.org/papers/stamped/1/")])
    text = pdf_pages(made, tmp_path)[0]
    assert form.number in text
    assert form.content_hash[:16] in text
    assert "附件3" in text
    assert squeeze(work.title) in text
