"""A county's own round: its auditor is the chair, its works stand still, its ranking becomes the recommendation."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actions import record_employment
from contests.actions.dates import shift_phases
from core import ledger
from core.errors import NotAllowed, Refusal
from core.models import Event
from portal import queries as portal
from scoring import policies
from scoring.actions import lower, results, rounds, rubric_versions, sheets
from scoring.actions.rounds import Design
from scoring.models import Award, Expert, Round, Rubric
from scoring.queries import cockpit, whatif
from submissions import queries
from submissions.actions import drafting, moves
from submissions.models import Achievement, Recommendation
from tests import kept
from tests.cast import Cast, accepted, assemble, submitted
from tests.scoring import judging
from tests.scoring.judging import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept.keeping
def cast() -> Cast:
    made = assemble()
    for _ in range(3):
        work = submitted(made)
        moves.verify_benefit(made["auditor_a"], work.pk, work.benefit_wan, "economic", "")
    return made


def drafted(cast: Cast, who: str = "auditor_a", desk: str = "county_a", **design: object) -> Round:
    return rounds.create_round(
        cast[who],
        cast.contest,
        name="初评",
        rubric=Rubric.objects.get(),
        sheets_per_achievement=4,
        expert_ids=list(Expert.objects.values_list("pk", flat=True)),
        design=Design(desk=cast.enrolments[desk], **design),  # type: ignore[arg-type]
    )


def opened(cast: Cast, **design: object) -> Round:
    round_ = drafted(cast, **design)
    rounds.plan_assignment(cast["auditor_a"], round_.pk, seed=1)
    return rounds.open_round(cast["auditor_a"], round_.pk)


def judged(cast: Cast) -> Round:
    """Closed; the first work by code is the best."""
    round_ = opened(cast)
    order = list(round_.entries.all())
    for username in judging.EXPERTS:
        own = judging.own(cast, username)
        for sheet in own:
            given = judging.marks(sheet, step=order.index(sheet.entry))
            sheets.save_marks(cast[username], sheet.pk, given, revision=0)
        sheets.hand_in(cast[username], [sheet.pk for sheet in own])
    return results.close_round(cast["auditor_a"], round_.pk)


def test_a_county_judges_before_the_review_phase_has_begun(cast):
    round_ = judged(cast)
    assert round_.status == "closed"
    assert [r.rank for r in lower.ranked(round_)] == [1, 2, 3]
    assert ledger.verify() == []


def test_a_county_runs_its_round_to_the_end(cast):
    """It reminds, looks at the jury, tries other rules, and opens what it closed too early; another county does not."""
    round_, auditor = opened(cast), client_of(cast, "auditor_a")
    assert "提醒专家" in auditor.get(reverse("scoring:jury", args=[round_.pk])).content.decode()
    assert auditor.get(reverse("scoring:remind", args=[round_.pk])).status_code == 200
    assert client_of(cast, "office").get(reverse("scoring:remind", args=[round_.pk])).status_code == 403
    judging.score_all(cast)
    results.close_round(cast["auditor_a"], round_.pk)
    for name in ("whatif", "sensitivity"):
        assert auditor.get(reverse(f"scoring:{name}", args=[round_.pk])).status_code == 200
    address = reverse("scoring:reopen", args=[round_.pk])
    assert client_of(cast, "auditor_b").post(address, {"reason": "漏评。"}).status_code == 404
    assert client_of(cast, "office").post(address, {"reason": "漏评。"}).status_code == 403
    assert "写明重新开放的理由" in auditor.post(address, {"reason": ""}, follow=True).content.decode()
    assert "已重新开放评分" in auditor.post(address, {"reason": "漏评。"}, follow=True).content.decode()
    results.close_round(cast["auditor_a"], round_.pk)
    lower.confirm_order(cast["auditor_a"], round_.pk, recommend=1)
    with pytest.raises(Refusal, match="已经用于推荐"):
        results.reopen_round(cast["auditor_a"], round_.pk, "漏评。")


def test_works_that_go_on_are_not_gone_from_the_countys_what_if(cast):
    round_ = judged(cast)
    assert whatif.own_scenario(round_).aside == frozenset()


def test_a_countys_rubric_is_its_own(cast):
    """What a county changed for its round is not what the host judges by."""
    round_, host = drafted(cast), cast.enrolments["host"]
    definition = {"criteria": [dict(one) for one in round_.rubric.definition["criteria"]]}
    first = definition["criteria"][0]
    first["levels"] = [first["levels"][0] | {"high": first["levels"][0]["high"] - 1}, *first["levels"][1:]]
    made = rubric_versions.revise(cast["auditor_a"], round_.pk, definition, "本县细化。", affected=0)
    assert cockpit.own_rubric(cast.contest, cast.enrolments["county_a"]) == made
    assert cockpit.own_rubric(cast.contest, host).version == cockpit.rubrics(cast.contest, host).get().version == 1
    with pytest.raises(Refusal, match="别的评审修订的"):
        rounds.create_round(
            cast["office"], cast.contest, name="终评", rubric=made, sheets_per_achievement=1,
            expert_ids=list(Expert.objects.values_list("pk", flat=True)),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("who", "desk"), [("office", "county_a"), ("auditor_b", "county_a"), ("auditor_a", "host"), ("unit_a", "unit_a")]
)
def test_only_the_desks_own_auditor_is_the_chair(cast, who, desk):
    with pytest.raises(NotAllowed):
        drafted(cast, who, desk)


def test_nothing_about_a_work_changes_while_it_is_judged(cast):
    round_ = opened(cast)
    work = round_.entries.first().achievement
    assert work.held_for == "东山县总工会初评"
    for act in (
        lambda: moves.recommend(cast["auditor_a"], work.pk),
        lambda: moves.return_for_changes(cast["auditor_a"], work.pk, "补正。"),
        lambda: moves.decline(cast["auditor_a"], work.pk, "不合格。"),
        lambda: moves.withdraw(cast["unit_a"], work.pk, "撤。"),
    ):
        with pytest.raises(Refusal, match="正在参加“东山县总工会初评”，评审结束前不能"):
            act()
    with pytest.raises(Refusal, match="正在参加“东山县总工会初评”"):
        moves.verify_benefit(cast["auditor_a"], work.pk, work.verified_wan, "economic", "")
    page = client_of(cast, "auditor_a").get(reverse("submissions:audit", args=[work.pk])).content.decode()
    assert "正在参加“东山县总工会初评”" in page
    assert work.history.order_by("-pk").first().past == "进入本级评审"


def test_the_result_becomes_the_order_of_the_recommendation(cast):
    round_ = judged(cast)
    assert lower.confirm_order(cast["auditor_a"], round_.pk, recommend=2) == 2
    listed = Recommendation.objects.filter(enrolment=cast.enrolments["county_a"]).order_by("order")
    assert [row.achievement_id for row in listed] == [r.entry.achievement_id for r in lower.ranked(round_)[:2]]
    assert not Achievement.objects.exclude(held_for="").exists()
    left = lower.ranked(round_)[2].entry.achievement
    assert moves.return_for_changes(cast["auditor_a"], left.pk, "补正。").status == "returned"
    assert ledger.verify() == []


def test_what_a_county_chose_is_commended_by_it(cast):
    """001 五(三): judged and commended by the county, then entered; the round stands for the proof."""
    round_ = judged(cast)
    cast.contest.settings_data |= {"require_county_award": True}
    cast.contest.save()
    first, second, third = (row.entry.achievement for row in lower.ranked(round_))
    with pytest.raises(Refusal, match="评审结束前不能"):
        moves.recommend(cast["auditor_a"], first.pk)
    lower.confirm_order(cast["auditor_a"], round_.pk, recommend=2)
    row = first.commendations.get()
    assert (row.level, row.rank, row.awarding_body) == ("county", "第 1 名", "东山县总工会")
    assert row.given_by == cast.enrolments["county_a"]
    assert second.commendations.get().rank == "第 2 名"
    assert not third.commendations.exists()
    with pytest.raises(Refusal, match="要求推荐前经县级"):
        moves.recommend(cast["auditor_a"], third.pk)
    found = {f.code: f.state for f in queries.reading(first).findings}
    assert found["county_award"] == "green"
    for who in ("office", "unit_a"):
        page = client_of(cast, who).get(reverse("submissions:detail", args=[first.pk])).content.decode()
        assert "第 1 名" in page, who
    assert Event.objects.filter(verb="commend").count() == 1
    assert ledger.verify() == []


def test_what_a_round_gave_is_not_the_units_to_edit(cast):
    round_ = judged(cast)
    lower.confirm_order(cast["auditor_a"], round_.pk, recommend=1)
    work = lower.ranked(round_).first().entry.achievement
    moves.return_for_changes(cast["office"], work.pk, "补正。")
    work.refresh_from_db()
    page = client_of(cast, "unit_a").get(reverse("submissions:edit", args=[work.pk])).content.decode()
    assert "由本平台的评审写入" in page
    typed = {"level": "base", "name": "一等奖", "awarding_body": "本单位", "rank": "", "document_number": "",
             "awarded_on": None, "proof_id": None}  # fmt: skip
    drafting.set_commendations(cast["unit_a"], work.pk, [typed], work.revision)
    drafting.set_commendations(cast["unit_a"], work.pk, [], Achievement.objects.get(pk=work.pk).revision)
    assert [row.rank for row in work.commendations.all()] == ["第 1 名"]


def test_all_or_none_go_up(cast):
    round_ = judged(cast)
    submit = cast.contest.phases.get(kind="submit")
    shift_phases(None, cast.contest, timezone.now() - timedelta(days=60) - submit.opens_at)
    with pytest.raises(Refusal, match=r"第 1 名.*不能推荐：.*全部没有推荐"):
        lower.confirm_order(cast["auditor_a"], round_.pk, recommend=2)
    assert not Recommendation.objects.exists()
    round_.refresh_from_db()
    assert round_.status == "closed"
    assert lower.confirm_order(cast["auditor_a"], round_.pk, recommend=0) == 0


def test_the_order_is_confirmed_only_by_its_chair_once_and_for_works_that_have_a_rank(cast):
    """Each refusal names what is wrong, and nothing has moved after any of them."""
    round_ = judged(cast)
    for who in ("auditor_b", "office", "unit_a", "expert1"):
        with pytest.raises(NotAllowed, match="只有本级审核员可以组织评审"):
            lower.confirm_order(cast[who], round_.pk, recommend=1)
    for wrong in (-1, 4):
        with pytest.raises(Refusal, match=r"请填写 0 到 3 之间的整数：有名次的成果共 3 项。") as refused:
            lower.confirm_order(cast["auditor_a"], round_.pk, recommend=wrong)
        assert refused.value.field == "recommend"
    assert Achievement.objects.exclude(held_for="").count() == 3
    assert not Event.objects.filter(verb="confirm_order").exists()
    lower.confirm_order(cast["auditor_a"], round_.pk, recommend=1)
    with pytest.raises(Refusal, match="不能确认结果；请刷新页面"):
        lower.confirm_order(cast["auditor_a"], round_.pk, recommend=1)
    assert Event.objects.filter(verb="confirm_order").count() == 1
    assert Recommendation.objects.count() == 1


def test_the_order_is_not_confirmed_while_experts_score_nor_over_a_conflict(cast):
    round_ = opened(cast)
    with pytest.raises(Refusal, match="不能确认结果；请刷新页面"):
        lower.confirm_order(cast["auditor_a"], round_.pk, recommend=0)
    judging.score_all(cast)
    results.close_round(cast["auditor_a"], round_.pk)
    record_employment(None, cast["expert1"].user, cast.organizations["unit_a"], timezone.localdate())
    with pytest.raises(Refusal, match=r"应当回避.*“重新开放”本轮"):
        lower.confirm_order(cast["auditor_a"], round_.pk, recommend=1)
    assert Achievement.objects.exclude(held_for="").count() == 3


def test_the_hosts_result_is_no_order_of_a_recommendation():
    made = assemble()
    accepted(made)
    judging.to_review(made)
    host = judging.opened(made, k=4)
    judging.score_all(made)
    results.close_round(made["office"], host.pk)
    with pytest.raises(Refusal, match="主办单位的评审结果用于定奖，不用于推荐"):
        lower.confirm_order(made["office"], host.pk, recommend=1)


def test_the_funnel_of_the_home_page_counts_the_hosts_awards_alone(cast):
    """What a county chose is commended; an award in its round, which no action gives, is none of the host's."""
    round_ = judged(cast)
    lower.confirm_order(cast["auditor_a"], round_.pk, recommend=2)
    first = lower.ranked(round_).first()
    tier = cast.contest.awardtier_set.first()
    Award.objects.create(entry=first.entry, tier=tier, decided_by=cast["auditor_a"].user)
    assert portal.funnel(cast["office"], cast.contest, {"submitted": 3})[-1] == ("获奖", 0, 0)


