"""The pages of the audit queue: what lies in which heap, in which order, at a fixed number of queries."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from contests.actions.extending import extend
from submissions.actions import drafting, moves
from submissions.models import Achievement, StatusChange
from submissions.views import queue
from tests.cast import Cast, assemble, at_host, draft, registered, submitted
from tests.submissions.audit_desk import signed_in, text_of

pytestmark = pytest.mark.django_db
QUEUE = "/audit/"


@pytest.fixture
def cast() -> Cast:
    return assemble()


def listed(cast: Cast, who: str, tab: str = "", **query: str) -> list[str]:
    page = signed_in(cast[who]).get(QUEUE, {"tab": tab} | query)
    assert page.status_code == 200
    return [line.work.title for line in page.context["lines"]]


def counts(cast: Cast, who: str) -> dict[str, int]:
    page = signed_in(cast[who]).get(QUEUE)
    return {tab.label: tab.count for tab, _ in page.context["tabs"]}


def test_each_sees_what_lies_on_her_own_desk(cast):
    submitted(cast, title="甲")
    submitted(cast, "unit_b", title="乙")
    at_host(cast, title="丙")
    registered(cast, title="丁")
    draft(cast, title="戊")
    assert listed(cast, "auditor_a") == ["甲"]
    assert listed(cast, "auditor_b") == ["乙"]
    assert listed(cast, "office") == ["丙"]
    assert counts(cast, "auditor_a") == {"待审核": 1, "已推荐": 1, "已退回": 0, "全部": 3}
    assert counts(cast, "office") == {"待审核": 1, "已受理": 0, "已退回": 0, "全部": 4}


def test_the_longest_waiting_comes_first(cast):
    for days, title in ((2, "两天"), (9, "九天"), (0, "今天")):
        work = submitted(cast, title=title)
        StatusChange.objects.filter(achievement=work).update(at=timezone.now() - timedelta(days=days))
    assert listed(cast, "auditor_a") == ["九天", "两天", "今天"]
    words = text_of(signed_in(cast["auditor_a"]).get(QUEUE))
    assert "等候 9 天" in words
    assert "今天送到" in words


def test_a_unit_has_its_teams_works_to_decide_on_and_not_its_own(cast):
    submitted(cast, "team", title="班组的")
    submitted(cast, "direct", title="本单位的")
    assert listed(cast, "mine") == ["班组的"]
    assert listed(cast, "direct") == []
    assert listed(cast, "direct2") == ["本单位的"]


def test_the_returned_and_the_accepted_have_their_heaps(cast):
    back, taken = submitted(cast, title="退回的"), at_host(cast, title="受理的")
    moves.return_for_changes(cast["auditor_a"], back.pk, "请补材料。")
    moves.accept(cast["office"], taken.pk)
    assert listed(cast, "auditor_a", "returned") == ["退回的"]
    assert listed(cast, "auditor_a", "done") == ["受理的"]
    assert listed(cast, "office", "done") == ["受理的"]


def test_words_find_title_unit_and_leader(cast):
    submitted(cast, title="井下纠偏装置")
    submitted(cast, title="锅炉余热利用", **{"leader.name": "令狐热"})
    assert listed(cast, "auditor_a", q="余热") == ["锅炉余热利用"]
    assert listed(cast, "auditor_a", q="令狐 东山机械") == ["锅炉余热利用"]
    assert listed(cast, "auditor_a", q="没有这样的词") == []


def test_nonsense_in_the_address_shows_the_desk(cast):
    submitted(cast, title="甲")
    assert listed(cast, "auditor_a", "nonsense", page="x", contest="99999", q="") == ["甲"]
    assert listed(cast, "auditor_a", q="长" * 51) == ["甲"]


def test_the_first_is_open_and_its_neighbours_are_links(cast):
    works = [submitted(cast) for _ in range(3)]
    client = signed_in(cast["auditor_a"])
    assert client.get(QUEUE).context["chosen"] == works[0]
    page = client.get(reverse("submissions:audit", args=[works[1].pk]))
    assert page.context["at"] == 2
    assert page.context["before"] == reverse("submissions:audit", args=[works[0].pk])
    assert page.context["after"] == reverse("submissions:audit", args=[works[2].pk])


def test_htmx_gets_the_achievement_alone_and_history_the_whole_page(cast):
    work = submitted(cast)
    client, url = signed_in(cast["auditor_a"]), reverse("submissions:audit", args=[work.pk])
    piece = client.get(url, headers={"HX-Request": "true"})
    assert piece.content.decode().lstrip().startswith('<article class="wx-d"')
    assert "HX-Request" in piece["Vary"]
    whole = client.get(url, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert b"<!doctype html>" in whole.content


def test_all_that_was_handed_in_is_there_to_read(cast):
    work = submitted(cast)
    file = work.attachments.get()
    page = signed_in(cast["auditor_a"]).get(reverse("submissions:audit", args=[work.pk]))
    words = text_of(page)
    for said in ("基本信息", "项目带头人", "成果简介", "效益与应用", "证明材料", "承诺", "欧阳技", "13900000001",
                 "技师", "126.50 万元/年", "每次停机损失 0.96 万元", "附件1 一（一）5", "吴山"):  # fmt: skip
        assert said in words, said
    assert reverse("submissions:attachment", args=[file.pk]) in page.content.decode()


def test_only_what_changed_is_shown_to_who_sent_it_back(cast):
    work = submitted(cast)
    moves.return_for_changes(cast["auditor_a"], work.pk, "请写明出处。")
    drafting.save_fields(cast["unit_a"], work.pk, {"innovation": "以机械反馈代替人工调偏，不需外接电源和人员。"}, 99)
    moves.submit(cast["unit_a"], work.pk)
    client, url = signed_in(cast["auditor_a"]), reverse("submissions:audit", args=[work.pk])
    page = client.get(url)
    assert [s.code for s in page.context["sections"]] == ["brief"]
    assert [row.key for row in page.context["sections"][0].texts] == ["innovation"]
    assert "<ins>和人员</ins>" in page.content.decode()
    assert "<del>" not in page.content.decode()
    assert "与第 1 版相比改了 1 处" in text_of(page)
    assert "请写明出处。" in text_of(page)
    assert len(client.get(url, {"show": "all"}).context["sections"]) == 6


def test_the_next_desk_up_reads_everything_first(cast):
    work = submitted(cast)
    moves.return_for_changes(cast["auditor_a"], work.pk, "请改。")
    drafting.save_fields(cast["unit_a"], work.pk, {"filled_by": "吴小山"}, 99)
    moves.submit(cast["unit_a"], work.pk)
    moves.recommend(cast["auditor_a"], work.pk)
    page = signed_in(cast["office"]).get(reverse("submissions:audit", args=[work.pk]))
    assert len(page.context["sections"]) == 6
    assert "<ins>小</ins>" in page.content.decode()


@pytest.mark.parametrize("path", ["/achievements/", "/audit/?tab=returned"])
def test_lists_keep_the_submitted_words_of_a_returned_work(cast, path):
    work = submitted(cast, title="交来时的名称")
    moves.return_for_changes(cast["auditor_a"], work.pk, "请改。")
    values = {"title": "还没交的名称", "leader.name": "还没交的人"}
    drafting.save_fields(cast["unit_a"], work.pk, values, Achievement.objects.get(pk=work.pk).revision)
    for who in ("auditor_a", "office"):
        page = signed_in(cast[who]).get(path).content.decode()
        assert "交来时的名称" in page
        assert "还没交的" not in page
    assert "还没交的名称" in signed_in(cast["unit_a"]).get("/achievements/").content.decode()


def test_what_the_unit_types_after_a_return_is_not_shown_yet(cast):
    work = submitted(cast)
    moves.return_for_changes(cast["auditor_a"], work.pk, "请改。")
    drafting.save_fields(cast["unit_a"], work.pk, {"innovation": "还没有写完的句"}, 99)
    page = signed_in(cast["auditor_a"]).get(reverse("submissions:audit", args=[work.pk]))
    assert "还没有写完的句" not in text_of(page)


def test_the_closing_in_sight_is_the_one_that_is_enforced(cast):
    work, later = submitted(cast), timezone.now() + timedelta(days=40)
    url = reverse("submissions:audit", args=[work.pk])
    regular = cast.contest.phases.get(kind="submit").closes_at
    assert signed_in(cast["auditor_a"]).get(url).context["own_closes"] == regular
    extend(cast["office"], cast.enrolments["unit_a"], later, "水灾")
    assert signed_in(cast["auditor_a"]).get(url).context["own_closes"] == later


@pytest.mark.parametrize(
    ("who", "tab", "number"), [("auditor_a", "", 38), ("auditor_a", "all", 38), ("office", "all", 36)]
)
def test_the_number_of_queries_does_not_grow_with_the_list(cast, django_assert_num_queries, who, tab, number):
    submitted(cast)
    client = signed_in(cast[who])
    client.get(QUEUE)
    with django_assert_num_queries(number):
        client.get(QUEUE, {"tab": tab})
    submitted(cast)
    submitted(cast)
    with django_assert_num_queries(number):
        client.get(QUEUE, {"tab": tab})


def test_a_page_holds_fifty(cast, monkeypatch):
    """Six works stand for fifty-one."""
    assert queue.PER_PAGE == 50
    monkeypatch.setattr(queue, "PER_PAGE", 5)
    for number in range(6):
        work = registered(cast, title=f"第{number}项")
        moves.submit(cast["unit_a"], work.pk)
    page = signed_in(cast["auditor_a"]).get(QUEUE, {"page": "2"})
    assert len(page.context["lines"]) == 1
    assert page.context["lines"][0].number == 6
    assert len(signed_in(cast["auditor_a"]).get(QUEUE).context["lines"]) == 5


def test_the_declared_amount_stands_in_the_form_as_it_was_written(cast):
    """Read out of the version as text: 40.43 is no binary fraction on any database."""
    work = submitted(cast, benefit_wan=Decimal("40.43"))
    page = signed_in(cast["auditor_a"]).get(reverse("submissions:audit", args=[work.pk]))
    assert page.context["verify"].initial["verified_wan"] == Decimal("40.43")
