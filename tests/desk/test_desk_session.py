"""The session ends in mid-form: nothing typed is lost, and nobody else's sign-in saves it."""

import html
import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.access import HAT
from accounts.actions import grant_membership
from accounts.models import Role
from submissions.actions import moves
from submissions.models import Achievement
from tests.cast import PASSWORD, Cast, draft
from tests.submissions.unit_desk import BROWSER, opened, pdf, save, signed_in, url

AGAIN = "/accounts/again/"
LONG = '改过的简介：按台账统计，年节约 126.50 万元。\n第二行 <b>"引号"</b>'


@pytest.fixture
def work(cast: Cast) -> Achievement:
    return Achievement.objects.get(pk=draft(cast).pk)


def fresh(work: Achievement) -> Achievement:
    return Achievement.objects.get(pk=work.pk)


def again(client: Client, cast: Cast, username: str, opened_by: str, **more) -> object:
    wanted = {"username": username, "password": PASSWORD, "opened_by": str(cast[opened_by].membership.pk)}
    return client.post(AGAIN, wanted | more)


def hidden(page: str) -> dict[str, list[str]]:
    """What the hidden inputs of a page would send."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page):
        found.setdefault(name, []).append(html.unescape(value))
    return found


def by_script(client: Client, work: Achievement, actor, **changes: str) -> object:
    sent = {"revision": work.revision} | changes
    return client.post(url("fields", work), sent, **BROWSER, HTTP_X_OPENED_BY=str(actor.membership.pk))


def test_the_page_signs_in_again_and_goes_on_saving(cast, work):
    client = Client()
    assert by_script(client, work, cast["unit_a"], title="过期时写的").status_code == 401
    answer = client.post(AGAIN, {"username": "unit_a", "password": PASSWORD,
                                 "opened_by": cast["unit_a"].membership.pk}, **BROWSER)  # fmt: skip
    assert answer.status_code == 200
    assert len(answer.json()["token"]) > 30
    assert by_script(client, work, cast["unit_a"], title="过期时写的").status_code == 200
    assert fresh(work).title == "过期时写的"


def test_the_token_of_the_answer_opens_the_guarded_door(cast, work):
    """A sign-in turns the CSRF token over: the old one is refused, the one that came back is taken."""
    client = Client(enforce_csrf_checks=True)
    client.get(reverse("accounts:login"))
    old = client.cookies["csrftoken"].value
    wanted = {"username": "unit_a", "password": PASSWORD, "opened_by": cast["unit_a"].membership.pk}
    token = client.post(AGAIN, wanted, HTTP_X_CSRFTOKEN=old, **BROWSER).json()["token"]
    path, sent = url("fields", work), {"revision": work.revision, "title": "新的令牌"}
    assert client.post(path, sent, HTTP_X_CSRFTOKEN=old, **BROWSER).status_code == 403
    assert client.post(path, sent, HTTP_X_CSRFTOKEN=token, **BROWSER).status_code == 200


@pytest.mark.parametrize("who", ["unit_b", "mine", "auditor_a"])
def test_another_person_does_not_get_in_by_this_page(cast, work, who):
    client = Client()
    answer = again(client, cast, who, "unit_a")
    assert answer.status_code == 400
    assert "不是这个账号打开的" in answer.json()["message"]
    assert "_auth_user_id" not in client.session


def test_a_wrong_password_is_told_and_counts(cast, work):
    client = Client()
    wrong = {"username": "unit_a", "password": "falsch", "opened_by": cast["unit_a"].membership.pk}
    answer = client.post(AGAIN, wrong, **BROWSER)
    assert answer.status_code == 400
    assert "用户名或密码不正确" in answer.json()["message"]
    statuses = [client.post(AGAIN, wrong, **BROWSER).status_code for _ in range(5)]
    assert statuses[-1] == 429


def test_a_colleague_signed_in_elsewhere_does_not_save_her_text(cast, work):
    """One office computer: the colleague of the same unit signs in in another tab; the first tab goes on sending."""
    colleague = cast["team"].user
    hat = grant_membership(None, colleague, cast.organizations["unit_a"], Role.UNIT_OPERATOR)
    client = Client()
    client.force_login(colleague, "accounts.backends.PasswordBackend")
    session = client.session
    session[HAT] = hat.pk
    session.save()
    before = fresh(work).title
    answer = by_script(client, work, cast["unit_a"], title="第一位写的")
    assert answer.status_code == 401
    assert "另一个账号" in answer.content.decode()
    whole = save(client, work, opened(client, work) | {"opened_by": [str(cast["unit_a"].membership.pk)]}, title="x")
    assert whole.status_code == 401
    assert fresh(work).title == before


def test_without_scripts_the_form_is_held_until_she_is_in_again(cast, work):
    owner = signed_in(cast["unit_a"])
    form = opened(owner, work)
    form |= {
        "summary": [LONG],
        "title": ["过期后提交的名称"],
        "member_name": ["王强", "李丽"],
        "member_org": ["机电队", ""],
    }
    client = Client()
    page = save(client, work, form, files=[pdf("鉴定书.pdf")])
    text = page.content.decode()
    assert page.status_code == 401
    assert "第二行 &lt;b&gt;" in text
    assert "鉴定书.pdf" in text
    assert "文件没有随页面保留" in text

    wrong = client.post(AGAIN, hidden(text) | {"username": "unit_a", "password": "falsch"})
    assert wrong.status_code == 400
    assert hidden(wrong.content.decode())["kept-summary"] == [LONG]
    stranger = client.post(AGAIN, hidden(wrong.content.decode()) | {"username": "unit_b", "password": PASSWORD})
    assert stranger.status_code == 400
    assert "_auth_user_id" not in client.session

    held = client.post(AGAIN, hidden(stranger.content.decode()) | {"username": "unit_a", "password": PASSWORD})
    assert held.status_code == 200
    assert f'action="{url("edit", work)}"' in held.content.decode()
    again_sent = client.post(url("edit", work), hidden(held.content.decode()))
    assert again_sent.status_code == 302
    now = fresh(work)
    assert (now.title, now.summary) == ("过期后提交的名称", LONG)
    assert [m.name for m in now.members.all()] == ["王强", "李丽"]


def test_every_form_with_a_text_says_who_opened_it():
    """So that what she typed waits for her when the session has ended meanwhile."""
    forms = [
        (path.name, form)
        for room in ("submissions", "contests", "documents")
        for path in sorted((settings.BASE_DIR / "templates" / room).rglob("*.html"))
        for form in re.findall(r'<form\b[^>]*method="post".*?</form>', path.read_text(), re.DOTALL)
    ]
    typed = [(name, form) for name, form in forms if re.search(r'{% field |<textarea|type="text"|{{ form', form)]
    assert len(typed) > 30
    assert [name for name, form in typed if "{% opened_by %}" not in form] == []


def test_every_form_of_the_judgement_says_who_opened_it():
    """Maker and checker may sit at one browser: a button of the page that one opened is not the other's word."""
    pages = sorted((settings.BASE_DIR / "templates/scoring").rglob("*.html"))
    forms = [
        (path.name, form)
        for path in pages
        for form in re.findall(r'<form\b[^>]*method="post".*?</form>', path.read_text(), re.DOTALL)
    ]
    assert len(forms) > 60
    assert [name for name, form in forms if "{% csrf_token %}{% opened_by %}" not in form] == []


