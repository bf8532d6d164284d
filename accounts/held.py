"""A form that came in after its session had ended: its fields wait on a page until she has signed in again.

Nothing is stored: the fields go out with the page and come back with it, so nobody else can ever read them.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

PREFIX = "kept-"
_NOT_KEPT = {"csrfmiddlewaretoken"}
_WORTH_SHOWING = 12  # characters: shorter values are codes, dates and numbers


@dataclass(frozen=True)
class Held:
    """`fields` are the (name, value) pairs of the form, `target` its address, `files` the names that got lost."""

    target: str
    fields: list[tuple[str, str]]
    files: list[str]

    @property
    def texts(self) -> list[str]:
        shown = [text for name, text in self.fields if not name.startswith("initial-") and not name.endswith("_was")]
        return [text for text in shown if len(text) >= _WORTH_SHOWING]

    @property
    def opened_by(self) -> str:
        return dict(self.fields).get("opened_by", "")


def posted(request: HttpRequest) -> Held:
    """The form as it was sent to the view that asked for a sign-in."""
    pairs = [(name, text) for name, texts in request.POST.lists() for text in texts if name not in _NOT_KEPT]
    lost = [file.name or "" for _, files in request.FILES.lists() for file in files]
    return Held(request.get_full_path(), pairs, lost)


def kept(request: HttpRequest) -> Held | None:
    """The same form as the page of a sign-in sends it along; None when that page held nothing."""
    target = request.POST.get("target", "")
    here = target.startswith("/") and url_has_allowed_host_and_scheme(target, {request.get_host()})
    if not here:
        return None
    found = [(name, texts) for name, texts in request.POST.lists() if name.startswith(PREFIX)]
    pairs = [(name.removeprefix(PREFIX), text) for name, texts in found for text in texts]
    return Held(target, pairs, request.POST.getlist("lost"))


def page(
    request: HttpRequest, sentence: str, form: Held, *, status: int = 200, signed_in: bool = False, username: str = ""
) -> HttpResponse:
    context = {"sentence": sentence, "held": form, "signed_in": signed_in, "username": username}
    return render(request, "accounts/held.html", context, status=status)
