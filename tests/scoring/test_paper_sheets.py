"""Score sheets on paper: printed under a code, typed by one person, checked by another, in like an expert's own."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from pypdf import PdfReader

from core import ledger
from core.errors import Conflict, NotAllowed, Refusal
from core.models import Event
from documents.actions import request_score_sheets
from documents.tasks import make_paper
from scoring.actions import flags, paper, results, rubric_versions, sheets
from scoring.models import Engagement, PaperEntry, PaperSheet, Round, ScoreSheet
from scoring.queries import papers as reads
from scoring.queries import receipts
from scoring.rules.paper import normal
from scoring.rules.readings import Reading
from tests.cast import Cast, accepted
from tests.cast import fields as written
from tests.scoring import judging
from tests.scoring.judging import client_of, marks
from tests.stage import cast, db, files_root, troupe

__all__ = ["cast", "db", "files_root", "troupe"]

pytestmark = pytest.mark.django_db

ADDRESS = "https://wuxiao.example/score-papers/"


@pytest.fixture(scope="module")
def opened(troupe: Cast) -> Round:
    """Two works, two experts each."""
    accepted(troupe)
    accepted(troupe)
    judging.to_review(troupe)
    return judging.opened(troupe, k=2)


@pytest.fixture
def round_open(opened: Round, cast: Cast) -> tuple[Cast, Round]:
    return cast, Round.objects.get(pk=opened.pk)


def first_paper(cast: Any, round_: Any) -> PaperSheet:
    return paper.issue(cast["office"], round_.pk)[0]


def read_from(sheet: ScoreSheet, step: int = 0, **words: str) -> Reading:
    return Reading({code: (one.level, one.points) for code, one in marks(sheet, step=step).items()}, **words)


def whose(found: PaperSheet) -> str:
    return found.sheet.appointment.expert.user.username


def typed(cast: Any, round_: Any, who: str = "office", **words: str) -> PaperSheet:
    found = first_paper(cast, round_)
    paper.type_in(cast[who], found.code, read_from(found.sheet, **words))
    return found


def sent(reading: Reading, **more: object) -> dict[str, object]:
    """What the page's form sends."""
    data: dict[str, object] = {"comment": reading.comment, "doubt": reading.doubt, "ineligible": reading.ineligible}
    for code, (level, points) in reading.marks.items():
        data |= {f"level-{code}": level, f"points-{code}-{level}": points}
    return data | {"signed": "on"} | more


def test_typed_by_one_checked_by_another_it_is_handed_in_as_the_experts_own(round_open: Any) -> None:
    cast, round_ = round_open
    found = typed(cast, round_, comment="实用。", doubt="停机次数偏高。")
    sheet = found.sheet
    assert ScoreSheet.objects.get(pk=sheet.pk).state == "open"
    done = paper.check(cast["office2"], found.code, read_from(sheet, comment="实用。", doubt="停机次数偏高。"))
    assert done == paper.Checked()
    sheet.refresh_from_db()
    assert (sheet.state, sheet.paper, sheet.total) == ("handed_in", "entered", sum(m.points for m in sheet.marks.all()))
    assert sheet.flags.get().text == "停机次数偏高。"
    assert receipts.standing(sheet).holds
    event = Event.objects.get(verb="hand_in")
    assert event.actor_id == cast["office2"].user.pk
    assert json.loads(event.payload)["paper"] == found.pk
    checked = json.loads(Event.objects.get(verb="check_paper").payload)
    assert checked["typed_by"] == cast["office"].user.pk
    assert ledger.verify() == []


def test_the_typist_never_checks_in_page_and_action(round_open: Any) -> None:
    cast, round_ = round_open
    found = typed(cast, round_)
    with pytest.raises(NotAllowed, match="核对须由另一人完成"):
        paper.check(cast["office"], found.code, read_from(found.sheet))
    with pytest.raises(NotAllowed):
        paper.settle(cast["office"], found.code, {})
    client, page = client_of(cast, "office"), f"/score-papers/{found.code}/"
    for answer in (
        client.get(f"{page}check/"),
        client.post(f"{page}check/", sent(read_from(found.sheet))),
        client.post(f"{page}settle/", {}),
    ):
        assert answer.status_code == 403
        assert "核对须由另一人完成" in answer.content.decode()
    assert PaperEntry.objects.get().checked_by is None
    assert ScoreSheet.objects.get(pk=found.sheet_id).state == "open"


