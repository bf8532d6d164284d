"""What an expert writes beside her marks: the comment that a contest wants, doubts, and the office's answer."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.errors import Conflict, NotAllowed, Refusal
from core.models import Event
from scoring.actions import flags, results, sheets
from scoring.models import ScoreSheet, SheetFlag
from tests.cast import Cast
from tests.scoring import judging
from tests.scoring.judging import client_of, complete, marks, own, posted

pytestmark = pytest.mark.django_db
WHY = "附件中的停机记录只有 4 个月。"
BARRED = "已由市科技局立项资助，不在申报范围。"


@pytest.fixture
def cast() -> Cast:
    return judging.season(2, k=3)[0]


def sheet_page(sheet: ScoreSheet) -> str:
    return reverse("scoring:sheet", args=[sheet.pk])


def wanting_comments(cast: Cast) -> None:
    cast.contest.settings_data = cast.contest.settings_data | {"require_comment": True}
    cast.contest.save()


def raised(cast: Cast, who: str = "expert1", **words: str) -> SheetFlag:
    """A doubt that went in with a sheet."""
    sheet = own(cast, who)[0]
    sheets.save_marks(cast[who], sheet.pk, marks(sheet), revision=0, **(words or {"doubt": WHY}))
    sheets.hand_in(cast[who], [sheet.pk])
    return SheetFlag.objects.filter(sheet=sheet).first()


# --- the comment that a contest may want -------------------------------------------------------------------


def test_without_the_setting_a_comment_is_her_own_affair(cast):
    ids = complete(cast, "expert1")
    assert "可不填" in client_of(cast, "expert1").get(sheet_page(own(cast, "expert1")[0])).content.decode()
    assert sheets.hand_in(cast["expert1"], ids).count == len(ids)


def test_with_the_setting_no_sheet_goes_in_without_one(cast):
    wanting_comments(cast)
    ids = complete(cast, "expert1")
    client = client_of(cast, "expert1")
    text = client.get(reverse("scoring:sheets")).content.decode()
    assert text.count("缺评语") == len(ids)
    assert "评完的评分表可以在这里一次交卷" in text
    assert "交卷前必填" in client.get(sheet_page(own(cast, "expert1")[0])).content.decode()
    with pytest.raises(Refusal, match="要求每份都写评语，还没有写的：A000"):
        sheets.hand_in(cast["expert1"], ids)
    assert len(own(cast, "expert1")) == len(ids)


def test_with_its_comment_it_goes_in(cast):
    wanting_comments(cast)
    sheet = own(cast, "expert1")[0]
    sheets.save_marks(cast["expert1"], sheet.pk, marks(sheet), revision=0, comment="结构简单，易推广。")
    data = {"round": sheet.round_id, "shown": 1, "sure": "on"}
    answer = client_of(cast, "expert1").post(reverse("scoring:hand_in"), data, follow=True)
    assert "已交 1 份评分表" in answer.content.decode()


# --- doubts ---------------------------------------------------------------------------------------------------


def test_what_she_raised_goes_to_the_office_with_her_sheet(cast):
    client, sheet = client_of(cast, "expert1"), own(cast, "expert1")[0]
    client.post(f"{sheet_page(sheet)}save/", posted(marks(sheet), 0, doubt=WHY, ineligible=BARRED))
    assert not SheetFlag.objects.exists()
    sheets.hand_in(cast["expert1"], [sheet.pk])
    assert dict(SheetFlag.objects.values_list("kind", "text")) == {"doubt": WHY, "ineligible": BARRED}
    office = client_of(cast, "office")
    for url in (reverse("scoring:round", args=[sheet.round_id]), reverse("scoring:flags", args=[sheet.round_id])):
        text = office.get(url).content.decode()
        assert WHY in text
        assert BARRED in text
        assert cast["expert1"].user.display_name not in text.partition("专家提出的问题")[2][:1500]


def test_too_long_a_reason_is_refused_with_a_sentence(cast):
    sheet = own(cast, "expert1")[0]
    answer = client_of(cast, "expert1").post(f"{sheet_page(sheet)}save/", posted({}, 0, ineligible="长" * 501))
    assert answer.status_code == 400
    assert "500 字" in answer.json()["errors"]["ineligible"]


def test_kept_the_marks_stand(cast):
    flag = raised(cast)
    flags.resolve_flag(cast["office"], flag.pk, "keep", "已核对原始记录，数据属实。")
    flag.refresh_from_db()
    assert (flag.state, flag.decided_by) == ("kept", cast["office"].user)
    assert ScoreSheet.objects.get(pk=flag.sheet_id).state == "handed_in"
    event = Event.objects.get(verb="keep_flagged_sheet")
    assert "原始记录" not in event.payload


def test_returned_the_expert_may_change_it_and_reads_why(cast):
    flag = raised(cast)
    flags.resolve_flag(cast["office"], flag.pk, "return", "已补充 12 个月的记录，请再看。")
    sheet = ScoreSheet.objects.get(pk=flag.sheet_id)
    assert (sheet.state, sheet.handed_in_at, sheet.receipt) == ("open", None, "")
    assert "请再看" in client_of(cast, "expert1").get(sheet_page(sheet)).content.decode()
    given = marks(sheet, step=1)
    sheets.save_marks(cast["expert1"], sheet.pk, given, revision=sheet.revision, doubt="")
    sheets.hand_in(cast["expert1"], [sheet.pk])
    assert SheetFlag.objects.count() == 1


def test_void_the_sheet_counts_no_more(cast):
    flag = raised(cast, ineligible=BARRED)
    flags.resolve_flag(cast["office"], flag.pk, "void", "经核实确属政府立项。")
    sheet = ScoreSheet.objects.get(pk=flag.sheet_id)
    assert sheet.state == "void"
    assert not ScoreSheet.objects.counting().exists()
    free = sheet.round.appointments.count() > sheet.round.sheets_per_achievement
    assert sheet.entry.sheets.exclude(state="void").count() == sheet.round.sheets_per_achievement - (not free)
    assert client_of(cast, "expert1").get(sheet_page(sheet)).status_code == 404


def test_a_change_of_the_sheet_answers_both_of_its_doubts(cast):
    flag = raised(cast, doubt=WHY, ineligible=BARRED)
    flags.resolve_flag(cast["office"], flag.pk, "return", "请再看。")
    assert set(SheetFlag.objects.values_list("state", flat=True)) == {"returned"}


def test_the_second_of_two_persons_is_told(cast):
    flag = raised(cast)
    flags.resolve_flag(cast["office"], flag.pk, "keep", "属实。")
    with pytest.raises(Conflict, match="已由他人处理为“维持评分”"):
        flags.resolve_flag(cast["office2"], flag.pk, "void", "不实。")


def test_after_the_closing_nothing_is_returned_or_voided(cast):
    flag = raised(cast)
    results.close_round(cast["office"], flag.round_id, waive="到期。")
    for decision in ("return", "void"):
        with pytest.raises(Refusal, match="不能退回或作废评分表"):
            flags.resolve_flag(cast["office"], flag.pk, decision, "理由。")
    flags.resolve_flag(cast["office"], flag.pk, "keep", "属实。")


@pytest.mark.parametrize("who", ["supervisor", "expert1", "auditor_a", "unit_a"])
def test_only_the_office_answers(cast, who):
    flag = raised(cast)
    with pytest.raises(NotAllowed):
        flags.resolve_flag(cast[who], flag.pk, "keep", "属实。")


def test_through_the_page_with_what_is_missing_beside_its_field(cast):
    flag = raised(cast)
    client, url = client_of(cast, "office"), reverse("scoring:flag_resolve", args=[flag.pk])
    refused = client.post(url, {"decision": "", "resolution": "写了一半的说明"})
    text = refused.content.decode()
    assert refused.status_code == 400
    assert "请选择处理办法。" in text
    assert "写了一半的说明" in text
    assert "请写明处理的理由。" in client.post(url, {"decision": "keep", "resolution": " "}).content.decode()
    done = client.post(url, {"decision": "keep", "resolution": "属实。"}, follow=True).content.decode()
    assert "处理意见已存" in done
    assert "维持评分" in done
    again = client.post(url, {"decision": "keep", "resolution": "属实。"}, follow=True).content.decode()
    assert "已由他人处理" in again
    seen = client_of(cast, "supervisor").get(reverse("scoring:flags", args=[flag.round_id]))
    assert "属实。" in seen.content.decode()


def test_the_list_costs_the_same_with_one_doubt_and_with_three():
    counts = []
    cast, round_ = judging.season(1, k=4)
    client = client_of(cast, "office")
    client.get("/")
    for experts in (judging.EXPERTS[:1], judging.EXPERTS[1:]):
        for who in experts:
            raised(cast, who)
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("scoring:flags", args=[round_.pk]))
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 11
