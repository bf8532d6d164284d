"""The climb goes along the enrolments of the season, whatever they are (model.md); what it leaves behind on its way."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.actions import create_organization, create_user, grant_membership
from accounts.actor import Actor
from accounts.models import Level, Line, Nature, Role
from contests.actions.enrol import enrol
from core import ledger
from core.errors import Conflict, NotAllowed, Refusal
from submissions import queries
from submissions.actions import drafting, moves
from submissions.models import Achievement, Recommendation
from tests.cast import PASSWORD, Cast, at_host, draft, registered, scene, submitted
from tests.season.situations import NOTE, everything


def desk_of(cast: Cast, achievement: Achievement) -> str:
    keys = {enrolment.pk: key for key, enrolment in cast.enrolments.items()}
    return keys[achievement.holder_id]


def walk(cast: Cast, who: str, *deciders: str) -> list[str]:
    """Submit, then each decider recommends: the desks in order."""
    work = submitted(cast, who)
    desks = [desk_of(cast, work)]
    for number, person in enumerate(deciders):
        if number == 0:
            moves.verify_benefit(cast[person], work.pk, work.benefit_wan, "economic", "")
        desks.append(desk_of(cast, moves.recommend(cast[person], work.pk)))
    return desks


def test_a_units_work_climbs_over_its_county(cast: Cast) -> None:
    assert walk(cast, "unit_a", "auditor_a") == ["county_a", "host"]


def test_a_teams_work_climbs_over_mine_and_group(cast: Cast) -> None:
    assert walk(cast, "team", "mine", "auditor_group") == ["mine", "group", "host"]


def test_a_mines_own_work_goes_straight_to_the_group(cast: Cast) -> None:
    assert walk(cast, "mine", "auditor_group") == ["group", "host"]


def test_a_direct_units_work_waits_for_its_second_person(cast: Cast) -> None:
    assert walk(cast, "direct", "direct2") == ["direct", "host"]


def test_who_submitted_may_not_recommend_under_another_hat(cast: Cast) -> None:
    """The second person is another person, not another hat (domain.md A5)."""
    user = cast["direct"].user
    second_hat = Actor(user, grant_membership(None, user, cast.organizations["direct"], Role.AUDITOR))
    work = submitted(cast, "direct")
    for attempt in (moves.recommend, lambda who, pk: moves.return_for_changes(who, pk, NOTE)):
        with pytest.raises(NotAllowed, match="须由本单位另一人"), scene():
            attempt(second_hat, work.pk)
    with pytest.raises(NotAllowed, match="须由本单位另一人核定效益"), scene():
        moves.verify_benefit(second_hat, work.pk, work.benefit_wan, "economic", "")
    assert desk_of(cast, moves.recommend(cast["direct2"], work.pk)) == "host"


def add_level(cast: Cast, *, audits: bool) -> None:
    """A town between county A and a new factory: rows only."""
    for key, above, name in (("town", "county_a", "东关镇总工会"), ("shop", "town", "东关铸造厂工会")):
        cast.organizations[key] = create_organization(
            None, cast.organizations[above], name, Level.GRASSROOTS, Nature.ENTERPRISE
        )
        cast.enrolments[key] = enrol(
            None, cast.contest, cast.organizations[key], cast.enrolments[above], audits=audits and key == "town"
        )
        role = Role.AUDITOR if key == "town" else Role.UNIT_OPERATOR
        user = create_user(None, f"person_{key}", "秦镇", PASSWORD)
        cast.actors[key] = Actor(user, grant_membership(None, user, cast.organizations[key], role))


@pytest.fixture
def taller(cast: Cast) -> Cast:
    """The cast with room for one more level, so that the others' stays as it is."""
    return Cast(cast.contest, dict(cast.organizations), dict(cast.enrolments), dict(cast.actors))


def test_one_more_level_needs_no_code(taller: Cast) -> None:
    add_level(taller, audits=True)
    assert walk(taller, "shop", "town", "auditor_a") == ["town", "county_a", "host"]
    assert walk(taller, "unit_a", "auditor_a") == ["county_a", "host"]


def test_a_level_that_does_not_audit_is_passed_over(taller: Cast) -> None:
    add_level(taller, audits=False)
    assert walk(taller, "shop", "auditor_a") == ["county_a", "host"]


@pytest.mark.parametrize(("deciders", "returner"), [
    ((), "mine"), (("mine",), "auditor_group"), (("mine", "auditor_group"), "office")
])  # fmt: skip
def test_whoever_returns_it_the_work_goes_to_its_unit(cast: Cast, deciders: tuple[str, ...], returner: str) -> None:
    work = submitted(cast, "team")
    moves.verify_benefit(cast["mine"], work.pk, work.benefit_wan, "economic", "")
    for person in deciders:
        moves.recommend(cast[person], work.pk)
    back = moves.return_for_changes(cast[returner], work.pk, NOTE)
    assert (back.status, desk_of(cast, back)) == ("returned", "team")
    again = moves.submit(cast["team"], work.pk)
    assert (again.status, desk_of(cast, again)) == ("submitted", "mine")


