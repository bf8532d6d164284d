"""评审组: experts sit in them, works come to them, and each is assigned by itself with a certificate of its own."""

import pytest
from django.urls import reverse

from core import ledger
from core.errors import Refusal
from scoring.actions import panels, rounds
from scoring.models import Appointment, Panel, Plan, Round, ScoreSheet
from scoring.rules.assignment.check import first_fault
from scoring.rules.assignment.plan import parse_plan
from scoring.rules.assignment.problem import parse_problem
from tests import kept
from tests.cast import Cast, accepted, assemble
from tests.scoring import judging
from tests.scoring.judging import client_of

pytestmark = pytest.mark.django_db
COAL, POWER = ("煤炭组", ["coal"]), ("电力组", ["power"])


@pytest.fixture
@kept.keeping
def cast() -> Cast:
    made = assemble()
    power = made.contest.industry_set.get(code="power")
    for changes in ({}, {}, {"industry": power}):
        accepted(made, **changes)
    judging.to_review(made)
    return made


def panel(cast: Cast, round_: Round, named: tuple[str, list[str]]) -> Panel:
    name, industries = named
    return panels.save_panel(cast["office"], round_.pk, name=name, industries=industries, categories=[])


def split(cast: Cast, k: int = 2) -> tuple[Round, Panel, Panel]:
    """Two experts in each of two panels."""
    round_ = judging.drafted(cast, k=k)
    coal, power = panel(cast, round_, COAL), panel(cast, round_, POWER)
    sitting = list(round_.appointments.order_by("pk"))
    panels.seat(cast["office"], round_.pk, {a.pk: (coal if i < 2 else power).pk for i, a in enumerate(sitting)})
    return round_, coal, power


def test_works_come_to_the_panel_of_their_industry(cast):
    _, coal, power = split(cast)
    assert (coal.entries.count(), power.entries.count()) == (2, 1)


def test_each_panel_has_a_plan_of_its_own_that_the_verifier_accepts(cast):
    round_, coal, power = split(cast)
    rounds.plan_assignment(cast["office"], round_.pk, seed=3)
    assert set(Plan.objects.values_list("panel", flat=True)) == {coal.pk, power.pk}
    for plan in Plan.objects.all():
        assert first_fault(parse_problem(plan.problem.encode()), parse_plan(plan.solution.encode())) is None
    for sheet in ScoreSheet.objects.select_related("entry", "appointment"):
        assert sheet.entry.panel_id == sheet.appointment.panel_id
    assert ScoreSheet.objects.count() == 6
    assert ledger.verify() == []


def test_whoever_sits_in_no_panel_is_a_reserve(cast):
    round_, coal, _ = split(cast, k=1)
    spare = coal.appointments.first()
    panels.seat(cast["office"], round_.pk, {spare.pk: None})
    rounds.plan_assignment(cast["office"], round_.pk, seed=3)
    assert not spare.sheets.exists()
    assert ScoreSheet.objects.count() == 3


def test_a_panel_without_experts_is_refused_by_name(cast):
    round_, _, power = split(cast)
    panels.seat(cast["office"], round_.pk, dict.fromkeys(power.appointments.values_list("pk", flat=True)))
    with pytest.raises(Refusal, match="“电力组”：有 1 项成果，但没有专家"):
        rounds.plan_assignment(cast["office"], round_.pk, seed=3)


def test_an_impossible_panel_says_which_and_why(cast):
    round_, coal, power = split(cast, k=2)
    first = coal.appointments.first()
    panels.seat(cast["office"], round_.pk, {first.pk: power.pk})
    with pytest.raises(Refusal, match=r"“煤炭组”：成果 .*只有 1 名专家可评，需要 2 名") as refused:
        rounds.plan_assignment(cast["office"], round_.pk, seed=3)
    assert "可以：" in str(refused.value)


def test_a_work_that_no_panel_takes_must_be_placed_by_hand(cast):
    round_ = judging.drafted(cast, k=2)
    coal = panel(cast, round_, COAL)
    panels.seat(cast["office"], round_.pk, {a.pk: coal.pk for a in round_.appointments.all()})
    lost = round_.entries.get(panel=None)
    with pytest.raises(Refusal, match=f"{lost.code}没有归入任何评审组"):
        rounds.plan_assignment(cast["office"], round_.pk, seed=3)
    panels.place(cast["office"], round_.pk, [lost.pk], coal.pk)
    rounds.plan_assignment(cast["office"], round_.pk, seed=3)
    assert ScoreSheet.objects.count() == 6


def test_what_was_placed_by_hand_stays_when_the_works_are_collected_anew(cast):
    round_, coal, power = split(cast)
    work = coal.entries.order_by("pk").first()
    panels.place(cast["office"], round_.pk, [work.pk], power.pk)
    rounds.plan_assignment(cast["office"], round_.pk, seed=3)
    again = round_.entries.get(achievement=work.achievement_id)
    assert (again.panel_id, again.placed_by_hand) == (power.pk, True)
    panels.place(cast["office"], round_.pk, [again.pk], None)
    again.refresh_from_db()
    assert (again.panel_id, again.placed_by_hand) == (coal.pk, False)


