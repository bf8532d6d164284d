"""回避 that somebody says: the expert of herself, the office of a pair; each with a reason, and the sheet is voided."""

from __future__ import annotations

from django.db import transaction

from accounts.actor import Actor
from core import ledger
from core.errors import NotAllowed, Refusal
from scoring import policies
from scoring.actions import gathering
from scoring.actions.calling import call_replacements
from scoring.actions.voiding import take_out
from scoring.lifecycle import RoundStatus, SheetState
from scoring.models import Appointment, Entry, Recusal, Round, ScoreSheet
from scoring.rules.recusal import BY_PEOPLE, Reason

BEFORE_THE_RESULT = (RoundStatus.DRAFT, RoundStatus.OPEN)
MOST = 200


@transaction.atomic
def declare(actor: Actor, sheet_id: int, reason: str) -> Recusal:
    """The expert keeps herself away from a work that she was given; her sheet counts no more, handed in or not."""
    sheet = ScoreSheet.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=sheet_id)
    round_ = Round.objects.select_related("contest").get(pk=sheet.round_id)
    if round_.status != RoundStatus.OPEN:
        raise Refusal("本轮评审已经截止，不能再申报回避；如有情况，请告知竞赛办公室。", code="closed")
    recusal = _write(actor, round_, sheet.appointment_id, sheet.entry_id, Reason.DECLARED, reason)
    _void(actor, round_, sheet, Reason.DECLARED)
    return recusal


@transaction.atomic
def bar(actor: Actor, appointment_id: int, entry_id: int, reason: str) -> Recusal:
    """The chair keeps an expert from a work, with the reason; a sheet that she has of it counts no more."""
    appointment = Appointment.objects.select_related("round__contest", "round__enrolment").get(pk=appointment_id)
    round_ = Round.objects.select_for_update(no_key=True).get(pk=appointment.round_id)
    policies.require_chair(actor, round_.enrolment)
    if round_.status not in BEFORE_THE_RESULT:
        raise Refusal("本轮评审已经截止，不能再指定回避；确需回避的，请先写明理由“重新开放”本轮。", code="status")
    if not Entry.objects.filter(pk=entry_id, round=round_).exists():
        raise Refusal("这项成果不在本轮评审中，请重新选择。", "entry")
    # the sheet before the ledger, as a hand-in locks them
    sheet = ScoreSheet.objects.select_for_update().filter(entry=entry_id, appointment=appointment_id).first()
    recusal = _write(actor, round_, appointment_id, entry_id, Reason.OFFICE, reason)
    if round_.status == RoundStatus.DRAFT:
        if sheet:
            gathering.discard_plan(round_)
    elif sheet and sheet.state != SheetState.VOID:
        _void(actor, round_, sheet, Reason.OFFICE)
    return recusal


@transaction.atomic
def lift(actor: Actor, recusal_id: int, reason: str) -> None:
    """What somebody said by mistake, taken back by the chair while the round is a draft."""
    recusal = Recusal.objects.select_related("round__contest", "round__enrolment").get(pk=recusal_id)
    policies.require_chair(actor, recusal.round.enrolment)
    policies.require_status(recusal.round, RoundStatus.DRAFT, "撤销回避")
    if recusal.reason not in BY_PEOPLE:
        raise NotAllowed("由任职、成员关系得出的回避不能撤销；关系有误的，请先更正登记。")
    if not reason.strip():
        raise Refusal("请写明撤销的理由。", "reason")
    payload = {"entry": recusal.entry_id, "appointment": recusal.appointment_id, "why": ledger.digest(reason.strip())}
    recusal.delete()
    ledger.record(actor, "lift_recusal", f"round:{recusal.round_id}", payload, chain=recusal.round.contest.chain)


def _write(actor: Actor, round_: Round, appointment_id: int, entry_id: int, kind: Reason, reason: str) -> Recusal:
    if not reason.strip():
        raise Refusal("请写明回避的理由。", "reason")
    if len(reason.strip()) > MOST:
        raise Refusal(f"理由最多 {MOST} 字，请精简。", "reason")
    recusal, _ = Recusal.objects.update_or_create(
        appointment_id=appointment_id,
        entry_id=entry_id,
        defaults={"round": round_, "reason": kind, "evidence": reason.strip(), "created_by": actor.user},
    )
    payload = {
        "entry": entry_id,
        "appointment": appointment_id,
        "reason": str(kind),
        "why": ledger.digest(reason.strip()),
    }
    ledger.record(actor, "recuse", f"round:{round_.pk}", payload, chain=round_.contest.chain)
    return recusal


def _void(actor: Actor, round_: Round, sheet: ScoreSheet, kind: Reason) -> None:
    """The sheet counts no more, and somebody else is called for it."""
    take_out(sheet)
    payload = {"entry": sheet.entry_id, "reason": str(kind)}
    ledger.record(actor, "void_sheet", f"sheet:{sheet.pk}", payload, chain=round_.contest.chain)
    call_replacements(round_, [sheet])
