from dataclasses import dataclass

import pytest
from django.test import Client

from accounts import actions
from accounts.actor import Actor
from accounts.choices import Level, Nature, Ownership, Role
from accounts.models import Membership, Organization, User

PASSWORD = "Shanxi-wuxiao-21"


@dataclass(frozen=True)
class Town:
    """A host with two parallel counties, each with a unit; the first unit has a team."""

    host: Organization
    zezhou: Organization
    gaoping: Organization
    mine: Organization
    hospital: Organization
    team: Organization


@pytest.fixture
def town(db: None) -> Town:
    def place(parent: Organization | None, name: str, level: str, nature: str, **more: object) -> Organization:
        return actions.create_organization(None, parent, name, level, nature, **more)

    host = place(None, "凤台市总工会", Level.HOST, Nature.UNION_BODY)
    zezhou = place(host, "泽州县总工会", Level.COUNTY, Nature.UNION_BODY)
    gaoping = place(host, "高平市总工会", Level.COUNTY, Nature.UNION_BODY)
    mine = place(zezhou, "北岩煤矿", Level.GRASSROOTS, Nature.ENTERPRISE, ownership=Ownership.STATE)
    hospital = place(gaoping, "高平市人民医院", Level.GRASSROOTS, Nature.PUBLIC_INSTITUTION)
    team = place(mine, "机电队", Level.TEAM, Nature.OTHER)
    return Town(host, zezhou, gaoping, mine, hospital, team)


def person(username: str, *hats: tuple[Organization, str], **fields: object) -> User:
    user = actions.create_user(None, username, "测试人员", PASSWORD, **fields)
    for organization, role in hats:
        actions.grant_membership(None, user, organization, role)
    return user


def acting(username: str, organization: Organization, role: str) -> Actor:
    user = person(username, (organization, role))
    return Actor.wearing(Membership.objects.get(user=user))


@pytest.fixture
def operator(town: Town) -> User:
    return person("operator", (town.mine, Role.UNIT_OPERATOR))


@pytest.fixture
def two_hats(town: Town) -> User:
    return person("twohats", (town.mine, Role.UNIT_OPERATOR), (town.zezhou, Role.AUDITOR))


@pytest.fixture
def office(town: Town) -> Actor:
    return acting("office", town.host, Role.OFFICE)


def sign_in(client: Client, user: User) -> Client:
    """By the form, as a person does; the client keeps the session."""
    answer = client.post("/accounts/login/", {"username": user.username, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return client
