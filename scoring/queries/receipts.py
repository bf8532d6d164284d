"""The receipts of handed-in sheets: what was hashed, what the ledger says, and whether both still hold."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts.actor import Actor
from core.models import Event
from scoring.lifecycle import SheetState
from scoring.models import ScoreSheet
from scoring.rules import receipt

_HASH = re.compile(r"[0-9a-f]{64}")


def canonical(sheet: ScoreSheet, rubric: tuple[str, int]) -> str:
    """The text that the receipt of this handed-in sheet is made of; entry, appointment and marks at hand.

    `rubric`: (code, version) by which it was handed in; the round's may be a later one since.
    """
    assert sheet.total is not None
    assert sheet.handed_in_at is not None
    return receipt.text(
        receipt.HandedIn(
            sheet=sheet.pk,
            entry=sheet.entry.code,
            expert=sheet.appointment.pseudonym,
            rubric=rubric,
            path=sheet.entry.path,
            benefit_wan=sheet.entry.benefit_wan,
            marks={mark.criterion: (mark.level, mark.points or 0) for mark in sheet.marks.all()},
            total=Decimal(sheet.total),
            comment=sheet.comment,
            doubt=sheet.doubt,
            ineligible=sheet.ineligible,
            handed_in_at=sheet.handed_in_at,
        )
    )


@dataclass(frozen=True)
class Standing:
    """One receipt beside what is stored now: `event` is the ledger's row of the hand-in, None when it is missing."""

    sheet: ScoreSheet
    text: str
    event: Event | None

    @property
    def as_stored(self) -> bool:
        return receipt.receipt(self.text) == self.sheet.receipt

    @property
    def in_ledger(self) -> bool:
        return self.event is not None and json.loads(self.event.payload).get("receipt") == self.sheet.receipt

    @property
    def holds(self) -> bool:
        return self.as_stored and self.in_ledger

    @property
    def voided(self) -> bool:
        return self.sheet.state == SheetState.VOID


def own_with_receipt(actor: Actor) -> Any:
    """The expert's own sheets that have a receipt, the voided ones too: she may always prove what she gave."""
    rows = ScoreSheet.objects.filter(appointment__expert__user=actor.user.pk).exclude(receipt="")
    return rows.select_related("round__contest", "round__rubric", "entry", "appointment").prefetch_related("marks")


def standing(sheet: ScoreSheet) -> Standing:
    events = Event.objects.filter(subject=f"sheet:{sheet.pk}", verb="hand_in", chain=sheet.round.contest.chain)
    event = events.order_by("-seq").first()
    return Standing(sheet, canonical(sheet, _rubric_at(sheet, event)), event)


def _rubric_at(sheet: ScoreSheet, event: Event | None) -> tuple[str, int]:
    """The rubric at the hand-in as the ledger has it: a revision leaves a voided sheet as it was."""
    known = json.loads(event.payload).get("rubric") if event else None
    return (known[0], known[1]) if known else (sheet.round.rubric.code, sheet.round.rubric.version)


@dataclass(frozen=True)
class Check:
    """What became of a pasted receipt: `sentence` says it, `tone` colours it."""

    sentence: str
    tone: str
    standing: Standing | None = None


def check(actor: Actor, given: str) -> Check:
    """A pasted hash or the text of a downloaded receipt, beside the rows and the ledger."""
    pasted = given.strip()
    wanted = pasted.lower() if _HASH.fullmatch(pasted.lower()) else receipt.receipt(pasted)
    sheet = own_with_receipt(actor).filter(receipt=wanted).first()
    if sheet is None:
        return Check("不一致：您提交过的评分表中，没有一份与它相符。请核对是否完整粘贴、有没有改动。", "bad")
    return verdict(standing(sheet))


def verdict(now: Standing) -> Check:
    """What the comparison says, in a sentence."""
    sheet = now.sheet
    if not now.holds:
        where = "评审存证" if now.as_stored else "库中现在的评分"
        return Check(f"不一致：{sheet.entry.code} 的{where}与回执不符，请立即联系竞赛办公室和纪检监督员。", "bad", now)
    if now.voided:
        return Check(f"一致：{sheet.entry.code} 提交的内容没有改动；这份评分表后来作废，不计分。", "warn", now)
    return Check(f"一致：{sheet.entry.code} 的评分与提交时完全相同，并已记入评审存证。", "ok", now)
