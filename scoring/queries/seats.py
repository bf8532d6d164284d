"""Who could judge one more work: free of conflict, without a sheet of it, the best match with the least to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, F, Max, Min, Q

from core import ledger
from scoring import queries
from scoring.lifecycle import SheetState
from scoring.models import Appointment, Entry, Recusal, Round
from scoring.rules.assignment import Specialist, Task, match


def free(round_: Round, entries: Sequence[Entry]) -> dict[int, list[Appointment]]:
    """Entry id → who may judge it, best first: her panel, match, load, then an order that tells nothing.

    Whoever marks it for calibration alone is free as well: her sheet would count then, whatever stands on it.
    """
    appointments = _appointments(round_)
    barred = _barred(round_, entries, appointments)
    own = round_.sheets.filter(entry__in=entries).exclude(Q(calibration=True) & ~Q(state=SheetState.VOID))
    taken = set(own.values_list("entry", "appointment"))
    found = {}
    for entry in entries:
        able = [a for a in appointments if (entry.pk, a.pk) not in barred | taken and _may_sit(a, entry)]
        found[entry.pk] = sorted(able, key=lambda a, entry=entry: _order(entry, a))  # type: ignore[misc]
    return found


def _appointments(round_: Round) -> list[Any]:
    live = ~Q(sheets__state=SheetState.VOID) & Q(sheets__calibration=False)
    rows = (
        round_.appointments.filter(left_at__isnull=True)
        .select_related("expert__user")
        .annotate(load=Count("sheets", filter=live))
    )
    return list(rows.order_by("pk"))


def _barred(round_: Round, entries: Sequence[Entry], appointments: Sequence[Appointment]) -> set[tuple[int, int]]:
    found = set(queries.conflicts(round_, appointments, only=[entry.pk for entry in entries]))
    return found | set(Recusal.objects.filter(round=round_, entry__in=entries).values_list("entry", "appointment"))


def _may_sit(appointment: Any, entry: Entry) -> bool:
    """Of the work's own panel or a reserve, and not at her maximum."""
    most = appointment.expert.max_load
    return appointment.panel_id in (entry.panel_id, None) and (most is None or appointment.load < most)


def _order(entry: Entry, appointment: Any) -> tuple[bool, int, int, str]:
    content, expert = entry.version.content, appointment.expert
    task = Task(entry.code, content.get("industry", ""), content.get("category", ""))
    known = Specialist(str(appointment.pk), frozenset(expert.industries), frozenset(expert.categories))
    reserve = appointment.panel_id != entry.panel_id
    return reserve, -match(task, known), appointment.load, ledger.digest(f"{entry.pk}:{appointment.pk}")


def gaps(round_: Round, entry_ids: Iterable[int], least: int) -> list[tuple[Entry, int]]:
    """Entries whose handed-in sheets lie `least` points apart and that nobody was called for yet; one query."""
    done = Q(sheets__state=SheetState.HANDED_IN, sheets__calibration=False)
    rows = Entry.objects.judged().filter(round=round_, pk__in=list(entry_ids), extra_call__isnull=True)
    rows = rows.annotate(top=Max("sheets__total", filter=done), low=Min("sheets__total", filter=done))
    rows = rows.filter(top__gte=F("low") + least).select_related("version")
    return [(row, int(row.top - row.low)) for row in rows]
