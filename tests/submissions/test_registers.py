"""创新工作室 and 重点示范单位: registers with their achievements (domain.md N)."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.actions import keep_studio
from accounts.models import Organization, Studio
from contests.actions.demonstration import drop_demonstration, name_demonstration
from contests.actions.enrol import enrol
from contests.models import Enrolment
from contests.rules import preset as presets
from core import ledger
from core.errors import NotAllowed, Refusal
from core.models import Event
from portal.actions.contests import create_contest
from submissions.actions import drafting, moves
from submissions.models import Achievement, Patent
from submissions.queries import registers
from tests.cast import Cast, assemble, draft, registered, submitted
from tests.submissions.audit_desk import signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


def studio(cast: Cast, key: str = "unit_a", name: str = "何工创新工作室") -> Studio:
    return keep_studio(cast["office"], cast.organizations[key], name=name, leader_name="何工", level="city")


def give_patents(work: Achievement) -> None:
    """Two that were granted, and one applied for, which does not count."""
    for order, status in enumerate(("granted", "granted", "applied")):
        Patent.objects.create(
            achievement=work,
            order=order,
            kind="utility_model",
            number=f"ZL20172060186{order}.3",
            status=status,
            granted_on=date(2019, 5, 7) if status == "granted" else None,
        )


# --- studios ---------------------------------------------------------------------------------------------


def test_the_office_keeps_the_register_and_nobody_else(cast):
    for who in ("unit_a", "auditor_a", "supervisor"):
        with pytest.raises(NotAllowed):
            keep_studio(cast[who], cast.organizations["unit_a"], name="何工创新工作室", leader_name="何工")
    row = studio(cast)
    keep_studio(cast["office"], row.organization, row, closed_on=date(2026, 5, 1))
    with pytest.raises(Refusal, match="同名"):
        studio(cast)
    assert [e.verb for e in Event.objects.filter(subject=f"studio:{row.pk}")] == ["keep_studio", "keep_studio"]
    assert ledger.verify() == []


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"leader_name": ""}, {"level": "galaxy"}, {"closed_on": date(2000, 1, 1)}]
)
def test_the_database_refuses_a_wrong_studio(cast, wrong):
    row = keep_studio(None, cast.organizations["unit_a"], name="甲", leader_name="何工", named_on=date(2020, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Studio.objects.filter(pk=row.pk).update(**wrong)


def test_the_unit_names_its_studio_in_the_editor(cast):
    own, other, above = studio(cast), studio(cast, "unit_b"), studio(cast, "county_a", "县工匠工作室")
    work = draft(cast)
    page = signed_in(cast["unit_a"]).get(reverse("submissions:edit", args=[work.pk]))
    assert "何工创新工作室" in text_of(page)
    assert {row.pk for row in page.context["studios"]} == {own.pk, above.pk}
    url = reverse("submissions:set_studio", args=[work.pk])
    done = signed_in(cast["unit_a"]).post(url, {"studio": own.pk}, follow=True)
    assert "创新工作室已保存" in text_of(done)
    work.refresh_from_db()
    assert work.studio == own
    with pytest.raises(Refusal, match="没有这个创新工作室"):
        drafting.set_studio(cast["unit_a"], work.pk, other.pk, 99)
    keep_studio(cast["office"], above.organization, above, closed_on=date(2026, 5, 1))
    with pytest.raises(Refusal, match="已撤销"):
        drafting.set_studio(cast["unit_a"], work.pk, above.pk, 99)
    moves.submit(cast["unit_a"], moves.register(cast["unit_a"], work.pk).pk)
    with pytest.raises(NotAllowed):
        drafting.set_studio(cast["unit_a"], work.pk, None, 99)
    assert "何工创新工作室" in text_of(signed_in(cast["auditor_a"]).get(reverse("submissions:detail", args=[work.pk])))


def test_of_two_colleagues_the_second_choice_of_a_studio_is_told_and_not_written(cast):
    one, two = studio(cast), studio(cast, name="李工创新工作室")
    work = draft(cast)
    client, url = signed_in(cast["unit_a"]), reverse("submissions:set_studio", args=[work.pk])
    seen = Achievement.objects.get(pk=work.pk).revision
    assert f'name="revision" value="{seen}"' in client.get(reverse("submissions:edit", args=[work.pk])).content.decode()
    client.post(url, {"studio": one.pk, "revision": seen})
    late = client.post(url, {"studio": two.pk, "revision": seen}, follow=True)
    assert "“创新工作室”刚刚被他人修改过" in text_of(late)
    assert f"对方选的是“{one}”，您选的是“{two}”" in text_of(late)
    assert Achievement.objects.get(pk=work.pk).studio == one
    client.post(url, {"studio": two.pk, "revision": Achievement.objects.get(pk=work.pk).revision})
    assert Achievement.objects.get(pk=work.pk).studio == two


def test_the_register_counts_what_came_from_each(cast):
    row = studio(cast)
    works = [registered(cast), submitted(cast)]
    for work in (draft(cast), *works):
        type(work).objects.filter(pk=work.pk).update(studio=row)
    moves.verify_benefit(cast["auditor_a"], works[1].pk, Decimal("126.50"), "economic", "")
    give_patents(works[1])
    found = registers.studios(cast["office"], cast.contest).get()
    assert (found.pool, found.taken, found.patents, found.wan) == (2, 0, 2, Decimal("126.50"))
    page = signed_in(cast["office"]).get(reverse("submissions:studio", args=[row.pk]))
    assert page.context["page_obj"].paginator.count == 2
    assert signed_in(cast["auditor_b"]).get(reverse("submissions:studio", args=[row.pk])).status_code == 404
    listed = reverse("submissions:studios")
    counts = {"?q=何工": 1, "?q=东山机械": 1, "?q=西河": 0, "?level=city": 1, "?level=unit": 0, "?level=x": 1}
    for query, count in counts.items():
        assert signed_in(cast["office"]).get(listed + query).context["page_obj"].paginator.count == count, query


def test_the_offices_form_names_what_is_wrong_and_keeps_the_rest(cast):
    office, url = signed_in(cast["office"]), reverse("submissions:studio_new")
    unit = cast.organizations["unit_a"].pk
    data = {"organization": unit, "name": "何工创新工作室", "leader_name": "", "level": "city"}
    wrong = office.post(url, data)
    assert wrong.status_code == 400
    assert "请填写领衔人" in text_of(wrong)
    assert "何工创新工作室" in wrong.content.decode()
    office.post(url, data | {"leader_name": "何工"})
    again = office.post(url, data | {"leader_name": "何工"})
    assert "同名" in text_of(again)
    row = Studio.objects.get()
    office.post(reverse("submissions:studio_edit", args=[row.pk]), data | {"leader_name": "何工", "members": "张小三"})
    row.refresh_from_db()
    assert row.members == "张小三"


# --- demonstration units -----------------------------------------------------------------------------------


def test_named_in_a_season_it_is_one_in_the_next_until_the_office_drops_it(cast):
    unit = cast.enrolments["unit_a"]
    for who in ("unit_a", "auditor_a", "supervisor"):
        with pytest.raises(NotAllowed):
            name_demonstration(cast[who], unit)
    with pytest.raises(Refusal, match="班组和主办单位"):
        name_demonstration(cast["office"], cast.enrolments["team"])
    name_demonstration(cast["office"], unit, date(2026, 3, 1), "晋市工通字〔2026〕6号")
    following = create_contest(None, presets.named("jincheng-2021").shifted(cast.contest.year + 1))
    host = Enrolment.objects.get(contest=following, recommender__isnull=True)
    county = enrol(None, following, cast.organizations["county_a"], host)
    again = enrol(None, following, Organization.objects.get(pk=unit.organization_id), county)
    named = (again.is_demonstration, again.demonstration_on, again.demonstration_document)
    assert named == (True, date(2026, 3, 1), "晋市工通字〔2026〕6号")
    with pytest.raises(Refusal, match="请写明取消的理由"):
        drop_demonstration(cast["office"], again, " ")
    drop_demonstration(cast["office"], again, "停产。")
    unit.refresh_from_db()
    assert unit.is_demonstration
    assert not Organization.objects.get(pk=unit.organization_id).is_demonstration
    assert ledger.verify() == []


def test_its_page_shows_its_works_as_they_were_handed_in(cast):
    unit = name_demonstration(cast["office"], cast.enrolments["mine"], date(2026, 3, 1), "6号")
    page, work = reverse("submissions:demonstration", args=[unit.pk]), submitted(cast, "team", title="喷雾降尘装置")
    moves.return_for_changes(cast["mine"], work.pk, "请补充。")
    drafting.save_fields(cast["team"], work.pk, {"title": "还没有交的名称"}, 99)
    submitted(cast, "unit_b", title="别的单位的")
    for who, name in {"office": "喷雾降尘装置", "mine": "还没有交的名称"}.items():
        said = text_of(signed_in(cast[who]).get(page))
        assert name in said
        assert "别的单位的" not in said
    assert "还没有交的名称" not in text_of(signed_in(cast["office"]).get(page))
    assert signed_in(cast["unit_b"]).get(page).status_code == 404
    listed = signed_in(cast["unit_b"]).get(reverse("submissions:demonstrations"))
    assert "太行二矿工会" in text_of(listed)
    assert page not in listed.content.decode()


def test_the_list_shows_the_units_with_their_works_and_their_years(cast):
    name_demonstration(cast["office"], cast.enrolments["mine"], date(2026, 3, 1), "6号")
    give_patents(submitted(cast, "team"))
    registered(cast, "mine")
    draft(cast, "mine")
    (unit,) = registers.demonstrations(cast["supervisor"], cast.contest)
    assert (unit.enrolment.name, unit.pool, unit.taken, unit.years) == ("太行二矿工会", 2, 0, [cast.contest.year])
    assert unit.patents == 2
    page = signed_in(cast["unit_b"]).get(reverse("submissions:demonstrations"))
    assert "太行二矿工会" in text_of(page)
    assert "列为示范单位" not in text_of(page)
    found = signed_in(cast["unit_b"]).get(reverse("submissions:demonstrations"), {"q": "西河"})
    assert found.context["page_obj"].paginator.count == 0


def test_the_office_names_and_drops_on_the_page(cast):
    office, url = signed_in(cast["office"]), reverse("submissions:demonstrations")
    unit = cast.enrolments["unit_a"].pk
    data = {"contest": cast.contest.pk, "enrolment": unit, "named_on": "2026-03-01", "document": "6号"}
    wrong = office.post(url, data | {"enrolment": ""})
    assert wrong.status_code == 400
    assert "请选择单位" in text_of(wrong)
    assert "已列为本届重点示范单位" in text_of(office.post(url, data, follow=True))
    drop = reverse("submissions:demonstration_drop", args=[cast.enrolments["unit_a"].pk])
    assert "请写明取消的理由" in text_of(office.post(drop, {"reason": ""}, follow=True))
    assert "不再列为重点示范单位" in text_of(office.post(drop, {"reason": "停产。"}, follow=True))
