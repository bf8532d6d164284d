"""What every move leaves behind: a line of the history with its words, and an event in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.actor import Actor
from contests.models import Enrolment
from core import ledger
from core.errors import Refusal
from submissions import queries
from submissions.lifecycle import Move
from submissions.models import Achievement, AchievementVersion, FieldNote, StatusChange
from submissions.rules.fields import FIELDS, LISTS, label

NOTE_MAX = 1000
FIELD_NOTE_MAX = 500


@dataclass(frozen=True)
class Words:
    """The reason of a move, and what it says about single fields."""

    note: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)


def words(move: Move, note: str, notes: Mapping[str, str]) -> Words:
    """Stripped and checked; what is said at the fields is reason enough. Raises Refusal at `note` or at the key."""
    said = {key: text.strip() for key, text in notes.items() if text.strip()}
    for key, text in said.items():
        _refuse_note(key, text)
    note = note.strip()
    if move.needs_note and not note and not said:
        raise Refusal(f"请写明{move.label}的理由，对方会看到。", "note")
    if len(note) > NOTE_MAX:
        raise Refusal(f"理由不超过 {NOTE_MAX} 字，现有 {len(note)} 字。", "note")
    return Words(note, said)


def _refuse_note(key: str, text: str) -> None:
    if key not in FIELDS and key not in LISTS:
        raise Refusal(f"没有“{key}”这一项，不能对它写意见。", key)
    if len(text) > FIELD_NOTE_MAX:
        raise Refusal(f"对“{label(key)}”的意见不超过 {FIELD_NOTE_MAX} 字，现有 {len(text)} 字。", key)


def write(
    actor: Actor,
    achievement: Achievement,
    verb: str,
    before: tuple[str, Enrolment | None],
    said: Words,
    version: AchievementVersion | None = None,
) -> StatusChange:
    """The line and the event of a move that was just saved; `before` is the status and desk that it came from."""
    from_status, from_holder = before
    change = StatusChange.objects.create(
        achievement=achievement,
        verb=verb,
        from_status=from_status,
        to_status=achievement.status,
        from_holder=from_holder,
        to_holder=achievement.holder,
        user=actor.user,
        membership=actor.membership,
        version=version,
        note=said.note,
    )
    _pin(change, said.notes)
    payload: dict[str, Any] = {
        "from": from_status,
        "to": str(achievement.status),
        "holder": achievement.holder_id,
        "note": ledger.digest(said.note) if said.note else "",
        "version": version.content_hash if version else "",
    }
    if said.notes:
        payload["fields"] = {key: ledger.digest(text) for key, text in said.notes.items()}
    ledger.record(actor, verb, f"achievement:{achievement.pk}", payload, chain=achievement.contest.chain)
    return change


def _pin(change: StatusChange, notes: Mapping[str, str]) -> None:
    if not notes:
        return
    read = queries.latest_version(change.achievement)
    FieldNote.objects.bulk_create(
        FieldNote(achievement=change.achievement, change=change, version=read, key=key, note=text)
        for key, text in notes.items()
    )
