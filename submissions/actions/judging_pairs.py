"""What an auditor decides about a work and one that resembles it."""

from __future__ import annotations

from django.db import transaction

from accounts.actor import Actor
from core import ledger
from core.errors import NotAllowed, Refusal
from submissions.actions.drafting import locked
from submissions.models import Achievement, DuplicateVerdict
from submissions.queries import duplicates

REASON_MAX = 1000


@transaction.atomic
def judge_pair(actor: Actor, achievement_id: int, other_id: int, verdict: str, reason: str) -> DuplicateVerdict:
    """同一成果、延续改进或不相关, with the reason. A later verdict on the same pair counts; the earlier one is kept."""
    achievement = locked(achievement_id)
    _refuse_stranger(actor, achievement)
    reason = _checked(verdict, reason)
    if other_id not in {hit.other_id for hit in duplicates.find(achievement)}:
        raise Refusal("这两项成果现在没有重复提示，不需要认定；请刷新页面后查看。", code="no_hit")
    row = DuplicateVerdict.objects.create(
        achievement=achievement,
        other_id=other_id,
        verdict=verdict,
        reason=reason,
        judged_by=actor.user,
        membership=actor.membership,
    )
    payload = {"other": other_id, "verdict": verdict, "reason": ledger.digest(reason)}
    ledger.record(actor, "judge_pair", f"achievement:{achievement.pk}", payload, chain=achievement.contest.chain)
    return row


def _refuse_stranger(actor: Actor, achievement: Achievement) -> None:
    if not duplicates.may_see(actor, achievement) or actor.is_supervisor:
        raise NotAllowed("只有审核该成果的单位或竞赛办公室可以认定是否重复。")


def _checked(verdict: str, reason: str) -> str:
    if verdict not in DuplicateVerdict.Verdict.values:
        raise Refusal("请选择：同一成果、延续改进或不相关。", "verdict")
    reason = reason.strip()
    if not reason:
        raise Refusal("请写明认定的理由。", "reason")
    if len(reason) > REASON_MAX:
        raise Refusal(f"理由不超过 {REASON_MAX} 字，现有 {len(reason)} 字。", "reason")
    return reason
