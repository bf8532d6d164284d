"""From the unit's desk into the contest in one press."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.actor import Actor
from submissions.actions import moves
from submissions.actions.drafting import locked
from submissions.lifecycle import Status
from submissions.models import Achievement


@transaction.atomic
def hand_in(actor: Actor, achievement_id: int, *, seen: str = "", now: datetime | None = None) -> Achievement:
    """Submit; a draft is registered on the way, and both moves stand in the history. Refused: neither is made."""
    achievement = locked(achievement_id)
    if achievement.status != Status.DRAFT:
        return moves.submit(actor, achievement_id, seen=seen, now=now)
    moves.search(achievement, "submit")  # before the first event: the chain waits for nobody's search
    moves.register(actor, achievement_id, seen=seen, searched=True)
    return moves.submit(actor, achievement_id, now=now, searched=True)