def test_a_second_round_follows_on_the_same_desk(cast):
    first = judged(cast)
    second = drafted_after(cast, first)
    assert second.entries.count() == 2
    rounds.plan_assignment(cast["auditor_a"], second.pk, seed=1)
    rounds.open_round(cast["auditor_a"], second.pk)
    judging.score_all(cast)
    results.close_round(cast["auditor_a"], second.pk)
    with pytest.raises(Refusal, match="请在最后一轮确认结果"):
        lower.confirm_order(cast["auditor_a"], first.pk, recommend=1)
    lower.confirm_order(cast["auditor_a"], second.pk, recommend=1)
    assert not Achievement.objects.exclude(held_for="").exists()


def drafted_after(cast: Cast, first: Round) -> Round:
    design = Design(desk=cast.enrolments["county_a"], previous_id=first.pk, take_top=2)
    experts = list(Expert.objects.values_list("pk", flat=True))
    return rounds.create_round(
        cast["auditor_a"], cast.contest, name="复评", rubric=Rubric.objects.get(), sheets_per_achievement=3,
        expert_ids=experts, design=design,
    )  # fmt: skip


def test_a_work_without_a_verified_amount_is_left_out_and_said(cast):
    late = submitted(cast, title="没有核定的成果")
    page = client_of(cast, "auditor_a").get(reverse("scoring:round_new")).content.decode()
    assert "另有 1 项还没有核定年经济效益" in page
    round_ = drafted(cast)
    assert not round_.entries.filter(achievement=late).exists()
    rounds.plan_assignment(cast["auditor_a"], round_.pk, seed=1)
    moves.verify_benefit(cast["auditor_a"], late.pk, late.benefit_wan, "economic", "")
    with pytest.raises(Refusal, match="有增减或改动"):
        rounds.open_round(cast["auditor_a"], round_.pk)


