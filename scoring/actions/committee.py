"""The committee's decisions: one person proposes with reason and votes, another approves, and only then they stand.

特等奖 is never automatic; any tier away from the computed one is a decision of this kind (rules.md "Award tiers").
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from contests.models import AwardTier
from core import ledger
from core.errors import Refusal
from scoring import policies, queries
from scoring.actions import reasons
from scoring.lifecycle import ApprovalState, RoundStatus
from scoring.models import Approval, Award, Entry, Round
from scoring.queries import awarding
from scoring.rules.awarding import Cut
from submissions.lifecycle import Status


@dataclass(frozen=True)
class Votes:
    """赞成、反对、弃权 of the members present."""

    votes_for: int
    against: int = 0
    abstained: int = 0

    @property
    def present(self) -> int:
        return self.votes_for + self.against + self.abstained


def locked(actor: Actor, round_id: int, doing: str) -> Round:
    round_ = Round.objects.select_for_update(no_key=True).get(pk=round_id)
    policies.require_award(actor, round_)
    policies.require_status(round_, RoundStatus.CLOSED, doing)
    return round_


@transaction.atomic
def propose(actor: Actor, entry_id: int, tier_id: int | None, reason: str, votes: Votes) -> Approval:
    """Ask for another tier (None: no award) than the computed one; it waits for a second person."""
    entry = Entry.objects.select_related("round", "result", "achievement").get(pk=entry_id)
    round_ = locked(actor, entry.round_id, "评定等次")
    tier = round_.contest.awardtier_set.get(pk=tier_id) if tier_id else None
    words = reasons.written(reason, "评定的理由")
    _refuse_gone(entry)
    if Approval.objects.filter(entry=entry, state__in=_STANDING).exists():
        raise Refusal(f"{entry.code} 已有评定或提议，请先取消再重新提出。", "entry")
    computed, cut = awarding.computed_tier(round_, entry)
    kind = _kind(round_, entry, tier, computed, cut)
    _refuse_votes(kind, votes)
    approval = Approval.objects.create(
        contest=round_.contest,
        entry=entry,
        kind=kind,
        tier=tier,
        computed=computed,
        reason=words,
        votes_for=votes.votes_for,
        votes_against=votes.against,
        votes_abstained=votes.abstained,
        proposed_by=actor.user,
    )
    payload = {
        "entry": entry.pk,
        "kind": kind,
        "tier": tier.code if tier else "",
        "reason": ledger.digest(words),
        "votes": [votes.votes_for, votes.against, votes.abstained],
    }
    ledger.record(actor, "propose_award", f"approval:{approval.pk}", payload, chain=round_.contest.chain)
    return approval


_STANDING = (ApprovalState.PROPOSED, ApprovalState.APPROVED)


def _refuse_gone(entry: Entry) -> None:
    if entry.achievement.status != Status.FROZEN:
        raise Refusal(f"{entry.code} 已经不在评审之列，不能评定；请另选一项成果。", "entry")
    if not hasattr(entry, "result") or entry.result.rank is None:
        raise Refusal(f"{entry.code} 没有得分，不能评定等次。", "entry")


def _kind(round_: Round, entry: Entry, tier: AwardTier | None, computed: str, cut: Cut | None) -> str:
    if tier and tier.floor is None:
        _refuse_not_first(round_, entry, tier)
        return "special"
    if tier and cut and tier.name == cut.tier:
        _refuse_full(round_, tier, cut)
        return "cut"
    if (tier.name if tier else "") == computed:
        raise Refusal("与计算得出的等次一致，不需要另行评定。", "tier")
    return "tier"


def _refuse_not_first(round_: Round, entry: Entry, tier: AwardTier) -> None:
    """Among the works whose score reaches the highest tier, and no more than the contest allows."""
    first = queries.tiers_of(round_.contest)[:1]
    if not first or entry.result.tier_name != first[0].name:
        raise Refusal("只能从得分达到最高等次的成果中评定。", "entry")
    taken = Approval.objects.filter(entry__round=round_, tier=tier, state__in=_STANDING).count()
    if tier.at_most is not None and taken >= tier.at_most:
        raise Refusal(f"{tier.name}最多评定 {tier.at_most} 项，已经满额；如需调整，请先取消一项。", "tier")


def _refuse_full(round_: Round, tier: AwardTier, cut: Cut) -> None:
    """No more proposals at a cut than it has places; those approved have taken theirs already."""
    rows = Approval.objects.filter(entry__round=round_, tier=tier, kind="cut", state=ApprovalState.PROPOSED)
    if rows.count() >= cut.places:
        raise Refusal(
            f"{tier.name}名额线上还余 {cut.places} 个名额，已有同样多的提议在等核准；请先核准或退回。", "tier"
        )


def _refuse_taken(round_: Round, approval: Approval, entry: Entry) -> None:
    """What was proposed at a cut stands only while the cut has a place for it."""
    if approval.kind != "cut" or approval.tier is None:
        return
    _, cut = awarding.computed_tier(round_, entry)
    if cut is None or cut.tier != approval.tier.name:
        raise Refusal(f"{approval.tier.name}名额线上已没有 {entry.code} 的名额，不能核准；请退回这项提议。", code="cut")


def _refuse_votes(kind: str, votes: Votes) -> None:
    """特等奖 with two thirds of those present, everything else with more than half (domain.md I3 (P))."""
    if min(votes.votes_for, votes.against, votes.abstained) < 0 or votes.votes_for < 1:
        raise Refusal("请填写表决结果，赞成至少 1 票。", "votes_for")
    if kind == "special" and 3 * votes.votes_for < 2 * votes.present:
        raise Refusal("赞成不足到会人数的三分之二，不能评定。", "votes_for")
    if kind != "special" and 2 * votes.votes_for <= votes.present:
        raise Refusal("赞成没有超过到会人数的一半，不能评定。", "votes_for")


@transaction.atomic
def approve(actor: Actor, approval_id: int) -> Approval:
    """The second person: never the one who proposed. The award stands from here on."""
    approval, round_ = _opened(actor, approval_id, ApprovalState.PROPOSED, "核准")
    if approval.proposed_by_id == actor.user.pk:
        raise Refusal("提议人不能核准自己的提议，请由另一人核准。", code="same")
    entry = _entry(approval)
    _refuse_gone(entry)
    _refuse_taken(round_, approval, entry)
    _decide(actor, approval, ApprovalState.APPROVED, "")
    if approval.tier:
        Award.objects.create(
            entry=entry,
            tier=approval.tier,
            by_hand=True,
            reason=approval.reason,
            decided_by=actor.user,
            approval=approval,
        )
    payload = {"entry": entry.pk, "tier": approval.tier.code if approval.tier else "", "kind": approval.kind}
    ledger.record(actor, "approve_award", f"approval:{approval.pk}", payload, chain=round_.contest.chain)
    return approval


@transaction.atomic
def reject(actor: Actor, approval_id: int, reason: str) -> Approval:
    approval, round_ = _opened(actor, approval_id, ApprovalState.PROPOSED, "退回")
    state = ApprovalState.WITHDRAWN if approval.proposed_by_id == actor.user.pk else ApprovalState.REJECTED
    words = reasons.written(reason, "不予核准的理由")
    _decide(actor, approval, state, words)
    payload = {"state": state, "reason": ledger.digest(words)}
    ledger.record(actor, "reject_award", f"approval:{approval.pk}", payload, chain=round_.contest.chain)
    return approval


@transaction.atomic
def revoke(actor: Actor, approval_id: int, reason: str) -> Approval:
    """Back to the computed tier, with a reason."""
    approval, round_ = _opened(actor, approval_id, ApprovalState.APPROVED, "取消")
    words = reasons.written(reason, "取消的理由")
    Award.objects.filter(approval=approval).delete()
    _decide(actor, approval, ApprovalState.REVOKED, words)
    payload = {"entry": approval.entry_id, "reason": ledger.digest(words)}
    ledger.record(actor, "revoke_award", f"approval:{approval.pk}", payload, chain=round_.contest.chain)
    return approval


def _opened(actor: Actor, approval_id: int, wanted: ApprovalState, doing: str) -> tuple[Approval, Round]:
    approval = Approval.objects.select_related("entry__achievement", "entry__result", "tier").get(pk=approval_id)
    round_ = locked(actor, _entry(approval).round_id, doing)
    approval.refresh_from_db(fields=["state"])
    if approval.state != wanted:
        raise Refusal(f"这项提议当前为“{approval.state_label[0]}”，不能{doing}；请刷新页面。", code="status")
    return approval, round_


def _entry(approval: Approval) -> Entry:
    if approval.entry is None:
        raise Refusal("这项提议不是关于成果的等次。")
    return approval.entry


def _decide(actor: Actor, approval: Approval, state: ApprovalState, note: str) -> None:
    """Who decided stays in the row; a later revocation keeps the second person and is named in the ledger."""
    approval.state, approval.note = state, note
    if state != ApprovalState.REVOKED:
        approval.decided_by, approval.decided_at = actor.user, timezone.now()
    approval.save(update_fields=["state", "note", "decided_by", "decided_at"])
