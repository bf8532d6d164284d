"""报送: the list frozen in its order with its report, numbered, taken back, completed; the host waits for it."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from contests.actions.extending import extend
from core import ledger
from core.errors import Conflict, NotAllowed, Refusal
from core.models import Event
from submissions.actions import moves, undoing
from submissions.actions import sending as actions
from submissions.actions.ordering import reorder_recommendation
from submissions.models import Dispatch, StatusChange
from submissions.queries import sending
from submissions.rules.sending import digest
from submissions.views import queue
from tests.cast import Cast, assemble, at_host, submitted
from tests.submissions.audit_desk import press, signed_in, text_of
from tests.submissions.sending import PDF, pdf, report, send, token

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    made = assemble()
    made.contest.settings_data |= {"require_dispatch": True}
    made.contest.save()
    return made


def page(cast: Cast, who: str = "auditor_a"):
    return signed_in(cast[who]).get(reverse("submissions:sending"))


# --- the act ---------------------------------------------------------------------------------------------


def test_the_list_is_frozen_in_its_order_with_its_report(cast):
    first, second = at_host(cast, title="甲"), at_host(cast, title="乙")
    reorder_recommendation(cast["auditor_a"], second.pk, 1)
    report(cast)
    made = send(cast, remark="共两项。")
    entries = [(entry.order, entry.achievement_id) for entry in made.entries.all()]
    assert entries == [(1, second.pk), (2, first.pk)]
    hashes = {work.pk: work.versions.get().content_hash for work in (first, second)}
    expected = [(order, pk, hashes[pk]) for order, pk in entries]
    assert made.digest == digest(expected, made.report.file.sha256)
    reorder_recommendation(cast["auditor_a"], first.pk, 1)
    assert [(entry.order, entry.achievement_id) for entry in made.entries.all()] == entries
    event = Event.objects.filter(verb="dispatch").get()
    assert event.subject == f"enrolment:{cast.enrolments['county_a'].pk}"
    assert made.digest in event.payload
    assert ledger.verify() == []


def test_without_the_report_that_the_notice_asks_for_nothing_goes(cast):
    at_host(cast)
    with pytest.raises(Refusal, match="请先上传总结报告"):
        send(cast)
    cast.contest.settings_data |= {"dispatch_report": "experience"}
    cast.contest.save()
    with pytest.raises(Refusal, match="请先上传优秀经验做法"):
        send(cast)
    cast.contest.settings_data |= {"dispatch_report": "none"}
    cast.contest.save()
    assert send(cast).report is None


def test_who_recommended_nothing_sends_the_report_alone(cast):
    with pytest.raises(Refusal):
        send(cast)
    report(cast)
    assert send(cast).entries.count() == 0


def test_a_page_that_has_not_seen_the_last_work_sends_nothing(cast):
    at_host(cast)
    report(cast)
    seen = token(cast)
    at_host(cast)
    with pytest.raises(Conflict, match="刚刚有了变化"):
        actions.send(cast["auditor_a"], cast.contest, seen=seen)
    assert not Dispatch.objects.exists()


def test_pressing_twice_sends_once(cast):
    at_host(cast)
    report(cast)
    client = signed_in(cast["auditor_a"])
    data = {"seen": page(cast).context["token"], "contest": cast.contest.pk}
    assert client.post(reverse("submissions:send"), data).status_code == 302
    again = client.post(reverse("submissions:send"), data)
    assert again.status_code == 409
    assert Dispatch.objects.count() == 1
    with pytest.raises(Refusal, match="与第 1 次报送相同"):
        send(cast)


def test_each_further_one_is_the_whole_list_with_the_next_number(cast):
    first = at_host(cast)
    report(cast)
    send(cast)
    second = at_host(cast)
    made = send(cast, remark="补充一项。")
    assert made.number == 2
    assert [entry.achievement_id for entry in made.entries.all()] == [first.pk, second.pk]
    assert made.report == Dispatch.objects.get(number=1).report


def test_only_an_auditor_next_to_the_host_sends(cast):
    for who in ("unit_a", "mine", "direct", "office", "supervisor"):
        with pytest.raises(NotAllowed):
            actions.keep_report(cast[who], cast.contest, pdf())
    report(cast, "direct2")
    assert send(cast, "direct2").enrolment == cast.enrolments["direct"]


def test_where_the_contest_asks_for_it_who_recommended_does_not_send(cast):
    cast.contest.settings_data |= {"dispatch_second_person": True}
    cast.contest.save()
    at_host(cast)
    report(cast)
    with pytest.raises(Refusal, match="由另一人核对后报送"):
        send(cast)


def test_the_report_is_a_pdf_or_a_word_file(cast):
    with pytest.raises(Refusal, match="只接受"):
        actions.keep_report(cast["auditor_a"], cast.contest, SimpleUploadedFile("总结.pdf", b"MZ\x90\x00"))


# --- until the closing -----------------------------------------------------------------------------------


def closing(cast: Cast):
    return cast.contest.phases.get(kind="submit").closes_at


def test_the_last_second_is_open_and_the_next_is_not(cast):
    at_host(cast)
    report(cast)
    with pytest.raises(Refusal, match="现在不能报送：推荐已于"):
        send(cast, now=closing(cast) + timedelta(seconds=1))
    assert send(cast, now=closing(cast)).number == 1


def test_a_unit_with_more_time_keeps_the_list_open(cast):

    at_host(cast)
    report(cast)
    extend(cast["office"], cast.enrolments["unit_a"], closing(cast) + timedelta(days=1), "洪水停电。")
    assert send(cast, now=closing(cast) + timedelta(hours=3)).number == 1
    report(cast, "auditor_b")
    with pytest.raises(Refusal):
        send(cast, "auditor_b", now=closing(cast) + timedelta(hours=3))


def test_taken_back_with_a_reason_it_counts_no_more(cast):
    work = at_host(cast)
    report(cast)
    made = send(cast)
    with pytest.raises(Refusal, match="请写明撤回的理由"):
        actions.take_back(cast["auditor_a"], made.pk, "  ")
    with pytest.raises(NotAllowed):
        actions.take_back(cast["auditor_b"], made.pk, "错。")
    actions.take_back(cast["auditor_a"], made.pk, "名单顺序有误。")
    assert sending.standing(cast.enrolments["county_a"]) is None
    assert not sending.is_sent(work)
    assert send(cast).number == 2
    with pytest.raises(Refusal, match="只能撤回最近一次"):
        actions.take_back(cast["auditor_a"], made.pk, "再撤一次。")


def test_what_the_host_accepted_is_not_taken_back(cast):
    work = at_host(cast)
    report(cast)
    made = send(cast)
    moves.accept(cast["office"], work.pk)
    with pytest.raises(Refusal, match="其中 1 项主办单位已受理"):
        actions.take_back(cast["auditor_a"], made.pk, "名单顺序有误。")


def test_a_recommendation_that_was_sent_is_not_undone(cast):
    work = at_host(cast)
    report(cast)
    send(cast)
    change = StatusChange.objects.filter(achievement=work, verb="recommend").get()
    work.refresh_from_db()
    with pytest.raises(Refusal, match="先在“报送”页撤回报送"):
        undoing.take_back(cast["auditor_a"], change, work.updated_at, [], timezone.now())


# --- the host --------------------------------------------------------------------------------------------


def test_the_host_accepts_what_was_sent(cast):
    work = at_host(cast)
    with pytest.raises(Refusal, match="东山县总工会还没有报送这项成果"):
        moves.accept(cast["office"], work.pk)
    answer = press(cast["office"], work, "accept")
    assert answer.status_code == 400
    assert "未报送" in text_of(answer)
    report(cast)
    send(cast)
    assert "未报送" not in text_of(signed_in(cast["office"]).get(reverse("submissions:audit", args=[work.pk])))
    assert moves.accept(cast["office"], work.pk).status == "accepted"


def test_a_work_that_came_back_changed_has_to_be_sent_again(cast):
    work = at_host(cast)
    report(cast)
    send(cast)
    moves.return_for_changes(cast["office"], work.pk, "请改。")
    moves.submit(cast["unit_a"], work.pk)
    moves.verify_benefit(cast["auditor_a"], work.pk, work.benefit_wan, "economic", "")
    moves.recommend(cast["auditor_a"], work.pk)
    with pytest.raises(Refusal, match="还没有报送"):
        moves.accept(cast["office"], work.pk)
    assert send(cast).number == 2
    moves.accept(cast["office"], work.pk)


def test_what_the_host_reopened_waits_for_no_list(cast):
    work = submitted(cast, benefit_path="social", social_benefit="减少粉尘。")
    moves.decline(cast["auditor_a"], work.pk, "重复。")
    moves.reopen(cast["office"], work.pk, "核实后不重复。")
    assert moves.accept(cast["office"], work.pk).status == "accepted"


def test_the_accepted_works_stand_on_the_paper_as_they_were_sent(cast):
    from documents.queries import listed

    first, second = at_host(cast, title="甲"), at_host(cast, title="乙")
    report(cast)
    send(cast)
    reorder_recommendation(cast["auditor_a"], second.pk, 1)
    for work in (first, second):
        moves.accept(cast["office"], work.pk)
    assert listed(cast["office"], cast.enrolments["host"]) == [first.pk, second.pk]
    send(cast)
    assert listed(cast["office"], cast.enrolments["host"]) == [second.pk, first.pk]


# --- the pages -------------------------------------------------------------------------------------------


def test_the_page_says_what_will_be_sent_and_what_is_missing(cast):
    at_host(cast, title="甲")
    submitted(cast, title="乙")
    said = text_of(page(cast))
    for words in ("推荐名单 1 项", "本次送出 1 项", "缺总结报告", "1 项还在审核或退回中", "报送 1 项"):
        assert words in said
    client = signed_in(cast["auditor_a"])
    kept = client.post(
        reverse("submissions:sending_report"),
        {"contest": cast.contest.pk, "report": pdf("2026年总结.pdf")},
        follow=True,
    )
    assert "2026年总结.pdf" in text_of(kept)
    data = {"seen": page(cast).context["token"], "contest": cast.contest.pk, "remark": "请查收。"}
    receipt = client.post(reverse("submissions:send"), data, follow=True)
    for words in ("报送回执", "第 1 次报送", "甲", "请查收。", Dispatch.objects.get().digest):
        assert words in text_of(receipt)


def test_a_refused_sending_keeps_what_was_typed(cast):
    at_host(cast)
    data = {"seen": page(cast).context["token"], "contest": cast.contest.pk, "remark": "请查收。"}
    answer = signed_in(cast["auditor_a"]).post(reverse("submissions:send"), data)
    assert answer.status_code == 400
    assert "请查收。" in text_of(answer)
    assert "请先上传总结报告" in text_of(answer)


def test_the_office_sees_who_owes_and_takes_the_report(cast):
    at_host(cast)
    at_host(cast, "unit_b", "auditor_b")
    report(cast)
    send(cast)
    at_host(cast)
    seen = signed_in(cast["office"]).get(reverse("submissions:sending"))
    states = {row.enrolment.name: (row.state[0], row.listed, row.unsent) for row in seen.context["rows"]}
    assert states == {
        "东山县总工会": ("有新增未报送", 2, 1),
        "西河县总工会": ("未报送", 1, 1),
        "太行煤业集团工会": ("尚无推荐", 0, 0),
        "市第三人民医院工会": ("尚无推荐", 0, 0),
    }
    owing = signed_in(cast["supervisor"]).get(reverse("submissions:sending"), {"only": "owing"})
    assert len(owing.context["rows"]) == 2
    got = signed_in(cast["office"]).get(reverse("submissions:report", args=[Dispatch.objects.get().report_id]))
    assert b"".join(got.streaming_content) == PDF


def test_after_the_closing_who_recommended_and_did_not_send_is_overdue(cast, monkeypatch):
    at_host(cast)
    late = closing(cast) + timedelta(days=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: late)
    rows = signed_in(cast["office"]).get(reverse("submissions:sending")).context["rows"]
    assert rows[0].state == ("逾期未报送", "bad")


def test_a_report_that_was_not_sent_is_nobody_elses(cast):
    report(cast)
    kept = cast.enrolments["county_a"].sending_reports.get()
    url = reverse("submissions:report", args=[kept.pk])
    assert signed_in(cast["auditor_a"]).get(url).status_code == 200
    for who in ("office", "auditor_b", "unit_a"):
        assert signed_in(cast[who]).get(url).status_code == 404


def test_the_whole_list_is_ordered_on_one_page(cast, monkeypatch):
    """However many a page of the queue holds."""
    monkeypatch.setattr(queue, "PER_PAGE", 3)
    works = [at_host(cast, title=f"第{n}项") for n in range(1, 6)]
    seen = page(cast)
    assert len(seen.context["lines"]) == 5
    data = {"achievement": works[4].pk, "position": 3, "seen": seen.context["order_seen"], "back": "sending"}
    answer = signed_in(cast["auditor_a"]).post(reverse("submissions:audit_order"), data, follow=True)
    assert "“第5项”现在排第 3 位" in text_of(answer)
    assert [line.work.title for line in answer.context["lines"]][:4] == ["第1项", "第2项", "第5项", "第3项"]
    wrong = {**data, "position": "一"}
    answer = signed_in(cast["auditor_a"]).post(reverse("submissions:audit_order"), wrong, follow=True)
    assert "请填写整数" in text_of(answer)


def test_home_reminds_the_recommender(cast):
    at_host(cast)
    assert "报送推荐名单" in text_of(signed_in(cast["auditor_a"]).get("/"))
    report(cast)
    send(cast)
    assert "报送推荐名单" not in text_of(signed_in(cast["auditor_a"]).get("/"))
