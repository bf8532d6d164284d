"""The committee's decisions: reason, votes, a second person; quotas and ties at the cut; the lock and the way back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from contests.models import AwardTier
from core import ledger
from core.errors import NotAllowed, Refusal
from core.models import Event
from scoring.actions import committee, results
from scoring.actions.committee import Votes
from scoring.models import Approval, Award, Entry, Result, Round
from scoring.queries import awarding, board, whatif
from submissions.models import WonAward
from tests.cast import Cast, accepted, scene
from tests.results.jury import client_of, hand_in, judging

TOTALS = {"A0001": 100, "A0002": 96, "A0003": 96, "A0004": 88}
ALL = Votes(5, 1, 1)


@pytest.fixture(scope="module")
def season(troupe: Cast) -> Iterator[Cast]:
    """Four works with 100, 96, 96 and 88 points, closed."""
    with scene():
        for _ in TOTALS:
            accepted(troupe)
        judging.to_review(troupe)
        round_ = judging.opened(troupe, k=4)
        for name in judging.EXPERTS:
            hand_in(troupe, name, round_, TOTALS)
        results.close_round(troupe["office"], round_.pk)
        yield troupe


@pytest.fixture
def round_(season: Cast, cast: Cast) -> Round:
    return Round.objects.get()


def tier(code: str) -> AwardTier:
    return AwardTier.objects.get(code=code)


def entry(code: str) -> Entry:
    return Entry.objects.get(code=code)


def propose(cast: Cast, code: str, tier_code: str | None, votes: Votes = ALL, reason: str = "填补空白。") -> Approval:
    wanted = tier(tier_code).pk if tier_code else None
    return committee.propose(cast["office"], entry(code).pk, wanted, reason, votes)


def approved(cast: Cast, code: str, tier_code: str | None) -> Approval:
    return committee.approve(cast["office2"], propose(cast, code, tier_code).pk)


def tiers(round_: Round) -> dict[str, str]:
    codes = dict(Entry.objects.values_list("pk", "code"))
    return {codes[pk]: name for pk, name in awarding.standing(round_).tiers.items()}


def counts(round_: Round) -> dict[str, int]:
    return {line.tier.code: line.count for line in board.tiers(round_)}


# --- proposals and the second person ---------------------------------------------------------------------


def test_nothing_stands_before_the_second_person(cast: Cast, round_: Round) -> None:
    approval = propose(cast, "A0001", "special")
    assert (approval.kind, approval.state, approval.computed) == ("special", "proposed", "一等奖")
    assert not Award.objects.exists()
    assert counts(round_)["first"] == 3
    committee.approve(cast["office2"], approval.pk)
    assert Award.objects.get().approval == approval
    assert counts(round_) == {"special": 1, "first": 2, "second": 0, "third": 1, "merit": 0}
    assert tiers(round_)["A0001"] == "特等奖"
    assert ledger.verify() == []


def test_nobody_approves_her_own_proposal(cast: Cast, round_: Round) -> None:
    approval = propose(cast, "A0001", "special")
    with pytest.raises(Refusal, match="不能核准自己的提议"):
        committee.approve(cast["office"], approval.pk)
    with pytest.raises(IntegrityError, match="approval_by_another_person"), transaction.atomic():
        Approval.objects.filter(pk=approval.pk).update(
            state="approved", decided_by=approval.proposed_by_id, decided_at=approval.proposed_at
        )


@pytest.mark.parametrize("who", ["supervisor", "auditor_a", "expert1", "unit_a"])
def test_only_the_office_decides(cast: Cast, round_: Round, who: str) -> None:
    approval = propose(cast, "A0001", "special")
    for act in (
        lambda: committee.propose(cast[who], entry("A0004").pk, tier("merit").pk, "理由", ALL),
        lambda: committee.approve(cast[who], approval.pk),
        lambda: committee.reject(cast[who], approval.pk, "理由"),
        lambda: results.reopen_round(cast[who], round_.pk, "理由"),
    ):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize(
    ("code", "tier_code", "votes", "reason", "sentence"),
    [
        ("A0001", "special", Votes(4, 2, 1), "填补空白。", "三分之二"),
        ("A0004", "second", Votes(3, 3, 0), "材料补正。", "一半"),
        ("A0004", "second", Votes(0, 0, 0), "材料补正。", "至少 1 票"),
        ("A0004", "second", Votes(3, -1, 0), "材料补正。", "至少 1 票"),
        ("A0004", "second", ALL, "  ", "理由"),
        ("A0004", "third", ALL, "材料补正。", "与计算得出的等次一致"),
        ("A0004", "special", ALL, "填补空白。", "最高等次"),
    ],
)
def test_what_cannot_be_proposed(cast, round_, code, tier_code, votes, reason, sentence) -> None:
    with pytest.raises(Refusal, match=sentence):
        propose(cast, code, tier_code, votes, reason)
    assert not Approval.objects.exists()


def test_special_prizes_are_bounded_with_those_that_wait(cast: Cast, round_: Round) -> None:
    AwardTier.objects.filter(code="special").update(at_most=1)
    propose(cast, "A0001", "special")
    with pytest.raises(Refusal, match="最多评定 1 项"):
        propose(cast, "A0002", "special")


def test_one_matter_at_a_time_for_a_work(cast: Cast, round_: Round) -> None:
    propose(cast, "A0001", "special")
    with pytest.raises(Refusal, match="已有评定或提议"):
        propose(cast, "A0001", "second")
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(
            contest=round_.contest,
            entry=entry("A0001"),
            kind="tier",
            reason="x",
            votes_for=1,
            proposed_by=cast["office"].user,
        )


def stands_in_what_if(round_: Round) -> bool:
    """The what-if page counts its "before" as the ranking page does."""
    own = whatif.own_scenario(round_)
    before = {line.tier.code: line.before for line in whatif.compare(round_, own, own).lines}
    return before == {line.tier.code: line.count for line in board.tiers(round_)}


def test_a_work_may_be_denied_its_award(cast: Cast, round_: Round) -> None:
    approved(cast, "A0002", None)
    approved(cast, "A0004", "second")
    assert stands_in_what_if(round_)
    assert not Award.objects.filter(entry=entry("A0002")).exists()
    assert counts(round_)["first"] == 2
    assert results.confirm_awards(cast["office"], round_.pk) == 3
    assert entry("A0002").pk not in Award.objects.values_list("entry", flat=True)


def test_a_proposal_is_rejected_or_taken_back_with_a_reason(cast: Cast, round_: Round) -> None:
    approval = propose(cast, "A0001", "special")
    with pytest.raises(Refusal, match="理由"):
        committee.reject(cast["office2"], approval.pk, " ")
    assert committee.reject(cast["office2"], approval.pk, "票数待核。").state == "rejected"
    assert committee.reject(cast["office"], propose(cast, "A0001", "special").pk, "再议。").state == "withdrawn"
    with pytest.raises(Refusal, match="当前为“未核准”"):
        committee.approve(cast["office2"], approval.pk)


def test_a_revoked_decision_leaves_the_computed_tier(cast: Cast, round_: Round) -> None:
    approval = approved(cast, "A0001", "special")
    committee.revoke(cast["office"], approval.pk, "复核未通过。")
    assert not Award.objects.exists()
    assert tiers(round_)["A0001"] == "一等奖"
    assert approved(cast, "A0001", "special").state == "approved"


def test_the_ledger_holds_the_decision_and_no_words(cast: Cast, round_: Round) -> None:
    approved(cast, "A0001", "special")
    events = list(Event.objects.filter(verb__in=["propose_award", "approve_award"]).order_by("seq"))
    assert [(event.verb, event.actor_id) for event in events] == [
        ("propose_award", cast["office"].user.pk),
        ("approve_award", cast["office2"].user.pk),
    ]
    assert '"votes":[5,1,1]' in events[0].payload
    assert "填补" not in events[0].payload


# --- quotas and ties ---------------------------------------------------------------------------------------


def test_a_tie_at_the_cut_waits_for_the_vote(cast: Cast, round_: Round) -> None:
    AwardTier.objects.filter(code="first").update(at_most=2)
    ((cut, works),) = awarding.standing(round_).cuts
    assert (cut.tier, cut.places, [work.code for work in works]) == ("一等奖", 1, ["A0002", "A0003"])
    with pytest.raises(Refusal, match="名额线上有同分"):
        results.confirm_awards(cast["office"], round_.pk)
    approval = propose(cast, "A0003", "first")
    assert approval.kind == "cut"
    with pytest.raises(Refusal, match="还在等第二人核准"):
        results.confirm_awards(cast["office"], round_.pk)
    committee.approve(cast["office2"], approval.pk)
    assert awarding.standing(round_).cuts == []
    assert stands_in_what_if(round_)
    assert tiers(round_) == {"A0001": "一等奖", "A0002": "二等奖", "A0003": "一等奖", "A0004": "三等奖"}
    assert counts(round_)["first"] == 2
    assert results.confirm_awards(cast["office"], round_.pk) == 4
    assert Award.objects.get(entry=entry("A0002")).tier.code == "second"


def test_a_cut_gives_no_more_than_its_places(cast: Cast, round_: Round) -> None:
    AwardTier.objects.filter(code="first").update(at_most=2)
    waiting = propose(cast, "A0003", "first")
    with pytest.raises(Refusal, match="还余 1 个名额，已有同样多的提议"):
        propose(cast, "A0002", "first")
    AwardTier.objects.filter(code="first").update(at_most=3)  # no longer a matter of the cut
    with pytest.raises(Refusal, match="名额线上已没有 A0003 的名额"):
        committee.approve(cast["office2"], waiting.pk)
    assert not Award.objects.exists()


def test_a_special_prize_frees_a_place_in_the_quota(cast: Cast, round_: Round) -> None:
    AwardTier.objects.filter(code="first").update(at_most=2)
    approved(cast, "A0001", "special")
    assert tiers(round_) == {"A0001": "特等奖", "A0002": "一等奖", "A0003": "一等奖", "A0004": "三等奖"}


# --- the lock and the way back -------------------------------------------------------------------------------


def test_the_second_chair_is_told(cast: Cast, round_: Round) -> None:
    results.confirm_awards(cast["office"], round_.pk)
    with pytest.raises(Refusal, match="当前为“已定等次”"):
        results.confirm_awards(cast["office2"], round_.pk)
    with pytest.raises(Refusal, match="当前为“已定等次”"):
        propose(cast, "A0001", "special")


def test_unlocking_takes_the_computed_awards_and_keeps_the_committees(cast: Cast, round_: Round) -> None:
    approved(cast, "A0001", "special")
    results.confirm_awards(cast["office"], round_.pk)
    assert WonAward.objects.count() == 4
    with pytest.raises(Refusal, match="写明重新开放的理由"):
        results.reopen_round(cast["office"], round_.pk, " ")
    assert results.reopen_round(cast["office"], round_.pk, "名单有误。").status == "closed"
    assert [award.entry.code for award in Award.objects.all()] == ["A0001"]
    assert not WonAward.objects.exists()
    assert Result.objects.count() == 4
    assert results.confirm_awards(cast["office2"], round_.pk) == 4


def test_a_closed_round_is_opened_again_for_missing_sheets(cast: Cast, round_: Round) -> None:
    approval = propose(cast, "A0001", "special")
    with pytest.raises(Refusal, match="请先逐项取消"):
        results.reopen_round(cast["office"], round_.pk, "补评。")
    committee.reject(cast["office"], approval.pk, "先补评。")
    assert results.reopen_round(cast["office"], round_.pk, "补评。").status == "open"
    assert not Result.objects.exists()
    assert round_.sheets.filter(state="handed_in").count() == 16
    before = Event.objects.filter(verb="close_round").latest("seq").payload
    results.close_round(cast["office"], round_.pk)
    after = Event.objects.filter(verb="close_round").latest("seq").payload
    assert before == after  # the same sheets make the same ranking
    assert ledger.verify() == []


def test_a_published_result_is_not_opened(cast: Cast, round_: Round) -> None:
    results.confirm_awards(cast["office"], round_.pk)
    Award.objects.update(published_at=round_.closed_at)
    with pytest.raises(Refusal, match="已经公布"):
        results.reopen_round(cast["office"], round_.pk, "名单有误。")


# --- the page -------------------------------------------------------------------------------------------------


def url(name: str, pk: int) -> str:
    return reverse(f"scoring:{name}", args=[pk])


def test_from_proposal_to_approval_on_the_page(cast: Cast, round_: Round) -> None:
    one, two = client_of(cast, "office"), client_of(cast, "office2")
    form = {
        "code": "a0001",
        "tier": tier("special").pk,
        "votes_for": 6,
        "against": 0,
        "abstained": 1,
        "reason": "首创。",
    }
    page = one.post(url("propose", round_.pk), form, follow=True).content.decode()
    assert "已提出 A0001，等待另一人核准" in page
    assert "须由另一人核准" in page
    approval = Approval.objects.get()
    assert f'action="{url("approve", approval.pk)}"' not in page
    refused = one.post(url("approve", approval.pk), follow=True).content.decode()
    assert "不能核准自己的提议" in refused
    done = two.post(url("approve", approval.pk), follow=True).content.decode()
    assert "已核准 A0001" in done
    assert "赞成 6，反对 0，弃权 1" in done
    gone = two.post(url("revoke", approval.pk), {"reason": "复核。"}, follow=True).content.decode()
    assert "已取消 A0001" in gone


def test_a_refused_proposal_keeps_what_was_typed(cast: Cast, round_: Round) -> None:
    form = {"code": "A9999", "tier": "none", "votes_for": "", "against": 0, "abstained": 0, "reason": "材料不实。"}
    answer = client_of(cast, "office").post(url("propose", round_.pk), form)
    assert answer.status_code == 400
    text = answer.content.decode()
    assert "本轮没有编号为 A9999 的成果" in text
    assert "请填写票数" in text
    assert "材料不实。" in text


def test_the_supervisor_reads_it_all_and_presses_nothing(cast: Cast, round_: Round) -> None:
    propose(cast, "A0001", "special")
    text = client_of(cast, "supervisor").get(url("committee", round_.pk)).content.decode()
    assert "填补空白。" in text
    assert "<form" not in text.split("<main")[1].split("</main")[0]
