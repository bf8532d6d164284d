"""A draft round that was made by mistake goes away again; the ledger keeps that it was there."""

from __future__ import annotations

from django.db import transaction

from accounts.actor import Actor
from core import ledger
from scoring import policies
from scoring.actions import reasons
from scoring.lifecycle import RoundStatus
from scoring.models import Round


@transaction.atomic
def drop_round(actor: Actor, round_id: int, reason: str) -> None:
    """The draft with its panels, entries, experts and plan; the round before it may be followed or awarded again."""
    round_ = Round.objects.select_for_update(no_key=True).get(pk=round_id)
    policies.require_chair(actor, round_.enrolment)
    policies.require_status(round_, RoundStatus.DRAFT, "删除")
    words = reasons.written(reason, "删除的理由")
    payload = {
        "desk": round_.enrolment_id,
        "previous": round_.previous_id,
        "entries": round_.entries.count(),
        "experts": round_.appointments.count(),
        "reason": ledger.digest(words),
    }
    chain = round_.contest.chain
    round_.delete()
    ledger.record(actor, "drop_round", f"round:{round_id}", payload, chain=chain)