def test_every_change_takes_the_assignment_back(cast):
    round_, coal, _ = split(cast)
    rounds.plan_assignment(cast["office"], round_.pk, seed=3)
    panels.drop_panel(cast["office"], coal.pk)
    assert not ScoreSheet.objects.exists()
    assert not Plan.objects.exists()
    assert Appointment.objects.filter(panel=None).count() == 2
    with pytest.raises(Refusal, match="请先分配专家"):
        rounds.open_round(cast["office"], round_.pk)


def test_the_whole_assignment_is_taken_back_in_one_act(cast):
    round_, _, _ = split(cast)
    rounds.plan_assignment(cast["office"], round_.pk, seed=3)
    assert rounds.undo_assignment(cast["office"], round_.pk) == 6
    assert (ScoreSheet.objects.count(), Plan.objects.count()) == (0, 0)
    with pytest.raises(Refusal, match="还没有分配，或已经撤销"):
        rounds.undo_assignment(cast["office"], round_.pk)


def test_two_panels_of_one_name_and_strange_industries_are_refused(cast):
    round_ = judging.drafted(cast, k=2)
    panel(cast, round_, COAL)
    with pytest.raises(Refusal, match="已有同名的评审组"):
        panel(cast, round_, COAL)
    with pytest.raises(Refusal, match="不在本届目录中"):
        panel(cast, round_, ("别组", ["nowhere"]))


def test_an_open_round_keeps_its_panels(cast):
    round_, coal, _ = split(cast)
    rounds.plan_assignment(cast["office"], round_.pk, seed=3)
    rounds.open_round(cast["office"], round_.pk)
    with pytest.raises(Refusal, match="当前为“评审中”，不能调整评审组"):
        panels.drop_panel(cast["office"], coal.pk)


def test_the_experts_of_a_draft_are_changed(cast):
    round_, _, _ = split(cast)
    kept = list(round_.appointments.order_by("pk").values_list("expert", flat=True)[:3])
    assert panels.change_experts(cast["office"], round_.pk, kept) == (0, 1)
    assert set(round_.appointments.values_list("expert", flat=True)) == set(kept)
    with pytest.raises(Refusal, match="只选了 1 位"):
        panels.change_experts(cast["office"], round_.pk, kept[:1])


# --- the pages ---------------------------------------------------------------------------------------------


def test_the_office_sets_panels_up_through_the_pages(cast):
    round_, office = judging.drafted(cast, k=2), client_of(cast, "office")
    new = reverse("scoring:panel_new", args=[round_.pk])
    assert "请填写评审组名称" in office.post(new, {"name": ""}).content.decode()
    for name, code in (("煤炭组", "coal"), ("电力组", "power")):
        page = office.post(new, {"name": name, "industries": [code]}, follow=True).content.decode()
        assert "已保存" in page
    coal, power = Panel.objects.order_by("pk")
    sitting = list(round_.appointments.order_by("pk"))
    data = {f"seat-{a.pk}": (coal if i < 2 else power).pk for i, a in enumerate(sitting)}
    page = office.post(reverse("scoring:panel_seats", args=[round_.pk]), data, follow=True).content.decode()
    assert "专家的安排已保存" in page
    work = coal.entries.first()
    moved = {"entry": [work.pk], "panel": power.pk, "shown": "none"}
    page = office.post(reverse("scoring:panel_works", args=[round_.pk]), moved, follow=True).content.decode()
    assert "已移入所选评审组" in page
    edited = reverse("scoring:panel", args=[coal.pk])
    assert 'value="煤炭组"' in office.get(edited).content.decode()
    office.post(edited, {"name": "煤炭与化工组", "industries": ["coal", "chemical"]})
    coal.refresh_from_db()
    assert (coal.name, coal.industries) == ("煤炭与化工组", ["chemical", "coal"])
    page = office.post(reverse("scoring:panel_drop", args=[power.pk]), follow=True).content.decode()
    assert "已撤销“电力组”" in page
    assert "还有成果没有归组" in page


def test_nothing_ticked_is_said(cast):
    round_, _, power = split(cast)
    office = client_of(cast, "office")
    page = office.post(reverse("scoring:panel_works", args=[round_.pk]), {"panel": power.pk}, follow=True)
    assert "请先勾选要调整的成果" in page.content.decode()


def test_the_supervisor_reads_the_panels_and_changes_nothing(cast):
    round_, coal, _ = split(cast)
    client = client_of(cast, "supervisor")
    page = client.get(reverse("scoring:panels", args=[round_.pk])).content.decode()
    assert "煤炭组" in page
    assert "<select" not in page
    assert client.post(reverse("scoring:panel_drop", args=[coal.pk])).status_code == 403
