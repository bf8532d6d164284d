"""What an auditor decides about a work and one that resembles it."""

from __future__ import annotations

from django.db import transaction

from accounts.actor import Actor
from accounts.models import Role
from core import ledger
from core.errors import Conflict, NotAllowed, Refusal
from submissions.actions.drafting import locked
from submissions.models import Achievement, DuplicateVerdict, SuspectPair
from submissions.queries import duplicates

REASON_MAX = 1000


@transaction.atomic
def judge_pair(
    actor: Actor, pair_id: int, achievement_id: int, verdict: str, reason: str, *, seen: str = ""
) -> DuplicateVerdict:
    """同一成果、延续改进或不相关, with the reason: of `achievement_id`, the work of the pair that repeats the other.

    A later verdict on the same pair counts; the earlier ones are kept. `seen` is the verdict that the page showed
    (0: none): who judges on an outdated page is told first.
    """
    named = SuspectPair.objects.values_list("earlier", "later").get(pk=pair_id)
    if achievement_id not in named:
        raise Refusal("请选择这两项成果中的一项。", "achievement")
    achievement = locked(achievement_id)  # before the pair, as a submit does
    SuspectPair.objects.select_for_update(no_key=True).get(pk=pair_id)
    pair = SuspectPair.objects.select_related("verdict__membership").get(pk=pair_id)
    _refuse_stranger(actor, achievement, pair)
    _refuse_stale(pair, seen)
    row = DuplicateVerdict.objects.create(
        achievement=achievement,
        other=pair.other_of(achievement.pk),
        verdict=verdict,
        reason=_checked(verdict, reason),
        judged_by=actor.user,
        membership=actor.membership,
    )
    pair.verdict = row
    pair.save()
    payload = {"other": row.other_id, "verdict": verdict, "reason": ledger.digest(row.reason)}
    ledger.record(actor, "judge_pair", f"achievement:{achievement.pk}", payload, chain=achievement.contest.chain)
    return row


def may_judge(actor: Actor, achievement: Achievement, pair: SuspectPair) -> str:
    """ "" or the sentence why not: whoever audits the work, but not over the head of the office."""
    if not duplicates.may_see(actor, achievement) or actor.is_supervisor:
        return "只有审核该成果的单位或竞赛办公室可以认定是否重复。"
    if pair.verdict and pair.verdict.membership.role == Role.OFFICE and not actor.is_office:
        return "竞赛办公室已对这两项成果作出认定；如有不同意见，请联系竞赛办公室。"
    return ""


def _refuse_stranger(actor: Actor, achievement: Achievement, pair: SuspectPair) -> None:
    denied = may_judge(actor, achievement, pair)
    if denied:
        raise NotAllowed(denied)


def _refuse_stale(pair: SuspectPair, seen: str) -> None:
    if seen and seen != str(pair.verdict_id or 0):
        raise Conflict("在您填写时已有人对这两项成果作出认定；您的认定没有保存，请查看后再定。", code="moved_on")


def _checked(verdict: str, reason: str) -> str:
    if verdict not in DuplicateVerdict.Verdict.values:
        raise Refusal("请选择：同一成果、延续改进或不相关。", "verdict")
    reason = reason.strip()
    if not reason:
        raise Refusal("请写明认定的理由。", "reason")
    if len(reason) > REASON_MAX:
        raise Refusal(f"理由不超过 {REASON_MAX} 字，现有 {len(reason)} 字。", "reason")
    return reason
