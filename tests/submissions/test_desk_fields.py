"""Fields that save themselves: what is right is written, what is wrong stays, nobody is overwritten."""

from datetime import date
from decimal import Decimal

import pytest

from submissions.actions import drafting, moves
from submissions.models import Achievement
from tests.cast import Cast, assemble, draft, submitted
from tests.submissions.unit_desk import send, signed_in, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def work(cast: Cast) -> Achievement:
    return Achievement.objects.get(pk=draft(cast).pk)


def test_a_field_is_saved_alone_and_the_answer_says_when(cast, work):
    answer = send(signed_in(cast["unit_a"]), work, work.revision, title="主扇风机不停机倒换装置")
    assert answer.status_code == 200
    told = answer.json()
    work.refresh_from_db()
    assert work.title == told["title"] == "主扇风机不停机倒换装置"
    assert told["saved"] == ["title"]
    assert told["revision"] == work.revision
    assert len(told["at"].split(":")) == 3
    assert told["left"] == 0
    assert "已填写完整" in told["complete"]


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("leader__phone", "１３９　００００　０００２", "13900000002"),
        ("leader__phone", "0356 2025123", "0356-2025123"),
        ("leader__birth_month", "１９８５年６月", "1985.06"),
        ("leader__birth_month", "198506", "1985.06"),
        ("leader__work_started", "2007-7", "2007.07"),
        ("leader__name", "买买提•吐尔逊", "买买提·吐尔逊"),
        ("leader__name", "𬭎䶮", "𬭎䶮"),
        ("benefit_wan", "１，２３４．５ 万元", Decimal("1234.50")),
        ("completed_on", "2021/6/30", date(2021, 6, 30)),
        ("summary", "第一行\r\n第二行\x00", "第一行\n第二行"),
        ("government_project", "yes", True),
        ("truth_declared", "", False),
        ("benefit_wan", "", None),
    ],
)
def test_what_people_type_is_brought_to_one_form(cast, work, name, typed, kept):
    answer = send(signed_in(cast["unit_a"]), work, work.revision, **{name: typed})
    assert answer.status_code == 200, answer.json()
    work.refresh_from_db()
    owner, _, leaf = name.rpartition("__")
    assert getattr(work.leader if owner else work, leaf) == kept


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("leader__name", "张😀", "姓名第2个字“😀”不能识别，请填写汉字或字母，分隔用“·”。"),
        ("leader__name", "王" * 10_000, "姓名应为2至50个字。"),
        ("title", "长" * 101, "不超过 100 字，现有 101 字，请删减。"),
        ("leader__phone", "12345", "联系电话应为11位手机号，或区号加固定电话，例如 0356-2025123。"),
        ("leader__birth_month", "1985.13", "请填写年和月，例如 1985.06。"),
        ("leader__birth_month", "2099.01", "请填写年和月，例如 1985.06。"),
        ("completed_on", "2021-02-30", "没有这一天，请按“年-月-日”填写，例如 2021-06-30。"),
        ("completed_on", "0021-02-03", "年份不对，请核对。"),
        ("benefit_wan", "很多", "请填写数字，例如 86.40。"),
        ("benefit_wan", "126元", "单位是万元，不是元；请换算成万元后填写，例如 864000 元填写 86.40。"),
        ("benefit_wan", "1,260 元/年", "单位是万元，不是元；请换算成万元后填写，例如 864000 元填写 86.40。"),
        ("benefit_wan", "-3", "金额不能小于 0。"),
        ("benefit_wan", "NaN", "请填写数字，例如 86.40。"),
        ("benefit_wan", "1.234", "最多两位小数，请四舍五入后填写。"),
        ("benefit_wan", "99999999999", "数额过大：单位是万元，请核对。"),
        ("kind", "small_lie", "请从列出的各项中选择。"),
        ("leader__gender", "x", "请从列出的各项中选择。"),
        ("government_project", "maybe", "请从列出的各项中选择。"),
    ],
)
def test_a_wrong_value_gets_one_sentence_and_the_others_are_saved(cast, work, name, typed, sentence):
    answer = send(signed_in(cast["unit_a"]), work, work.revision, innovation="新的创新点", **{name: typed})
    assert answer.status_code == 422
    assert answer.json()["errors"] == {name: sentence}
    before = work.revision
    work.refresh_from_db()
    assert work.innovation == "新的创新点"
    assert work.revision == before + 1


