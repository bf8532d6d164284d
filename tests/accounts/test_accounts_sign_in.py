import re

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from pytest_django import Settings

from accounts.actions import change_password
from accounts.choices import Role
from accounts.models import Membership, Organization, User
from core.models import Event
from tests.accounts.conftest import PASSWORD, Town, person, sign_in
from wuxiao import settings as portal_settings

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.urls")]
LOGIN, LOGOUT, CHANGE, HAT = "/accounts/login/", "/accounts/logout/", "/accounts/password/", "/accounts/hat/"
NEW = "Shuidian-2021-xin"


def try_in(client: Client, username: str, password: str, **more: str) -> tuple[int, str]:
    answer = client.post(LOGIN + more.pop("query", ""), {"username": username, "password": password, **more})
    return answer.status_code, answer.headers.get("Location", "") or answer.content.decode()


class TestSignIn:
    def test_the_form_has_the_two_named_fields_and_keeps_the_username(self, client: Client, operator: User) -> None:
        page = client.get(LOGIN).content.decode()
        assert 'name="username"' in page
        assert 'name="password"' in page
        _, again = try_in(client, "operator", "wrong-Word-1")
        assert 'value="operator"' in again
        assert "wrong-Word-1" not in again

    def test_in_and_out(self, client: Client, operator: User) -> None:
        sign_in(client, operator)
        assert client.get("/anyone/").content == b"operator"
        assert client.get(LOGOUT).status_code == 405
        assert client.post(LOGOUT).headers["Location"] == LOGIN
        assert client.get("/anyone/").headers["Location"] == f"{LOGIN}?next=/anyone/"

    def test_the_session_key_changes_with_the_sign_in(self, client: Client, operator: User) -> None:
        client.get(LOGIN)
        session = client.session
        session["planted"] = 1
        session.save()
        client.cookies["sessionid"] = planted = session.session_key
        sign_in(client, operator)
        assert client.session.session_key != planted
        assert not type(session)().exists(planted)

    def test_passwords_lie_hashed_with_argon2(self, operator: User, settings: Settings) -> None:
        settings.PASSWORD_HASHERS = portal_settings.PASSWORD_HASHERS
        change_password(operator, NEW)
        assert operator.password.startswith("argon2$argon2id$")

    @pytest.mark.parametrize(
        ("target", "lands"),
        [
            ("/cockpit/3/?x=1", "/cockpit/3/?x=1"),
            ("https://evil.example/", "/"),
            ("//evil.example/", "/"),
            ("/\\evil.example", "/"),
            ("javascript:alert(1)", "/"),
            (LOGIN, "/"),
            (LOGOUT, "/"),
        ],
    )
    def test_next_stays_on_the_site(self, client: Client, operator: User, target: str, lands: str) -> None:
        assert try_in(client, "operator", PASSWORD, next=target) == (302, lands)
        assert client.get(LOGIN, {"next": target}).headers["Location"] == lands

    def test_no_failure_tells_whether_the_username_exists(self, client: Client, operator: User) -> None:
        person("closed", is_active=False)

        def answer(username: str, password: str) -> str:
            page = try_in(Client(), username, password)[1].replace(username, "X")
            return re.sub(r'csrfmiddlewaretoken" value="\w+"|data-epoch="[\d.]+"|\d\d:\d\d:\d\d\S*', "", page)

        unknown, known, closed = (
            answer("nobody", PASSWORD),
            answer("operator", "wrong-Word-1"),
            answer("closed", PASSWORD),
        )
        assert "用户名或密码不正确" in unknown
        assert unknown == known == closed


class TestLock:
    def test_the_fifth_failure_locks_even_the_right_password_out(self, client: Client, operator: User) -> None:
        for _ in range(4):
            assert try_in(client, "operator", "wrong-Word-1")[0] == 200
        status, page = try_in(client, "operator", "wrong-Word-1")
        assert status == 429
        assert "连续 5 次登录失败" in page
        assert re.search(r"请 \d+ 分钟后再试", page)
        assert try_in(client, "operator", PASSWORD)[0] == 429
        assert SESSION_KEY not in client.session

    def test_the_lock_holds_one_name_at_one_address(self, client: Client, operator: User, two_hats: User) -> None:
        for _ in range(5):
            try_in(client, "operator", "wrong-Word-1")
        assert try_in(client, "twohats", PASSWORD)[0] == 302
        elsewhere = Client(REMOTE_ADDR="203.0.113.9")
        assert try_in(elsewhere, "operator", PASSWORD)[0] == 302

    def test_a_name_that_does_not_exist_is_locked_alike(self, client: Client, town: Town) -> None:
        assert [try_in(client, "nobody", "wrong-Word-1")[0] for _ in range(5)] == [200] * 4 + [429]

    def test_a_success_forgets_the_failures(self, client: Client, operator: User) -> None:
        for _ in range(2):
            for _ in range(4):
                try_in(client, "operator", "wrong-Word-1")
            assert try_in(client, "operator", PASSWORD)[0] == 302


