"""What the keeper of a server does by command: the first account, a forgotten password."""

import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Membership, Role, User
from core.models import Event
from tests.accounts.conftest import PASSWORD, Town, person


def run(command: str, /, *args: str, **options: str) -> str:
    out = io.StringIO()
    call_command(command, *args, stdout=out, **options)
    return out.getvalue()


def told(said: str) -> str:
    found = re.search(r"一次性密码：(\S+?)（", said)
    assert found
    return found[1]


def test_the_first_office_account_signs_in_and_changes_its_password(town: Town, client: Client) -> None:
    said = run("add_user", "chen", name="陈初", organization="凤台市总工会", role="office")
    assert "chen 已是凤台市总工会的竞赛办公室" in said
    assert client.post("/accounts/login/", {"username": "chen", "password": told(said)}).status_code == 302
    assert client.get("/", follow=True).redirect_chain[0][0].startswith("/accounts/password/")


def test_a_known_account_gets_one_more_hat_and_keeps_its_password(town: Town) -> None:
    user = person("operator", (town.mine, Role.UNIT_OPERATOR))
    said = run("add_user", "OPERATOR", organization=str(town.zezhou.pk), role="auditor")
    assert "一次性密码" not in said
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert set(Membership.objects.filter(user=user).values_list("role", flat=True)) == {"unit_operator", "auditor"}


@pytest.mark.parametrize(
    ("organization", "role", "name", "sentence"),
    [
        ("没有这个单位", "auditor", "陈初", "没有找到组织“没有这个单位”。"),
        ("泽州县总工会", "office", "陈初", "只能设在主办单位"),
        ("泽州县总工会", "auditor", "", "此字段不能为空"),
    ],
)
def test_a_refused_account_leaves_nothing(town: Town, organization: str, role: str, name: str, sentence: str) -> None:
    events = Event.objects.count()
    with pytest.raises(CommandError, match=sentence):
        run("add_user", "chen", name=name, organization=organization, role=role)
    assert not User.objects.filter(username="chen").exists()
    assert Event.objects.count() == events


def test_a_reset_password_is_told_once_and_must_be_changed(town: Town, client: Client) -> None:
    user = person("operator", (town.mine, Role.UNIT_OPERATOR))
    new = told(run("reset_password", "operator"))
    user.refresh_from_db()
    assert user.check_password(new)
    assert user.must_change_password
    assert Event.objects.filter(verb="reset_password", subject=f"user:{user.pk}").count() == 1
    with pytest.raises(CommandError, match="没有用户名为“nobody”的账号"):
        run("reset_password", "nobody")


def test_a_signed_in_page_is_not_kept_by_the_browser(town: Town, client: Client) -> None:
    person("operator", (town.mine, Role.UNIT_OPERATOR))
    client.post("/accounts/login/", {"username": "operator", "password": PASSWORD})
    assert "no-store" in client.get("/achievements/")["Cache-Control"]
    assert "no-store" in client.get("/")["Cache-Control"]
