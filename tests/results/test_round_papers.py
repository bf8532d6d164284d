"""会议纪要, 评审结果表 and 评审存证 of a judged round: in the page, as PDF and as workbook."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from core import ledger
from core.errors import NotAllowed, Refusal
from core.models import ChainHead, Event
from documents import judgement
from documents.actions import request_round_paper
from documents.tasks import make_paper
from scoring.actions import honours, results
from scoring.actions.committee import Votes
from scoring.models import Entry, Round
from tests.cast import Cast, accepted
from tests.documents.reading import pdf_pages, squeeze
from tests.results.jury import client_of, judging


@pytest.fixture
def round_(cast: Cast) -> Round:
    """Two works, one of them 特等奖."""
    for _ in range(2):
        accepted(cast)
    judging.to_review(cast)
    round_ = judging.closed(cast)
    judging.special(cast, Entry.objects.get(code="A0001").pk)
    results.confirm_awards(cast["office"], round_.pk)
    return Round.objects.select_related("contest", "rubric", "enrolment").get(pk=round_.pk)


def page(cast: Cast, round_: Round, code: str, who: str = "office") -> str:
    return client_of(cast, who).get(reverse("documents:of_round", args=[round_.pk, code])).content.decode()


def test_the_minutes_hold_the_decisions_with_votes_and_both_persons(cast: Cast, round_: Round) -> None:
    text = page(cast, round_, "minutes")
    assert "一等奖 改为 特等奖" in text
    assert "赞成 5，反对 1，弃权 1" in text
    assert "王敏 提出，李建 办理（已核准）" in text
    assert "特等奖 1 项" in text
    assert "无。" in text


def test_the_minutes_hold_the_honours_and_who_waived(cast: Cast) -> None:
    """An honour given, one taken back with its note, and the missing sheets with the person who waived them."""
    accepted(cast)
    judging.to_review(cast)
    round_ = results.close_round(cast["office2"], judging.opened(cast).pk, waive="专家出差。")
    for who in ("county_a", "county_b"):
        made = honours.propose_honour(cast["office"], "organizing", cast.enrolments[who], "有力。", Votes(5, 1, 0))
        honours.approve_honour(cast["office2"], made.pk)
    honours.revoke_honour(cast["office"], made.pk, "有误。")
    found = judgement.data(Round.objects.select_related("contest", "rubric", "enrolment").get(pk=round_.pk), "minutes")
    assert found["honours"].splitlines() == [
        "1. 优秀组织奖：东山县总工会。赞成 5，反对 1，弃权 0。理由：有力。王敏 提出，李建 办理（已核准）。",
        "2. 优秀组织奖：西河县总工会。赞成 5，反对 1，弃权 0。理由：有力。王敏 提出，李建 办理（已取消）。说明：有误。",
    ]
    assert found["waiver"] == "李建：专家出差。"
    assert "优秀组织奖：东山县总工会" in page(cast, round_, "minutes")


def test_the_table_holds_every_work_with_its_tier(cast: Cast, round_: Round) -> None:
    found = judgement.data(round_, "score_table")
    assert [(row["code"], row["score"], row["tier"], row["sheets"]) for row in found["rows"]] == [
        ("A0001", "100.00", "特等奖", 3),
        ("A0002", "100.00", "一等奖", 3),
    ]
    assert "东山机械厂工会" in page(cast, round_, "score_table", "supervisor")


def test_the_attestation_names_what_anybody_can_hash(cast: Cast, round_: Round) -> None:
    office = client_of(cast, "office")
    names = ("season_json", "ranking_csv")
    files = {name: office.get(reverse(f"scoring:{name}", args=[round_.pk])).content for name in names}
    text = page(cast, round_, "attestation")
    for content in files.values():
        assert hashlib.sha256(content).hexdigest() in text
    head = ChainHead.objects.get(chain=cast.contest.chain)
    assert f"第 {head.seq} 条" in text
    assert head.hash in text
    assert "python -m scoring.replay season.json" in text
    assert "verify_ledger" in text
    assert [name for name in ("蒋一", "沈二", "韩三") if name in text] == []


@pytest.mark.parametrize("code", ["score_table", "minutes", "attestation"])
def test_as_workbook(cast: Cast, round_: Round, code: str) -> None:
    paper = request_round_paper(cast["office"], round_, code, "xlsx")
    make_paper.run(paper.job_id)
    paper.job.refresh_from_db()
    assert (paper.job.state, paper.job.error) == ("done", "")
    sheet = load_workbook(BytesIO(paper.job.result.path.read_bytes())).active
    words = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert any("A0001" in word for word in words) or code == "attestation"
    assert Event.objects.filter(verb="make_paper", subject=f"paper:{paper.pk}").count() == 1
    assert ledger.verify() == []


def test_as_pdf(cast: Cast, round_: Round, tmp_path: Path) -> None:
    paper = request_round_paper(cast["office"], round_, "attestation", "pdf")
    make_paper.run(paper.job_id)
    paper.job.refresh_from_db()
    text = squeeze("".join(pdf_pages(paper.job.result.path.read_bytes(), tmp_path)))
    assert "评审存证" in text
    assert "scoring.replay" in text


def test_pressed_twice_it_is_one_paper_and_after_a_decision_another(cast: Cast, round_: Round) -> None:
    one = request_round_paper(cast["office"], round_, "minutes", "pdf")
    assert request_round_paper(cast["office"], round_, "minutes", "pdf") == one
    results.reopen_round(cast["office"], round_.pk, "名单有误。")
    round_.refresh_from_db()
    assert request_round_paper(cast["office"], round_, "minutes", "pdf") != one


def test_who_may_and_when(cast: Cast, round_: Round) -> None:
    with pytest.raises(NotAllowed):
        request_round_paper(cast["supervisor"], round_, "minutes", "pdf")
    with pytest.raises(Refusal, match="文件和格式"):
        request_round_paper(cast["office"], round_, "minutes", "docx")
    results.reopen_round(cast["office"], round_.pk, "补评。")
    judging_again = Round.objects.get(pk=round_.pk)
    assert judging_again.status == "closed"
    told = client_of(cast, "office").post(reverse("documents:of_round", args=[round_.pk, "minutes"]), {"format": "pdf"})
    assert told.status_code == 302
