"""Moves of the assignment by hand: another expert for a sheet, one more for a work, one less. Each is checked anew."""

from __future__ import annotations

from django.db import transaction

from accounts.actor import Actor
from core import ledger
from core.errors import Refusal
from scoring import policies, queries
from scoring.actions import seating
from scoring.lifecycle import RoundStatus, SheetState
from scoring.models import Appointment, Entry, Round, ScoreSheet
from scoring.rules import recusal

MOVABLE = (RoundStatus.DRAFT, RoundStatus.OPEN)


def _movable(actor: Actor, round_id: int) -> Round:
    round_ = Round.objects.select_for_update(no_key=True).get(pk=round_id)
    policies.require_chair(actor, round_.enrolment)
    if round_.status not in MOVABLE:
        raise Refusal(f"本轮评审当前为“{round_.status_label[0]}”，不能再调整分配。", code="status")
    if not round_.plans.exists():
        raise Refusal("请先分配专家，再作个别调整。", code="status")
    return round_


@transaction.atomic
def swap(actor: Actor, sheet_id: int, appointment_id: int) -> ScoreSheet:
    """The sheet goes to another expert, while nobody has written anything into it yet."""
    old = ScoreSheet.objects.get(pk=sheet_id)
    round_ = _movable(actor, old.round_id)
    old = ScoreSheet.objects.select_for_update().get(pk=sheet_id)
    _refuse_touched(old)
    fresh = _give(round_, old.entry, appointment_id)
    _take(round_, old)
    _record(actor, round_, "swap_sheet", fresh.entry, {"from": old.appointment_id, "to": fresh.appointment_id})
    return fresh


@transaction.atomic
def add(actor: Actor, entry_id: int, appointment_id: int) -> ScoreSheet:
    """One more expert for a work."""
    entry = Entry.objects.get(pk=entry_id)
    round_ = _movable(actor, entry.round_id)
    fresh = _give(round_, entry, appointment_id)
    _record(actor, round_, "add_sheet", entry, {"to": fresh.appointment_id})
    return fresh


@transaction.atomic
def remove(actor: Actor, sheet_id: int) -> None:
    """One expert less, while the work keeps as many as the round wants."""
    sheet = ScoreSheet.objects.get(pk=sheet_id)
    round_ = _movable(actor, sheet.round_id)
    sheet = ScoreSheet.objects.select_for_update().get(pk=sheet_id)
    _refuse_touched(sheet)
    live = ScoreSheet.objects.assigned().filter(entry=sheet.entry_id).exclude(state=SheetState.VOID).count()
    if live <= round_.sheets_per_achievement:
        raise Refusal(f"每项成果需要 {round_.sheets_per_achievement} 位专家，减去之后就不足了；请改用换人。")
    appointment = sheet.appointment_id
    _take(round_, sheet)
    _record(actor, round_, "remove_sheet", sheet.entry, {"from": appointment})


def _refuse_touched(sheet: ScoreSheet) -> None:
    if sheet.calibration:
        raise Refusal("这份评分表只作校准，不计分，不需要换人。", code="touched")
    if sheet.state != SheetState.OPEN or sheet.paper or sheet.revision > 0:
        raise Refusal("这份评分表已经填写、提交或作废，不能换给别人。", code="touched")


def _give(round_: Round, entry: Entry, appointment_id: int) -> ScoreSheet:
    """A fresh sheet, if she may have it: her panel, no conflict, not yet hers, room under her maximum."""
    appointment = Appointment.objects.select_related("expert__user").filter(pk=appointment_id, round=round_).first()
    if appointment is None or appointment.left_at:
        raise Refusal("请选择本轮在任的专家。", "appointment")
    name = appointment.expert.user.display_name
    if round_.panels.exists() and appointment.panel_id != entry.panel_id:
        raise Refusal(f"{name}不在 {entry.code} 的评审组，不能评这一项。", "appointment")
    if why := _had(entry, appointment):
        raise Refusal(f"{name}{why}", "appointment")
    if why := conflict_of(round_, entry, appointment):
        raise Refusal(f"{name}应当回避 {entry.code}：{why}。", "appointment")
    most = appointment.expert.max_load
    load = appointment.sheets.filter(calibration=False).exclude(state=SheetState.VOID).count()
    if most is not None and load >= most:
        raise Refusal(f"{name}已有 {load} 份，达到最多份数 {most}。", "appointment")
    sheet = seating.give(round_, entry, appointment.pk)
    if sheet is None:
        raise Refusal(f"{name}正在保存 {entry.code}，请稍后再试。", "appointment")
    return sheet


def _had(entry: Entry, appointment: Appointment) -> str:
    """Marks that the chair may have read choose nobody: a calibration sheet is turned into one that counts unmarked."""
    sheet = ScoreSheet.objects.filter(entry=entry, appointment=appointment).first()
    if sheet is None:
        return ""
    if not sheet.calibration or sheet.state == SheetState.VOID:
        return f"已经有 {entry.code} 的评分表，或曾有而已作废。"
    return f"已为校准评过 {entry.code}，不能再由人工指定为计分专家。" if sheet.paper or sheet.marks.exists() else ""


def conflict_of(round_: Round, entry: Entry, appointment: Appointment) -> str:
    """The words of this one pair's conflict, "" when there is none."""
    found = queries.conflicts(round_, [appointment], only=[entry.pk])
    why = found.get((entry.pk, appointment.pk))
    return "" if why is None else _WORDS[why.reason]


_WORDS = {
    recusal.Reason.OFFICE: "竞赛办公室已指定回避",
    recusal.Reason.DECLARED: "本人已申报回避",
    recusal.Reason.MEMBER: "与项目成员同名",
    recusal.Reason.UNIT: "任职单位就是完成单位",
    recusal.Reason.BRANCH: "任职单位与完成单位同属一家",
    recusal.Reason.RECOMMENDER: "任职单位是推荐单位",
}


def _take(round_: Round, sheet: ScoreSheet) -> None:
    """In a draft it never was; after the release it stays as a voided row, or goes on for calibration alone."""
    if round_.status == RoundStatus.DRAFT:
        sheet.delete()
        return
    if sheet.common is not None:
        sheet.calibration = True
        sheet.save(update_fields=["calibration"])
        return
    sheet.state = SheetState.VOID
    sheet.revision += 1
    sheet.save(update_fields=["state", "revision", "updated_at"])


def _record(actor: Actor, round_: Round, verb: str, entry: Entry, payload: dict[str, int]) -> None:
    plan = round_.plans.filter(panel=entry.panel_id).order_by("-pk").first()
    if plan is not None:
        plan.detail["by_hand"] = plan.detail.get("by_hand", 0) + 1
        plan.save(update_fields=["detail"])
    ledger.record(actor, verb, f"round:{round_.pk}", {"entry": entry.pk, **payload}, chain=round_.contest.chain)