def test_an_end_before_the_beginning_is_told_and_can_be_mended_from_either_side(cast, work):
    client = signed_in(cast["unit_a"])
    refused = send(client, work, work.revision, implemented_to="2001-01-01")
    assert refused.json()["errors"] == {"implemented_to": "结束不能早于开始，请核对两个日期。"}
    both = send(client, work, work.revision, implemented_from="2000-01-01", implemented_to="2001-01-01")
    assert both.status_code == 200
    work.refresh_from_db()
    assert (work.implemented_from, work.implemented_to) == (date(2000, 1, 1), date(2001, 1, 1))


def test_a_contested_field_returns_both_texts_and_the_rest_is_saved(cast, work):
    loaded = work.revision
    drafting.save_fields(cast["unit_a"], work.pk, {"title": "同事改的名称"}, loaded)
    answer = send(signed_in(cast["unit_a"]), work, loaded, title="我改的名称", innovation="我写的创新点")
    assert answer.status_code == 409
    told = answer.json()
    assert told["conflicts"]["title"] == {"mine": "我改的名称", "theirs": "同事改的名称", "value": "同事改的名称"}
    assert told["saved"] == ["innovation"]
    work.refresh_from_db()
    assert (work.title, work.innovation) == ("同事改的名称", "我写的创新点")


def test_after_the_choice_the_own_text_is_saved(cast, work):
    loaded, client = work.revision, signed_in(cast["unit_a"])
    drafting.save_fields(cast["unit_a"], work.pk, {"title": "同事改的名称"}, loaded)
    told = send(client, work, loaded, title="我改的名称").json()
    assert send(client, work, told["revision"], title="我改的名称").status_code == 200
    work.refresh_from_db()
    assert work.title == "我改的名称"


def test_a_choice_is_shown_in_words_on_both_sides(cast, work):
    loaded = work.revision
    drafting.save_fields(cast["unit_a"], work.pk, {"leader.skill_level": "senior_technician"}, loaded)
    both = send(signed_in(cast["unit_a"]), work, loaded, leader__skill_level="senior").json()["conflicts"]
    assert both["leader__skill_level"] == {"mine": "高级工", "theirs": "高级技师", "value": "senior_technician"}


def test_what_a_colleague_saved_comes_along_for_untouched_fields(cast, work):
    loaded = work.revision
    drafting.save_fields(cast["unit_a"], work.pk, {"leader.bio": "同事写的简介"}, loaded)
    told = send(signed_in(cast["unit_a"]), work, loaded, title="我改的名称").json()
    assert told["news"] == {"leader__bio": "同事写的简介"}


def test_sending_the_same_again_changes_nothing(cast, work):
    client = signed_in(cast["unit_a"])
    first = send(client, work, work.revision, title="同一名称").json()["revision"]
    again = send(client, work, work.revision, title="同一名称")
    assert again.status_code == 200
    assert again.json()["revision"] == first


def test_an_unknown_name_is_not_a_field(cast, work):
    answer = send(signed_in(cast["unit_a"]), work, work.revision, status="accepted", verified_wan="9")
    assert answer.status_code == 200
    before = work.revision
    work.refresh_from_db()
    assert (work.status, work.verified_wan, work.revision) == ("draft", None, before)


def test_who_may_not_see_it_gets_404_and_who_only_sees_it_403(cast):
    work = submitted(cast)
    assert send(signed_in(cast["unit_b"]), work, 0, title="x").status_code == 404
    assert send(signed_in(cast["expert1"]), work, 0, title="x").status_code == 404
    for name in ("auditor_a", "office", "supervisor"):
        answer = send(signed_in(cast[name]), work, work.revision, title="改名")
        assert answer.status_code == 403
        assert answer.json()["message"] == "只有申报单位的填报员可以修改。"
        assert signed_in(cast[name]).get(url("edit", work)).status_code == 403
    work.refresh_from_db()
    assert work.title != "改名"


def test_once_submitted_its_own_people_are_told_so(cast, work):
    moves.register(cast["unit_a"], work.pk)
    moves.submit(cast["unit_a"], work.pk)
    answer = send(signed_in(cast["unit_a"]), work, work.revision, title="迟到的修改")
    assert answer.status_code == 409
    assert "待审核" in answer.json()["message"]


def test_a_session_that_ended_is_told_in_a_sentence(cast, work, client):
    answer = send(client, work, work.revision, title="x")
    assert answer.status_code == 401
    assert "重新登录" in answer.content.decode()


def test_fields_are_only_posted(cast, work):
    assert signed_in(cast["unit_a"]).get(url("fields", work)).status_code == 405
