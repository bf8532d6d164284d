"""A changed 评分标准 is a new version, never the old one written over (model.md, 002 附件1 一(二): 由…细化)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.actor import Actor
from contests.models import Contest
from core import ledger
from core.errors import Refusal
from scoring import policies
from scoring.actions.rubrics import rubric_from_section
from scoring.actions.sheets import holds, total_of
from scoring.actions.voiding import hold_sheets
from scoring.lifecycle import FlagState, RoundStatus, SheetState
from scoring.models import Round, Rubric, ScoreSheet
from scoring.queries import rubric_use
from scoring.rules.rubric import Rubric as Rules
from scoring.rules.rubric import RubricError, rubric_to_dict

_RETURNED = "评分标准已经修订，请按新的版本核对后重新提交。"
CHANGEABLE = (RoundStatus.DRAFT, RoundStatus.OPEN)


@transaction.atomic
def revise(actor: Actor, round_id: int, definition: Mapping[str, Any], reason: str, *, affected: int) -> Rubric:
    """The round goes on by a new version; sheets handed in by the old one are open again, marks outside it are gone.

    `affected` is how many sheets the page showed as affected; Refusal when it is another number by now.
    """
    round_ = Round.objects.select_for_update(no_key=True).get(pk=round_id)
    Contest.objects.select_for_update(no_key=True).get(pk=round_.contest_id)  # two chairs of one season
    policies.require_chair(actor, round_.enrolment)
    if round_.status not in CHANGEABLE:
        raise Refusal(f"本轮评审当前为“{round_.status_label[0]}”，不能再改评分标准。", code="status")
    if not reason.strip():
        raise Refusal("请写明修订的理由。", "reason")
    hold_sheets(round_)  # a first saving under way is waited for, and then it is affected
    rules = _rules(round_, definition)
    sheets = list(rubric_use.affected(round_).order_by("pk"))
    if len(sheets) != affected:
        raise Refusal(f"刚才显示有 {affected} 份评分表受影响，现在是 {len(sheets)} 份；请核对后再确认。", code="stale")
    rubric = _store(actor, round_, rules, reason.strip())
    for sheet in sheets:
        _judge_anew(actor, sheet, rules)
    payload = {
        "rubric": rubric.code,
        "from": round_.rubric.version,
        "to": rubric.version,
        "reason": ledger.digest(reason.strip()),
        "sheets": [sheet.pk for sheet in sheets],
    }
    Round.objects.filter(pk=round_.pk).update(rubric=rubric)
    ledger.record(actor, "revise_rubric", f"round:{round_.pk}", payload, chain=round_.contest.chain)
    return rubric


def _rules(round_: Round, definition: Mapping[str, Any]) -> Rules:
    """What was typed, checked as a preset's rubric is; the criteria and levels keep their codes."""
    versions = Rubric.objects.filter(code=round_.rubric.code)
    versions.select_for_update(no_key=True).order_by("version").first()  # two contests, one next version
    last = versions.aggregate(last=Max("version"))["last"]
    try:
        rules = rubric_from_section({**definition, "id": round_.rubric.code, "version": last + 1})
    except RubricError as error:
        raise Refusal(f"评分标准不完整：{error.reason}", str(error.key)) from error
    if rubric_to_dict(rules)["criteria"] == round_.rubric.definition["criteria"]:
        raise Refusal("没有改动，不需要新的版本。", code="same")
    return rules


def _store(actor: Actor, round_: Round, rules: Rules, reason: str) -> Rubric:
    return Rubric.objects.create(
        code=rules.id,
        version=rules.version,
        name=round_.rubric.name,
        definition=rubric_to_dict(rules),
        contest=round_.contest,
        enrolment=round_.enrolment,
        reason=reason,
        created_by=actor.user,
    )


def _judge_anew(actor: Actor, sheet: ScoreSheet, rules: Rules) -> None:
    """Marks that the new version holds as well stay; the others are taken out, and the expert hands in again.

    What she handed in before is no more: neither its receipt nor her doubts, which she raises again if she still has
    them.
    """
    for mark in list(sheet.marks.all()):
        if not holds(sheet, mark, rules):
            mark.delete()
    sheet.flags.filter(state=FlagState.OPEN).update(
        state=FlagState.RETURNED, resolution=_RETURNED, decided_by=actor.user, decided_at=timezone.now()
    )
    sheet.state, sheet.handed_in_at, sheet.receipt = SheetState.OPEN, None, ""
    sheet.total = total_of(sheet, rules)
    sheet.revision += 1
    sheet.save()
