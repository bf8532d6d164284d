import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from accounts.access import role_required, safe_next
from accounts.actor import Actor
from accounts.choices import Role
from accounts.middleware import ActorMiddleware
from accounts.models import User
from core.errors import NotAllowed
from tests.accounts.conftest import Town, acting, person, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.urls")]


def test_signed_out_goes_to_the_sign_in_and_back(client: Client) -> None:
    assert client.get("/cockpit/3/?tab=2").headers["Location"] == "/accounts/login/?next=/cockpit/3/%3Ftab%3D2"


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/anyone/?a=1", "/anyone/%3Fa%3D1"),
        ("https://evil.example/anyone/", "/"),
        ("", "/"),
    ],
)
def test_a_signed_out_post_comes_back_to_the_page_of_its_form(client: Client, referer: str, back: str) -> None:
    answer = client.post("/anyone/", headers={"Referer": referer})
    assert answer.headers["Location"] == f"/accounts/login/?next={back}"


def test_a_signed_out_piece_leaves_the_page_standing(client: Client) -> None:
    answer = client.post("/anyone/", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert "请在新标签页重新登录" in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "place", "opens"),
    [
        (Role.OFFICE, "host", True),
        (Role.SUPERVISOR, "host", True),
        (Role.EXPERT, "host", False),
        (Role.AUDITOR, "zezhou", False),
        (Role.UNIT_OPERATOR, "mine", False),
    ],
)
def test_a_page_opens_to_its_roles_alone(town: Town, role: str, place: str, opens: bool) -> None:
    @role_required(Role.OFFICE, Role.SUPERVISOR)
    def page(request: object) -> HttpResponse:
        return HttpResponse("open")

    request = RequestFactory().get("/")
    request.actor = acting("someone", getattr(town, place), role)
    if opens:
        assert page(request).content == b"open"
        return
    with pytest.raises(NotAllowed) as refusal:
        page(request)
    assert refusal.value.status == 403
    assert "切换身份" in refusal.value.message


@pytest.mark.parametrize(("path", "status"), [("/cockpit/3/", 403), ("/anyone/", 200)])
def test_the_wrong_role_is_answered_with_403(client: Client, operator: User, path: str, status: int) -> None:
    assert sign_in(client, operator).get(path).status_code == status


def test_the_actor_costs_one_query_and_none_signed_out(
    town: Town, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = person("worker", (town.mine, Role.UNIT_OPERATOR))
    request = RequestFactory().get("/")
    request.user, request.session = User.objects.get(pk=user.pk), {}

    def touch(asked: object) -> HttpResponse:
        actor: Actor = asked.actor
        return HttpResponse(f"{actor.user.display_name} {actor.organization.name} {actor.role_label} {actor}")

    with django_assert_num_queries(1):
        text = ActorMiddleware(touch)(request).content.decode()
    assert text == "测试人员 北岩煤矿 填报员 测试人员（北岩煤矿 · 填报员）"
    with django_assert_num_queries(0):
        assert Client().get("/").content == b"None"


@pytest.mark.parametrize(
    ("target", "kept"), [("/a?b=1", True), ("//x.example", False), ("http:///x", False), ("", False)]
)
def test_safe_next(target: str, kept: bool) -> None:
    assert safe_next(RequestFactory().get("/"), target) == (target if kept else "")