def test_a_resubmission_makes_a_new_version_and_leaves_the_old_one_as_it_was(cast: Cast) -> None:
    work = submitted(cast, innovation="第一稿")
    first = work.versions.get()
    moves.return_for_changes(cast["auditor_a"], work.pk, NOTE)
    drafting.save_fields(cast["unit_a"], work.pk, {"innovation": "第二稿", "leader.name": "司马改"}, 99)
    moves.submit(cast["unit_a"], work.pk)
    kept, second = work.versions.all()
    assert (kept.number, kept.content, kept.content_hash) == (1, first.content, first.content_hash)
    assert (second.number, second.content["innovation"], second.content["leader"]["name"]) == (2, "第二稿", "司马改")
    for version in (kept, second):
        assert version.content_hash == queries.content_hash(version.content)
    submits = work.history.filter(verb="submit").values_list("version__number", flat=True)
    assert list(submits) == [1, 2]


def test_versions_stay_through_the_whole_way(cast: Cast) -> None:
    """A version is written at a submit and at no other move."""
    work = at_host(cast)
    moves.accept(cast["office"], work.pk)
    moves.freeze(cast["office"], work.pk)
    moves.disqualify(cast["office"], work.pk, NOTE)
    moves.reopen(cast["office"], work.pk, NOTE)
    (version,) = work.versions.all()
    assert version.content["verified_wan"] is None
    assert version.content_hash == queries.content_hash(version.content)


def test_the_recommendation_list_is_in_order_of_recommending(cast: Cast) -> None:
    works = [submitted(cast) for _ in range(3)]
    for work in (works[1], works[2], works[0]):
        moves.verify_benefit(cast["auditor_a"], work.pk, work.benefit_wan, "economic", "")
        moves.recommend(cast["auditor_a"], work.pk)
    at_host(cast, "unit_b", "auditor_b")
    listed = Recommendation.objects.filter(enrolment=cast.enrolments["county_a"])
    assert [(r.order, r.achievement) for r in listed] == [(1, works[1]), (2, works[2]), (3, works[0])]
    assert Recommendation.objects.get(enrolment=cast.enrolments["county_b"]).order == 1


def test_each_level_lists_what_it_recommends(cast: Cast) -> None:
    work = submitted(cast, "team")
    moves.verify_benefit(cast["mine"], work.pk, work.benefit_wan, "economic", "")
    moves.recommend(cast["mine"], work.pk)
    moves.recommend(cast["auditor_group"], work.pk)
    levels = work.recommendations.order_by("pk").values_list("enrolment__name", "recommended_by__username")
    assert list(levels) == [("太行二矿工会", "mine"), ("太行煤业集团工会", "auditor_group")]


def test_what_is_returned_leaves_the_lists_and_comes_back_at_their_end(cast: Cast) -> None:
    first, second = at_host(cast), at_host(cast)
    moves.return_for_changes(cast["office"], first.pk, NOTE)
    assert list(first.recommendations.all()) == []
    moves.submit(cast["unit_a"], first.pk)
    moves.verify_benefit(cast["auditor_a"], first.pk, first.benefit_wan, "economic", "")
    moves.recommend(cast["auditor_a"], first.pk)
    listed = Recommendation.objects.filter(enrolment=cast.enrolments["county_a"])
    assert [r.achievement for r in listed] == [second, first]


def test_a_verified_amount_that_differs_needs_its_reason(cast: Cast) -> None:
    work, auditor = submitted(cast), cast["auditor_a"]
    before = everything()
    for amount, remark, field in (
        (Decimal("98.00"), " ", "verify_remark"), (Decimal(0), "无", "verified_wan"), (None, "无", "verified_wan")
    ):  # fmt: skip
        with pytest.raises(Refusal) as refused, scene():
            moves.verify_benefit(auditor, work.pk, amount, "economic", remark)
        assert refused.value.field == field
        assert everything() == before
    verified = moves.verify_benefit(auditor, work.pk, Decimal("98.00"), "economic", "扣除维护费。")
    assert (verified.verified_wan, verified.verify_remark) == (Decimal("98.00"), "扣除维护费。")
    assert verified.benefit_wan == Decimal("126.50")


def test_an_economic_work_is_accepted_only_with_a_verified_amount(cast: Cast) -> None:
    work = submitted(cast)
    moves.recommend(cast["auditor_a"], work.pk)
    with pytest.raises(Refusal) as refused, scene():
        moves.accept(cast["office"], work.pk)
    assert refused.value.field == "verified_wan"
    moves.verify_benefit(cast["office"], work.pk, work.benefit_wan, "economic", "")
    assert moves.accept(cast["office"], work.pk).status == "accepted"


