"""延期: granted for units, lists or both, listed with the reason, withdrawn; the desks hold to it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from contests import calendar
from contests.actions.extending import extend, withdraw_extension
from contests.models import Extension
from core.errors import NotAllowed, Refusal
from core.models import Event
from submissions.actions import moves
from submissions.views import desk
from tests.cast import Cast, assemble, registered, submitted
from tests.submissions.audit_desk import signed_in, text_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LISTED = "/extensions/"


@pytest.fixture
def cast() -> Cast:
    return assemble()


def closing(cast: Cast):
    return cast.contest.phases.get(kind="submit").closes_at


def test_a_countys_units_have_more_time_when_it_is_granted_for_them(cast):
    mine, other, until = registered(cast), registered(cast, "unit_b"), closing(cast) + DAY
    extend(cast["office"], cast.enrolments["county_a"], until, "洪水。", "unit")
    with pytest.raises(Refusal, match="截止"):
        moves.submit(cast["unit_b"], other.pk, now=until)
    moves.submit(cast["unit_a"], mine.pk, now=until)
    moves.recommend(cast["auditor_a"], mine.pk, now=until)


def test_a_list_has_more_time_for_itself_alone_and_both_is_both(cast):
    until = closing(cast) + DAY
    lies, fresh = submitted(cast), registered(cast)
    extend(cast["office"], cast.enrolments["county_a"], until, "审核量大。", "recommender")
    moves.recommend(cast["auditor_a"], lies.pk, now=until)
    with pytest.raises(Refusal, match="截止"):
        moves.submit(cast["unit_a"], fresh.pk, now=until)
    extend(cast["office"], cast.enrolments["county_a"], until, "停电。", "both")
    moves.submit(cast["unit_a"], fresh.pk, now=until)


def test_while_the_list_has_more_time_a_returned_work_comes_back(cast):
    work, until = submitted(cast), closing(cast) + DAY
    moves.return_for_changes(cast["auditor_a"], work.pk, "请补材料。")
    with pytest.raises(Refusal, match="截止"):
        moves.submit(cast["unit_a"], work.pk, now=until)
    extend(cast["office"], cast.enrolments["county_a"], until, "审核量大。", "recommender")
    work.refresh_from_db()
    assert desk.closing(work) == ("重新提交截止", until)
    moves.submit(cast["unit_a"], work.pk, now=until)


def test_withdrawn_it_gives_no_more_time_and_says_why(cast):
    work, until = registered(cast), closing(cast) + DAY
    given = extend(cast["office"], cast.enrolments["unit_a"], until, "停电。")
    with pytest.raises(Refusal, match="请写明撤销的理由"):
        withdraw_extension(cast["office"], given.pk, " ")
    for who in ("supervisor", "auditor_a", "unit_a"):
        with pytest.raises(NotAllowed):
            withdraw_extension(cast[who], given.pk, "不再需要。")
    withdraw_extension(cast["office"], given.pk, "已恢复供电。")
    with pytest.raises(Refusal, match="已经撤销"):
        withdraw_extension(cast["office2"], given.pk, "再撤。")
    with pytest.raises(Refusal, match="截止"):
        moves.submit(cast["unit_a"], work.pk, now=until)
    assert [e.verb for e in Event.objects.filter(subject=f"enrolment:{cast.enrolments['unit_a'].pk}")][-2:] == [
        "extend",
        "withdraw_extension",
    ]


def test_a_refused_withdrawal_keeps_its_reason_on_the_page(cast):
    given = extend(cast["office"], cast.enrolments["unit_a"], closing(cast) + DAY, "停电。")
    url = reverse("contests:extension_withdraw", args=[given.pk])
    long = "已恢复供电。" * 60
    answer = signed_in(cast["office"]).post(url, {"reason": long})
    assert answer.status_code == 400
    assert answer.content.decode().count(long) == 2
    assert "没有撤销" in text_of(answer)


def test_the_past_and_an_unknown_word_are_refused(cast):
    unit = cast.enrolments["unit_a"]
    with pytest.raises(Refusal, match="已经过去"):
        extend(cast["office"], unit, timezone.now(), "停电。")
    with pytest.raises(Refusal, match="请选择延期适用于"):
        extend(cast["office"], unit, closing(cast) + DAY, "停电。", "all")
    with pytest.raises(Refusal, match="不超过 300 字"):
        extend(cast["office"], unit, closing(cast) + DAY, "停" * 301)


def form(cast: Cast, **changes: object) -> dict[str, object]:
    day = (closing(cast) + DAY).astimezone(calendar.ZONE).date().isoformat()
    given = {"contest": cast.contest.pk, "enrolment": cast.enrolments["unit_a"].pk, "covers": "unit"}
    return given | {"until_day": day, "until_time": "", "reason": "停电两日。"} | changes


def test_the_office_grants_on_the_page_and_everybody_reads_it(cast):
    answer = signed_in(cast["office"]).post(LISTED, form(cast), follow=True)
    assert "已批准东山机械厂工会延期至" in text_of(answer)
    given = Extension.objects.get()
    assert given.until.astimezone(calendar.ZONE).strftime("%H:%M:%S") == "23:59:59"
    for who in ("unit_b", "auditor_b", "supervisor", "unit_a"):
        page = signed_in(cast[who]).get(LISTED)
        assert "停电两日。" in text_of(page)
        assert "批准延期" not in text_of(page).replace("已批准的延期", "")
    assert signed_in(cast["unit_a"]).post(LISTED, form(cast)).status_code == 403
    gone = signed_in(cast["office"]).post(f"/extensions/{given.pk}/withdraw/", {"reason": "已恢复供电。"}, follow=True)
    assert "撤销：已恢复供电。" in text_of(gone)


def test_a_minute_may_be_named_and_a_wrong_form_keeps_what_was_typed(cast):
    signed_in(cast["office"]).post(LISTED, form(cast, until_time="17:00"))
    assert Extension.objects.get().until.astimezone(calendar.ZONE).strftime("%H:%M:%S") == "17:00:00"
    for wrong, words in (
        ({"until_day": ""}, "请填写延至哪一天"),
        ({"enrolment": ""}, "请选择单位"),
        ({"until_day": "2020-01-01"}, "已经过去"),
        ({"reason": ""}, "请写明延期的理由"),
    ):
        answer = signed_in(cast["office"]).post(LISTED, form(cast, **({"reason": "下大雨。"} | wrong)))
        assert answer.status_code == 400
        assert words in text_of(answer)
        assert "reason" in wrong or "下大雨。" in answer.content.decode()
    assert Extension.objects.count() == 1


def test_the_editor_tells_the_unit(cast):
    work = registered(cast)
    extend(cast["office"], cast.enrolments["unit_a"], closing(cast) + DAY, "停电两日。")
    page = signed_in(cast["unit_a"]).get(reverse("submissions:edit", args=[work.pk]))
    assert "停电两日。" in text_of(page)
    assert page.context["closes_at"] == closing(cast) + DAY
