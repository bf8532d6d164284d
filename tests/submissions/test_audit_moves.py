"""Every move of the audit queue through its own address: who may, what is asked for, and who was first."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.actions import grant_membership
from accounts.actor import Actor
from accounts.choices import Role
from core import ledger
from core.models import Event
from submissions.actions import cases
from submissions.lifecycle import Status
from submissions.models import Achievement
from tests.cast import Cast, accepted, assemble, at_host, registered, submitted
from tests.submissions.audit_desk import at_instant, move_url, press, signed_in, text_of, verify

pytestmark = pytest.mark.django_db
VERBS = ("recommend", "return", "decline", "accept")


@pytest.fixture
def cast() -> Cast:
    return assemble()


def now_is(work: Achievement) -> tuple[str, str | None]:
    work.refresh_from_db()
    return work.status, work.holder.organization.short_name or work.holder.name if work.holder else None


def test_recommend_lifts_the_work_and_turns_to_the_next(cast):
    first, second = submitted(cast), submitted(cast)
    answer = press(cast["auditor_a"], first, "recommend")
    assert answer.url == reverse("submissions:audit", args=[second.pk])
    assert now_is(first) == (Status.SUBMITTED, cast.contest.host.short_name or cast.contest.host.name)
    page = signed_in(cast["auditor_a"]).get(answer.url)
    assert page.context["chosen"] == second


def test_after_a_move_the_next_page_says_what_was_done(cast):
    first, _ = submitted(cast), submitted(cast)
    client = signed_in(cast["auditor_a"])
    page = client.post(move_url(first, "recommend"), {"seen": first.history.last().pk}, follow=True)
    assert f"“{first}”已推荐。下面是下一项待审核的成果。" in text_of(page)


def test_the_last_one_leaves_an_empty_desk(cast):
    work = submitted(cast)
    client = signed_in(cast["auditor_a"])
    page = client.post(move_url(work, "recommend"), {"seen": work.history.last().pk}, follow=True)
    assert page.redirect_chain == [(reverse("submissions:queue"), 302)]
    assert "待审核的成果已全部办完。" in text_of(page)
    assert page.context["chosen"] is None


def test_return_brings_it_back_to_the_unit_with_the_reason(cast):
    work = submitted(cast)
    assert press(cast["auditor_a"], work, "return", "请补鉴定书。").status_code == 302
    assert now_is(work) == (Status.RETURNED, "东山机械")
    assert work.history.last().note == "请补鉴定书。"


def test_decline_ends_it(cast):
    work = submitted(cast)
    assert press(cast["auditor_a"], work, "decline", "与去年获奖成果重复。").status_code == 302
    assert now_is(work) == (Status.DECLINED, None)


def test_the_office_accepts(cast):
    work = at_host(cast)
    assert press(cast["office"], work, "accept").status_code == 302
    assert now_is(work)[0] == Status.ACCEPTED
    assert ledger.verify() == []


def test_the_office_may_still_decline_what_it_accepted(cast):
    work = accepted(cast)
    assert press(cast["office"], work, "decline", "经核实不属于本单位成果。").status_code == 302
    assert now_is(work) == (Status.DECLINED, None)


@pytest.mark.parametrize("verb", ["return", "decline"])
def test_a_reason_is_asked_for_at_its_field(cast, verb):
    work = submitted(cast)
    answer = press(cast["auditor_a"], work, verb, "   ")
    assert answer.status_code == 400
    assert "的理由，对方会看到。" in text_of(answer)
    assert f'id="id_{verb}_note_error"' in answer.content.decode()
    assert now_is(work) == (Status.SUBMITTED, "东山县")


def test_a_reason_that_is_too_long_is_kept(cast):
    work, note = submitted(cast), "长" * 1001
    answer = press(cast["auditor_a"], work, "return", note)
    assert answer.status_code == 400
    assert note in answer.content.decode()


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("who", ["auditor_b", "auditor_group", "unit_b", "direct2"])
def test_who_cannot_see_it_finds_nothing(cast, who, verb):
    work = submitted(cast)
    assert press(cast[who], work, verb, "理由").status_code == 404
    assert signed_in(cast[who]).get(reverse("submissions:audit", args=[work.pk])).status_code == 404


@pytest.mark.parametrize("verb", ["recommend", "return", "decline"])
@pytest.mark.parametrize("who", ["unit_a", "office"])
def test_who_sees_it_but_has_it_not_on_the_desk_is_refused(cast, who, verb):
    work = submitted(cast)
    assert press(cast[who], work, verb, "理由").status_code == 403
    assert now_is(work) == (Status.SUBMITTED, "东山县")


def test_only_the_office_accepts_and_only_what_has_come_up(cast):
    work = submitted(cast)
    assert press(cast["auditor_a"], work, "accept").status_code == 403
    answer = press(cast["office"], work, "accept")
    assert answer.status_code == 400
    assert "该成果还未送到主办单位，不能受理。" in text_of(answer)


@pytest.mark.parametrize("who", ["expert1", "supervisor"])
def test_experts_and_the_supervisor_have_no_queue(cast, who):
    work = submitted(cast)
    assert signed_in(cast[who]).get(reverse("submissions:queue")).status_code == 403
    assert press(cast[who], work, "recommend").status_code == 403


def test_what_lies_at_the_host_is_no_longer_the_countys(cast):
    work = at_host(cast)
    for verb in ("recommend", "return", "decline"):
        assert press(cast["auditor_a"], work, verb, "理由").status_code == 403


def test_signed_out_goes_to_the_sign_in(cast, client):
    work = submitted(cast)
    assert client.get(reverse("submissions:queue")).url.startswith("/accounts/login/")
    assert client.post(move_url(work, "recommend")).url.startswith("/accounts/login/")


@pytest.mark.parametrize("verb", ["freeze", "withdraw", "submit", "reopen", "nonsense"])
def test_the_queue_knows_only_its_own_moves(cast, verb):
    assert press(cast["auditor_a"], submitted(cast), verb, "理由").status_code == 404


def test_a_move_is_never_made_by_a_link(cast):
    work = submitted(cast)
    assert signed_in(cast["auditor_a"]).get(move_url(work, "recommend")).status_code == 405


def test_of_two_who_press_at_once_the_second_is_told(cast):
    work = submitted(cast)
    seen = str(work.history.last().pk)
    assert press(cast["auditor_a"], work, "recommend", seen=seen).status_code == 302
    before = Event.objects.count()
    answer = press(cast["auditor_a"], work, "return", "请写明金额出处。", seen=seen)
    assert answer.status_code == 409
    words = text_of(answer)
    assert "“审核推荐”了该成果，现为“待审核”；您的操作没有执行" in words
    assert "请写明金额出处。" in words
    assert Event.objects.count() == before


def test_a_page_without_its_token_is_not_believed(cast):
    work = submitted(cast)
    assert press(cast["auditor_a"], work, "recommend", seen="").status_code == 409
    assert now_is(work)[1] == "东山县"


def closing(cast: Cast):
    return cast.contest.phases.get(kind="submit").closes_at


@pytest.mark.parametrize(("late", "status"), [(-1, 302), (0, 302), (1, 400)])
@pytest.mark.parametrize("verb", ["recommend", "return"])
def test_the_named_second_still_belongs_to_the_recommender(cast, monkeypatch, verb, late, status):
    work = submitted(cast)
    at_instant(monkeypatch, closing(cast) + timedelta(seconds=late))
    answer = press(cast["auditor_a"], work, verb, "理由")
    assert answer.status_code == status
    if status == 400:
        assert "截止；" in text_of(answer)
        assert now_is(work) == (Status.SUBMITTED, "东山县")


def test_after_the_closing_the_page_offers_no_move_and_says_why(cast, monkeypatch):
    work = submitted(cast)
    at_instant(monkeypatch, closing(cast) + timedelta(seconds=1))
    page = signed_in(cast["auditor_a"]).get(reverse("submissions:audit", args=[work.pk]))
    assert move_url(work, "recommend") not in page.content.decode()
    assert "推荐已于" in text_of(page)
    assert "已截止" in text_of(page)


def test_a_direct_units_own_work_needs_a_second_person(cast):
    work = submitted(cast, "direct")
    assert now_is(work) == (Status.SUBMITTED, "市三院")
    assert press(cast["direct"], work, "recommend").status_code == 403
    assert press(cast["direct2"], work, "recommend").status_code == 302
    assert now_is(work)[1] == cast.contest.host.short_name or cast.contest.host.name


def test_who_handed_it_in_does_not_recommend_it_under_another_hat(cast):
    work, person = submitted(cast, "direct"), cast["direct"].user
    hat = Actor(person, grant_membership(None, person, cast.organizations["direct"], Role.AUDITOR))
    page = signed_in(hat).get(reverse("submissions:audit", args=[work.pk]))
    assert move_url(work, "recommend") not in page.content.decode()
    assert "须由本单位另一人办理" in text_of(page)
    assert press(hat, work, "recommend").status_code == 403


def test_a_unit_recommends_its_teams_work(cast):
    work = submitted(cast, "team")
    assert now_is(work)[1] == "太行二矿"
    assert press(cast["mine"], work, "recommend").status_code == 302
    assert now_is(work)[1] == "太行煤业"


def test_who_is_banned_is_no_units_business(cast):
    """A unit decides on its team's work; the register of bans is the auditors'."""
    work, past = submitted(cast, "team"), submitted(cast, "team")
    case = cases.open_case(cast["office"], past.pk, "theft", "与他人已获奖的成果相同。")
    ruling = cases.propose(cast["office"], case.pk, upheld=True, reason="查实。", barred=["leader"])
    cases.answer(cast["office2"], ruling.pk, agree=True)
    pages = [
        signed_in(cast["mine"]).get(reverse("submissions:audit", args=[work.pk])),
        press(cast["mine"], work, "recommend"),
    ]
    url = reverse("submissions:bulk") + f"?verb=recommend&work={work.pk}&contest={cast.contest.pk}"
    pages.append(signed_in(cast["mine"]).get(url))
    for page in pages:
        assert "有需要核实的情况" in text_of(page)
        assert "禁止申报" not in text_of(page)


def test_the_verified_amount_is_kept(cast):
    work = submitted(cast)
    answer = verify(cast["auditor_a"], work, benefit_path="economic", verified_wan="82.60", verify_remark="扣除折旧。")
    assert answer.url == reverse("submissions:audit", args=[work.pk])
    work.refresh_from_db()
    assert (str(work.verified_wan), work.verify_remark) == ("82.60", "扣除折旧。")


@pytest.mark.parametrize(("fields", "sentence"), [
    ({"benefit_path": "economic", "verified_wan": "82.60"}, "核定金额与申报不一致，请写明理由。"),
    ({"benefit_path": "economic", "verified_wan": "0"}, "核定金额须大于 0"),
    ({"benefit_path": "economic", "verified_wan": ""}, "核定金额须大于 0"),
    ({"benefit_path": "economic", "verified_wan": "八十"}, "请填写数字，如 86.40"),
    ({"benefit_path": "economic", "verified_wan": "1.234"}, "最多两位小数"),
])  # fmt: skip
def test_an_amount_that_cannot_stand_is_said_at_its_field_and_kept(cast, fields, sentence):
    work = submitted(cast)
    answer = verify(cast["auditor_a"], work, **fields)
    assert answer.status_code == 400
    assert sentence in text_of(answer)
    assert f'value="{fields["verified_wan"]}"' in answer.content.decode() or not fields["verified_wan"]
    work.refresh_from_db()
    assert work.verified_wan is None


def test_the_path_that_counts_is_corrected(cast):
    work = submitted(cast)
    verify(cast["auditor_a"], work, benefit_path="social", verified_wan="", verify_remark="金额无从核实。")
    work.refresh_from_db()
    assert (work.benefit_path, work.verified_wan) == ("social", None)


def test_who_has_it_not_on_the_desk_verifies_nothing(cast):
    work, fields = at_host(cast), {"benefit_path": "economic", "verified_wan": "126.50"}
    assert verify(cast["auditor_a"], work, **fields).status_code == 403
    assert verify(cast["auditor_b"], work, **fields).status_code == 404
    assert verify(cast["office"], work, **fields).status_code == 302


def test_an_amount_verified_on_an_old_page_is_not_written(cast):
    work = submitted(cast)
    seen = str(work.history.last().pk)
    press(cast["auditor_a"], work, "return", "请改金额。", seen=seen)
    answer = verify(cast["auditor_a"], work, seen=seen, benefit_path="economic", verified_wan="126.50")
    assert answer.status_code == 409
    work.refresh_from_db()
    assert work.verified_wan is None


def test_an_economic_work_without_a_verified_amount_is_not_accepted(cast):
    work = submitted(cast)
    press(cast["auditor_a"], work, "recommend")
    answer = press(cast["office"], work, "accept")
    assert answer.status_code == 400
    assert "受理前请先核定年经济效益" in text_of(answer)
    verify(cast["office"], work, benefit_path="economic", verified_wan="126.50")
    assert press(cast["office"], work, "accept").status_code == 302


def test_what_is_only_in_the_pool_has_no_moves(cast):
    work = registered(cast)
    page = signed_in(cast["auditor_a"]).get(reverse("submissions:audit", args=[work.pk]))
    assert page.status_code == 200
    assert page.context["asks"] == []
