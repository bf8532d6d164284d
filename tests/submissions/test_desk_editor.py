"""The editor as one ordinary form: nothing typed is lost, whatever is refused."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from contests import queries as contest_queries
from contests.calendar import Move
from submissions.actions import drafting, moves
from submissions.models import Achievement
from submissions.rules.fields import FIELDS
from tests.cast import Cast, assemble, draft, submitted
from tests.submissions.unit_desk import form_of, opened, pdf, picture, save, signed_in, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def work(cast: Cast) -> Achievement:
    return Achievement.objects.get(pk=draft(cast).pk)


def fresh(work: Achievement) -> Achievement:
    return Achievement.objects.get(pk=work.pk)


def closing(work: Achievement):
    return contest_queries.window(Move.SUBMIT, timezone.now(), work.contest, work.unit).closes


def at(monkeypatch: pytest.MonkeyPatch, instant) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: instant)


def test_every_declared_field_stands_on_the_page_under_its_label(cast, work):
    page = signed_in(cast["unit_a"]).get(url("edit", work)).content.decode()
    form = form_of(signed_in(cast["unit_a"]).get(url("edit", work)))
    for key, rule in FIELDS.items():
        assert rule.label in page
        if key != "leader.photo":
            assert key.replace(".", "__") in form


def test_the_closings_and_the_clock_are_in_sight(cast, work):
    page = signed_in(cast["unit_a"]).get(url("edit", work)).content.decode()
    strip = re.search(r'<span class="wx-closings">(.*?</span>\s*)</span>', page, re.DOTALL)
    assert strip is not None
    assert re.search(r"服务器 <time [^>]*data-epoch=", strip[1])
    assert re.search(r"推荐截止 \d+月\d+日", strip[1])
    assert "单位截止" in page
    assert 'data-due="' in page
    assert "推荐单位须在" in page
    assert "服务器时间" in page


def test_a_new_patent_counts_as_granted_unless_she_says_otherwise(cast, work):
    assert form_of(signed_in(cast["unit_a"]).get(url("edit", work)))["patent_status"] == ["granted"]


def test_a_page_sent_back_untouched_changes_nothing(cast, work):
    client = signed_in(cast["unit_a"])
    before = fresh(work).revision
    assert save(client, work, opened(client, work)).status_code == 302
    assert fresh(work).revision == before


def test_everything_is_saved_at_once(cast, work):
    client = signed_in(cast["unit_a"])
    changes = {
        "title": "主扇风机不停机倒换装置",
        "leader__phone": "0356-2025123",
        "member_name": ["王强", "李丽", ""],
        "member_org": ["机电队", "", ""],
        "patent_number": ["zl201710601862.3"],
        "patent_status": ["granted"],
        "patent_granted_on": ["2019-05-07"],
        "patent_owner": ["东山机械厂"],
        "attachment_kind": "appraisal_certificate",
        "files": [pdf()],
        "photo": picture(),
    }
    assert save(client, work, opened(client, work), **changes).status_code == 302
    now = fresh(work)
    assert (now.title, now.leader.phone) == ("主扇风机不停机倒换装置", "0356-2025123")
    assert [m.name for m in now.members.all()] == ["王强", "李丽"]
    assert [(p.number, p.kind) for p in now.patents.all()] == [("ZL201710601862.3", "invention")]
    assert {a.kind for a in now.attachments.all()} == {"photo", "appraisal_certificate"}
    assert now.leader.photo is not None


def test_a_refused_save_keeps_every_word(cast, work):
    client = signed_in(cast["unit_a"])
    typed = {
        "title": "长" * 101,
        "leader__name": "张😀",
        "summary": "改过的简介\n第二行 <b>",
        "member_name": ["", "李丽"],
        "member_org": ["只写了单位", "通风队"],
        "patent_number": ["ZL201710601862.4"],
        "patent_status": ["granted"],
        "patent_granted_on": ["2019-05-07"],
        "patent_owner": ["某厂"],
        "attachment_kind": "photo",
        "files": [pdf("假图片.png")],
    }
    answer = save(client, work, opened(client, work), **typed)
    assert answer.status_code == 422
    again = form_of(answer)
    assert again["title"] == ["长" * 101]
    assert again["leader__name"] == ["张😀"]
    assert again["summary"] == ["改过的简介\n第二行 <b>"]
    assert again["member_org"][:2] == ["只写了单位", "通风队"]
    assert again["patent_number"][0] == "ZL201710601862.4"
    page = answer.content.decode()
    for sentence in (
        "不超过 100 字，现有 101 字，请删减。",
        "姓名第2个字“😀”不能识别",
        "请填写这位成员的姓名",
        "专利号“ZL201710601862.4”的校验位不对",
        "只接受 JPG、PNG 文件，“假图片.png”的内容不属于其中任何一种",
    ):
        assert sentence in page
    assert fresh(work).summary == "改过的简介\n第二行 <b>"  # what was right is saved


def test_the_mended_page_is_saved(cast, work):
    client = signed_in(cast["unit_a"])
    refused = save(client, work, opened(client, work), title="长" * 101, summary="改过的简介")
    assert save(client, work, form_of(refused), title="改短的名称").status_code == 302
    assert (fresh(work).title, fresh(work).summary) == ("改短的名称", "改过的简介")


def test_two_colleagues_do_not_hinder_each_other_on_different_fields(cast, work):
    client = signed_in(cast["unit_a"])
    form = opened(client, work)
    drafting.save_fields(cast["unit_a"], work.pk, {"title": "同事改的名称"}, work.revision)
    assert save(client, work, form, summary="我改的简介").status_code == 302
    assert (fresh(work).title, fresh(work).summary) == ("同事改的名称", "我改的简介")


def test_both_texts_of_a_contested_field_are_shown_and_the_choice_is_hers(cast, work):
    client = signed_in(cast["unit_a"])
    form = opened(client, work)
    drafting.save_fields(cast["unit_a"], work.pk, {"title": "同事改的名称"}, work.revision)
    answer = save(client, work, form, title="我改的名称")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "同事改的名称" in page
    assert form_of(answer)["title"] == ["我改的名称"]
    assert fresh(work).title == "同事改的名称"

    theirs = save(client, work, form_of(answer), **{"take-title": "on"})
    assert theirs.status_code == 302
    assert fresh(work).title == "同事改的名称"
    assert save(client, work, form_of(answer)).status_code == 302
    assert fresh(work).title == "我改的名称"


def test_one_leader_and_no_place_for_a_second(cast, work):
    """The page has one set of the leader's fields; two names in it or sent for it are refused, and kept."""
    client = signed_in(cast["unit_a"])
    form = opened(client, work)
    assert len(form["leader__name"]) == 1
    before = fresh(work).leader.name
    for posted in (["第一人", "第二人"], ["第一人 第二人"]):
        answer = save(client, work, opened(client, work), leader__name=posted, summary="改过的简介")
        assert answer.status_code == 422
        assert "每项成果只能有 1 名项目带头人，其他人请填为成员" in answer.content.decode()
        assert [*form_of(answer)["leader__name"], form_of(answer)["summary"][0]] in (
            ["第一人、第二人", "改过的简介"],
            ["第一人 第二人", "改过的简介"],
        )
        assert fresh(work).leader.name == before
    assert save(client, work, opened(client, work), leader__name=["张 三", "张 三"]).status_code == 302
    assert fresh(work).leader.name == "张三"


