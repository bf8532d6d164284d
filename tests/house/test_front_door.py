"""What every answer carries and every request passes before it reaches an app."""

import ipaddress
import logging
import re

import pytest
from django.conf import settings as live_settings
from django.http import HttpResponse
from django.urls import reverse

from wuxiao.middleware import RequestIdFilter, client_address

PROXY, BROWSER, FORGED = "10.0.0.7", "203.0.113.9", "198.51.100.1"


def address_seen(rf, peer: str, forwarded: str) -> str:
    request = rf.get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)
    client_address(lambda request: HttpResponse(request.META["REMOTE_ADDR"]))(request)
    return request.META["REMOTE_ADDR"]


@pytest.mark.parametrize(
    ("peer", "forwarded", "seen"),
    [
        (PROXY, BROWSER, BROWSER),
        (PROXY, f"{FORGED}, {BROWSER}", BROWSER),
        (PROXY, f"{FORGED}, {BROWSER}, {PROXY}", BROWSER),
        (PROXY, PROXY, PROXY),
        (PROXY, "", PROXY),
        (BROWSER, FORGED, BROWSER),
    ],
)
def test_only_a_trusted_proxy_is_believed(rf, settings, peer, forwarded, seen):
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("10.0.0.0/8")]
    assert address_seen(rf, peer, forwarded) == seen


def test_without_a_proxy_nobody_is_believed(rf):
    assert live_settings.TRUSTED_PROXIES == []
    assert address_seen(rf, PROXY, FORGED) == PROXY


@pytest.mark.django_db
def test_the_policy_allows_no_foreign_and_no_inline_script(client):
    policy = client.get(reverse("accounts:login"))["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";") if part.strip())
    assert directives["default-src"] == directives["object-src"] == directives["base-uri"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == directives["form-action"] == "'self'"
    assert directives["frame-ancestors"] == directives["connect-src"] == "'self'"
    assert not re.search(r"unsafe|https?:|\*", policy)


@pytest.mark.django_db
def test_the_other_headers_of_every_answer(client):
    answer = client.get(reverse("accounts:login"))
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert re.fullmatch(r"[0-9a-f]{12}", answer["X-Request-ID"])


@pytest.mark.django_db
def test_the_log_of_a_request_quotes_its_id(client):
    lines: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(getattr(record, "request_id", "-"))

    collector = Collector()
    collector.addFilter(RequestIdFilter())
    logging.getLogger("django.request").addHandler(collector)
    try:
        answer = client.get("/no-such-page/")
    finally:
        logging.getLogger("django.request").removeHandler(collector)
    assert lines == [answer["X-Request-ID"]]


def test_a_session_ends_after_half_an_hour_of_rest():
    assert live_settings.SESSION_COOKIE_AGE == 30 * 60


def test_passwords_are_kept_with_argon2():
    assert live_settings.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
