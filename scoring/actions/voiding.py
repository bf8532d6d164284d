"""Sheets that a recusal found after the assignment takes out of the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from accounts.actor import Actor
from core import ledger
from scoring import queries
from scoring.lifecycle import SheetState
from scoring.models import Recusal, ScoreSheet
from scoring.queries.evidence import sentences
from scoring.rules.recusal import Conflict


def void_conflicted(actor: Actor, sheets: Sequence[ScoreSheet]) -> list[ScoreSheet]:
    """Void those of these locked sheets that must not count (rules.md "Persons and penalties"); they are of one round.

    Belongs into the transaction of the caller, after all its row locks: the ledger's chain stays locked from here on.
    """
    if not sheets:
        return []
    appointments = {sheet.appointment_id: sheet.appointment for sheet in sheets}
    barred = queries.conflicts(sheets[0].round, list(appointments.values()))
    hit = [sheet for sheet in sheets if (sheet.entry_id, sheet.appointment_id) in barred]
    words = sentences(
        {(sheet.entry_id, sheet.appointment_id): barred[sheet.entry_id, sheet.appointment_id] for sheet in hit}
    )
    for sheet in hit:
        _void(sheet, barred, words)
    for sheet in hit:
        reason = str(barred[sheet.entry_id, sheet.appointment_id].reason)
        payload = {"entry": sheet.entry_id, "reason": reason}
        ledger.record(actor, "void_sheet", f"sheet:{sheet.pk}", payload, chain=sheet.round.contest.chain)
    return hit


def _void(sheet: ScoreSheet, barred: Mapping[tuple[int, int], Conflict], words: Mapping[tuple[int, int], str]) -> None:
    pair = (sheet.entry_id, sheet.appointment_id)
    why = barred[pair]
    sheet.state = SheetState.VOID
    sheet.revision += 1
    sheet.save(update_fields=["state", "revision", "updated_at"])
    Recusal.objects.get_or_create(
        appointment_id=sheet.appointment_id,
        entry_id=sheet.entry_id,
        defaults={"round_id": sheet.round_id, "reason": why.reason, "evidence": words[pair]},
    )