def test_members_and_leader_are_at_most_five(cast, work):
    client = signed_in(cast["unit_a"])
    names = ["王强", "李丽", "赵敏", "周刚", "吴军"]
    answer = save(client, work, opened(client, work), member_name=names, member_org=["队"] * 5)
    assert answer.status_code == 422
    assert "带头人与成员合计不超过 5 人，请减少成员。" in answer.content.decode()
    assert form_of(answer)["member_name"][:5] == names
    assert fresh(work).members.count() == 0


def test_submit_saves_first_and_hands_in(cast, work):
    client = signed_in(cast["unit_a"])
    answer = save(client, work, opened(client, work), "submit", title="提交时的名称")
    assert answer.status_code == 302
    now = fresh(work)
    assert (now.status, now.title) == ("submitted", "提交时的名称")
    assert [change.verb for change in now.history.all()] == ["register", "submit"]
    assert "已提交，现由“东山县总工会”审核。" in client.get(answer["Location"]).content.decode()


def test_a_second_press_is_told_what_happened(cast, work):
    client = signed_in(cast["unit_a"])
    form = opened(client, work)
    save(client, work, form, "submit", title="提交时的名称")
    again = save(client, work, form, "submit", title="提交时的名称")
    assert again.status_code == 302
    assert "该成果当前为“待审核”" in client.get(again["Location"]).content.decode()
    assert fresh(work).history.count() == 2