def test_the_auditor_may_correct_which_benefit_counts(cast: Cast) -> None:
    work = submitted(cast, social_benefit="消除了一处重大隐患。")
    corrected = moves.verify_benefit(cast["auditor_a"], work.pk, Decimal("5"), "social", "按社会效益计分。")
    assert (corrected.benefit_path, corrected.verified_wan) == ("social", None)
    moves.recommend(cast["auditor_a"], work.pk)
    assert moves.accept(cast["office"], work.pk).status == "accepted"


def test_a_new_version_must_be_verified_anew(cast: Cast) -> None:
    work = at_host(cast)
    moves.return_for_changes(cast["office"], work.pk, NOTE)
    again = moves.submit(cast["unit_a"], work.pk)
    assert (again.verified_wan, again.verify_remark) == (None, "")


def test_an_accepted_work_gets_its_number_once(cast: Cast) -> None:
    work = moves.accept(cast["office"], at_host(cast).pk)
    assert work.number == f"{cast.contest.year}-{work.pk:05d}"
    moves.decline(cast["office"], work.pk, NOTE)
    moves.reopen(cast["office"], work.pk, NOTE)
    assert moves.accept(cast["office"], work.pk).number == work.number


@pytest.mark.parametrize("title", ["", "   "])
def test_the_pool_asks_for_a_title_and_nothing_else(cast: Cast, title: str) -> None:
    pk = drafting.start_draft(cast["unit_a"], cast.enrolments["unit_a"], {"title": title}).pk
    before = everything()
    with pytest.raises(Refusal) as refused, scene():
        moves.register(cast["unit_a"], pk)
    assert (refused.value.field, refused.value.message) == ("title", "请先填写项目名称。")
    assert everything() == before
    drafting.save_fields(cast["unit_a"], pk, {"title": "只有名称"}, 1)
    assert moves.register(cast["unit_a"], pk).status == "registered"


# --- two persons at one work ---------------------------------------------------------------------


def test_a_page_that_is_behind_is_told_what_happened(cast: Cast) -> None:
    work = submitted(cast)
    seen = moves.seen_token(work)
    moves.return_for_changes(cast["auditor_a"], work.pk, NOTE, seen=seen)
    moves.submit(cast["unit_a"], work.pk)
    before = everything()
    with pytest.raises(Conflict) as refused, scene():
        moves.recommend(cast["auditor_a"], work.pk, seen=seen)
    text = refused.value.message
    assert text.startswith("在您操作之前，东山机械厂工会已于")
    assert "“提交”了该成果，现为“待审核”；您的操作没有执行" in text
    assert everything() == before
    assert moves.recommend(cast["auditor_a"], work.pk, seen=moves.seen_token(work)).status == "submitted"


def test_before_any_history_the_token_is_zero(cast: Cast) -> None:
    work = draft(cast)
    assert moves.seen_token(work) == "0"
    moves.register(cast["unit_a"], work.pk, seen="0")
    with pytest.raises(Conflict, match="“登记入库”了该成果"), scene():
        moves.register(cast["unit_a"], work.pk, seen="0")


@pytest.mark.parametrize("verb", ["return", "decline", "withdraw", "disqualify", "reopen"])
@pytest.mark.parametrize(("note", "says"), [("", "请写明"), (" \n", "请写明"), ("长" * 1001, "理由不超过 1000 字")])
def test_a_move_against_somebody_needs_its_reason(cast: Cast, verb: str, note: str, says: str) -> None:
    work = {
        "return": lambda: submitted(cast),
        "decline": lambda: submitted(cast),
        "withdraw": lambda: registered(cast),
        "disqualify": lambda: moves.freeze(cast["office"], moves.accept(cast["office"], at_host(cast).pk).pk),
        "reopen": lambda: moves.withdraw(cast["unit_a"], registered(cast).pk, NOTE),
    }[verb]()
    who = {"withdraw": "unit_a", "return": "auditor_a", "decline": "auditor_a"}.get(verb, "office")
    before = everything()
    with pytest.raises(Refusal, match=says) as refused, scene():
        moves.BY_VERB[verb](cast[who], work.pk, note)
    assert refused.value.field == "note"
    assert everything() == before
    assert moves.BY_VERB[verb](cast[who], work.pk, "长" * 1000)
    assert ledger.verify() == []


def test_a_unit_enters_by_its_own_line(cast: Cast) -> None:
    """So that no auditor reads persons of another line (model.md), and the lines count apart (002 附件6)."""
    school = create_organization(
        None,
        cast.organizations["county_a"],
        "东山县青年站",
        Level.GRASSROOTS,
        Nature.ENTERPRISE,
        line=Line.YOUTH_LEAGUE,
    )
    with pytest.raises(Refusal, match="不属于同一系统"):
        enrol(None, cast.contest, school, cast.enrolments["county_a"])
    assert enrol(None, cast.contest, school, cast.enrolments["host"]).line == "youth_league"
