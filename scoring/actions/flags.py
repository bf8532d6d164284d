"""The office answers what experts raised: the sheet stands, goes back to its expert, or is voided."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from core import ledger
from core.errors import Conflict, Refusal
from scoring import policies
from scoring.actions.calling import call_replacements
from scoring.lifecycle import FlagState, RoundStatus, SheetState
from scoring.models import Round, ScoreSheet, SheetFlag

DECISIONS = {
    "keep": FlagState.KEPT,
    "return": FlagState.RETURNED,
    "void": FlagState.VOIDED,
}


@transaction.atomic
def resolve_flag(actor: Actor, flag_id: int, decision: str, resolution: str) -> SheetFlag:
    """`keep`: the marks stand. `return`: the expert may change her sheet. `void`: it counts no more. Why is kept."""
    flag = SheetFlag.objects.select_related("sheet").get(pk=flag_id)
    # Sheet before round before ledger, as everywhere: a hand-in under way is waited for.
    sheet = ScoreSheet.objects.select_for_update(of=("self",)).get(pk=flag.sheet_id)
    flag = SheetFlag.objects.select_for_update(of=("self",)).get(pk=flag_id)
    round_ = Round.objects.select_related("contest", "enrolment").get(pk=flag.round_id)
    policies.require_chair(actor, round_.enrolment)
    _refuse(flag, round_, decision, resolution)
    target = DECISIONS[decision]
    if target != FlagState.KEPT:
        _change(sheet, target)
    others = SheetFlag.objects.filter(sheet=sheet, state=FlagState.OPEN).exclude(pk=flag.pk)
    for one in [flag, *(others if target != FlagState.KEPT else ())]:
        one.state, one.resolution = target, resolution.strip()
        one.decided_by, one.decided_at = actor.user, timezone.now()
        one.save()
    payload = {"sheet": sheet.pk, "kind": flag.kind, "reason": ledger.digest(resolution.strip())}
    ledger.record(actor, f"{decision}_flagged_sheet", f"flag:{flag.pk}", payload, chain=round_.contest.chain)
    if target == FlagState.VOIDED:
        call_replacements(round_, [sheet])
    return flag


def _refuse(flag: SheetFlag, round_: Round, decision: str, resolution: str) -> None:
    if flag.state != FlagState.OPEN:
        raise Conflict(f"这一条刚刚已由他人处理为“{flag.state_label[0]}”，请刷新页面。", code="stale")
    if decision not in DECISIONS:
        raise Refusal("请选择处理办法。", "decision")
    if not resolution.strip():
        raise Refusal("请写明处理的理由。", "resolution")
    if decision != "keep":
        policies.require_status(round_, RoundStatus.OPEN, "退回或作废评分表")


def _change(sheet: ScoreSheet, target: FlagState) -> None:
    if sheet.state != SheetState.HANDED_IN:
        raise Conflict("这份评分表已经不在已提交之列，请刷新页面。", code="stale")
    if target == FlagState.VOIDED:
        sheet.state = SheetState.VOID
    else:
        sheet.state, sheet.handed_in_at, sheet.receipt = SheetState.OPEN, None, ""
    sheet.revision += 1
    sheet.save(update_fields=["state", "handed_in_at", "receipt", "revision", "updated_at"])
