"""Sheets that are taken out of the result: by a recusal found after the assignment, or because their work left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from accounts.actor import Actor
from core import ledger
from scoring import queries
from scoring.lifecycle import SheetState
from scoring.models import Recusal, Round, ScoreSheet
from scoring.queries.evidence import sentences
from scoring.querysets import judged
from scoring.rules.recusal import Conflict


def hold_sheets(round_: Round) -> None:
    """Lock every sheet of the round, in one order; before the ledger's chain, as a hand-in does.

    A hand-in that was waited for may have called an expert, whose sheet only a fresh statement sees: asked again until
    there is none.
    """
    seen, held = -1, 0
    while seen != held:
        seen, held = held, len(round_.sheets.select_for_update().order_by("pk").values_list("pk"))


def lock_sheets(round_: Round) -> list[ScoreSheet]:
    """Every sheet of the round, locked."""
    hold_sheets(round_)
    return list(round_.sheets.select_related("appointment__expert__user").order_by("pk"))  # each knows this round_


def void_left(actor: Actor, round_: Round) -> list[ScoreSheet]:
    """Void the sheets, locked by the caller, whose work is no longer in the judgement; nobody is called for them."""
    gone = list(round_.sheets.exclude(judged("entry__")).exclude(state=SheetState.VOID).order_by("pk"))
    for sheet in gone:
        take_out(sheet)
    for sheet in gone:
        payload = {"entry": sheet.entry_id, "reason": "left"}
        ledger.record(actor, "void_sheet", f"sheet:{sheet.pk}", payload, chain=round_.contest.chain)
    return gone


def void_all_conflicted(actor: Actor, round_: Round) -> list[ScoreSheet]:
    """`void_conflicted` for a whole round: all its pairs are looked at, only the sheets that fall are read."""
    barred = queries.conflicts(round_, list(round_.appointments.select_related("expert__user")))
    live = round_.sheets.exclude(state=SheetState.VOID)
    pairs = live.values_list("pk", "entry", "appointment")
    hit = [pk for pk, entry, appointment in pairs if (entry, appointment) in barred]
    return void_conflicted(
        actor, list(live.filter(pk__in=hit).select_related("appointment__expert__user").order_by("pk"))
    )


def take_out(sheet: ScoreSheet) -> None:
    sheet.state = SheetState.VOID
    sheet.revision += 1
    sheet.save(update_fields=["state", "revision", "updated_at"])


def void_conflicted(actor: Actor, sheets: Sequence[ScoreSheet]) -> list[ScoreSheet]:
    """Void those of these locked sheets that must not count (rules.md "Persons and penalties"); they are of one round.

    Belongs into the transaction of the caller, after all its row locks: the ledger's chain stays locked from here on.
    """
    if not sheets:
        return []
    appointments = {sheet.appointment_id: sheet.appointment for sheet in sheets}
    only = {sheet.entry_id for sheet in sheets}
    barred = queries.conflicts(sheets[0].round, list(appointments.values()), only=only)
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
    take_out(sheet)
    Recusal.objects.get_or_create(
        appointment_id=sheet.appointment_id,
        entry_id=sheet.entry_id,
        defaults={"round_id": sheet.round_id, "reason": why.reason, "evidence": words[pair]},
    )
