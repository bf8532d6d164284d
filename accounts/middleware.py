"""Gives every request its actor, and keeps whoever has none, or has a password to change, on the few pages for that."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django_htmx.http import HttpResponseClientRedirect

from accounts.access import HAT
from accounts.models import Membership, User
from accounts.queries import actor_among, hats_of

ALWAYS_OPEN = {"accounts:login", "accounts:again", "accounts:logout", "accounts:password"}
SEEN = "seen"
RENEWED_AFTER = 60  # seconds; every request would be a write, with its wait for the disk
OPEN_WITHOUT_HAT = ALWAYS_OPEN | {"accounts:hat", "accounts:no_membership"}


class ActorMiddleware:
    """Sets `request.actor` (None signed out or before the choice) and `request.hats`; at most one query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        hats: list[Membership] = []
        if isinstance(request.user, User):
            hats = hats_of(request.user)
            _renew(request.session)
        request.hats = hats  # type: ignore[attr-defined]
        request.actor = actor_among(hats, request.session.get(HAT)) if hats else None  # type: ignore[attr-defined]
        response = self.get_response(request)
        if hats and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)  # a shared PC keeps no copy of a person's page
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        if not isinstance(request.user, User):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if request.user.must_change_password and name not in ALWAYS_OPEN:
            return _send(request, "accounts:password")
        if request.actor is None and name not in OPEN_WITHOUT_HAT:  # type: ignore[attr-defined]
            return _send(request, "accounts:hat" if request.hats else "accounts:no_membership")  # type: ignore[attr-defined]
        return None


def _renew(session: SessionBase) -> None:
    """The idle time begins anew, to the minute."""
    now = int(time.time())
    if now - session.get(SEEN, 0) >= RENEWED_AFTER:
        session[SEEN] = now


def _send(request: HttpRequest, name: str) -> HttpResponse:
    """To that page and afterwards back; a piece of a page takes the whole page along."""
    url = reverse(name)
    if "HX-Request" in request.headers:
        return HttpResponseClientRedirect(url)
    back = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
    return redirect(f"{url}?{back}" if back else url)