def test_the_same_paper_typed_twice_is_refused_and_said_by_whom(round_open: Any) -> None:
    cast, round_ = round_open
    found = typed(cast, round_)
    with pytest.raises(Conflict, match=r"已由王敏于.*录入，不能重复录入；请打开“核对”"):
        paper.type_in(cast["office2"], found.code, read_from(found.sheet))
    client, page = client_of(cast, "office2"), f"/score-papers/{found.code}/"
    assert client.get(page).headers["Location"] == f"{page}check/"
    answer = client.post(page, sent(read_from(found.sheet, step=1)))
    assert answer.status_code == 409
    assert "已由王敏于" in answer.content.decode()
    assert f'href="{page}check/"' in answer.content.decode()
    assert Reading.from_dict(PaperEntry.objects.get().first).marks == read_from(found.sheet).marks
    paper.check(cast["office2"], found.code, read_from(found.sheet))
    for who in ("office", "office2"):
        with pytest.raises(Conflict, match="已由王敏录入、李建核对"):
            paper.type_in(cast[who], found.code, read_from(found.sheet))


def test_what_two_persons_read_otherwise_is_shown_and_the_second_decides(round_open: Any) -> None:
    cast, round_ = round_open
    found = typed(cast, round_, comment="实 用")
    client, page = client_of(cast, "office2"), f"/score-papers/{found.code}/check/"
    blind = client.get(page).content.decode()
    assert 'type="radio" name="points-innovation' in blind
    assert 'name="level-innovation" value="original" id="l-innovation-original" checked' not in blind
    assert "实 用" in blind
    second = read_from(found.sheet, comment="实用")  # spaces make no difference
    second = Reading({**second.marks, "innovation": ("creative", 10), "technology": ("leading", 20)}, "实用")
    assert client.post(page, sent(second)).status_code == 302
    assert ScoreSheet.objects.get(pk=found.sheet_id).state == "open"
    with pytest.raises(Conflict, match="正在比对"):
        paper.type_in(cast["office"], found.code, second)
    compared = client.get(page).content.decode()
    assert re.findall(r'name="place-(\w+)"', compared) == ["innovation"] * 2 + ["technology"] * 2
    assert "有一定创意，10 分" in compared
    assert client.post(page.replace("check", "settle"), {"place-innovation": "first"}).status_code == 400
    client.post(page.replace("check", "settle"), {"place-innovation": "first", "place-technology": "second"})
    points = dict(ScoreSheet.objects.get(pk=found.sheet_id).marks.values_list("criterion", "points"))
    assert (points["innovation"], points["technology"]) == (20, 20)
    assert PaperEntry.objects.get().settled == {"innovation": "first", "technology": "second"}
    assert json.loads(Event.objects.get(verb="check_paper").payload)["settled"]["technology"] == "second"


def test_what_is_outside_the_rubric_or_not_whole_is_not_taken(round_open: Any) -> None:
    cast, round_ = round_open
    found = first_paper(cast, round_)
    whole = read_from(found.sheet)
    for wrong in (("original", 21), ("fine", 18), ("original", 14)):
        with pytest.raises(Refusal) as refused:
            paper.type_in(cast["office"], found.code, Reading({**whole.marks, "innovation": wrong}))
        assert refused.value.field == "innovation"
    with pytest.raises(Refusal, match="核定的年经济效益"):
        paper.type_in(cast["office"], found.code, Reading({**whole.marks, "benefit": ("50_100", 15)}))
    client, page = client_of(cast, "office"), f"/score-papers/{found.code}/"
    some = {code: mark for code, mark in whole.marks.items() if code != "role"}
    for data, said in (
        (sent(Reading(some)), "请照纸面录入档次和得分"),
        (sent(whole, on_paper=99), "纸面合计 99 分，录入的各项之和是 100 分"),
        (sent(whole, signed=""), "没有本人签名的不能录入"),
    ):
        answer = client.post(page, data)
        assert answer.status_code == 400
        assert said in answer.content.decode()
        assert 'value="original" id="l-innovation-original" checked' in answer.content.decode()  # nothing typed is lost
    assert not PaperEntry.objects.exists()


