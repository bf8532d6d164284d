"""What changes between assignment, release, hand-in and closing: new conflicts, changed works, disqualified works."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actions import grant_membership, record_employment
from accounts.models import Employment, Membership, Role
from core import ledger
from core.errors import Conflict, Refusal
from core.models import Event
from scoring import policies, queries
from scoring.actions import committee, recusing, results, rounds, sheets
from scoring.models import Award, Entry, Recusal, Result, Round, ScoreSheet
from scoring.queries import board, cockpit
from scoring.rules.ranking import rank
from scoring.rules.season import ranking_csv
from submissions.actions import moves
from submissions.models import Achievement, AchievementVersion
from tests import kept
from tests.cast import Cast, accepted, assemble
from tests.scoring import judging
from tests.scoring.judging import client_of, complete, own
from tests.season.judging import special

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept.keeping
def cast() -> Cast:
    """Two works of different counties."""
    made = assemble()
    accepted(made)
    accepted(made, "unit_b", "auditor_b")
    judging.to_review(made)
    return made


def planned(cast: Cast, k: int = 4) -> Round:
    round_ = judging.drafted(cast, k)
    rounds.plan_assignment(cast["office"], round_.pk, seed=7)
    return round_


def employ(cast: Cast, username: str, unit: str = "unit_a") -> None:
    place = cast.organizations[unit]
    Employment.objects.create(user=cast[username].user, organization=place, started_on="2001-01-01")


def of_unit(cast: Cast, unit: str = "unit_a") -> Entry:
    return Entry.objects.get(achievement__unit=cast.enrolments[unit])


def test_a_conflict_since_the_assignment_stops_the_release(cast):
    round_ = planned(cast, k=3)
    chosen = ScoreSheet.objects.filter(entry=of_unit(cast)).first().appointment.expert.user
    employ(cast, chosen.username)
    with pytest.raises(Refusal, match=rf"应当回避的情况（{of_unit(cast).code}），请重新分配专家"):
        rounds.open_round(cast["office"], round_.pk)
    rounds.plan_assignment(cast["office"], round_.pk, seed=7)
    assert rounds.open_round(cast["office"], round_.pk).status == "open"


def test_a_sheet_in_conflict_does_not_count_at_the_closing(cast):
    round_ = judging.opened(cast, k=4)
    judging.score_all(cast)
    employ(cast, "expert1")
    with pytest.raises(Refusal, match="还缺 1 份评分表"):  # nobody is free to take her place
        results.close_round(cast["office"], round_.pk)
    results.close_round(cast["office"], round_.pk, waive="没有可以替补的专家。")
    sheet = ScoreSheet.objects.get(state="void")
    assert sheet.entry == of_unit(cast)
    assert Recusal.objects.get().reason == "employer_unit"
    assert {r.entry.code: r.sheets_counted for r in Result.objects.all()}[sheet.entry.code] == 3
    assert Event.objects.get(verb="void_sheet").subject == f"sheet:{sheet.pk}"
    assert ledger.verify() == []


def test_a_conflicted_sheet_is_set_aside_and_the_rest_handed_in(cast):
    round_ = judging.opened(cast, k=4)
    complete(cast, "expert1")
    employ(cast, "expert1")
    data = {"round": round_.pk, "shown": 2, "sure": "on"}
    page = client_of(cast, "expert1").post(reverse("scoring:hand_in"), data, follow=True).content.decode()
    code = of_unit(cast).code
    assert f"{code} 属于应当回避的成果，已停止评分，并已记入评审存证。" in page
    assert "已交 1 份评分表" in page
    assert ScoreSheet.objects.get(state="void").entry.code == code
    assert ScoreSheet.objects.get(state="handed_in").entry.code != code
    assert Recusal.objects.count() == Event.objects.filter(verb="void_sheet").count() == 1


def test_what_was_declared_survives_a_new_assignment(cast):
    round_ = planned(cast, k=3)
    appointment = round_.appointments.first()
    Recusal.objects.filter(round=round_).delete()
    Recusal.objects.create(
        round=round_,
        appointment=appointment,
        entry=of_unit(cast),
        reason="declared",
        evidence="师徒",
        created_by=cast["expert1"].user,
    )
    rounds.plan_assignment(cast["office"], round_.pk, seed=8)
    kept = Recusal.objects.get()
    assert kept.created_by == cast["expert1"].user
    assert (kept.entry, kept.appointment, kept.reason, kept.evidence) == (
        of_unit(cast),
        appointment,
        "declared",
        "师徒",
    )
    assert not ScoreSheet.objects.filter(entry=kept.entry, appointment=appointment).exists()


def test_a_work_verified_otherwise_since_the_assignment_stops_the_release(cast):
    round_ = planned(cast)
    Achievement.objects.filter(entries=of_unit(cast)).update(verified_wan="88.00")
    with pytest.raises(Refusal, match="有增减或改动"):
        rounds.open_round(cast["office"], round_.pk)


def test_a_work_without_a_version_is_named(cast):
    work = Achievement.objects.first()
    AchievementVersion.objects.filter(achievement=work).update(achievement=Achievement.objects.last(), number=99)
    with pytest.raises(Refusal, match=work.title):
        judging.drafted(cast)


def test_a_disqualified_work_gets_no_award(cast):
    round_ = judging.opened(cast, k=4)
    judging.score_all(cast)
    results.close_round(cast["office"], round_.pk)
    entry = of_unit(cast)
    approval = special(cast, entry.pk)
    moves.disqualify(cast["office"], entry.achievement_id, "经核实，不是本单位的成果。")
    with pytest.raises(Refusal, match=f"{entry.code} 已经不在评审之列，请先取消"):
        results.confirm_awards(cast["office"], round_.pk)
    committee.revoke(cast["office"], approval.pk, "已取消资格。")
    with pytest.raises(Refusal, match="当前为“已取消”，不能取消"):
        committee.revoke(cast["office"], approval.pk, "已取消资格。")
    with pytest.raises(Refusal, match="已经不在评审之列，不能评定"):
        special(cast, entry.pk)
    assert results.confirm_awards(cast["office"], round_.pk) == 1 == sum(t.count for t in board.tiers(round_))
    assert Award.objects.get().entry != entry


def test_no_award_on_a_sheet_that_became_conflicted_after_the_closing(cast):
    """The refusal names the work and the way; reopened and closed anew, the sheet is void and somebody is called."""
    round_ = judging.opened(cast, k=3)
    judging.score_all(cast)
    results.close_round(cast["office"], round_.pk)
    entry = of_unit(cast)
    sheet = entry.sheets.filter(state="handed_in").select_related("appointment__expert__user").first()
    record_employment(None, sheet.appointment.expert.user, cast.organizations["unit_a"], timezone.localdate())
    with pytest.raises(Refusal, match=f"{entry.code} 的评审专家.*应当回避.*“重新开放”本轮"):
        results.confirm_awards(cast["office"], round_.pk)
    assert not Award.objects.exists()
    results.reopen_round(cast["office"], round_.pk, "专家应当回避。")
    with pytest.raises(Refusal, match="应当回避，已加派 1 份"):
        results.close_round(cast["office"], round_.pk)
    sheet.refresh_from_db()
    assert sheet.state == "void"
    judging.score_all(cast)
    results.close_round(cast["office"], round_.pk)
    assert results.confirm_awards(cast["office"], round_.pk) == 2


def test_a_work_that_left_while_it_was_judged_is_waited_for_no_more(cast):
    """Her mark is refused, her other sheets go in, nobody is called; the file and the portal rank the same."""
    round_ = judging.opened(cast, k=4)
    left = of_unit(cast)
    for username in judging.EXPERTS[:3]:
        sheets.hand_in(cast[username], complete(cast, username))
    complete(cast, "expert4")
    moves.disqualify(cast["office"], left.achievement_id, "经核实，不是本单位的成果。")
    hers = own(cast, "expert4")
    gone = next(sheet for sheet in hers if sheet.entry == left)
    with pytest.raises(Refusal, match="已经不在评审之列，不需要再评分"):
        sheets.save_marks(cast["expert4"], gone.pk, judging.marks(gone, step=1), revision=gone.revision)
    client, data = client_of(cast, "expert4"), {"round": round_.pk, "shown": 1, "sure": "on"}
    assert "已交 1 份评分表" in client.post(reverse("scoring:hand_in"), data, follow=True).content.decode()
    recusing.declare(cast["expert1"], own_of(cast, "expert1", left).pk, "师徒。")
    assert results.close_round(cast["office"], round_.pk).waiver == ""
    assert left.result.rank is None
    assert set(left.sheets.values_list("state", flat=True)) == {"void"}
    page = client_of(cast, "office").get(reverse("scoring:jury", args=[round_.pk])).content.decode()
    assert "成果已离开评审（取消资格），不计分" in page
    season = queries.season(round_)
    assert queries.ranking_download(round_) == ranking_csv(
        rank(season.sheets, season.policy, season.tiers, season.rubric)
    )


def own_of(cast: Cast, username: str, entry: Entry) -> ScoreSheet:
    return ScoreSheet.objects.visible_to(cast[username]).get(entry=entry)


def test_experts_have_an_active_hat_at_the_host(cast):
    Membership.objects.filter(user=cast["expert1"].user).update(is_active=False)
    Membership.objects.filter(user=cast["expert2"].user).update(organization=cast.organizations["county_a"])
    names = {expert.user.username for expert in cockpit.experts(cast.contest)}
    assert names == {"expert3", "expert4"}
    with pytest.raises(Refusal, match="只选了 2 位"):
        judging.drafted(cast, k=3)


def test_the_named_second_of_the_rounds_own_closing_is_inside(cast):
    round_ = judging.opened(cast)
    round_.closes_at = timezone.now().replace(microsecond=0) + timedelta(hours=1)
    assert policies.scoring_window(round_, round_.closes_at + timedelta(milliseconds=999)).open
    assert not policies.scoring_window(round_, round_.closes_at + timedelta(seconds=1)).open


def test_the_release_of_another_assignment_than_the_one_shown_is_refused(cast):
    round_ = planned(cast)
    shown = round_.plans.get().pk
    client, address = client_of(cast, "office"), reverse("scoring:round_open", args=[round_.pk])
    page = client.get(reverse("scoring:round", args=[round_.pk])).content.decode()
    assert f'name="plan" value="{shown}"' in page
    rounds.plan_assignment(cast["office2"], round_.pk, seed=9)
    with pytest.raises(Conflict):
        rounds.open_round(cast["office"], round_.pk, plan_id=shown)
    page = client.post(address, {"sure": "on", "plan": shown}, follow=True).content.decode()
    assert "刚才已经重新分配过专家" in page
    client.post(address, {"sure": "on", "plan": round_.plans.get().pk})
    round_.refresh_from_db()
    assert round_.status == "open"


def test_who_fills_in_for_a_unit_works_there(cast):
    grant_membership(None, cast["expert1"].user, cast.organizations["unit_a"], Role.UNIT_OPERATOR)
    planned(cast, k=3)
    recusal = Recusal.objects.get()
    assert (recusal.entry, recusal.reason) == (of_unit(cast), "employer_unit")
    assert recusal.appointment.expert.user == cast["expert1"].user


def test_all_sheets_in_conflict_leave_nothing_to_hand_in(cast):
    judging.opened(cast, k=4)
    ids = complete(cast, "expert1")
    employ(cast, "expert1")
    employ(cast, "expert1", "unit_b")
    done = sheets.hand_in(cast["expert1"], ids)
    assert (done.count, len(done.set_aside)) == (0, 2)
    assert own(cast, "expert1") == []
