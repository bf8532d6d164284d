"""The list, a new achievement, the page of one: who sees what, in how many queries."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from submissions.actions import drafting, importing, moves
from submissions.models import Achievement
from tests.cast import Cast, accepted, assemble, draft, registered, submitted
from tests.submissions import books
from tests.submissions.unit_desk import picture, signed_in, url

pytestmark = pytest.mark.django_db
LIST, NEW = "/achievements/", "/achievements/new/"


@pytest.fixture
def cast() -> Cast:
    return assemble()


def titles(actor, query="") -> list[str]:
    page = signed_in(actor).get(LIST + query)
    assert page.status_code == 200
    return re.findall(r'<th scope="row"><a[^>]*>([^<]*)</a>', page.content.decode())


def queries(actor, path=LIST) -> int:
    client = signed_in(actor)
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as made:
        assert client.get(path).status_code == 200
    return len(made)


def test_everybody_sees_exactly_the_works_of_her_circle(cast):
    draft(cast, title="甲草稿")
    submitted(cast, title="甲已提交")
    submitted(cast, "unit_b", title="乙已提交")
    registered(cast, "team", title="班组入库")
    assert titles(cast["unit_a"]) == ["甲已提交", "甲草稿"]
    assert titles(cast["unit_b"]) == ["乙已提交"]
    assert titles(cast["mine"]) == titles(cast["team"]) == ["班组入库"]
    assert titles(cast["auditor_a"]) == ["甲已提交"]
    assert titles(cast["auditor_group"]) == ["班组入库"]
    assert titles(cast["office"]) == titles(cast["supervisor"]) == ["班组入库", "乙已提交", "甲已提交"]
    assert signed_in(cast["expert1"]).get(LIST).status_code == 403


@pytest.mark.parametrize("who", ["unit_a", "auditor_a", "office"])
def test_one_row_and_three_rows_take_the_same_number_of_queries(cast, who):
    submitted(cast)
    one = queries(cast[who])
    submitted(cast)
    submitted(cast)
    assert queries(cast[who]) == one


def test_filters_and_search(cast):
    submitted(cast, title="皮带机纠偏装置", **{"leader.name": "欧阳技"})
    draft(cast, title="水泵自动启停", kind=cast.contest.kind_set.get(code="small_design"))
    actor = cast["unit_a"]
    assert titles(actor, "?q=纠偏") == ["皮带机纠偏装置"]
    assert titles(actor, "?q=欧阳&status=submitted") == ["皮带机纠偏装置"]
    assert titles(actor, "?status=draft") == ["水泵自动启停"]
    assert titles(actor, "?kind=small_design") == ["水泵自动启停"]
    assert titles(actor, "?category=equipment&kind=small_design&q=皮带") == []
    assert "没有符合条件的成果" in signed_in(actor).get(LIST + "?q=不存在").content.decode()
    submitted(cast, "unit_b", title="反应釜密封")
    submitted(cast, "team", title="喷雾降尘")
    assert titles(cast["office"], "?q=西河化工") == ["反应釜密封"]
    below = {key: f"?below={row.pk}" for key, row in cast.enrolments.items()}
    assert titles(cast["office"], below["county_a"]) == ["皮带机纠偏装置"]
    assert titles(cast["office"], below["group"]) == ["喷雾降尘"]
    assert titles(cast["auditor_a"], below["unit_a"]) == ["皮带机纠偏装置"]
    assert titles(cast["auditor_a"], below["county_b"]) == ["皮带机纠偏装置"]  # not below her: as if not asked
    assert "below" not in signed_in(actor).get(LIST).context["filter"].fields


@pytest.mark.parametrize(
    "query", ["?status=nonsense", "?page=999", "?page=x", "?contest=abc", "?kind=%00", "?order=zz"]
)
def test_a_query_that_is_not_understood_is_no_fault(cast, query):
    draft(cast, title="皮带机纠偏装置")
    assert titles(cast["unit_a"], query) == ["皮带机纠偏装置"]


def test_the_list_can_stand_in_the_order_of_the_units_pinyin(cast):
    submitted(cast, "unit_b", title="西河的")
    submitted(cast, "unit_a", title="东山的")
    submitted(cast, "mine", title="太行的")
    assert titles(cast["office"], "?order=unit") == ["东山的", "太行的", "西河的"]


def test_or_in_the_order_of_the_titles_pinyin(cast):
    for title in ("中部槽", "阿基米德泵", "Q形卡"):
        work = registered(cast, title=title)
    drafting.save_fields(cast["unit_a"], work.pk, {"title": "长治卡"}, 99)  # cháng, not zhǎng
    importing.confirm(
        cast["unit_a"],
        importing.receive(
            cast["unit_a"], cast.enrolments["unit_a"], books.upload(books.book([["不停机换刀"]], head=["项目名称"]))
        ).pk,
        only_good=True,
    )
    assert titles(cast["unit_a"], "?order=title") == ["阿基米德泵", "不停机换刀", "长治卡", "中部槽"]


def test_auditors_cannot_filter_for_drafts(cast):
    page = signed_in(cast["office"]).get(LIST).content.decode()
    assert 'value="draft"' not in page


def test_the_empty_list_says_what_to_do(cast):
    assert "点“新建成果”登记第一项" in signed_in(cast["unit_a"]).get(LIST).content.decode()


def test_new_makes_a_draft_at_once_and_pressing_twice_makes_one(cast):
    client = signed_in(cast["unit_a"])
    first = client.post(NEW)
    work = Achievement.objects.get()
    assert first["Location"] == url("edit", work)
    assert (work.status, work.unit, work.filled_by) == ("draft", cast.enrolments["unit_a"], "吴山")
    assert work.leader.employer == "东山机械厂工会"
    assert client.post(NEW)["Location"] == first["Location"]
    drafting.save_fields(cast["unit_a"], work.pk, {"title": "已动笔"}, 0)
    client.post(NEW)
    assert Achievement.objects.count() == 2


def test_a_unit_with_a_team_chooses_for_whom(cast):
    client = signed_in(cast["mine"])
    page = client.get(NEW).content.decode()
    assert "太行二矿综采一队" in page
    client.post(NEW, {"unit": cast.enrolments["team"].pk})
    assert Achievement.objects.get().unit == cast.enrolments["team"]
    wrong = client.post(NEW, {"unit": cast.enrolments["unit_a"].pk})
    assert "请从列出的单位和班组中选择。" in wrong.content.decode()
    assert Achievement.objects.count() == 1


@pytest.mark.parametrize("who", ["auditor_a", "office", "supervisor", "expert1"])
def test_only_units_begin_achievements(cast, who):
    assert signed_in(cast[who]).post(NEW).status_code == 403
    assert Achievement.objects.count() == 0


def test_the_page_of_one_shows_everything_to_those_who_see_it(cast):
    work = submitted(cast, title="皮带机纠偏装置")
    drafting_words = [
        "皮带机纠偏装置",
        "欧阳技",
        "工程师",
        "小发明",
        "126.50",
        "现场.png",
        "登记入库",
        "提交",
        "各项均已填写。",
    ]
    for who in ("unit_a", "auditor_a", "office", "supervisor"):
        page = signed_in(cast[who]).get(url("detail", work))
        assert page.status_code == 200
        for words in drafting_words:
            assert words in page.content.decode(), (who, words)
    for who in ("unit_b", "auditor_b", "mine"):
        assert signed_in(cast[who]).get(url("detail", work)).status_code == 404
    assert signed_in(cast["expert1"]).get(url("detail", work)).status_code == 403


def test_the_phone_is_whole_for_the_circle_that_needs_it_only(cast):
    work = submitted(cast)
    for who in ("unit_a", "auditor_a", "office"):
        assert "13900000001" in signed_in(cast[who]).get(url("detail", work)).content.decode()
    page = signed_in(cast["supervisor"]).get(url("detail", work)).content.decode()
    assert "13900000001" not in page
    assert "139****0001" in page


def test_every_state_has_its_page(cast):
    work = accepted(cast)
    signed_in(cast["office"]).get(url("detail", work))
    page = signed_in(cast["unit_a"]).get(url("detail", work)).content.decode()
    assert "已受理" in page
    assert work.number in page
    assert "核定" in page
    withdrawn = moves.withdraw(cast["unit_a"], registered(cast).pk, "不再申报")
    assert "不再申报" in signed_in(cast["unit_a"]).get(url("detail", withdrawn)).content.decode()


def test_the_photo_stands_on_the_page(cast):
    work = draft(cast)
    client = signed_in(cast["unit_a"])
    client.post(url("photo", work), {"photo": picture()})
    assert reverse("submissions:photo_file", args=[work.pk]) in client.get(url("detail", work)).content.decode()


@pytest.mark.parametrize("path", [LIST, NEW, "/achievements/1/", "/achievements/1/edit/", "/files/attachments/1/"])
def test_signed_out_is_the_sign_in(client, path):
    assert "/accounts/login/" in client.get(path)["Location"]


def test_unsent_edits_of_a_returned_work_are_shown_to_its_unit_alone(cast):
    work = submitted(cast, title="交上来的名称", innovation="交上来的创新点")
    moves.return_for_changes(cast["auditor_a"], work.pk, "请修改。")
    edits = {"title": "正在改的名称", "innovation": "正在改的创新点", "leader.name": "司马改"}
    drafting.save_fields(cast["unit_a"], work.pk, edits, 99)
    drafting.set_members(cast["unit_a"], work.pk, [("李未交", "")], 99)
    drafting.detach(cast["unit_a"], work.pk, work.attachments.get().pk)
    for who in ("auditor_a", "office", "supervisor"):
        page = signed_in(cast[who]).get(url("detail", work)).content.decode()
        assert [text in page for text in ("交上来的名称", "交上来的创新点", "126.50", "现场.png")] == [True] * 4, who
        assert not [text for text in (*edits.values(), "李未交") if text in page], who
    own = signed_in(cast["unit_a"]).get(url("detail", work)).content.decode()
    assert all(text in own for text in (*edits.values(), "李未交"))
