import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import actions
from accounts.actor import Actor
from accounts.choices import Level, Nature, Role
from accounts.models import Employment, Membership, Organization, User
from tests.accounts.conftest import Town, acting, person

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def names(rows: object) -> set[str]:
    return {str(row) for row in rows}


@pytest.mark.parametrize(
    ("role", "place", "seen"),
    [
        (Role.OFFICE, "host", {"host", "zezhou", "gaoping", "mine", "hospital", "team"}),
        (Role.SUPERVISOR, "host", {"host", "zezhou", "gaoping", "mine", "hospital", "team"}),
        (Role.AUDITOR, "zezhou", {"host", "zezhou", "mine", "team"}),
        (Role.AUDITOR, "gaoping", {"host", "gaoping", "hospital"}),
        (Role.UNIT_OPERATOR, "mine", {"host", "zezhou", "mine", "team"}),
        (Role.UNIT_OPERATOR, "team", {"host", "zezhou", "mine", "team"}),
        (Role.EXPERT, "host", set()),
    ],
)
def test_who_sees_which_organizations(town: Town, role: str, place: str, seen: set[str]) -> None:
    actor = acting("someone", getattr(town, place), role)
    assert set(Organization.objects.visible_to(actor)) == {getattr(town, name) for name in seen}


def test_nobody_sees_anything(town: Town) -> None:
    for model in (Organization, User, Membership, Employment):
        assert not model.objects.visible_to(None).exists()


def test_another_hosts_tree_is_out_of_sight(town: Town, office: Actor) -> None:
    other = actions.create_organization(None, None, "邻市总工会", Level.HOST, Nature.UNION_BODY)
    assert other not in Organization.objects.visible_to(office)
    assert town.team in Organization.objects.visible_to(office)


def test_the_tree_is_read_in_one_query_however_deep(town: Town) -> None:
    deep = town.team
    for depth in range(6):
        deep = actions.create_organization(None, deep, f"第{depth}小组", Level.TEAM, Nature.OTHER)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        below = set(Organization.objects.subtree_of(town.zezhou.pk))
        above = set(Organization.objects.ancestors_of(deep.pk))
    assert len(queries) == 2
    assert len(below) == 9
    assert len(above) == 9
    assert deep not in above


def test_a_subtree_serves_as_a_subquery(town: Town) -> None:
    person("here", (town.mine, Role.UNIT_OPERATOR))
    person("there", (town.hospital, Role.UNIT_OPERATOR))
    inside = Membership.objects.filter(organization__in=Organization.objects.subtree_of(town.zezhou.pk))
    assert [membership.user.username for membership in inside] == ["here"]


def test_who_sees_which_persons(town: Town, office: Actor) -> None:
    here = acting("here", town.mine, Role.UNIT_OPERATOR)
    acting("there", town.hospital, Role.UNIT_OPERATOR)
    county = acting("county", town.zezhou, Role.AUDITOR)
    expert = acting("expert", town.host, Role.EXPERT)

    def usernames(actor: Actor) -> list[str]:
        return sorted(User.objects.visible_to(actor).values_list("username", flat=True))

    assert usernames(office) == ["county", "expert", "here", "office", "there"]
    assert usernames(county) == ["county", "here"]
    assert usernames(here) == ["here"]
    assert usernames(expert) == ["expert"]
    assert Membership.objects.visible_to(county).count() == 2
    assert Membership.objects.visible_to(expert).get() == expert.membership


def test_who_sees_where_a_person_works(town: Town, office: Actor) -> None:
    expert = acting("expert", town.host, Role.EXPERT)
    county = acting("county", town.zezhou, Role.AUDITOR)
    job = actions.record_employment(None, expert.user, town.mine, dt.date(2019, 5, 6))
    assert list(Employment.objects.visible_to(office)) == [job]
    assert list(Employment.objects.visible_to(expert)) == [job]
    assert not Employment.objects.visible_to(county).exists()