def test_a_sheet_that_is_in_or_gone_and_a_round_that_is_over_are_refused_in_words(round_open: Any) -> None:
    cast, round_ = round_open
    online, gone, late = paper.issue(cast["office"], round_.pk)[:3]
    who = cast[whose(online)]
    sheets.save_marks(who, online.sheet_id, marks(online.sheet), revision=0)
    sheets.hand_in(who, [online.sheet_id])
    ScoreSheet.objects.filter(pk=gone.sheet_id).update(state="void")
    for one, said in ((online, "专家已经在线提交"), (gone, "已经作废")):
        with pytest.raises(Conflict, match=said):
            paper.type_in(cast["office"], one.code, read_from(one.sheet))
    paper.type_in(cast["office"], late.code, read_from(late.sheet))
    with pytest.raises(Refusal, match="其中 1 份纸质评分表已经录入、还没有由另一人核对"):
        results.close_round(cast["office"], round_.pk)
    results.close_round(cast["office"], round_.pk, waive="试评。")
    with pytest.raises(Conflict, match="本轮评审当前为“已截止”"):
        paper.check(cast["office2"], late.code, read_from(late.sheet))


def test_while_it_waits_the_expert_changes_nothing_online_and_sees_why(round_open: Any) -> None:
    cast, round_ = round_open
    found = typed(cast, round_)
    expert = cast[whose(found)]
    with pytest.raises(Refusal, match="纸质评分表已经录入"):
        sheets.save_marks(expert, found.sheet_id, marks(found.sheet, step=1), revision=0)
    client = client_of(cast, whose(found))
    assert "纸质待核对" in client.get("/sheets/").content.decode()
    paper.withdraw(cast["office"], found.code)
    sheets.save_marks(expert, found.sheet_id, marks(found.sheet, step=1), revision=0)
    paper.type_in(cast["office"], found.code, read_from(found.sheet))
    paper.check(cast["office2"], found.code, read_from(found.sheet))
    assert "纸质录入" in client.get("/sheets/").content.decode()
    total = ScoreSheet.objects.get(pk=found.sheet_id).total
    assert total == sum(points for _, points in read_from(found.sheet).marks.values())  # what was saved online is gone


def test_nothing_that_somebody_else_typed_is_withdrawn(round_open: Any) -> None:
    cast, round_ = round_open
    found = typed(cast, round_)
    with pytest.raises(NotAllowed, match="只有录入人"):
        paper.withdraw(cast["office2"], found.code)
    paper.type_in(cast["office"], found.code, read_from(found.sheet, step=1))  # her own, corrected
    assert Reading.from_dict(PaperEntry.objects.get().first).marks == read_from(found.sheet, step=1).marks
    assert client_of(cast, "office").post(f"/score-papers/{found.code}/withdraw/").status_code == 302
    assert not PaperEntry.objects.exists()
    assert Event.objects.filter(verb="withdraw_paper").count() == 1


def test_a_paper_keeps_its_code_until_its_rubric_changes_or_its_sheet_comes_back(round_open: Any) -> None:
    cast, round_ = round_open
    found = typed(cast, round_, doubt="偏高。")
    again = {one.pk for one in paper.issue(cast["office"], round_.pk)}
    assert found.pk not in again  # it waits for its check
    assert PaperSheet.objects.count() == len(again) + 1
    paper.check(cast["office2"], found.code, read_from(found.sheet, doubt="偏高。"))
    sheet = ScoreSheet.objects.get(pk=found.sheet_id)
    flags.resolve_flag(cast["office"], sheet.flags.get().pk, "return", "请复核。")
    fresh = PaperSheet.objects.filter(pk__in=[one.pk for one in paper.issue(cast["office"], round_.pk)])
    (anew,) = fresh.filter(sheet=sheet)
    assert anew.code != found.code
    definition = json.loads(json.dumps(round_.rubric.definition))
    definition["criteria"][0]["levels"][0]["text"] = "有重大原创价值"
    rubric_versions.revise(cast["office"], round_.pk, {"criteria": definition["criteria"]}, "更正。", affected=1)
    with pytest.raises(Conflict, match="这张表按第 1 版印制"):
        paper.type_in(cast["office"], anew.code, read_from(sheet))
    paper.issue(cast["office"], round_.pk)
    with pytest.raises(Conflict, match="重印过"):
        paper.type_in(cast["office"], anew.code, read_from(sheet))


