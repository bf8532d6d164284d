"""Late door: an upload that began before the closing may finish within `settings.upload_grace_minutes`.

The ticket is the server's own note of when an upload began, carried by the page: signed, of one person and one work.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core import signing
from django.utils import timezone

from accounts.actor import Actor
from core.errors import NotAllowed
from submissions import policies
from submissions.models import Achievement

_SALT = "submissions.upload"
_LONGEST = timedelta(hours=3)  # more than any grace (two hours at most): older tickets say nothing


def issue(actor: Actor, achievement: Achievement) -> str:
    """A ticket for an upload that begins now."""
    denied = policies.may_edit(actor, achievement)
    if denied:
        raise NotAllowed(denied)
    said = {"work": achievement.pk, "user": actor.user.pk, "at": timezone.now().isoformat()}
    return signing.dumps(said, salt=_SALT)


def begun_at(actor: Actor, achievement: Achievement, ticket: str) -> datetime | None:
    """When the upload of this ticket began; None for a ticket of somebody else, of another work, or a forged one."""
    try:
        said = signing.loads(ticket, salt=_SALT) if ticket else {}
    except signing.BadSignature:
        return None
    if (said.get("work"), said.get("user")) != (achievement.pk, actor.user.pk):
        return None
    began = datetime.fromisoformat(said["at"])
    return began if timedelta(0) <= timezone.now() - began <= _LONGEST else None
