"""A conflict that arises after the release keeps an expert from a sheet that she has not begun."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.access import HAT
from accounts.actions import grant_membership, record_employment
from accounts.models import Organization, Role
from core.models import Event
from scoring import policies
from scoring.actions import sheets
from scoring.models import Recusal, Round, ScoreSheet
from submissions.models import Achievement
from tests import kept
from tests.cast import Cast, accepted, assemble
from tests.scoring import judging
from tests.scoring.judging import client_of, marks, posted

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """Two works of different counties, both given to all four."""
    return kept.built(_two_counties, "kept_away")


def _two_counties() -> Cast:
    made = assemble()
    accepted(made)
    accepted(made, "unit_b", "auditor_b")
    judging.to_review(made)
    judging.opened(made, k=4)
    return made


def of_unit(cast: Cast, unit: str = "unit_a") -> ScoreSheet:
    return ScoreSheet.objects.visible_to(cast["expert1"]).get(entry__achievement__unit=cast.enrolments[unit])


def employ(cast: Cast) -> None:
    record_employment(None, cast["expert1"].user, cast.organizations["unit_a"], date(2001, 1, 1))


def wear_a_hat(cast: Cast) -> None:
    grant_membership(None, cast["expert1"].user, cast.organizations["unit_a"], Role.UNIT_OPERATOR)


def write_the_place(cast: Cast) -> None:
    record_employment(None, cast["expert1"].user, cast.organizations["unit_a"].name, date(2001, 1, 1))


def employ_below(cast: Cast) -> None:
    """A team of the unit: on the unit's branch."""
    unit = cast.organizations["unit_a"]
    team = Organization.objects.create(parent=unit, level="team", nature="enterprise", name="维修班")
    record_employment(None, cast["expert1"].user, team, date(2001, 1, 1))


def name_the_leader(cast: Cast) -> None:
    leader = of_unit(cast).entry.achievement.leader
    type(leader).objects.filter(pk=leader.pk).update(name=cast["expert1"].user.display_name)


def own_members(cast: Cast) -> None:
    work = of_unit(cast).entry.achievement
    work.members.create(name=cast["expert1"].user.display_name, organization_text="一车间")


EVIDENCE = (employ, wear_a_hat, write_the_place, employ_below, name_the_leader, own_members)


def as_expert(cast: Cast) -> Client:
    """Whoever has two hats has chosen the expert's."""
    client = client_of(cast, "expert1")
    session = client.session
    session[HAT] = cast["expert1"].membership_id
    session.save()
    return client


def asked(client: Client, sheet: ScoreSheet) -> list[tuple[int, str]]:
    """Reading, the form without a script, the saving with one."""
    page, saving = reverse("scoring:sheet", args=[sheet.pk]), reverse("scoring:sheet_save", args=[sheet.pk])
    data = posted(marks(sheet), 0)
    answers = (client.get(page), client.post(page, data), client.post(saving, data))
    return [(one.status_code, one.content.decode()) for one in answers]


@pytest.mark.parametrize("arises", EVIDENCE, ids=lambda one: one.__name__)
def test_the_same_evidence_as_at_the_hand_in_keeps_the_sheet_shut(cast: Cast, arises) -> None:
    sheet, other = of_unit(cast), of_unit(cast, "unit_b")
    arises(cast)
    client = as_expert(cast)
    (read, page), (refused, again), (unsaved, answer) = asked(client, sheet)
    assert (read, refused, unsaved) == (200, 400, 400)
    assert policies.KEPT_AWAY in page
    assert policies.KEPT_AWAY in again
    assert policies.KEPT_AWAY in answer.encode().decode("unicode_escape")
    material = sheet.entry.version.content["summary"][:12]
    for text in (page, again):
        assert not [one for one in (material, '<form class="wx-rub"', "level-innovation") if one in text]
    for name in ("scoring:sheet_file", "scoring:sheet_document"):
        assert client.get(reverse(name, args=[sheet.pk, 1])).status_code == 404
    sheet.refresh_from_db()
    assert (sheet.revision, sheet.marks.count(), sheet.state) == (0, 0, "open")
    assert 'class="wx-rub"' in client.get(reverse("scoring:sheet", args=[other.pk])).content.decode()
    sheets.save_marks(cast["expert1"], other.pk, marks(other), revision=0)
    assert sheets.hand_in(cast["expert1"], [other.pk]).set_aside == (sheet.entry.code,)


def test_what_she_has_begun_stays_open_until_the_hand_in(cast: Cast) -> None:
    sheet = of_unit(cast)
    sheets.save_marks(cast["expert1"], sheet.pk, {"innovation": marks(sheet)["innovation"]}, revision=0)
    employ(cast)
    client = client_of(cast, "expert1")
    assert 'class="wx-rub"' in client.get(reverse("scoring:sheet", args=[sheet.pk])).content.decode()
    saving = reverse("scoring:sheet_save", args=[sheet.pk])
    assert client.post(saving, posted(marks(sheet), 1)).json()["total"] == 100


def test_a_conflict_of_long_ago_or_of_another_branch_opens(cast: Cast) -> None:
    employ_elsewhere = cast.organizations["unit_b"]
    record_employment(None, cast["expert1"].user, employ_elsewhere, date(2001, 1, 1))
    record_employment(None, cast["expert1"].user, cast.organizations["unit_a"], date(1990, 1, 1), date(2001, 1, 1))
    answer = client_of(cast, "expert1").get(reverse("scoring:sheet", args=[of_unit(cast).pk]))
    assert 'class="wx-rub"' in answer.content.decode()


def test_the_hand_in_of_the_others_tells_the_office_and_calls_somebody(cast: Cast) -> None:
    """She was told that she need do nothing: the sheet that stayed shut is voided with the record of a hand-in."""
    round_, sheet, other = Round.objects.get(), of_unit(cast), of_unit(cast, "unit_b")
    sheets.save_marks(cast["expert1"], other.pk, marks(other), revision=0)
    employ(cast)
    client, data = client_of(cast, "expert1"), {"round": round_.pk, "shown": 1, "sure": "on"}
    page = client.post(reverse("scoring:hand_in"), data, follow=True).content.decode()
    assert f"{sheet.entry.code} 属于应当回避的成果，已停止评分" in page
    assert "已交 1 份评分表" in page
    sheet.refresh_from_db()
    other.refresh_from_db()
    assert (sheet.state, other.state) == ("void", "handed_in")
    assert (Recusal.objects.get().entry, Recusal.objects.get().reason) == (sheet.entry, "employer_unit")
    assert Event.objects.get(verb="void_sheet").subject == f"sheet:{sheet.pk}"
    listed = client_of(cast, "office").get(reverse("scoring:recusals", args=[round_.pk])).content.decode()
    assert "任职于东山机械厂工会" in listed


def test_without_a_conflict_the_unbegun_ones_stay_as_they_are(cast: Cast) -> None:
    sheet, other = of_unit(cast), of_unit(cast, "unit_b")
    sheets.save_marks(cast["expert1"], other.pk, marks(other), revision=0)
    assert sheets.hand_in(cast["expert1"], [other.pk]).count == 1
    before = (sheet.revision, sheet.state, sheet.updated_at)
    sheet.refresh_from_db()
    assert (sheet.revision, sheet.state, sheet.updated_at) == before
    assert Achievement.objects.filter(entries__sheets=sheet).exists()
