"""How the tests of the audit queue come in, press a button and read the page."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.access import HAT
from accounts.actor import Actor
from core import files
from submissions.actions import bulk as actions
from submissions.actions import drafting, moves
from submissions.models import Achievement, Batch
from tests.cast import Cast, draft, picture


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.user, "accounts.backends.PasswordBackend")
    session = client.session
    session[HAT] = actor.membership.pk
    session.save()
    return client


def move_url(work: Achievement, verb: str) -> str:
    return reverse("submissions:audit_move", args=[work.pk, verb])


def press(actor: Actor, work: Achievement, verb: str, note: str = "", seen: str | None = None) -> Any:
    """What the button of a page sends that was opened just now, unless it carries an older token."""
    token = moves.seen_token(work) if seen is None else seen
    return signed_in(actor).post(move_url(work, verb), {"note": note, "seen": token})


def verify(actor: Actor, work: Achievement, seen: str | None = None, **fields: str) -> Any:
    token = moves.seen_token(work) if seen is None else seen
    url = reverse("submissions:audit_verify", args=[work.pk])
    return signed_in(actor).post(url, {"seen": token, "verify_remark": ""} | fields)


def text_of(response: HttpResponse) -> str:
    """The words of a page, without tags and with single spaces."""
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", plain)


def at_instant(monkeypatch: pytest.MonkeyPatch, instant: datetime) -> None:
    """The server's clock stands at this instant for views and actions alike."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: instant)


def with_appraisal(cast: Cast, who: str = "unit_a", **changes: Any) -> Achievement:
    """Submitted with its 鉴定书, so that nothing is left for a person to judge before a batch."""
    work = draft(cast, who, **changes)
    file = files.store_bytes(picture("seagreen"), "鉴定书.png", "image/png")
    drafting.attach(cast[who], work.pk, "appraisal_certificate", file, "鉴定书.png")
    moves.register(cast[who], work.pk)
    return moves.submit(cast[who], work.pk)


def bulk(actor: Actor, verb: str, works: list[Achievement], note: str = "", token: str = "") -> Batch:
    """The batch of a preview that was opened just now."""
    seen = {work.pk: moves.seen_token(work) for work in works}
    return actions.make(actor, works[0].contest, verb, seen, note, token=token or "page")
