"""Notes at single fields: what the last return said there, and what the auditor is writing now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.errors import Refusal
from submissions.forms.achievement import AchievementForm, name_of
from submissions.models import FieldNote, StatusChange
from submissions.rules.fields import FIELDS, LISTS, label


@dataclass(frozen=True)
class Pin:
    """One field of the page: `said` by the last return, `writing` and its `error` when a return was refused."""

    key: str
    said: FieldNote | None = None
    writing: str = ""
    error: str = ""

    @property
    def label(self) -> str:
        return label(self.key)

    @property
    def is_open(self) -> bool:
        return bool(self.writing or self.error)


def on_page(said: Iterable[FieldNote], writing: Mapping[str, str], refusal: Refusal | None) -> dict[str, Pin]:
    """Every field that may be spoken of, by its key."""
    earlier = {note.key: note for note in said}
    at, sentence = (refusal.field, refusal.message) if refusal else ("", "")
    return {
        key: Pin(key, earlier.get(key), writing.get(key, ""), sentence if key == at else "")
        for key in (*FIELDS, *LISTS)
    }


def notes_of(change: StatusChange | None) -> list[FieldNote]:
    return list(change.field_notes.all()) if change else []


def into_editor(form: AchievementForm, change: StatusChange | None) -> dict[str, FieldNote]:
    """Pin the notes of a return to the fields of the form; all of them by their names in the page."""
    pinned = {name_of(note.key): note for note in notes_of(change)}
    form.mark(pinned, "is-noted")
    for name, note in pinned.items():
        form.pin(name, note)
    return pinned