class TestFirstPassword:
    @pytest.fixture
    def newcomer(self, town: Town) -> User:
        return person("newcomer", (town.mine, Role.UNIT_OPERATOR), must_change_password=True)

    def test_every_page_leads_to_the_change_until_it_is_done(self, client: Client, newcomer: User) -> None:
        sign_in(client, newcomer)
        for page in ("/", "/anyone/", HAT):
            assert client.get(page).headers["Location"].startswith(CHANGE)
        form = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
        assert client.post(f"{CHANGE}?next=/anyone/", form).headers["Location"] == "/anyone/"
        assert client.get("/anyone/").content == b"newcomer"
        event = Event.objects.latest("seq")
        assert (event.verb, event.actor_id) == ("change_password", newcomer.pk)

    def test_she_may_leave_instead(self, client: Client, newcomer: User) -> None:
        sign_in(client, newcomer)
        assert client.post(LOGOUT).headers["Location"] == LOGIN

    def test_a_piece_of_a_page_takes_the_whole_page_along(self, client: Client, newcomer: User) -> None:
        sign_in(client, newcomer)
        answer = client.get("/anyone/", headers={"HX-Request": "true"})
        assert answer.headers["HX-Redirect"] == CHANGE

    @pytest.mark.parametrize(
        ("old", "new", "again", "sentence"),
        [
            ("wrong-Word-1", NEW, NEW, "现在的密码不正确"),
            (PASSWORD, NEW, NEW + "x", "两次输入的新密码不一样"),
            (PASSWORD, "abcdefghijk", "abcdefghijk", "现在只有 1 种"),
            (PASSWORD, "Ab1", "Ab1", "请再加 7 个"),
            (PASSWORD, PASSWORD, PASSWORD, "不能与现在的密码相同"),
        ],
    )
    def test_a_refused_change_says_why(
        self, client: Client, newcomer: User, old: str, new: str, again: str, sentence: str
    ) -> None:
        sign_in(client, newcomer)
        answer = client.post(CHANGE, {"old_password": old, "new_password1": new, "new_password2": again})
        assert answer.status_code == 200
        assert sentence in answer.content.decode()
        newcomer.refresh_from_db()
        assert newcomer.must_change_password
        assert newcomer.check_password(PASSWORD)

    def test_the_change_ends_the_other_sessions(self, client: Client, operator: User) -> None:
        sign_in(client, operator)
        other = sign_in(Client(), operator)
        client.post(CHANGE, {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW})
        assert client.get("/anyone/").status_code == 200
        assert other.get("/anyone/").headers["Location"].startswith(LOGIN)


class TestHats:
    def test_one_hat_is_worn_without_asking(self, client: Client, operator: User, town: Town) -> None:
        sign_in(client, operator)
        assert town.mine.name in client.get("/").content.decode()

    def test_with_two_hats_one_is_chosen_first(self, client: Client, two_hats: User, town: Town) -> None:
        sign_in(client, two_hats)
        assert client.get("/anyone/?a=1").headers["Location"] == f"{HAT}?next=%2Fanyone%2F%3Fa%3D1"
        page = client.get(HAT).content.decode()
        assert f"{town.mine.name} · 填报员" in page
        assert f"{town.zezhou.name} · 审核员" in page
        before = client.session.session_key
        auditor = Membership.objects.get(user=two_hats, role=Role.AUDITOR)
        answer = client.post(HAT, {"membership": auditor.pk, "next": "/anyone/"})
        assert answer.headers["Location"] == "/anyone/"
        assert client.session.session_key != before
        assert "审核员" in client.get("/").content.decode()

    def test_the_choice_can_be_changed(self, client: Client, two_hats: User) -> None:
        sign_in(client, two_hats)
        for hat in Membership.objects.filter(user=two_hats):
            client.post(HAT, {"membership": hat.pk})
            assert hat.get_role_display() in client.get("/").content.decode()

    @pytest.mark.parametrize("sent", ["", "x", "-1", "٣", "9" * 40, "stranger"])
    def test_a_hat_that_is_not_hers_is_refused(self, client: Client, two_hats: User, town: Town, sent: str) -> None:
        stranger = person("stranger", (town.hospital, Role.UNIT_OPERATOR))
        if sent == "stranger":
            sent = str(Membership.objects.get(user=stranger).pk)
        sign_in(client, two_hats)
        answer = client.post(HAT, {"membership": sent, "next": "https://evil.example/"})
        assert answer.status_code == 400
        assert "请重新选择" in answer.content.decode()
        assert "evil.example" not in answer.content.decode()
        assert client.get("/anyone/").headers["Location"].startswith(HAT)

    def test_a_hat_taken_away_is_off_at_the_next_request(self, client: Client, two_hats: User) -> None:
        sign_in(client, two_hats)
        auditor, operator = Membership.objects.filter(user=two_hats).order_by("role")
        client.post(HAT, {"membership": auditor.pk})
        Membership.objects.filter(pk=auditor.pk).update(is_active=False)
        assert operator.get_role_display() in client.get("/").content.decode()

    def test_without_a_hat_there_is_an_explanation(self, client: Client, operator: User, town: Town) -> None:
        sign_in(client, operator)
        Organization.objects.filter(pk=town.mine.pk).update(is_active=False)
        assert client.get("/anyone/").headers["Location"].startswith("/accounts/no-membership/")
        assert client.get(HAT).headers["Location"] == "/accounts/no-membership/"
        page = client.get("/accounts/no-membership/")
        assert page.status_code == 200
        assert "请联系本单位工会" in page.content.decode()
        Organization.objects.filter(pk=town.mine.pk).update(is_active=True)
        assert client.get("/accounts/no-membership/").headers["Location"] == "/"
