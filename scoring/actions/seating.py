"""One expert gets one work to mark: a fresh sheet, or the one on which she calibrates, which counts from now on.

Her pages look the same either way.
"""

from __future__ import annotations

from collections.abc import Iterable

from scoring.lifecycle import SheetState
from scoring.models import Entry, Round, ScoreSheet

Pair = tuple[int, int]


def give(round_: Round, entry: Entry, appointment_id: int) -> ScoreSheet | None:
    """None while she is handing her calibration sheet in at this very moment: then somebody else is asked.

    Nobody waits here for her lock: the caller may hold the ledger's, which is what she waits for.
    """
    own = ScoreSheet.objects.filter(entry=entry, appointment=appointment_id, calibration=True)
    if not own.exists():
        return ScoreSheet.objects.create(round=round_, entry=entry, appointment_id=appointment_id, common=entry.common)
    sheet = own.select_for_update(skip_locked=True).exclude(state=SheetState.VOID).first()
    if sheet is None:
        return None
    sheet.calibration = False
    sheet.save(update_fields=["calibration"])
    return sheet


def give_all(round_: Round, pairs: Iterable[Pair]) -> None:
    """The same for a plan's new pairs (entry id, appointment id); all sheets of the round are locked by the caller."""
    wanted = sorted(set(pairs))
    places = dict(round_.entries.filter(common__isnull=False).values_list("pk", "common"))
    held = ScoreSheet.objects.filter(round=round_, calibration=True, entry__in=places)
    known = {(entry, expert): pk for pk, entry, expert in held.values_list("pk", "entry", "appointment")}
    ScoreSheet.objects.filter(pk__in=[known[pair] for pair in wanted if pair in known]).update(calibration=False)
    ScoreSheet.objects.bulk_create(
        ScoreSheet(round=round_, entry_id=entry, appointment_id=expert, common=places.get(entry))
        for entry, expert in wanted
        if (entry, expert) not in known
    )
