"""The order of a recommender's list: 序号 of 附件2."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from core import ledger
from core.errors import Conflict, NotAllowed, Refusal
from core.models import Event
from submissions.actions import moves
from submissions.actions.ordering import reorder_list, reorder_recommendation
from submissions.models import Achievement, Recommendation
from submissions.queries import heaps
from tests import kept
from tests.cast import Cast, assemble, at_host, submitted
from tests.submissions.audit_desk import at_instant, signed_in, text_of

pytestmark = pytest.mark.django_db
ORDER = "/audit/order/"


@kept.keeping
def four() -> Cast:
    made = assemble()
    for title in "甲乙丙丁":
        at_host(made, title=title)
    return made


@pytest.fixture
def cast(request: pytest.FixtureRequest) -> Cast:
    return four() if "works" in request.fixturenames else assemble()


@pytest.fixture
def works(cast: Cast) -> list[Achievement]:
    return list(Achievement.objects.order_by("pk"))


def order_of(cast: Cast) -> str:
    rows = Recommendation.objects.filter(enrolment=cast.enrolments["county_a"]).select_related("achievement")
    return "".join(row.achievement.title for row in rows)


@pytest.mark.parametrize(("which", "position", "expected"), [
    (0, 1, "甲乙丙丁"), (0, 2, "乙甲丙丁"), (3, 1, "丁甲乙丙"),
    (1, 4, "甲丙丁乙"), (1, 99, "甲丙丁乙"), (2, 0, "丙甲乙丁"),
])  # fmt: skip
def test_a_work_takes_its_new_place(cast, works, which, position, expected):
    row = reorder_recommendation(cast["auditor_a"], works[which].pk, position)
    assert order_of(cast) == expected
    assert row.order == expected.index("甲乙丙丁"[which]) + 1
    assert sorted(Recommendation.objects.values_list("order", flat=True)) == [1, 2, 3, 4]


def test_the_decision_stands_in_the_ledger(cast, works):
    reorder_recommendation(cast["auditor_a"], works[3].pk, 1)
    event = Event.objects.order_by("pk").last()
    county = cast.enrolments["county_a"]
    assert (event.verb, event.subject, event.chain) == (
        "reorder_recommendation", f"enrolment:{county.pk}", cast.contest.chain,
    )  # fmt: skip
    payload = json.loads(event.payload)
    assert (payload["achievement"], payload["from"], payload["to"], payload["count"]) == (works[3].pk, 4, 1, 4)
    assert ledger.verify() == []


def test_gaps_of_returned_works_are_closed(cast, works):
    moves.return_for_changes(cast["office"], works[1].pk, "请补材料。")
    reorder_recommendation(cast["auditor_a"], works[3].pk, 2)
    assert order_of(cast) == "甲丁丙"
    assert list(Recommendation.objects.values_list("order", flat=True)) == [1, 2, 3]


@pytest.mark.parametrize("who", ["auditor_b", "auditor_group", "unit_a", "office", "supervisor", "expert1"])
def test_nobody_else_puts_the_list_in_order(cast, works, who):
    with pytest.raises(NotAllowed):
        reorder_recommendation(cast[who], works[3].pk, 1)
    assert order_of(cast) == "甲乙丙丁"


def test_what_was_not_recommended_has_no_place(cast, works):
    with pytest.raises(NotAllowed):
        reorder_recommendation(cast["auditor_a"], submitted(cast).pk, 1)


@pytest.mark.parametrize(("late", "done"), [(-1, True), (0, True), (1, False)])
def test_only_until_the_recommenders_closing(cast, works, late, done):
    now = cast.contest.phases.get(kind="submit").closes_at + timedelta(seconds=late)
    if done:
        reorder_recommendation(cast["auditor_a"], works[3].pk, 1, now=now)
    else:
        with pytest.raises(Refusal, match="推荐顺序不能再调整"):
            reorder_recommendation(cast["auditor_a"], works[3].pk, 1, now=now)
    assert order_of(cast) == ("丁甲乙丙" if done else "甲乙丙丁")


def test_the_buttons_of_the_page(cast, works):
    client = signed_in(cast["auditor_a"])
    page = client.get("/audit/", {"tab": "done"})
    assert [line.work.title for line in page.context["lines"]] == list("甲乙丙丁")
    assert page.content.decode().count('name="position"') == 8
    answer = client.post(ORDER, {"achievement": works[1].pk, "position": 1}, follow=True)
    assert order_of(cast) == "乙甲丙丁"
    assert "“乙”现在排第 1 位。" in text_of(answer)
    assert answer.context["chosen"] == works[1]
    assert answer.context["heap"] == "done"


def test_the_page_after_the_closing_has_no_buttons_but_the_reason(cast, works, monkeypatch):
    at_instant(monkeypatch, cast.contest.phases.get(kind="submit").closes_at + timedelta(seconds=1))
    client = signed_in(cast["auditor_a"])
    page = client.get("/audit/", {"tab": "done"})
    assert 'name="position"' not in page.content.decode()
    assert "推荐顺序不能再调整" in text_of(page)
    answer = client.post(ORDER, {"achievement": works[1].pk, "position": 1}, follow=True)
    assert "推荐顺序不能再调整" in text_of(answer)
    assert order_of(cast) == "甲乙丙丁"


def test_a_search_hides_the_buttons_since_neighbours_are_missing(cast, works):
    page = signed_in(cast["auditor_a"]).get("/audit/", {"tab": "done", "q": "丙"})
    assert 'name="position"' not in page.content.decode()


@pytest.mark.parametrize(("who", "status"), [("auditor_b", 404), ("office", 403), ("unit_a", 403), ("expert1", 403)])
def test_the_address_is_closed_to_others(cast, works, who, status):
    assert signed_in(cast[who]).post(ORDER, {"achievement": works[0].pk, "position": 2}).status_code == status


def test_a_place_that_is_no_number_is_said(cast, works):
    answer = signed_in(cast["auditor_a"]).post(ORDER, {"achievement": works[0].pk, "position": "x"}, follow=True)
    assert "请填写整数" in text_of(answer)
    assert answer.redirect_chain[0][0] == reverse("submissions:queue") + "?tab=done"


# --- the whole order at once -------------------------------------------------------------------------


def seen_of(cast: Cast) -> str:
    return heaps.list_token(cast.enrolments["county_a"])


def drag(cast: Cast, works: list[Achievement], order: str, who: str = "auditor_a", seen: str | None = None):
    ids = [works["甲乙丙丁".index(title)].pk for title in order]
    data = {"work": ids, "seen": seen_of(cast) if seen is None else seen}
    return signed_in(cast[who]).post(f"{ORDER}list/", data)


@pytest.mark.parametrize("order", ["丁丙乙甲", "乙丁甲丙", "甲乙丙丁"])
def test_the_list_takes_the_order_in_which_it_was_left(cast, works, order):
    answer = drag(cast, works, order)
    assert answer.status_code == 200
    assert order_of(cast) == order
    assert answer.json()["seen"] == seen_of(cast)
    assert list(Recommendation.objects.values_list("order", flat=True)) == [1, 2, 3, 4]
    assert json.loads(Event.objects.latest("pk").payload)["count"] == 4
    assert ledger.verify() == []


@pytest.mark.parametrize(("part", "expected"), [("丁乙", "甲丁丙乙"), ("丙乙", "甲丙乙丁"), ("丁甲", "丁乙丙甲")])
def test_a_page_of_the_list_keeps_the_places_that_it_holds(cast, works, part, expected):
    assert drag(cast, works, part).status_code == 200
    assert order_of(cast) == expected


def test_of_two_who_drag_at_once_the_second_is_told(cast, works):
    seen = seen_of(cast)
    assert drag(cast, works, "丁丙乙甲", seen=seen).status_code == 200
    answer = drag(cast, works, "乙甲丙丁", seen=seen)
    assert answer.status_code == 409
    assert answer.json()["message"] == "推荐顺序刚刚有了变化，您的调整没有保存；请在最新顺序上再调整。"
    assert order_of(cast) == "丁丙乙甲"


@pytest.mark.parametrize("change", ["returned", "recommended"])
def test_a_list_that_grew_or_shrank_is_not_overwritten(cast, works, change):
    seen = seen_of(cast)
    if change == "returned":
        moves.return_for_changes(cast["office"], works[1].pk, "请改。")
    else:
        at_host(cast, title="戊")
    before = order_of(cast)
    assert drag(cast, works, "丁丙乙甲", seen=seen).status_code == 409
    assert order_of(cast) == before


def test_a_button_of_an_old_page_moves_nothing(cast, works):
    seen = seen_of(cast)
    reorder_recommendation(cast["auditor_a"], works[3].pk, 1)
    with pytest.raises(Conflict):
        reorder_recommendation(cast["auditor_a"], works[0].pk, 4, seen=seen)
    assert order_of(cast) == "丁甲乙丙"


def test_a_list_that_names_a_work_twice_or_a_foreign_one_is_refused(cast, works):
    ids, seen = [work.pk for work in works], seen_of(cast)
    foreign = at_host(cast, "unit_b", "auditor_b")
    for wrong in ([*ids, ids[0]], [*ids, foreign.pk]):
        with pytest.raises(Conflict):
            reorder_list(cast["auditor_a"], cast.contest, wrong, seen=seen)
    assert order_of(cast).startswith("甲乙丙丁") or order_of(cast) == "甲乙丙丁"


@pytest.mark.parametrize(("who", "status"), [("auditor_b", 409), ("office", 403), ("unit_a", 409), ("expert1", 403)])
def test_nobody_else_drags_this_list(cast, works, who, status):
    assert drag(cast, works, "丁丙乙甲", who).status_code == status
    assert order_of(cast) == "甲乙丙丁"


def test_no_dragging_after_the_closing(cast, works, monkeypatch):
    at_instant(monkeypatch, cast.contest.phases.get(kind="submit").closes_at + timedelta(seconds=1))
    answer = drag(cast, works, "丁丙乙甲")
    assert answer.status_code == 400
    assert "推荐顺序不能再调整" in answer.json()["message"]


def test_the_page_carries_what_it_has_seen(cast, works):
    page = signed_in(cast["auditor_a"]).get("/audit/", {"tab": "done"}).content.decode()
    assert f'data-seen="{seen_of(cast)}"' in page
    assert f'data-order="{ORDER}list/' in page
