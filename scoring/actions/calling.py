"""One more expert for a work: after a large gap, or in the place of a sheet that was voided. She is not told why.

Everything here belongs into the transaction that revealed the need, after its ledger events: the chain is locked then,
so two hand-ins that reveal one gap together come one after the other, and the second sees the first one's sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from core import ledger
from scoring.actions import seating
from scoring.models import Entry, ExtraCall, Round, ScoreSheet
from scoring.queries import seats
from scoring.rules.policy import ScorePolicy


def call_for_gaps(round_: Round, entry_ids: Iterable[int]) -> list[ExtraCall]:
    """最高分与最低分之差 ≥ the policy's → one more expert, once a work (rules.md "From sheets to a score").

    Where nobody is free the call stands without a sheet, for the office to see. Where all who are free are handing in
    at this moment nobody is called yet: their own hand-in, or the closing, finds the gap again.
    """
    least = max(ScorePolicy.from_dict(round_.policy).outlier_gap, 1)  # equal totals are no gap, whatever the policy
    found = seats.gaps(round_, entry_ids, least)
    given, busy = _seat(round_, [entry for entry, _ in found])
    calls = []
    for entry, gap in found:
        if entry.pk in busy:
            continue
        call = ExtraCall.objects.create(entry=entry, sheet=given.get(entry.pk), gap=gap)
        calls.append(call)
        payload = {"gap": gap, "sheet": call.sheet_id, "expert": call.sheet.appointment_id if call.sheet else None}
        ledger.record(None, "call_extra", f"entry:{entry.pk}", payload, chain=round_.contest.chain)
    return calls


def call_replacements(round_: Round, voided: Sequence[ScoreSheet]) -> list[ScoreSheet]:
    """Somebody else for each sheet that a recusal took out; where nobody is free the office sees the gap.

    A sheet that only calibrated leaves no gap.
    """
    called: list[ScoreSheet] = []
    for lost in _waves([sheet for sheet in voided if not sheet.calibration]):
        works = Entry.objects.judged().filter(round=round_, pk__in=lost)
        given, _ = _seat(round_, list(works.select_related("version").order_by("pk")))
        for entry, sheet in given.items():
            payload = {"entry": entry, "for": lost[entry].pk, "expert": sheet.appointment_id}
            ledger.record(None, "call_replacement", f"sheet:{sheet.pk}", payload, chain=round_.contest.chain)
        called += given.values()
    return called


def _waves(sheets: Sequence[ScoreSheet]) -> list[dict[int, ScoreSheet]]:
    """Entry → sheet, one sheet a work in each: a work that lost two is served twice, by two persons."""
    waves: list[dict[int, ScoreSheet]] = []
    for sheet in sheets:
        wave = next((one for one in waves if sheet.entry_id not in one), None)
        if wave is None:
            wave = {}
            waves.append(wave)
        wave[sheet.entry_id] = sheet
    return waves


def _seat(round_: Round, entries: Sequence[Entry]) -> tuple[dict[int, ScoreSheet], set[int]]:
    """A sheet of each entry that somebody is free for, and the entries all of whose free experts are at work on them.

    Those just seated count as busier for the next.
    """
    if not entries:
        return {}, set()
    free, busier, given, tried = seats.free(round_, entries), dict[int, int](), {}, list[int]()
    for entry in entries:
        able = [one for one in free[entry.pk] if _has_room(one, busier.get(one.pk, 0))]
        able.sort(key=lambda one: busier.get(one.pk, 0))  # stable: the best match stays first
        tried += [entry.pk] if able else []
        for chosen in able:
            if sheet := seating.give(round_, entry, chosen.pk):
                busier[chosen.pk] = busier.get(chosen.pk, 0) + 1
                given[entry.pk] = sheet
                break
    return given, set(tried).difference(given)


def _has_room(appointment: Any, more: int) -> bool:
    """Below her maximum with those that this call has given her already."""
    most = appointment.expert.max_load
    return most is None or appointment.load + more < most
