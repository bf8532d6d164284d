"""Half an hour without a request ends the session; requests put that off, with one write a minute at most."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import middleware
from accounts.middleware import SEEN
from accounts.models import User
from tests.accounts.conftest import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.urls")]
LOGIN = "/accounts/login/"


RENEWED_AFTER = 60


@pytest.fixture(autouse=True)
def as_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "RENEWED_AFTER", RENEWED_AFTER)


def rested(client: Client, seconds: int) -> None:
    """As if the last request that wrote had been so long ago."""
    session = client.session
    session[SEEN] -= seconds
    session.save()
    Session.objects.filter(pk=session.session_key).update(
        expire_date=session.get_expiry_date() - timedelta(seconds=seconds)
    )


def writes(client: Client) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get("/anyone/").status_code == 200
    return sum(query["sql"].startswith("UPDATE") for query in seen)


def ends(client: Client) -> float:
    """Seconds until the session ends by itself."""
    return (Session.objects.get(pk=client.session.session_key).expire_date - timezone.now()).total_seconds()


def test_looking_again_within_the_minute_writes_nothing(client: Client, operator: User) -> None:
    sign_in(client, operator)
    client.get("/anyone/")
    assert writes(client) == 0
    rested(client, RENEWED_AFTER)
    assert writes(client) == 1
    assert writes(client) == 0


def test_a_request_puts_the_end_off(client: Client, operator: User) -> None:
    sign_in(client, operator)
    client.get("/anyone/")
    rested(client, 29 * 60)
    assert ends(client) < 61
    client.get("/anyone/")
    assert ends(client) > 29 * 60


def test_half_an_hour_of_rest_ends_it(client: Client, operator: User) -> None:
    sign_in(client, operator)
    client.get("/anyone/")
    rested(client, 30 * 60)
    assert client.get("/anyone/").headers["Location"].startswith(LOGIN)
