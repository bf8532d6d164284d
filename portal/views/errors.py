"""The page of an error of ours, in the site's clothes and with the request's number."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseServerError
from django.template.loader import render_to_string


def server_error(request: HttpRequest) -> HttpResponseServerError:
    """Only the request itself goes into the page: no context processor may fail a second time."""
    return HttpResponseServerError(render_to_string("500.html", {"request": request}))
