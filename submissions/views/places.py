"""Addresses in the audit queue: a work beside the list that she looks at."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from submissions.forms.audit import WAITING

KEPT = ("tab", "q", "page", "contest")
"""What an address of the queue says about the list."""


def here(request: HttpRequest, **changes: object) -> str:
    """The list that she looks at, as a query string; what is empty or the default is left out."""
    kept = {key: request.GET.get(key, "") for key in KEPT} | changes
    said = {key: value for key, value in kept.items() if value and value != WAITING and (key, value) != ("page", "1")}
    return f"?{urlencode(said)}" if said else ""


def url_of(pk: int, query: str = "") -> str:
    return reverse("submissions:audit", args=[pk]) + query
