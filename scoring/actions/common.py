"""校准件: the chair chooses two or three works before the release; at the release every expert gets a sheet of each.

Whoever was assigned such a work marks it for its result, everybody else for calibration alone; nobody can tell which
she does. Conflicted experts get none, the evidence stands among the recusals.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from accounts.actor import Actor
from core import ledger
from core.errors import Refusal
from scoring import policies, queries
from scoring.lifecycle import RoundStatus
from scoring.models import Appointment, Entry, Round, ScoreSheet
from scoring.rules import common as rules


@transaction.atomic
def choose(actor: Actor, entry_id: int) -> Entry:
    """One more common entry, at the first free place."""
    entry, round_ = _draft(actor, entry_id)
    taken = set(round_.entries.filter(common__isnull=False).values_list("common", flat=True))
    free = [place for place in range(1, rules.MOST + 1) if place not in taken]
    if entry.common is not None:
        raise Refusal(f"{entry.code} 已经是校准件。", code="status")
    if not free:
        raise Refusal(f"校准件最多 {rules.MOST} 项，请先取消一项。", code="full")
    entry.common = free[0]
    entry.save(update_fields=["common"])
    _record(actor, round_, "choose_common", entry)
    return entry


@transaction.atomic
def drop(actor: Actor, entry_id: int) -> Entry:
    entry, round_ = _draft(actor, entry_id)
    if entry.common is None:
        raise Refusal(f"{entry.code} 不是校准件；请刷新页面。", code="status")
    entry.common = None
    entry.save(update_fields=["common"])
    _record(actor, round_, "drop_common", entry)
    return entry


def _draft(actor: Actor, entry_id: int) -> tuple[Entry, Round]:
    found = Entry.objects.get(pk=entry_id)
    round_ = Round.objects.select_for_update(no_key=True).get(pk=found.round_id)
    policies.require_chair(actor, round_.enrolment)
    policies.require_status(round_, RoundStatus.DRAFT, "改校准件")
    return Entry.objects.get(pk=entry_id), round_


def _record(actor: Actor, round_: Round, verb: str, entry: Entry) -> None:
    """The work is named, not the entry: an assignment made anew makes new entries."""
    payload = {"achievement": entry.achievement_id}
    ledger.record(actor, verb, f"round:{round_.pk}", payload, chain=round_.contest.chain)


def hand_out(round_: Round, appointments: Sequence[Appointment]) -> int:
    """A sheet of every common entry for each of these experts who has none and may have one; how many were made.

    Part of the release, and of whatever seats an expert later. Refusal when there are too few common entries.
    """
    entries = list(round_.entries.filter(common__isnull=False).order_by("common"))
    if fault := rules.why_not(len(entries)):
        raise Refusal(fault, code="common")
    made = 0
    for entry in entries:
        ScoreSheet.objects.filter(entry=entry, common__isnull=True).update(common=entry.common)
        had = set(ScoreSheet.objects.filter(entry=entry).values_list("appointment", flat=True))
        barred = queries.conflicts(round_, list(appointments), only=[entry.pk])
        able = [one for one in appointments if one.pk not in had and (entry.pk, one.pk) not in barred]
        ScoreSheet.objects.bulk_create(
            ScoreSheet(round=round_, entry=entry, appointment=one, common=entry.common, calibration=True)
            for one in able
        )
        made += len(able)
    return made


def sitting(round_: Round) -> list[Appointment]:
    """Who marks in this round: everybody, or in a round with panels whoever sits in one."""
    rows = round_.appointments.filter(left_at__isnull=True).select_related("expert__user").order_by("pk")
    return [one for one in rows if one.panel_id] if round_.panels.exists() else list(rows)