def test_an_expert_without_the_commitment_signs_it_on_paper(round_open: Any) -> None:
    cast, round_ = round_open
    found = first_paper(cast, round_)
    Engagement.objects.filter(expert=found.sheet.appointment.expert_id).update(
        committed_at=None, commitment_version=None
    )
    with pytest.raises(Conflict, match="还没有签署评审承诺"):
        paper.type_in(cast["office"], found.code, read_from(found.sheet))
    paper.commit_on_paper(cast["office"], found.sheet.appointment_id)
    paper.type_in(cast["office"], found.code, read_from(found.sheet))
    assert Event.objects.filter(verb="commit_on_paper").count() == 1


def test_the_code_leads_to_the_paper_and_a_wrong_one_is_told_by_its_check_character(round_open: Any) -> None:
    cast, round_ = round_open
    found, other = paper.issue(cast["office"], round_.pk)[:2]
    client, page = client_of(cast, "office"), f"/rounds/{round_.pk}/paper/"
    for entered in (str(found).lower(), f"{ADDRESS}{found.code}/"):
        assert client.get(page, {"code": entered}).headers["Location"] == f"/score-papers/{found.code}/"
    slip = found.code[:-1] + next(c for c in "2345" if c != found.code[-1])
    answer = client.get(page, {"code": slip})
    assert answer.status_code == 400
    assert "校验位不对" in answer.content.decode()
    PaperSheet.objects.filter(pk=other.pk).delete()
    assert "没有印过这个表码" in client.get(page, {"code": other.code}).content.decode()
    assert client.get(f"/score-papers/{other.code}/").status_code == 404


def test_the_printed_sheets_are_blind_and_carry_rubric_and_code(round_open: Any) -> None:
    cast, round_ = round_open
    asked = request_score_sheets(cast["office"], round_, None, ADDRESS)
    make_paper.run(asked.job_id)
    asked.job.refresh_from_db()
    assert asked.job.state == "done", asked.job.error
    with asked.job.result.open() as made:
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(made.read())).pages]
    valid = {str(one): one for one in PaperSheet.objects.select_related("sheet__appointment__expert__user")}
    lists = [text for text in pages if "交接单" in text]
    printed = [text for text in pages if "交接单" not in text]
    assert len(printed) == len(valid) == 4
    assert len(lists) == round_.sheets.values("appointment").distinct().count()
    hidden = ["东山机械", "东山县", "欧阳技", "吴山", "何厂长"]
    hidden += [one.sheet.appointment.expert.user.display_name for one in valid.values()]
    for text in printed:
        plain = text.replace("\n", "")
        code = next(code for code in valid if code in plain)
        assert valid.pop(code).sheet.entry.code in plain
        assert all(word in plain for word in ("皮带机纠偏装置", "有原创价值", "15—20", "按核定金额已定", "专家签名"))
        assert [word for word in hidden if word in plain] == []
    assert written(cast)["leader.name"] in hidden
    assert normal(f"{ADDRESS}{PaperSheet.objects.first().code}") == PaperSheet.objects.first().code


def test_only_who_sees_the_round_sees_its_printed_sheets(round_open: Any) -> None:
    """They tell which expert has which works."""
    cast, round_ = round_open
    asked = request_score_sheets(cast["office"], round_, None, ADDRESS)
    for who, status in (("office2", 200), ("supervisor", 200), ("auditor_a", 404), ("unit_a", 404), ("expert1", 403)):
        assert client_of(cast, who).get(f"/papers/{asked.pk}/").status_code == status


def test_nobody_enters_her_own_sheet(round_open: Any) -> None:
    """One user may wear both hats."""
    cast, round_ = round_open
    found = first_paper(cast, round_)
    expert = found.sheet.appointment.expert
    type(expert).objects.filter(pk=expert.pk).update(user=cast["office"].user)
    with pytest.raises(Conflict, match="您本人的评分表"):
        paper.type_in(cast["office"], found.code, read_from(found.sheet))
    assert reads.entry_of(found) is None
