"""The assignment after it was made: verified by anybody, moved by hand, completed with the least change."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Employment
from core import ledger
from core.errors import Refusal
from scoring.actions import experts, filling, panels, reassigning, recusing, results, rounds, sheets
from scoring.actions.experts import Knowledge
from scoring.models import Appointment, Entry, Expert, Plan, Round, ScoreSheet
from scoring.queries.standing import standing
from scoring.rules.assignment.check import first_fault
from scoring.rules.assignment.plan import parse_plan
from scoring.rules.assignment.problem import parse_problem
from submissions.models import Achievement
from tests import kept
from tests.cast import Cast, accepted, assemble
from tests.scoring import judging
from tests.scoring.judging import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept.keeping
def cast(private_files) -> Cast:
    made = assemble()
    for _ in range(4):
        accepted(made)
    judging.to_review(made)
    return made


def pairs(round_: Round) -> set[tuple[int, int]]:
    return set(round_.sheets.exclude(state="void").values_list("entry", "appointment"))


def of(cast: Cast, round_: Round, username: str) -> Appointment:
    return round_.appointments.get(expert__user=cast[username].user)


def page_of(cast: Cast, round_: Round, who: str = "office") -> str:
    return client_of(cast, who).get(reverse("scoring:assignment", args=[round_.pk])).content.decode()


def test_the_two_files_are_verified_without_the_solver(cast):
    round_ = judging.opened(cast, k=2)
    plan, office = Plan.objects.get(), client_of(cast, "office")
    problem = office.get(reverse("scoring:plan_problem", args=[plan.pk])).content
    solution = office.get(reverse("scoring:plan_solution", args=[plan.pk])).content
    assert first_fault(parse_problem(problem), parse_plan(solution)) is None
    assert "蒋一" not in (problem + solution).decode()
    page = page_of(cast, round_)
    assert "已证明最优" in page
    assert "python -m scoring.check_plan problem.json plan.json" in page
    assert "换人<" not in page_of(cast, round_, "supervisor")


def test_an_expert_who_fell_out_is_replaced_and_nobody_else_moves(cast):
    round_ = judging.opened(cast, k=2)
    gone = of(cast, round_, "expert1")
    kept = {pair for pair in pairs(round_) if pair[1] != gone.pk}
    lost = len(pairs(round_)) - len(kept)
    done = filling.fall_out(cast["office"], gone.pk, "住院。")
    assert (done.voided, done.given, done.why) == (lost, lost, "")
    assert kept < pairs(round_)
    assert not {pair for pair in pairs(round_) if pair[1] == gone.pk}
    plan = round_.plans.order_by("-pk").first()
    assert first_fault(parse_problem(plan.problem.encode()), parse_plan(plan.solution.encode())) is None
    with pytest.raises(Refusal, match="已经退出本轮"):
        filling.fall_out(cast["office"], gone.pk, "住院。")
    assert ledger.verify() == []


def test_what_she_handed_in_stays(cast):
    round_ = judging.opened(cast, k=2)
    gone = of(cast, round_, "expert1")
    own = judging.own(cast, "expert1")
    sheets.save_marks(cast["expert1"], own[0].pk, judging.marks(own[0]), revision=0)
    sheets.hand_in(cast["expert1"], [own[0].pk])
    done = filling.fall_out(cast["office"], gone.pk, "住院。")
    assert done.voided == len(own) - 1 == done.given
    assert ScoreSheet.objects.get(pk=own[0].pk).state == "handed_in"
    assert gone.sheets.exclude(state="void").count() == 1


def test_without_anybody_left_the_reason_is_said_and_the_rest_stands(cast):
    round_ = judging.opened(cast, k=4)
    gone = of(cast, round_, "expert1")
    done = filling.fall_out(cast["office"], gone.pk, "住院。")
    assert (done.voided, done.given) == (4, 0)
    assert "需要 4 名" in done.why
    assert "可以：" in done.why
    gone.refresh_from_db()
    assert gone.left_at is not None
    page = page_of(cast, round_)
    assert "补足缺的 4 份" in page
    assert "已退出" in page
    refused = client_of(cast, "office").post(reverse("scoring:assignment_fill", args=[round_.pk]), follow=True)
    assert "需要 4 名" in refused.content.decode()


def test_a_late_expert_takes_what_is_missing(cast):
    round_ = judging.opened(cast, k=4)
    filling.fall_out(cast["office"], of(cast, round_, "expert1").pk, "住院。")
    before = pairs(round_)
    knows = Knowledge(("coal",), ("equipment",))
    late = experts.register(cast["office"], cast.contest, "latecomer", "钱新", knows, "Fresh-Expert-01")
    experts.engage(cast["office"], cast.contest, [late.pk])
    office = client_of(cast, "office")
    page = office.post(
        reverse("scoring:assignment_expert", args=[round_.pk]), {"expert": late.pk}, follow=True
    ).content.decode()
    assert "专家已加入本轮" in page
    page = office.post(reverse("scoring:assignment_fill", args=[round_.pk]), follow=True).content.decode()
    assert "新分配 4 份，其余的分配没有变动" in page
    assert before < pairs(round_)
    assert round_.appointments.get(expert=late).sheets.count() == 4
    again = office.post(reverse("scoring:assignment_fill", args=[round_.pk]), follow=True).content.decode()
    assert "不需要补充" in again


def test_late_works_join_without_a_reshuffle(cast):
    round_ = judging.opened(cast, k=2)
    before = pairs(round_)
    late = accepted_late(cast)
    page = page_of(cast, round_)
    assert "编入新受理的 1 项" in page
    page = (
        client_of(cast, "office")
        .post(reverse("scoring:assignment_late", args=[round_.pk]), follow=True)
        .content.decode()
    )
    assert "新分配 2 份，其余的分配没有变动" in page
    assert before < pairs(round_)
    entry = Entry.objects.get(achievement=late)
    assert (entry.code, entry.sheets.count()) == ("A0005", 2)
    codes = list(round_.entries.order_by("pk").values_list("code", flat=True))
    assert codes == sorted(codes)  # an expert's batch is in the order of the keys
    late.refresh_from_db()
    assert late.status == "frozen"
    with pytest.raises(Refusal, match="没有在开始评审之后受理"):
        filling.take_in(cast["office"], round_.pk)
    assert ledger.verify() == []


def accepted_late(cast: Cast) -> Achievement:
    """Submission is open once more, as it is for a unit with an extension."""
    now = timezone.now()
    cast.contest.phases.filter(kind="submit").update(
        opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=5)
    )
    return accepted(cast)


def test_a_voided_sheet_is_given_to_another_one(cast):
    round_ = judging.opened(cast, k=3)
    sheet = judging.own(cast, "expert1")[0]
    recusing.declare(cast["expert1"], sheet.pk, "师徒。")
    assert sheet.entry.sheets.exclude(state="void").count() == 3
    with pytest.raises(Refusal, match="都已足数"):
        filling.fill(cast["office"], round_.pk)
    assert not {pair for pair in pairs(round_) if pair == (sheet.entry_id, sheet.appointment_id)}


def test_a_reserve_takes_a_seat(cast):
    round_ = judging.drafted(cast, k=2)
    panel = panels.save_panel(cast["office"], round_.pk, name="煤炭组", industries=["coal"], categories=[])
    spare = of(cast, round_, "expert4")
    seated = {a.pk: panel.pk for a in round_.appointments.exclude(pk=spare.pk)}
    panels.seat(cast["office"], round_.pk, seated)
    rounds.plan_assignment(cast["office"], round_.pk, seed=1)
    rounds.open_round(cast["office"], round_.pk)
    for name in ("expert1", "expert2"):
        filling.fall_out(cast["office"], of(cast, round_, name).pk, "住院。")
    assert "递补" in page_of(cast, round_)
    address = reverse("scoring:appointment_seat", args=[spare.pk])
    page = client_of(cast, "office").post(address, {"panel": panel.pk}, follow=True).content.decode()
    assert "候补专家已入组" in page
    assert filling.fill(cast["office"], round_.pk).given == spare.sheets.count() > 0


# --- moves by hand --------------------------------------------------------------------------------------------


def free(round_: Round, sheet: ScoreSheet) -> Appointment:
    return round_.appointments.exclude(sheets__entry=sheet.entry_id).order_by("pk").first()


def planned(cast: Cast, k: int = 2) -> Round:
    round_ = judging.drafted(cast, k=k)
    rounds.plan_assignment(cast["office"], round_.pk, seed=1)
    return round_


def test_another_expert_for_a_sheet_through_the_page(cast):
    round_ = planned(cast)
    sheet = ScoreSheet.objects.first()
    other = free(round_, sheet)
    office, address = client_of(cast, "office"), reverse("scoring:entry_experts", args=[sheet.entry_id])
    assert other.expert.user.display_name in office.get(address).content.decode()
    assert "请选择换下或换上的专家" in office.post(address, {"sheet": "", "appointment": ""}).content.decode()
    done = office.post(address, {"sheet": sheet.pk, "appointment": other.pk}, follow=True).content.decode()
    assert "分配已调整" in done
    assert (sheet.entry_id, other.pk) in pairs(round_)
    assert not ScoreSheet.objects.filter(pk=sheet.pk).exists()
    assert Plan.objects.get().detail["by_hand"] == 1
    assert "1 处，以评分表为准" in page_of(cast, round_)
    assert rounds.open_round(cast["office"], round_.pk).status == "open"


def test_a_move_into_a_conflict_is_refused_with_the_reason(cast):
    round_ = planned(cast)
    sheet = ScoreSheet.objects.first()
    other = free(round_, sheet)
    unit = cast.organizations["unit_a"]
    Employment.objects.create(user=other.expert.user, organization=unit, started_on="2001-01-01")
    with pytest.raises(Refusal, match=r"应当回避.*任职单位就是完成单位"):
        reassigning.swap(cast["office"], sheet.pk, other.pk)
    page = client_of(cast, "office").get(reverse("scoring:entry_experts", args=[sheet.entry_id])).content.decode()
    assert "任职于东山机械厂工会" in page


def test_a_move_over_the_maximum_is_refused(cast):
    round_ = planned(cast)
    sheet = ScoreSheet.objects.first()
    other = free(round_, sheet)
    Expert.objects.filter(pk=other.expert_id).update(max_load=other.sheets.count())
    with pytest.raises(Refusal, match="达到最多份数"):
        reassigning.swap(cast["office"], sheet.pk, other.pk)


def test_one_more_and_one_less(cast):
    round_ = planned(cast)
    sheet = ScoreSheet.objects.first()
    with pytest.raises(Refusal, match="减去之后就不足了"):
        reassigning.remove(cast["office"], sheet.pk)
    fresh = reassigning.add(cast["office"], sheet.entry_id, free(round_, sheet).pk)
    with pytest.raises(Refusal, match="已经有"):
        reassigning.add(cast["office"], sheet.entry_id, fresh.appointment_id)
    reassigning.remove(cast["office"], fresh.pk)
    assert sheet.entry.sheets.count() == 2
    assert ledger.verify() == []


def test_a_sheet_with_a_word_in_it_is_nobody_elses(cast):
    round_ = judging.opened(cast, k=2)
    sheet = judging.own(cast, "expert1")[0]
    sheets.save_marks(cast["expert1"], sheet.pk, {}, revision=0, comment="结构简单。")
    with pytest.raises(Refusal, match="已经填写"):
        reassigning.swap(cast["office"], sheet.pk, free(round_, sheet).pk)


def test_after_the_release_the_old_sheet_stays_as_a_voided_row(cast):
    round_ = judging.opened(cast, k=2)
    sheet = judging.own(cast, "expert1")[0]
    reassigning.swap(cast["office"], sheet.pk, free(round_, sheet).pk)
    sheet.refresh_from_db()
    assert sheet.state == "void"
    results.close_round(cast["office"], round_.pk, waive="试行。")
    with pytest.raises(Refusal, match="不能再调整分配"):
        reassigning.swap(cast["office"], sheet.pk, sheet.appointment_id)


def test_too_few_experts_stop_the_release(cast):
    round_ = planned(cast)
    ScoreSheet.objects.first().delete()
    with pytest.raises(Refusal, match="的专家不足 2 位，请重新分配"):
        rounds.open_round(cast["office"], round_.pk)


def test_after_a_move_by_hand_the_certificate_is_of_the_plan_before_and_the_rest_is_checked(cast):
    round_ = judging.opened(cast, k=2)
    assert standing(round_) is None
    entry = round_.entries.order_by("code")[0]
    taken = set(entry.sheets.values_list("appointment", flat=True))
    spare = [one for one in round_.appointments.order_by("pk") if one.pk not in taken]
    reassigning.swap(cast["office"], entry.sheets.first().pk, spare[0].pk)
    found = standing(Round.objects.get(pk=round_.pk))
    assert (found.moved, found.planned) == (1, Plan.objects.get().objective)
    assert [check.fault for check in found.checks][:4] == ["", "", "", ""]
    assert found.holds == (not found.checks[4].fault)
    page = page_of(cast, round_)
    assert "调整前已证明最优" in page
    assert "现在的分配以评分表为准" in page
    for more in round_.entries.order_by("code")[1:]:
        if not more.sheets.filter(appointment=spare[0]).exists():
            reassigning.add(cast["office"], more.pk, spare[0].pk)
    uneven = standing(Round.objects.get(pk=round_.pk))
    assert uneven.checks[4].fault.startswith("最多相差")
    assert "有约束不成立" in page_of(cast, round_)


# --- an expert who fell out, on her page -----------------------------------------------------------------------


def replacing(cast: Cast, round_: Round, username: str = "expert1") -> str:
    return reverse("scoring:appointment_left", args=[of(cast, round_, username).pk])


def test_the_preview_says_what_the_act_then_does(cast):
    round_ = judging.opened(cast, k=2)
    office, url = client_of(cast, "office"), replacing(cast, round_)
    before = (pairs(round_), Plan.objects.count())
    found = office.get(url).context["found"]
    assert (pairs(round_), Plan.objects.count()) == before
    assert sum(count for _, count in found.given) == len(found.gone)
    done = office.post(url, {"reason": "住院。", "shown": len(found.gone)}, follow=True)
    assert f"收回 {len(found.gone)} 份评分表，新分配 {found.count} 份" in done.content.decode()
    gained = pairs(round_) - before[0]
    names = [Appointment.objects.get(pk=expert).expert.user.display_name for _, expert in gained]
    assert sorted((names.count(name), name) for name in set(names)) == sorted((n, name) for name, n in found.given)
    assert "不能换人" in office.get(url).content.decode()


def test_a_reserve_or_somebody_new_takes_the_seat(cast):
    """Two experts in the panel, both on every work: without a stand-in nobody could take the sheets over."""
    round_ = judging.drafted(cast, k=2)
    panel = panels.save_panel(cast["office"], round_.pk, name="一组", industries=[], categories=[])
    seats = {of(cast, round_, name).pk: panel.pk for name in ("expert1", "expert2")}
    panels.seat(cast["office"], round_.pk, seats)
    rounds.plan_assignment(cast["office"], round_.pk, seed=7)
    rounds.open_round(cast["office"], round_.pk)
    office, url = client_of(cast, "office"), replacing(cast, round_)
    assert office.get(url).context["found"].why
    reserve = of(cast, round_, "expert3")
    found = office.get(url, {"stand_in": reserve.expert_id}).context["found"]
    assert (found.why, found.given) == ("", [("韩三", 4)])
    office.post(url, {"reason": "住院。", "shown": 4, "stand_in": reserve.expert_id})
    assert of(cast, round_, "expert3").panel_id == panel.pk
    assert of(cast, round_, "expert3").sheets.count() == 4
    fresh = experts.register(
        cast["office"], cast.contest, "latecomer", "钱新", Knowledge(("coal",), ("equipment",)), "Fresh-Expert-01"
    )
    experts.engage(cast["office"], cast.contest, [fresh.pk])
    url = replacing(cast, round_, "expert2")
    assert office.get(url, {"stand_in": fresh.pk}).context["found"].given == [("钱新", 4)]
    office.post(url, {"reason": "出国。", "shown": 4, "stand_in": fresh.pk})
    assert round_.appointments.get(expert=fresh).sheets.count() == 4
    assert ledger.verify() == []


def test_what_changed_since_the_preview_is_said_and_nothing_done(cast):
    round_ = judging.opened(cast, k=2)
    office, url = client_of(cast, "office"), replacing(cast, round_)
    said = office.post(url, {"reason": "住院。", "shown": 99}, follow=True).content.decode()
    assert "刚才显示有 99 份没有交" in said
    assert of(cast, round_, "expert1").left_at is None
    refused = office.post(url, {"reason": "", "shown": 0})
    assert refused.status_code == 400
    assert "请写明退出的原因" in refused.content.decode()
