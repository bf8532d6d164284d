"""Promises of the frame that a review asked for: odd addresses, the error page's number, who may take part."""

import pytest
from django.test import Client, RequestFactory

from accounts.actions import create_organization
from accounts.models import Level, Nature
from contests.actions.enrol import enrol
from contests.models import Enrolment
from core.errors import Refusal
from portal.views.errors import server_error
from tests.cast import assemble


def signed_in(cast, name) -> Client:
    client = Client()
    client.force_login(cast[name].user, backend="accounts.backends.PasswordBackend")
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/?contest=²", "/achievements/?contest=²", "/papers/?contest=²&achievement=²"])
def test_a_number_typed_as_something_else_is_no_error(address):
    assert signed_in(assemble(), "office").get(address).status_code == 200


def test_the_error_page_names_the_request():
    request = RequestFactory().get("/")
    request.request_id = "abc123def456"
    answer = server_error(request)
    assert answer.status_code == 500
    assert "abc123def456" in answer.content.decode()


@pytest.mark.django_db
def test_only_enterprises_take_part_in_xinxiang():
    cast = assemble("xinxiang-2015")
    hospital = create_organization(
        None, cast.organizations["county_a"], "东山县医院工会", Level.GRASSROOTS, Nature.PUBLIC_INSTITUTION
    )
    with pytest.raises(Refusal, match="不在本届参赛范围内"):
        enrol(None, cast.contest, hospital, cast.enrolments["county_a"])


@pytest.mark.django_db
def test_only_industry_takes_part_in_xinxiang():
    """000: 工业企业, sections B, C, D of GB/T 4754."""
    cast = assemble("xinxiang-2015")

    def enrolled(code: str) -> Enrolment:
        firm = create_organization(
            None, cast.organizations["county_a"], f"企业{code}", Level.GRASSROOTS, Nature.ENTERPRISE, industry_code=code
        )
        return enrol(None, cast.contest, firm, cast.enrolments["county_a"])

    for code, words in (
        ("G5412", "（G）不在本届参赛范围内"),
        ("55", "（G）"),
        ("", "没有登记行业代码"),
        ("C06", "没有登记"),
    ):
        with pytest.raises(Refusal, match=words):
            enrolled(code)
    assert [enrolled(code).name for code in ("C3511", "06", "d")] == ["企业C3511", "企业06", "企业d"]
