"""What only some contests ask for: awards of the base and of the county with their proof, nothing classified."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from contests.models import Contest
from core.errors import Refusal
from submissions import queries
from submissions.actions import drafting, entering, moves
from submissions.models import Achievement
from submissions.rules.eligibility import Finding
from submissions.views import completeness
from tests.cast import Cast, draft
from tests.submissions.unit_desk import BROWSER, form_of, opened, pdf, save, signed_in, url


@pytest.fixture
def work(cast: Cast) -> Achievement:
    return Achievement.objects.get(pk=draft(cast).pk)


@pytest.fixture
def unit(cast: Cast) -> Client:
    return signed_in(cast["unit_a"])


def fresh(work: Achievement) -> Achievement:
    return Achievement.objects.get(pk=work.pk)


def asking(cast: Cast, **settings: bool) -> None:
    Contest.objects.filter(pk=cast.contest.pk).update(settings_data=cast.contest.settings_data | settings)


def finding(work: Achievement, code: str) -> Finding | None:
    return next((f for f in queries.checklist(fresh(work)) if f.code == code), None)


def proof(unit: Client, work: Achievement) -> int:
    data = {"attachment_kind": "local_award_document", "files": [pdf("表彰文件.pdf")]}
    assert unit.post(url("attachments", work), data, **BROWSER).status_code == 200
    return int(work.attachments.get(kind="local_award_document").pk)


def award(level: str = "base", proof: int | str = "", **more: str) -> dict[str, Any]:
    given = {"commend_level": level, "commend_name": "职工创新一等奖", "commend_body": "东山机械厂工会",
             "commend_rank": "一等", "commend_document": "东机工〔2021〕3号", "commend_on": "2021-05-01"}  # fmt: skip
    return given | {"commend_proof": str(proof)} | more


def enter(unit: Client, work: Achievement, *rows: dict[str, Any], revision: int = 999) -> Any:
    data: dict[str, Any] = {"revision": revision}
    for name in award():
        data[name] = [row[name] for row in rows]
    return unit.post(url("commendations", work), data, **BROWSER)


# --- the rows -----------------------------------------------------------------------------------------------------


def test_an_award_is_kept_with_all_that_the_document_says(work, unit):
    file = proof(unit, work)
    assert enter(unit, work, award(proof=file), award("county", commend_on="")).status_code == 200
    first, second = work.commendations.all()
    assert (first.level, first.rank, first.document_number, first.proof_id) == (
        "base",
        "一等",
        "东机工〔2021〕3号",
        file,
    )
    assert (second.level, second.awarded_on, second.proof) == ("county", None, None)


@pytest.mark.parametrize(
    ("row", "field", "sentence"),
    [
        (award(commend_name=""), "commend_name", "请填写奖项名称"),
        (award(commend_body=""), "commend_body", "请填写表彰单位"),
        (award(commend_on="2999-01-01"), "commend_on", "年份不对"),
        (award(commend_on="2099-01-01"), "commend_on", "表彰日期不能晚于今天"),
        (award(proof=987654), "commend_proof", "所选的证明材料已不在附件中"),
        (award("moon"), "commend_level", "请从列出的各项中选择。"),
        (award(commend_name="奖" * 101), "commend_name", "不超过 100 字"),
    ],
)
def test_a_wrong_award_gets_its_sentence_and_nothing_is_written(work, unit, row, field, sentence):
    answer = enter(unit, work, row)
    assert answer.status_code == 422
    assert sentence in answer.json()["errors"]["0"][field]
    assert work.commendations.count() == 0


def test_a_proof_of_another_work_is_no_proof(cast, work, unit):
    other = Achievement.objects.get(pk=draft(cast).pk)
    foreign = proof(unit, other)
    assert enter(unit, work, award(proof=foreign)).status_code == 422


def test_a_colleagues_awards_are_shown_beside_mine(cast, work, unit):
    drafting.set_commendations(cast["unit_a"], work.pk, [], 999)
    answer = enter(unit, work, award(), revision=0)
    assert answer.status_code == 409
    assert "“基层表彰”刚刚被他人修改过" in answer.json()["message"]


def test_without_scripts_the_page_carries_them(work, unit):
    form = opened(unit, work)
    assert save(unit, work, form, **award()).status_code == 302
    again = opened(unit, work)
    assert again["commend_name"][0] == "职工创新一等奖"
    assert save(unit, work, again).status_code == 302
    assert work.commendations.count() == 1
    refused = save(unit, work, again, **award(commend_body=""))
    assert refused.status_code == 422
    assert "请填写表彰单位" in refused.content.decode()
    assert form_of(refused)["commend_document"][0] == "东机工〔2021〕3号"


def test_more_than_five_are_refused(work, unit):
    rows = [award(commend_name=f"奖{number}") for number in range(6)]
    assert enter(unit, work, *rows).json()["message"] == "基层表彰不超过 5 项。"


# --- their effect --------------------------------------------------------------------------------------------------


def test_a_contest_that_does_not_ask_says_nothing_of_awards(work):
    assert finding(work, "base_award") is None
    assert finding(work, "county_award") is None


def test_the_base_award_with_its_proof_opens_the_submit(cast, work, unit):
    """001 六(四): “…给予表彰奖励,否则,不予申报”."""
    asking(cast, require_local_award=True)
    assert finding(work, "base_award").state == "red"
    assert "基层表彰" in [item.label for item in completeness.of(fresh(work)).items]
    with pytest.raises(Refusal, match="申报前经基层表彰"):
        entering.hand_in(cast["unit_a"], work.pk)
    enter(unit, work, award())
    assert "请为“职工创新一等奖”上传表彰文件" in finding(work, "base_award").sentence
    enter(unit, work, award(proof=proof(unit, work)))
    assert finding(work, "base_award").state == "green"
    assert entering.hand_in(cast["unit_a"], work.pk).status == "submitted"


def test_a_proof_that_was_taken_away_closes_it_again(cast, work, unit):
    asking(cast, require_local_award=True)
    file = proof(unit, work)
    enter(unit, work, award(proof=file))
    drafting.detach(cast["unit_a"], work.pk, file)
    assert finding(work, "base_award").state == "red"


def test_the_countys_award_is_asked_for_at_the_recommendation(cast, work, unit):
    """001 五(三): “须经各县(区)总工会…评审表彰后方可进行申报”."""
    asking(cast, require_county_award=True)
    assert finding(work, "county_award").state == "person"
    entering.hand_in(cast["unit_a"], work.pk)
    with pytest.raises(Refusal, match="还不能推荐：本届要求推荐前经县级"):
        moves.recommend(cast["auditor_a"], work.pk)
    moves.return_for_changes(cast["auditor_a"], work.pk, "请补县级表彰。")
    enter(unit, work, award("county", proof=proof(unit, work)))
    entering.hand_in(cast["unit_a"], work.pk)
    assert moves.recommend(cast["auditor_a"], work.pk).holder == cast.enrolments["host"]


def test_the_auditor_reads_the_awards_and_what_changed(cast, work, unit):
    enter(unit, work, award(proof=proof(unit, work)))
    entering.hand_in(cast["unit_a"], work.pk)
    reading = queries.reading(fresh(work))
    row = next(row for section in reading.sections for row in section.facts if row.key == "commendations")
    text = "".join(piece.text for piece in row.pieces)
    assert text == (
        "职工创新一等奖（基层单位，东山机械厂工会，一等，东机工〔2021〕3号，2021年5月1日，证明：表彰文件.pdf）"
    )
    page = signed_in(cast["auditor_a"]).get(url("detail", work)).content.decode()
    assert "职工创新一等奖（一等）" in page


# --- classified content ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("answer", "state", "says"), [(None, "red", "请回答"), (True, "red", "涉密内容不得申报"),
                                                      (False, "green", "已声明")])  # fmt: skip
def test_classified_content_never_enters(cast, work, answer, state, says):
    drafting.save_fields(cast["unit_a"], work.pk, {"classified": answer}, 999)
    found = finding(work, "classified")
    assert (found.state, says in found.sentence) == (state, True)
    if state == "red":
        with pytest.raises(Refusal):
            entering.hand_in(cast["unit_a"], work.pk)


def test_a_contest_may_leave_the_question_open(cast, work):
    asking(cast, block_classified=False)
    drafting.save_fields(cast["unit_a"], work.pk, {"classified": None}, 999)
    assert finding(work, "classified") is None
    assert entering.hand_in(cast["unit_a"], work.pk).status == "submitted"
