"""How the tests of the unit's desk come in, read a form off a page and send it back as a browser would."""

from __future__ import annotations

import io
from html.parser import HTMLParser
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.access import HAT
from accounts.actor import Actor
from submissions.models import Achievement

BROWSER = {"HTTP_HX_REQUEST": "true", "HTTP_ACCEPT": "application/json"}


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.user, "accounts.backends.PasswordBackend")
    session = client.session
    session[HAT] = actor.membership.pk
    session.save()
    return client


def url(name: str, work: Achievement, *more: Any) -> str:
    return reverse(f"submissions:{name}", args=[work.pk, *more])


class _Form(HTMLParser):
    """The controls that belong to the editor's form, with the values that a browser would send."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.inside = self.in_template = False
        self.select = self.textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = known.get("id") == "f"
        self.in_template |= tag == "template"
        if self.in_template or not self.inside:
            return
        if tag == "input":
            self._input(known)
        elif tag == "select":
            self.select = known["name"]
            self.values.setdefault(self.select, []).append("")
        elif tag == "option" and "selected" in known:
            self.values[self.select][-1] = known.get("value", "")
        elif tag == "textarea":
            self.textarea = known["name"]
            self.values.setdefault(self.textarea, []).append("")

    def _input(self, known: dict[str, str]) -> None:
        kind = known.get("type", "text")
        if kind == "file" or "name" not in known or (kind in ("radio", "checkbox") and "checked" not in known):
            return
        self.values.setdefault(known["name"], []).append(known.get("value", "on" if kind == "checkbox" else ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        if tag == "template":
            self.in_template = False
        if tag == "textarea":
            self.textarea = ""

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.values[self.textarea][-1] += data.removeprefix("\n")


def form_of(page: HttpResponse) -> dict[str, Any]:
    """What the browser would post from this page, by name of the input."""
    parser = _Form()
    parser.feed(page.content.decode())
    return parser.values


def opened(client: Client, work: Achievement) -> dict[str, Any]:
    page = client.get(url("edit", work))
    assert page.status_code == 200
    return form_of(page)


def save(client: Client, work: Achievement, form: dict[str, Any], do: str = "save", **changes: Any) -> Any:
    """Press a button of the page without scripts, after typing the changes."""
    return client.post(url("edit", work), form | {"do": do} | changes)


def send(client: Client, work: Achievement, revision: int, **changes: str) -> Any:
    """What the page's script sends when a field is left."""
    return client.post(url("fields", work), {"revision": revision} | changes, **BROWSER)


def picture(width: int = 700, height: int = 700, kind: str = "PNG", name: str = "现场.png") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "firebrick").save(out, kind)
    return SimpleUploadedFile(name, out.getvalue(), f"image/{kind.lower()}")


def pdf(name: str = "鉴定书.pdf", size: int = 0) -> SimpleUploadedFile:
    body = b"%PDF-1.4\n" + b"0" * size + b"\n%%EOF\n"
    return SimpleUploadedFile(name, body, "application/pdf")