def test_a_reason_waits_as_the_form_does(cast, work):
    moves.submit(cast["unit_a"], moves.register(cast["unit_a"], work.pk).pk)
    page = signed_in(cast["auditor_a"]).get(reverse("submissions:audit", args=[work.pk])).content.decode()
    form = {"opened_by": hidden(page)["opened_by"][0], "note": "请补齐鉴定书并写明金额出处。"}
    client = Client()
    held = client.post(reverse("submissions:audit_move", args=[work.pk, "return"]), form)
    assert (held.status_code, hidden(held.content.decode())["kept-note"]) == (401, [form["note"]])


def test_a_submit_after_the_session_ended_is_made_after_the_sign_in(cast, work):
    form = opened(signed_in(cast["unit_a"]), work)
    client = Client()
    page = save(client, work, form, "submit")
    held = client.post(AGAIN, hidden(page.content.decode()) | {"username": "unit_a", "password": PASSWORD})
    assert client.post(url("edit", work), hidden(held.content.decode())).status_code == 302
    assert fresh(work).status == "submitted"


def test_the_held_form_goes_nowhere_else(cast, work):
    """A target outside the site is dropped, and the person is simply signed in."""
    answer = again(Client(), cast, "unit_a", "unit_a", target="https://evil.example/", **{"kept-title": "x"})
    assert answer["Location"] == "/"
    for target in ("//evil.example/", "javascript:alert(1)", "\\\\evil"):
        assert again(Client(), cast, "unit_a", "unit_a", target=target)["Location"] == "/"


def test_a_form_that_does_not_say_who_opened_it_goes_to_the_sign_in(cast, work):
    assert Client().post(url("edit", work), {"title": "x"}).status_code == 302
