"""The dates of a season."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from accounts.actor import Actor
from contests.models import Contest
from core import ledger
from core.errors import NotAllowed


@transaction.atomic
def shift_phases(actor: Actor | None, contest: Contest, by: timedelta) -> None:
    """Move every phase by the same time; the office does it (None: the system, at set-up)."""
    if actor is not None and not (actor.is_office and contest.host_id == actor.organization.pk):
        raise NotAllowed("只有竞赛办公室可以调整日程。")
    for phase in contest.phases.select_for_update(no_key=True):
        phase.opens_at += by
        phase.closes_at += by
        phase.save(update_fields=["opens_at", "closes_at"])
    ledger.record(
        actor, "shift_phases", f"contest:{contest.pk}", {"seconds": int(by.total_seconds())}, chain=contest.chain
    )
