"""Many works by one press: the preview, each outcome, and the one undo."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import ledger
from core.errors import NotAllowed, Refusal
from core.models import Event
from submissions.actions import bulk as actions
from submissions.actions import drafting, moves, overruling
from submissions.lifecycle import Status
from submissions.models import Achievement, Batch, BatchRow, Override, Recommendation, StatusChange
from tests.cast import Cast, assemble, at_host, registered, submitted
from tests.season.situations import everything
from tests.submissions.audit_desk import at_instant, bulk, signed_in, text_of, with_appraisal

pytestmark = pytest.mark.django_db
BULK = "/audit/bulk/"


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def works(cast: Cast) -> list[Achievement]:
    return [with_appraisal(cast, title=title) for title in "甲乙丙"]


def place(work: Achievement) -> tuple[str, str]:
    now = Achievement.objects.select_related("holder__organization").get(pk=work.pk)
    return now.status, now.holder.organization.short_name if now.holder else ""


def listed(cast: Cast) -> str:
    return "".join(row.achievement.title for row in Recommendation.objects.select_related("achievement"))


def ask(cast: Cast, who: str, verb: str, works: list[Achievement]):
    return signed_in(cast[who]).get(BULK, {"verb": verb, "work": [work.pk for work in works]})


def test_a_selection_that_is_too_large_is_not_cut_in_silence(cast, works):
    page = signed_in(cast["auditor_a"]).get(BULK, {"verb": "recommend", "work": [*range(10_000, 10_201), works[0].pk]})
    assert "其余 2 项请办完这些以后再选" in text_of(page)


# --- the preview -------------------------------------------------------------------------------------


def test_the_preview_tells_how_many_which_and_why_not_and_writes_nothing(cast, works):
    unproved, gone = submitted(cast, title="无鉴定书"), at_host(cast, title="已上报")
    before = everything()
    page = ask(cast, "auditor_a", "recommend", [*works, unproved, gone])
    words = text_of(page)
    assert "选了 5 项，可以推荐 3 项，2 项不能。还没有办理。" in words
    assert [chance.work.title for chance in page.context["going"]] == ["甲", "乙", "丙"]
    reasons = {chance.work.title: chance.reason for chance in page.context["staying"]}
    assert reasons["无鉴定书"] == "未附鉴定书，不能批量推荐；请打开成果判断后办理。"
    assert "该成果不在您的审核环节" in reasons["已上报"]
    assert everything() == before


@pytest.mark.parametrize("verb", ["recommend", "return", "decline"])
def test_what_the_preview_promises_is_what_happens(cast, works, verb):
    everyone = [*works, submitted(cast), at_host(cast)]
    page = ask(cast, "auditor_a", verb, everyone)
    promised = {chance.work.pk: chance.reason for chance in page.context["chances"]}
    batch = bulk(cast["auditor_a"], verb, everyone, "请补正。")
    assert {row.achievement_id: row.refusal for row in batch.rows.all()} == promised


def test_what_she_may_not_see_is_not_spoken_of(cast, works):
    foreign = with_appraisal(cast, "unit_b", title="西河的成果")
    page = ask(cast, "auditor_a", "recommend", [works[0], foreign])
    assert "西河的成果" not in text_of(page)
    batch = bulk(cast["auditor_a"], "recommend", [works[0], foreign])
    assert [row.achievement_id for row in batch.rows.all()] == [works[0].pk]
    assert place(foreign) == (Status.SUBMITTED, "西河县")


def test_nothing_chosen_says_so(cast, works):
    page = signed_in(cast["auditor_a"]).get(BULK, {"verb": "recommend", "work": ["x", ""]}, follow=True)
    assert "请先勾选要办理的成果。" in text_of(page)
    with pytest.raises(Refusal, match="请先勾选"):
        actions.make(cast["auditor_a"], cast.contest, "recommend", {}, token="t")


@pytest.mark.parametrize("verb", ["withdraw", "freeze", "nonsense", ""])
def test_only_the_moves_of_the_queue(cast, works, verb):
    assert ask(cast, "auditor_a", verb, works).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("expert1", 403), ("supervisor", 403), ("unit_b", 200)])
def test_others_have_nothing_to_move(cast, works, who, status):
    answer = ask(cast, who, "recommend", works)
    assert answer.status_code == status
    if status == 200:
        assert answer.context["chances"] == []


# --- the press ---------------------------------------------------------------------------------------


def post(cast: Cast, who: str, verb: str, works: list[Achievement], **more: str):
    pairs = [f"{work.pk}:{moves.seen_token(work)}" for work in works]
    return signed_in(cast[who]).post(BULK, {"verb": verb, "work": pairs, "token": "t1"} | more, follow=True)


def test_recommend_many_in_the_order_in_which_they_waited(cast, works):
    page = post(cast, "auditor_a", "recommend", list(reversed(works)))
    assert "已推荐 3 项" in text_of(page)
    assert listed(cast) == "甲乙丙"
    assert {place(work)[0] for work in works} == {Status.SUBMITTED}
    assert ledger.verify() == []


def test_each_has_its_own_outcome(cast, works):
    moves.return_for_changes(cast["auditor_a"], works[1].pk, "请改。")
    page = post(cast, "auditor_a", "decline", works, note="与去年重复。")
    words = text_of(page)
    assert "已不予推荐 2 项，1 项没有办理" in words
    assert "该成果不在您的审核环节，不能不予推荐。" in words
    assert [place(work)[0] for work in works] == [Status.DECLINED, Status.RETURNED, Status.DECLINED]


def test_what_moved_on_since_the_preview_stays(cast, works):
    seen = {work.pk: moves.seen_token(work) for work in works}
    moves.return_for_changes(cast["auditor_a"], works[0].pk, "请改。")
    moves.submit(cast["unit_a"], works[0].pk)
    batch = actions.make(cast["auditor_a"], cast.contest, "recommend", seen, token="t")
    first = batch.rows.get(achievement=works[0])
    assert "您的操作没有执行" in first.refusal
    assert batch.rows.filter(change__isnull=False).count() == 2


@pytest.mark.parametrize("verb", ["return", "decline"])
def test_a_reason_is_asked_for_once_and_nothing_happens_without(cast, works, verb):
    page = post(cast, "auditor_a", verb, works, note=" ")
    assert page.status_code == 400
    assert 'id="note_error"' in page.content.decode()
    assert not Batch.objects.exists()
    page = post(cast, "auditor_a", verb, works, note="材料不全。")
    assert page.status_code == 200
    assert {work.history.last().note for work in works} == {"材料不全。"}


def test_the_office_accepts_many_but_none_unverified(cast):
    works = [at_host(cast), at_host(cast)]
    Achievement.objects.filter(pk=works[1].pk).update(verified_wan=None)
    batch = bulk(cast["office"], "accept", works)
    assert [row.refusal for row in batch.rows.all()] == ["", "按经济效益计分的成果，受理前请先核定年经济效益。"]
    assert place(works[0])[0] == Status.ACCEPTED


def test_the_same_page_twice_is_one_batch(cast, works):
    assert bulk(cast["auditor_a"], "recommend", works) == bulk(cast["auditor_a"], "recommend", works)
    assert Batch.objects.count() == 1
    assert BatchRow.objects.filter(change__isnull=False).count() == 3


def test_too_many_at_once(cast, works):
    seen = dict.fromkeys(range(actions.LIMIT + 1), "1")
    with pytest.raises(Refusal, match="一次最多办理 200 项，现选了 201 项"):
        actions.make(cast["auditor_a"], cast.contest, "recommend", seen, token="t")


# --- the undo ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["recommend", "return", "decline"])
def test_undo_brings_every_work_back_where_it_lay(cast, works, verb):
    before = [place(work) for work in works]
    batch = bulk(cast["auditor_a"], verb, works, "请改。")
    assert [place(work) for work in works] != before
    actions.undo(cast["auditor_a"], batch.pk)
    assert [place(work) for work in works] == before
    assert listed(cast) == ""
    assert {work.history.last().verb for work in works} == {f"undo_{verb}"}
    assert Event.objects.filter(verb=f"undo_{verb}").count() == 3
    assert ledger.verify() == []


def test_an_undone_return_has_its_places_on_the_lists_again(cast):
    works = [at_host(cast, title=title) for title in "甲乙丙"]
    batch = bulk(cast["office"], "return", works[:2], "请改。")
    assert listed(cast) == "丙"
    actions.undo(cast["office"], batch.pk)
    assert listed(cast) == "甲乙丙"
    assert [row.order for row in Recommendation.objects.all()] == [1, 2, 3]


def test_an_undone_acceptance_leaves_no_number(cast):
    work = at_host(cast)
    batch = bulk(cast["office"], "accept", [work])
    assert Achievement.objects.get(pk=work.pk).number
    actions.undo(cast["office"], batch.pk)
    assert Achievement.objects.get(pk=work.pk).number == ""


def test_what_was_undone_can_be_done_again(cast, works):
    actions.undo(cast["auditor_a"], bulk(cast["auditor_a"], "recommend", works).pk)
    bulk(cast["auditor_a"], "recommend", works, token="t2")
    assert listed(cast) == "甲乙丙"


def test_after_an_undo_it_has_waited_as_long_as_before(cast, works):
    StatusChange.objects.filter(achievement=works[2]).update(at=timezone.now() - timedelta(days=4))
    actions.undo(cast["auditor_a"], bulk(cast["auditor_a"], "recommend", works).pk)
    lines = signed_in(cast["auditor_a"]).get("/audit/").context["lines"]
    assert [(line.work.title, line.waited) for line in lines] == [("丙", 4), ("甲", 0), ("乙", 0)]


def test_a_reason_that_was_taken_back_is_not_held_against_the_unit(cast, works):
    actions.undo(cast["auditor_a"], bulk(cast["auditor_a"], "return", works, "请改。").pk)
    page = signed_in(cast["auditor_a"]).get(reverse("submissions:audit", args=[works[0].pk]))
    assert page.context["remark"] is None
    assert "撤销“退回修改”" in text_of(page)


def test_what_moved_on_is_not_taken_back_and_says_why(cast, works):
    batch = bulk(cast["auditor_a"], "return", works, "请改。")
    moves.submit(cast["unit_a"], works[0].pk)
    drafting.save_fields(cast["unit_a"], works[1].pk, {"innovation": "另写。"}, 99)
    actions.undo(cast["auditor_a"], batch.pk)
    rows = {row.achievement_id: row for row in batch.rows.all()}
    assert "您的操作没有执行" in rows[works[0].pk].undo_refusal
    assert "又有修改或核定" in rows[works[1].pk].undo_refusal
    assert rows[works[2].pk].undone is not None
    assert [place(work)[0] for work in works] == [Status.SUBMITTED, Status.RETURNED, Status.SUBMITTED]
    page = signed_in(cast["auditor_a"]).get(f"{BULK}{batch.pk}/")
    assert "已撤销 1 项" in text_of(page)


def test_a_verified_amount_of_the_next_desk_stops_the_undo(cast, works):
    batch = bulk(cast["auditor_a"], "recommend", works[:1])
    moves.verify_benefit(cast["office"], works[0].pk, works[0].benefit_wan, "economic", "")
    actions.undo(cast["auditor_a"], batch.pk)
    assert "“核定效益”了该成果" in batch.rows.get().undo_refusal


@pytest.mark.parametrize(("seconds", "done"), [(-1, True), (0, True), (1, False)])
def test_only_for_ten_minutes(cast, works, monkeypatch, seconds, done):
    batch = bulk(cast["auditor_a"], "decline", works, "重复。")
    at_instant(monkeypatch, batch.at + timedelta(minutes=10, seconds=seconds))
    page = signed_in(cast["auditor_a"]).get("/audit/")
    assert ("撤销上一次批量操作" in text_of(page)) is done
    if done:
        actions.undo(cast["auditor_a"], batch.pk)
    else:
        with pytest.raises(Refusal, match="只能在 10 分钟内撤销"):
            actions.undo(cast["auditor_a"], batch.pk)


def test_a_recommendation_is_not_taken_back_after_the_closing(cast, works, monkeypatch):
    closes = cast.contest.phases.get(kind="submit").closes_at
    at_instant(monkeypatch, closes - timedelta(minutes=1))
    batch = bulk(cast["auditor_a"], "recommend", works)
    at_instant(monkeypatch, closes + timedelta(minutes=1))
    actions.undo(cast["auditor_a"], batch.pk)
    assert all(row.undo_refusal.startswith("不能撤销：推荐已于") for row in batch.rows.all())
    assert listed(cast) == "甲乙丙"


def test_only_the_last_one_and_only_once(cast, works):
    first = bulk(cast["auditor_a"], "decline", works[:1], "重复。", token="a")
    second = bulk(cast["auditor_a"], "recommend", works[1:], token="b")
    with pytest.raises(Refusal, match="只能撤销最近一次批量操作"):
        actions.undo(cast["auditor_a"], first.pk)
    actions.undo(cast["auditor_a"], second.pk)
    with pytest.raises(Refusal, match="已经撤销过了"):
        actions.undo(cast["auditor_a"], second.pk)
    with pytest.raises(Refusal, match="只能撤销最近一次批量操作"):
        actions.undo(cast["auditor_a"], first.pk)


def test_nobody_takes_back_what_another_did(cast, works):
    batch = bulk(cast["auditor_a"], "recommend", works)
    with pytest.raises(NotAllowed):
        actions.undo(cast["office"], batch.pk)
    for who in ("office", "auditor_b", "unit_a"):
        assert signed_in(cast[who]).post(f"{BULK}{batch.pk}/undo/").status_code == 404
        assert signed_in(cast[who]).get(f"{BULK}{batch.pk}/").status_code == 404


def test_the_buttons_of_the_pages(cast, works):
    client = signed_in(cast["auditor_a"])
    html = client.get("/audit/").content.decode()
    assert html.count('form="bulk" name="work"') == 3
    assert [part.split('"')[0] for part in html.split('name="verb" value="')[1:]] == ["recommend", "return", "decline"]
    batch = bulk(cast["auditor_a"], "recommend", works)
    assert "撤销上一次批量操作" in text_of(client.get("/audit/"))
    page = client.post(f"{BULK}{batch.pk}/undo/", follow=True)
    assert "批量推荐已撤销，各项结果见下。" in text_of(page)
    assert "撤销上一次批量操作" not in text_of(client.get("/audit/"))


def let_pass(cast: Cast) -> Achievement:
    """A funded project that the office let in."""
    work = registered(cast, government_project=True, dedicated_funds=True)
    overruling.overrule(cast["office"], work.pk, "not_funded", "经费为企业自筹。")
    return moves.submit(cast["unit_a"], work.pk)


@pytest.mark.parametrize("verb", ["recommend", "return"])
def test_works_that_the_office_let_pass_cost_no_query_each(cast, verb):
    works = [let_pass(cast) for _ in range(4)]

    def cost(chosen: list[Achievement]) -> int:
        with CaptureQueriesContext(connection) as seen:
            chances = actions.preview(cast["auditor_a"], cast.contest, verb, [work.pk for work in chosen])
        reasons = {chance.reason for chance in chances}
        assert not [reason for reason in reasons if "不得申报" in reason]  # the office's word counts for each
        return len(seen)

    cost(works)  # the contest remembers its dates
    assert cost(works[:1]) == cost(works)


def test_in_a_batch_what_the_office_takes_back_stops_that_work_alone(cast):
    works = [let_pass(cast) for _ in range(2)]
    overruling.revoke(cast["office"], Override.objects.get(achievement=works[0]).pk, "核实后不符。")
    ids = [work.pk for work in works]
    reasons = {one.work.pk: one.reason for one in actions.preview(cast["auditor_a"], cast.contest, "recommend", ids)}
    assert "不得申报" in reasons[works[0].pk]
    assert "不得申报" not in reasons[works[1].pk]


def test_the_number_of_queries_of_the_outcome_does_not_grow(cast, works, django_assert_num_queries):
    client = signed_in(cast["auditor_a"])
    one = bulk(cast["auditor_a"], "recommend", works[:1], token="a")
    two = bulk(cast["auditor_a"], "recommend", works[1:], token="b")
    client.get(f"{BULK}{one.pk}/")  # the session is written once
    for batch in (one, two):
        with django_assert_num_queries(7):
            client.get(f"{BULK}{batch.pk}/")