def test_a_work_that_left_the_desk_is_noticed_at_the_release(cast):
    round_ = drafted(cast)
    rounds.plan_assignment(cast["auditor_a"], round_.pk, seed=1)
    moves.return_for_changes(cast["auditor_a"], round_.entries.first().achievement_id, "补正。")
    with pytest.raises(Refusal, match="有增减或改动"):
        rounds.open_round(cast["auditor_a"], round_.pk)


def test_the_closing_lies_before_the_recommenders(cast):
    with pytest.raises(Refusal, match="评分截止不能晚于推荐截止"):
        drafted(cast, closes_at=timezone.now() + timedelta(days=300))
    round_ = opened(cast, closes_at=timezone.now() + timedelta(hours=2))
    assert not policies.scoring_window(round_, timezone.now() + timedelta(hours=3)).open


def test_a_desk_gives_no_awards(cast):
    round_ = judged(cast)
    with pytest.raises(NotAllowed, match="等次由主办单位评定"):
        results.confirm_awards(cast["auditor_a"], round_.pk)


def test_the_auditor_runs_her_round_through_the_pages(cast):
    client = client_of(cast, "auditor_a")
    assert "新建轮次" in client.get(reverse("scoring:rounds")).content.decode()
    page = client.get(reverse("scoring:round_new")).content.decode()
    assert "东山县总工会本级评审，现有待推荐成果 3 项" in page
    data = {"name": "初评", "sheets_per_achievement": 4, "experts": list(Expert.objects.values_list("pk", flat=True))}
    address = client.post(reverse("scoring:round_new"), data).url
    round_ = Round.objects.get()
    assert round_.enrolment == cast.enrolments["county_a"]
    client.post(reverse("scoring:round_assign", args=[round_.pk]), {"seed": 4})
    client.post(reverse("scoring:round_open", args=[round_.pk]), {"sure": "on"})
    judging.score_all(cast)
    client.post(reverse("scoring:round_close", args=[round_.pk]), {"sure": "on"})
    recommend = reverse("scoring:round_recommend", args=[round_.pk])
    assert recommend in client.get(address).content.decode()
    assert "请先核对并勾选确认" in client.post(recommend, {"recommend": 1}).content.decode()
    refused = client.post(recommend, {"recommend": 9, "sure": "on"})
    assert "请填写 0 到 3 之间的整数" in refused.content.decode()
    done = client.post(recommend, {"recommend": 1, "sure": "on"}, follow=True).content.decode()
    assert "所选成果已按名次推荐" in done
    assert Recommendation.objects.count() == 1


def test_another_county_and_the_host_see_nothing_they_should_not(cast):
    round_ = opened(cast)
    address = reverse("scoring:round", args=[round_.pk])
    assert client_of(cast, "auditor_b").get(address).status_code == 404
    assert client_of(cast, "office").get(address).status_code == 200  # the host looks on, and changes nothing
    assert (
        client_of(cast, "office")
        .post(reverse("scoring:round_close", args=[round_.pk]), {"sure": "on", "waive": "x"})
        .status_code
        == 403
    )
    assert client_of(cast, "office").get(reverse("scoring:round_recommend", args=[round_.pk])).status_code == 403
