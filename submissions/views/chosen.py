"""The chosen achievement of the audit queue: what is read of it, and the moves under the thumb."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from accounts.access import ActorRequest
from accounts.actor import Actor
from contests import calendar
from contests.queries import window
from core.errors import Conflict, Refusal
from submissions import policies, queries
from submissions.actions import moves
from submissions.forms.audit import NoteForm, VerifyForm
from submissions.lifecycle import Move, Status, Who
from submissions.models import Achievement, AttachmentCheck, StatusChange
from submissions.queries import cases, duplicates, heaps, sending
from submissions.rules.quota import Tally
from submissions.views import pins
from submissions.views.places import here, url_of

VERBS = ("recommend", "accept", "return", "decline")


@dataclass(frozen=True)
class Ask:
    """One move of the bar: its form where it wants a reason, why not now, and whether its reason is being written."""

    move: Move
    reason: str
    form: NoteForm | None
    open: bool = False


@dataclass(frozen=True)
class Refused:
    """What was pressed and why it was not done; `note` and `notes` (at the fields) are what she had written."""

    refusal: Refusal
    verb: str = ""
    note: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def heading(self) -> str:
        return "该成果刚刚已被他人办理" if isinstance(self.refusal, Conflict) else "没有办理成功，填写的内容都还在"


def detail(
    request: ActorRequest, chosen: Achievement, now: datetime, refused: Refused | None, tally: Tally
) -> dict[str, Any]:
    """The token first: whatever happens while the rest is read makes the buttons stale, not the text."""
    actor, seen = request.actor, moves.seen_token(chosen)
    reading = queries.reading(chosen, for_unit=actor.is_unit_operator)
    history = list(chosen.history.select_related("membership__organization", "user").prefetch_related("field_notes"))
    remark = queries.last_return(history)
    said = pins.notes_of(remark)
    only_changes = bool(reading.changes) and _wants_changes(request, actor, remark)
    asks = _asks(actor, chosen, now, refused, tally)
    return {
        "chosen": chosen,
        "seen": seen,
        "reading": reading,
        "tally": {state: reading.tally(state) for state in ("green", "red", "person")},
        "views": _views(request, chosen.pk, only_changes),
        "sections": _shown(reading, [note.key for note in said] if only_changes else None),
        "pins": pins.on_page(said, refused.notes if refused else {}, refused.refusal if refused else None),
        "may_pin": any(ask.move.verb == "return" and not ask.reason for ask in asks),
        "history": history[::-1],
        "continued_note": "" if chosen.is_editable else chosen.continued_note,
        "may_open_case": cases.may_investigate(actor, chosen),
        "suspects": duplicates.seen_by(actor, chosen),
        "remark": remark,
        "asks": asks,
        "kept": any(ask.open for ask in asks),
        "why_not": _why_not(actor, chosen),
        "own_closes": window(calendar.Move.RECOMMEND, now, chosen.contest, chosen.unit, chosen.holder).closes,
        "checks": _checks(chosen),
        "may_check": not policies.may_verify(actor, chosen, "核对附件"),
        "may_verify": not policies.may_verify(actor, chosen),
        "verify": VerifyForm.of(chosen),
        "refused": refused,
    }


def _checks(chosen: Achievement) -> dict[int, list[AttachmentCheck]]:
    """Who has checked each attachment, this work's own desk last."""
    found: dict[int, list[AttachmentCheck]] = {}
    rows = chosen.attachment_checks.select_related("membership__organization")
    for check in sorted(rows, key=lambda row: row.desk_id == chosen.holder_id):
        found.setdefault(check.attachment_id, []).append(check)
    return found


def _views(request: HttpRequest, pk: int, only_changes: bool) -> list[tuple[str, str, bool]]:
    """The two ways to read a work that came back: address, label, whether it is shown now."""
    choices = (("changes", "只看改动", only_changes), ("all", "全文", not only_changes))
    return [(url_of(pk, here(request, show=code)), label, current) for code, label, current in choices]


def _shown(reading: queries.Reading, asked: list[str] | None) -> list[Any]:
    """Everything; or what changed and what was `asked` for at a field."""
    if asked is None:
        return reading.sections
    found = [section.only_changes(asked) for section in reading.sections]
    files_asked = "attachments" in asked
    return [s for s in found if s.facts or s.texts or s.files or (files_asked and s.code == "proof")]


def _wants_changes(request: HttpRequest, actor: Actor, remark: StatusChange | None) -> bool:
    """Who sent it back has read the rest already; who reads it for the first time gets everything."""
    wanted = request.GET.get("show")
    if wanted in ("changes", "all"):
        return wanted == "changes"
    by = remark.membership if remark else None
    return by is not None and by.organization_id == actor.organization.pk


def _asks(actor: Actor, chosen: Achievement, now: datetime, refused: Refused | None, tally: Tally) -> list[Ask]:
    buttons = [b for b in policies.moves_open_to(actor, chosen, now) if b.move.verb in VERBS]
    hindered = {"recommend": tally.refusal(heaps.category_of(chosen))}
    if any(button.move.verb == "accept" for button in buttons):
        hindered["accept"] = sending.not_sent(chosen)
    return [_ask(button, refused, hindered) for button in sorted(buttons, key=lambda b: VERBS.index(b.move.verb))]


def _ask(button: policies.Button, refused: Refused | None, hindered: Mapping[str, str]) -> Ask:
    """`hindered`, by verb: why the desk's quota has no place for the work, or that nobody has sent it yet."""
    move = button.move
    if not move.needs_note:
        return Ask(move, button.reason or hindered.get(move.verb, ""), None)
    if refused is None or refused.verb != move.verb:
        return Ask(move, button.reason, NoteForm(move.verb, move.label))
    form = NoteForm(move.verb, move.label, {"note": refused.note})
    if refused.refusal.field == "note":
        form.add_error("note", refused.refusal.message)
    return Ask(move, button.reason, form, open=True)


def _why_not(actor: Actor, chosen: Achievement) -> str:
    """Why a work that waits has no buttons for her: it lies on another desk, or she handed it in herself."""
    if chosen.status != Status.SUBMITTED or chosen.holder is None:
        return ""
    if chosen.holder.organization_id != actor.organization.pk:
        return f"该成果现由{chosen.holder.name}审核，您可以查阅。"
    return policies.holds_right(actor, Who.DESK, chosen).format("办理")
