"""The office runs a round through its pages; the supervisor looks on."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.models import Employment
from contests.rules import preset as presets
from core import ledger
from core.models import Event
from portal.actions.contests import create_contest
from scoring import queries
from scoring.actions import experts, results, sheets
from scoring.models import Appointment, Expert, Recusal, Round, Rubric, ScoreSheet
from submissions.lifecycle import Status
from submissions.models import Achievement
from tests import kept
from tests.cast import Cast, accepted, assemble
from tests.scoring import judging
from tests.scoring.judging import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept.keeping
def cast() -> Cast:
    made = assemble()
    accepted(made)
    accepted(made, "unit_b", "auditor_b")
    judging.to_review(made)
    return made


@pytest.fixture
def office(cast) -> Client:
    return client_of(cast, "office")


def url(name: str, round_: Round) -> str:
    return reverse(f"scoring:{name}", args=[round_.pk])


def new(**changes: object) -> dict[str, object]:
    experts = list(Expert.objects.values_list("pk", flat=True))
    return {"name": "终评", "sheets_per_achievement": 3, "experts": experts} | changes


# --- a new round ------------------------------------------------------------------------------------------


def test_a_new_round_takes_the_rubric_of_the_notice(cast, office):
    page = office.get(reverse("scoring:round_new")).content.decode()
    assert "本届通知自带" in page
    assert "蒋一" in page
    assert "煤炭、机械" in page
    answer = office.post(reverse("scoring:round_new"), new())
    round_ = Round.objects.get()
    assert answer.url == url("round", round_)
    assert (round_.name, round_.rubric.code, round_.sheets_per_achievement) == ("终评", "jincheng-2021", 3)
    assert (round_.appointments.count(), round_.entries.count()) == (4, 2)


def test_too_few_experts_are_refused_with_everything_typed(office):
    one = [Expert.objects.first().pk]
    answer = office.post(reverse("scoring:round_new"), new(name="初评甲组", experts=one))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "每项成果需要 3 位专家，只选了 1 位" in page
    assert 'value="初评甲组"' in page
    assert page.count(" checked") == 1
    assert not Round.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "请填写名称。"),
        ({"experts": []}, "请选择专家。"),
        ({"experts": [999_999]}, "所选专家已不可用"),
        ({"sheets_per_achievement": ""}, "请填写每项成果由几位专家评分。"),
        ({"sheets_per_achievement": "三"}, "请填写整数。"),
        ({"sheets_per_achievement": 0}, "1"),
    ],
)
def test_what_is_missing_is_said_in_chinese(office, changes, sentence):
    answer = office.post(reverse("scoring:round_new"), new(**changes))
    assert answer.status_code == 400
    assert sentence in answer.content.decode()


def test_the_same_name_twice_is_refused(cast, office):
    judging.drafted(cast)
    assert "已有同名的评审轮次" in office.post(reverse("scoring:round_new"), new()).content.decode()


def test_without_a_rubric_of_its_own_the_office_chooses_one(cast):
    made = create_contest(None, presets.named("xinxiang-2015").shifted(cast.contest.year + 1), cast.contest.host)
    experts.engage(None, made, list(Expert.objects.values_list("pk", flat=True)))
    office = client_of(cast, "office")
    address = f"{reverse('scoring:round_new')}?contest={made.pk}"
    assert "没有自带评分标准" in office.get(address).content.decode()
    refused = office.post(address, new())
    assert "请先选择评分标准" in refused.content.decode()
    office.post(address, new(rubric=Rubric.objects.get().pk))
    assert Round.objects.get().contest == made


@pytest.mark.parametrize("who", ["supervisor", "unit_a", "expert1"])
def test_only_the_office_makes_rounds(cast, who):
    client = client_of(cast, who)
    assert client.get(reverse("scoring:round_new")).status_code == 403
    assert client.post(reverse("scoring:round_new"), new()).status_code == 403
    assert not Round.objects.exists()


@pytest.mark.parametrize("who", ["supervisor", "unit_a", "expert1"])
def test_who_reads_the_rounds(cast, who):
    round_, status = judging.drafted(cast), 200 if who == "supervisor" else 403
    client = client_of(cast, who)
    assert client.get(reverse("scoring:rounds")).status_code == status
    assert client.get(url("round", round_)).status_code == status


# --- assignment and release ---------------------------------------------------------------------------------


def test_the_assignment_keeps_conflicts_away_and_shows_them(cast, office):
    expert = cast["expert1"].user
    Employment.objects.create(user=expert, organization=cast.organizations["unit_a"], started_on="2001-01-01")
    round_ = judging.drafted(cast)
    page = office.post(url("round_assign", round_), {"seed": 5}, follow=True).content.decode()
    recusal = Recusal.objects.get()
    assert recusal.appointment.expert.user == expert
    assert "专家所在单位是完成单位" in page
    assert recusal.entry.code in page
    assert not ScoreSheet.objects.filter(entry=recusal.entry, appointment=recusal.appointment).exists()
    assert "专业对口" in page
    assert "将冻结 2 项成果，向 4 位专家发出 6 份评分表" in strip_tags(page)


def test_the_same_seed_gives_the_same_sheets(cast, office):
    round_ = judging.drafted(cast)

    def pairs() -> set[tuple[int, str]]:
        office.post(url("round_assign", round_), {"seed": 5})
        return set(ScoreSheet.objects.values_list("entry__achievement", "appointment__pseudonym"))

    assert pairs() == pairs()


def test_impossible_assignments_say_why(cast, office):
    for name in ("expert1", "expert2"):
        unit = cast.organizations["unit_a"]
        Employment.objects.create(user=cast[name].user, organization=unit, started_on="2001-01-01")
    round_ = judging.drafted(cast)
    answer = office.post(url("round_assign", round_), {"seed": 5})
    assert answer.status_code == 400
    assert "除去回避后只有 2 名专家可评，需要 3 名" in answer.content.decode()


def test_the_release_wants_the_confirmation_and_freezes(cast, office):
    round_ = judging.drafted(cast)
    office.post(url("round_assign", round_), {"seed": 5})
    refused = office.post(url("round_open", round_), {})
    assert refused.status_code == 400
    assert "请先核对并勾选确认" in refused.content.decode()
    page = office.post(url("round_open", round_), {"sure": "on"}, follow=True).content.decode()
    assert "评审已经开始" in page
    round_.refresh_from_db()
    assert round_.status == "open"
    assert set(Achievement.objects.values_list("status", flat=True)) == {Status.FROZEN}


def test_a_round_without_assignment_is_not_released(cast, office):
    round_ = judging.drafted(cast)
    answer = office.post(url("round_open", round_), {"sure": "on"})
    assert "请先分配专家" in str(list(answer.context["open_form"].errors.values()))
    round_.refresh_from_db()
    assert round_.status == "draft"


def test_the_second_of_two_persons_is_told(cast, office):
    round_ = judging.opened(cast)
    page = office.post(url("round_open", round_), {"sure": "on"}, follow=True).content.decode()
    assert "本轮评审当前为“评审中”，不能开始评审" in page
    again = office.post(url("round_assign", round_), {"seed": 1}, follow=True).content.decode()
    assert "不能分配专家" in again
    assert ScoreSheet.objects.count() == 6


# --- the closing ------------------------------------------------------------------------------------------------


def test_missing_sheets_need_a_written_reason(cast, office):
    round_ = judging.opened(cast)
    page = office.get(url("round", round_)).content.decode()
    assert '还有 <b class="wx-b">6</b> 份评分表没有提交' in page
    refused = office.post(url("round_close", round_), {"sure": "on"})
    assert refused.status_code == 400
    assert "请等待，或写明理由后截止" in refused.content.decode()
    closed = office.post(url("round_close", round_), {"sure": "on", "waive": "两位专家出差。"}, follow=True)
    assert "评分已截止" in closed.content.decode()
    assert "缺评说明（王敏）：两位专家出差。" in closed.content.decode()
    assert ledger.verify() == []


def test_an_unconfirmed_closing_keeps_the_reason_typed(cast, office):
    round_ = judging.opened(cast)
    page = office.post(url("round_close", round_), {"waive": "两位专家出差。"}).content.decode()
    assert "两位专家出差。</textarea>" in page
    round_.refresh_from_db()
    assert round_.status == "open"


def test_all_sheets_in_need_no_reason(cast, office):
    round_ = judging.opened(cast)
    judging.score_all(cast)
    page = office.get(url("round", round_)).content.decode()
    assert "6 份评分表已经收齐" in page
    assert 'name="waive"' not in page
    office.post(url("round_close", round_), {"sure": "on"})
    round_.refresh_from_db()
    assert round_.status == "closed"


def test_who_closes_second_is_told(cast, office):
    round_ = judging.opened(cast)
    results.close_round(cast["office2"], round_.pk, waive="出差。")
    page = office.post(url("round_close", round_), {"sure": "on", "waive": "我也要截止"}, follow=True).content.decode()
    assert "本轮评审当前为“已截止”，不能截止评分" in page
    round_.refresh_from_db()
    assert (round_.waiver, round_.waived_by) == ("出差。", cast["office2"].user)
    assert f"缺评说明（{cast['office2'].user.display_name}）：出差。" in page


def test_the_works_that_a_waiver_does_without_are_named(cast, office):
    """Above the field by code, in the ledger by id."""
    round_ = judging.opened(cast, k=4)
    for username in judging.EXPERTS:
        mine = [sheet for sheet in judging.own(cast, username) if sheet.entry.code == "A0001"]
        for sheet in mine:
            sheets.save_marks(cast[username], sheet.pk, judging.marks(sheet), revision=sheet.revision)
        sheets.hand_in(cast[username], [sheet.pk for sheet in mine])
    assert "未评完的成果 1 项：A0002。" in office.get(url("round", round_)).content.decode()
    results.close_round(cast["office"], round_.pk, waive="专家出差。")
    payload = json.loads(Event.objects.get(verb="close_round").payload)
    assert payload["unfinished"] == [round_.entries.get(code="A0002").pk]


def test_a_rubric_is_frozen_by_the_first_hand_in(cast):
    judging.opened(cast)
    assert Rubric.objects.get().frozen_at is None
    judging.score_all(cast)
    assert Rubric.objects.get().frozen_at is not None


# --- the supervisor ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["round_assign", "round_open", "round_close", "confirm", "propose"])
def test_the_supervisor_changes_nothing(cast, name):
    round_ = judging.drafted(cast)
    answer = client_of(cast, "supervisor").post(url(name, round_), {"seed": 1, "sure": "on", "waive": "x"})
    assert answer.status_code == 403


def test_the_supervisor_sees_no_forms(cast):
    round_ = judging.opened(cast)
    client = client_of(cast, "supervisor")
    page = client.get(url("round", round_)).content.decode()
    assert "专家进度" in page
    assert f'action="{url("round_close", round_)}"' not in page
    assert "新建轮次" not in client.get(reverse("scoring:rounds")).content.decode()


@pytest.mark.parametrize("name", ["round_assign", "round_open", "round_close", "confirm", "propose"])
def test_what_changes_a_round_is_a_post_with_a_token(cast, name):
    round_ = judging.drafted(cast)
    client = client_of(cast, "office", csrf=True)
    assert client.get(url(name, round_)).status_code == 405
    assert client.post(url(name, round_), {"seed": 1, "sure": "on"}).status_code == 403


def test_a_round_that_does_not_exist(office):
    assert office.get(reverse("scoring:round", args=[999_999])).status_code == 404
    assert office.post(reverse("scoring:round_close", args=[999_999]), {"sure": "on"}).status_code == 404


# --- pseudonyms and numbers of queries --------------------------------------------------------------------------------


def test_names_and_pseudonyms_never_stand_side_by_side(cast, office):
    round_ = judging.opened(cast)
    page = office.get(url("round", round_)).content.decode()
    assert "蒋一" in page
    assert [a.pseudonym for a in Appointment.objects.all() if a.pseudonym in page] == []


def counted(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_the_list_costs_the_same_with_one_round_and_with_three(cast, office):
    judging.drafted(cast)
    one = counted(office, reverse("scoring:rounds"))
    for name in ("复评", "补评"):
        judging.drafted(cast, name=name)
    assert counted(office, reverse("scoring:rounds")) == one == ROUNDS


@pytest.mark.parametrize("works", [1, 3])
def test_the_cockpit_costs_the_same_with_one_work_and_with_three(works):
    cast, round_ = judging.season(works)
    assert counted(client_of(cast, "office"), url("round", round_)) == COCKPIT


ROUNDS, COCKPIT = 7, 21


def test_a_rubric_is_read_as_it_is_stored_even_when_changed_in_place():
    judging.season(1, k=1)
    rubric = Rubric.objects.get()
    round_ = Round(rubric=rubric)
    before = queries.rubric_of(round_)
    rubric.definition["criteria"][0]["name"] = "改名"
    assert queries.rubric_of(round_).criteria[0].name == "改名"
    assert queries.rubric_of(Round(rubric=Rubric.objects.get(pk=rubric.pk))) == before
