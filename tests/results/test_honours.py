"""优秀组织奖 by its ten items with proposals from the portal's figures; honours with a second person."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contests.models import Enrolment, OrganizingItem
from core import ledger
from core.errors import NotAllowed, Refusal
from core.models import Event
from portal import queries as portal
from scoring.actions import honours, results
from scoring.actions.committee import Votes
from scoring.models import Approval, Award, Honour, OrganizingMark
from scoring.queries import organizing
from submissions.actions import cases, nominating
from tests.cast import Cast, accepted, registered
from tests.results.jury import client_of, judging
from tests.submissions.nominations import handed_in

MOST = Votes(5, 1, 0)


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """A season that gives every honour: 002 gives two of them, 000 and 001 the others."""
    return giving(cast, "organizing", "unit", "team", "person", "subsidy")


def giving(cast: Cast, *kinds: str) -> Cast:
    every = {f"honour_{kind}": kind in kinds for kind, _ in Honour.KINDS}
    cast.contest.settings_data |= every
    cast.contest.save()
    return cast


def item(cast: Cast, code: str) -> OrganizingItem:
    return cast.contest.organizingitem_set.get(code=code)


def lines(cast: Cast, who: str = "county_a") -> dict[str, organizing.ItemLine]:
    enrolment = Enrolment.objects.select_related("contest").get(pk=cast.enrolments[who].pk)
    return {line.item.code: line for line in organizing.sheet(enrolment)}


def propose(cast: Cast, kind: str = "organizing", who: str = "county_a", **more: object) -> Approval:
    return honours.propose_honour(cast["office"], kind, cast.enrolments[who], "组织有力。", MOST, **more)


# --- figures and marks ---------------------------------------------------------------------------------------


def test_ten_items_and_what_the_figures_propose(cast: Cast) -> None:
    """东山县 has one non-public enterprise that takes part: 1/1 against 60 % is the full 15."""
    registered(cast)
    found = lines(cast)
    assert len(found) == 10
    assert found["unit_participation"].proposal.points == 15
    assert "非公有制企业 1/1（目标 60%）" in found["unit_participation"].formula
    assert lines(cast, "county_b")["unit_participation"].proposal.points == 0
    assert found["liaison"].proposal is None
    assert "由竞赛办公室评分" in found["liaison"].formula


def test_workers_against_the_target_of_sixty_percent(cast: Cast) -> None:
    Enrolment.objects.filter(pk=cast.enrolments["unit_a"].pk).update(head_count=1000, participants=300)
    found = lines(cast)["worker_participation"]
    assert found.proposal.points == Decimal("7.5")
    assert "参赛职工 300 人，职工 1000 人，目标 60%" in found.formula


def test_awards_against_the_best_of_the_peers(cast: Cast) -> None:
    accepted(cast)
    accepted(cast)
    accepted(cast, "unit_b", "auditor_b")
    judging.to_review(cast)
    round_ = judging.closed(cast)
    results.confirm_awards(cast["office"], round_.pk)
    found = {who: lines(cast, who)["achievements"].proposal.points for who in ("county_a", "county_b", "group")}
    assert found == {"county_a": Decimal(15), "county_b": Decimal("7.5"), "group": Decimal(0)}


def test_a_work_that_is_found_copied_after_its_award_counts_no_more(cast: Cast) -> None:
    """The award's row stays as evidence; neither the funnel of the home page nor the county's figure counts it."""
    works = [accepted(cast), accepted(cast)]
    judging.to_review(cast)
    results.confirm_awards(cast["office"], judging.closed(cast).pk)

    def counted() -> tuple[int, str]:
        return portal.funnel(cast["office"], cast.contest, {})[-1][1], lines(cast)["achievements"].formula

    before = counted()
    assert before[0] == 2
    case = cases.open_case(cast["office"], works[0].pk, kind="theft", charge="与他人成果相同。", source="实名来信。")
    ruling = cases.propose(cast["office"], case.pk, upheld=True, reason="经比对查实。", barred=[])
    cases.answer(cast["office2"], ruling.pk, agree=True)
    assert Award.objects.count() == 2
    assert (counted()[0], counted()[1] == before[1]) == (1, False)


def test_a_mark_away_from_the_proposal_needs_a_reason(cast: Cast) -> None:
    registered(cast)
    county, wanted = cast.enrolments["county_a"], item(cast, "unit_participation")
    mark = honours.mark_item(cast["office"], county, wanted, Decimal(15), "")
    assert (mark.points, mark.proposed, mark.maximum) == (15, 15, 15)
    with pytest.raises(Refusal, match="建议 15 分，改为 12 分须写明理由"):
        honours.mark_item(cast["office"], county, wanted, Decimal(12), " ")
    honours.mark_item(cast["office2"], county, wanted, Decimal(12), "两家单位未实际开展。")
    assert OrganizingMark.objects.get().points == 12
    assert '"proposed":"15"' in Event.objects.filter(verb="mark_organizing_item").latest("seq").payload
    assert ledger.verify() == []


@pytest.mark.parametrize("points", ["5.5", "-0.5", "4.3"])
def test_points_are_halves_within_the_maximum(cast: Cast, points: str) -> None:
    with pytest.raises(Refusal, match="0 到 5 分，每半分一档"):
        honours.mark_item(cast["office"], cast.enrolments["county_a"], item(cast, "liaison"), Decimal(points), "")


def test_candidates_are_those_who_recommend_to_the_host(cast: Cast) -> None:
    names = {row.pk for row in organizing.candidates(cast.contest)}
    assert names == {cast.enrolments[key].pk for key in ("county_a", "county_b", "group", "direct")}
    with pytest.raises(Refusal, match="直接向主办单位推荐"):
        honours.mark_item(cast["office"], cast.enrolments["unit_a"], item(cast, "plan"), Decimal(8), "")


def test_equal_totals_share_a_place(cast: Cast) -> None:
    for who, points in (("county_a", 8), ("county_b", 8), ("group", 9)):
        honours.mark_item(cast["office"], cast.enrolments[who], item(cast, "plan"), Decimal(points), "")
    found = [(line.rank, line.enrolment.name, line.total) for line in organizing.lines(cast.contest)]
    assert [rank for rank, _, _ in found] == [1, 2, 2, 4]
    assert found[0][1:] == ("太行煤业集团工会", Decimal("9.0"))


# --- proposals and the second person ---------------------------------------------------------------------------


def test_an_honour_stands_after_the_second_person(cast: Cast) -> None:
    approval = propose(cast)
    assert not Honour.objects.get().given
    with pytest.raises(Refusal, match="不能核准自己的提议"):
        honours.approve_honour(cast["office"], approval.pk)
    honours.approve_honour(cast["office2"], approval.pk)
    assert Honour.objects.get().given
    with pytest.raises(Refusal, match="不需要重复提出"):
        propose(cast)
    with pytest.raises(Refusal, match="当前为“已核准”"):
        honours.approve_honour(cast["office2"], approval.pk)


def test_what_was_given_may_be_taken_back_with_a_reason(cast: Cast) -> None:
    approval = honours.approve_honour(cast["office2"], propose(cast).pk)
    office, url = client_of(cast, "office"), reverse("scoring:honour_revoke", args=[approval.pk])
    assert "请写明理由" in office.post(url, {"reason": " "}, follow=True).content.decode()
    assert Honour.objects.get().given
    assert "已取消。" in office.post(url, {"reason": "材料不实。"}, follow=True).content.decode()
    approval.refresh_from_db()
    assert (approval.state, approval.note, approval.decided_by) == ("revoked", "材料不实。", cast["office2"].user)
    assert not Honour.objects.get().given
    assert Event.objects.filter(verb="revoke_honour", subject=f"approval:{approval.pk}").count() == 1
    with pytest.raises(Refusal, match="当前为“已取消”，不能取消"):
        honours.revoke_honour(cast["office"], approval.pk, "再次。")
    assert propose(cast).state == "proposed"


def test_a_rejected_one_may_be_proposed_again(cast: Cast) -> None:
    assert honours.reject_honour(cast["office2"], propose(cast).pk, "材料不全。").state == "rejected"
    assert honours.reject_honour(cast["office"], propose(cast).pk, "撤回。").state == "withdrawn"
    assert propose(cast).state == "proposed"
    assert Honour.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "who", "more", "sentence"),
    [
        ("organizing", "unit_a", {}, "直接向主办单位推荐"),
        ("unit", "county_a", {}, "企事业单位"),
        ("unit", "team", {}, "企事业单位"),
        ("unit", "unit_a", {}, "附件5"),
        ("team", "unit_a", {}, "授予班组"),
        ("subsidy", "team", {"amount": Decimal(1)}, "授予班组"),
        ("person", "unit_a", {}, "填写姓名"),
        ("organizing", "county_a", {"person": "王五"}, "填写姓名"),
        ("subsidy", "unit_a", {}, "大于 0"),
        ("unit", "host", {}, "本届参赛的单位"),
    ],
)
def test_who_cannot_be_honoured(cast: Cast, kind: str, who: str, more: dict, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        propose(cast, kind, who, **more)
    assert not Approval.objects.exists()


@pytest.mark.parametrize(("kind", "who"), [("team", "team"), ("person", "team"), ("subsidy", "unit_b")])
def test_only_what_the_notice_gives(cast: Cast, kind: str, who: str) -> None:
    """002 has three awards: no team, no person, no subsidy. The form does not offer them, the action refuses them."""
    giving(cast, "organizing", "unit")
    with pytest.raises(Refusal, match="没有设这一项荣誉"):
        propose(cast, kind, who)
    page = client_of(cast, "office").get(reverse("scoring:honours")).content.decode()
    assert 'value="organizing"' in page
    assert f'value="{kind}"' not in page
    assert 'name="amount"' not in page
    assert 'name="person"' not in page


@pytest.mark.parametrize(
    ("kind", "who", "more"),
    [
        ("team", "team", {}),
        ("person", "team", {"person": "陈采"}),
        ("subsidy", "unit_b", {"amount": Decimal(20000)}),
    ],
)
def test_units_teams_persons_and_subsidies(cast: Cast, kind: str, who: str, more: dict) -> None:
    honours.approve_honour(cast["office2"], propose(cast, kind, who, **more).pk)
    honour = Honour.objects.get()
    assert (honour.kind, honour.enrolment, honour.given) == (kind, cast.enrolments[who], True)


def test_a_winning_unit_has_its_form_with_three_opinions(cast: Cast) -> None:
    row = handed_in(cast)
    for who, seen in (("auditor_a", "sent"), ("office", "recommended")):
        with pytest.raises(Refusal, match="附件5"):
            propose(cast, "unit", "unit_a")
        nominating.give_opinion(cast[who], row.pk, "同意推荐。", seen=seen)
    assert propose(cast, "unit", "unit_a").state == "proposed"


@pytest.mark.parametrize("who", ["supervisor", "auditor_a", "unit_a", "expert1"])
def test_only_the_office_honours(cast: Cast, who: str) -> None:
    approval = propose(cast)
    county = cast.enrolments["county_a"]
    for act in (
        lambda: honours.propose_honour(cast[who], "unit", cast.enrolments["unit_a"], "理由", MOST),
        lambda: honours.approve_honour(cast[who], approval.pk),
        lambda: honours.mark_item(cast[who], county, item(cast, "plan"), Decimal(5), ""),
    ):
        with pytest.raises(NotAllowed):
            act()


# --- pages ---------------------------------------------------------------------------------------------------------


def test_items_are_marked_on_the_page(cast: Cast) -> None:
    office, url = client_of(cast, "office"), reverse("scoring:organizing", args=[cast.enrolments["county_a"].pk])
    assert "由竞赛办公室评分" in office.get(url).content.decode()
    done = office.post(url, {"item": "plan", "points": "8.5", "reason": ""}, follow=True).content.decode()
    assert "8.5 / 10 分" in done
    wrong = office.post(url, {"item": "plan", "points": "11", "reason": "超额。"})
    assert wrong.status_code == 400
    assert "0 到 10 分" in wrong.content.decode()
    assert "超额。" in wrong.content.decode()
    supervisor = client_of(cast, "supervisor").get(url).content.decode()
    assert "8.5 / 10 分" in supervisor
    assert 'name="points"' not in supervisor


def test_an_honour_is_proposed_and_approved_on_the_page(cast: Cast) -> None:
    one, two, url = client_of(cast, "office"), client_of(cast, "office2"), reverse("scoring:honours")
    form = {"kind": "team", "enrolment": "综采一队", "votes_for": 5, "against": 0, "abstained": 0, "reason": "突出。"}
    refused = one.post(url, form)
    assert refused.status_code == 400
    assert "没有找到这个单位" in refused.content.decode()
    page = one.post(url, form | {"enrolment": "太行二矿综采一队"}, follow=True).content.decode()
    assert "已提出，等待另一人核准" in page
    approval = Approval.objects.get()
    done = two.post(reverse("scoring:honour_approve", args=[approval.pk]), follow=True).content.decode()
    assert "已核准" in done
    assert Honour.objects.get().given


def test_the_list_costs_the_same_for_one_and_three(cast: Cast) -> None:
    counts = []
    for who in ("county_a", "county_b", "group"):
        propose(cast, who=who)
        office = client_of(cast, "office")
        with CaptureQueriesContext(connection) as seen:
            assert office.get(reverse("scoring:honours")).status_code == 200
        counts.append(len(seen))
    assert counts == [12, 12, 12]