def test_words_typed_while_a_colleague_submitted_stay_on_the_page(cast, work):
    client = signed_in(cast["unit_a"])
    form = opened(client, work)
    moves.register(cast["unit_a"], work.pk)
    moves.submit(cast["unit_a"], work.pk)
    answer = save(client, work, form, summary="还没有保存的一段")
    assert answer.status_code == 409
    assert form_of(answer)["summary"] == ["还没有保存的一段"]
    assert "可以复制" in answer.content.decode()


def test_an_incomplete_work_is_refused_with_what_is_missing(cast, work):
    client = signed_in(cast["unit_a"])
    answer = save(client, work, opened(client, work), "submit", leader__phone="", innovation="留下的文字")
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "请补填“联系电话”。" in page
    assert 'href="#id_leader__phone"' in page
    assert (fresh(work).status, fresh(work).innovation) == ("draft", "留下的文字")


def test_the_closing_second_is_open_and_the_next_is_not(cast, work, monkeypatch):
    closes = closing(work)
    at(monkeypatch, closes + timedelta(seconds=1))
    client = signed_in(cast["unit_a"])
    late = save(client, work, opened(client, work), "submit", summary="截止后写的")
    assert late.status_code == 400
    assert "截止" in late.content.decode()
    assert (fresh(work).status, fresh(work).summary) == ("draft", "截止后写的")
    at(monkeypatch, closes)
    assert save(client, work, opened(client, work), "submit").status_code == 302
    assert fresh(work).status == "submitted"


def test_after_the_closing_the_page_says_so_and_still_saves(cast, work, monkeypatch):
    at(monkeypatch, closing(work) + timedelta(hours=1))
    client = signed_in(cast["unit_a"])
    assert "现在不能提交，仍可以继续填写和保存" in client.get(url("edit", work)).content.decode()
    assert save(client, work, opened(client, work), title="仍可保存").status_code == 302
    assert fresh(work).title == "仍可保存"


def test_a_returned_work_shows_the_note_on_top_and_goes_back(cast):
    work = submitted(cast)
    moves.return_for_changes(cast["auditor_a"], work.pk, "请写明统计口径。")
    client = signed_in(cast["unit_a"])
    page = client.get(url("edit", work)).content.decode()
    assert "请写明统计口径。" in page
    assert "重新提交截止" in page
    assert (
        save(client, work, opened(client, work), "submit", summary="按台账统计，年节约 126.50 万元。").status_code
        == 302
    )
    assert fresh(work).status == "submitted"


def test_register_keeps_her_on_the_page(cast, work):
    client = signed_in(cast["unit_a"])
    answer = save(client, work, opened(client, work), "register")
    assert answer["Location"] == url("edit", work)
    assert fresh(work).status == "registered"


def test_the_unit_above_a_team_may_edit_and_the_neighbour_may_not(cast):
    work = draft(cast, "team")
    assert signed_in(cast["mine"]).get(url("edit", work)).status_code == 200
    assert signed_in(cast["unit_b"]).get(url("edit", work)).status_code == 404
    assert signed_in(cast["unit_b"]).post(url("edit", work), {"title": "x"}).status_code == 404


def test_a_post_without_the_rows_leaves_members_and_patents_alone(cast, work):
    drafting.set_members(cast["unit_a"], work.pk, [("王强", "机电队")], work.revision)
    signed_in(cast["unit_a"]).post(url("edit", work), {"do": "save"})
    assert fresh(work).members.count() == 1
    assert fresh(work).title == work.title


def test_an_attachment_is_removed_without_scripts_too(cast, work):
    client = signed_in(cast["unit_a"])
    gone = work.attachments.get()
    save(client, work, opened(client, work), remove=str(gone.pk), title="同时改的名称")
    assert fresh(work).attachments.count() == 0
    assert fresh(work).title == "同时改的名称"
