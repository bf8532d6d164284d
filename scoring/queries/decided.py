"""What stands beside the computed ranking: the committee's decisions, the quotas, the works that left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from contests.models import AwardTier
from scoring.lifecycle import ApprovalState
from scoring.models import Approval, Result, Round
from scoring.querysets import judged


def approved(round_: Round) -> list[Approval]:
    rows = Approval.objects.filter(entry__round=round_, state=ApprovalState.APPROVED)
    return list(rows.select_related("entry__achievement", "entry__result", "tier"))


def votes(decided: Iterable[Approval]) -> dict[str, str]:
    """Entry code → the tier that it was given at a cut: it takes a place in the tier's quota."""
    return {a.entry.code: a.tier.name for a in decided if a.kind == "cut" and a.tier and a.entry}


def by_hand(decided: Iterable[Approval]) -> dict[str, str]:
    """Entry code → the tier that it was given otherwise, "" for 不授奖: it takes no place in a quota."""
    return {a.entry.code: a.tier.name if a.tier else "" for a in decided if a.kind != "cut" and a.entry}


def gone(round_: Round) -> frozenset[str]:
    """Works that left the judgement after the release."""
    rows = Result.objects.filter(entry__round=round_).exclude(judged("entry__"))
    return frozenset(rows.values_list("entry__code", flat=True))


def award_tiers(round_: Round) -> list[AwardTier]:
    return list(round_.contest.awardtier_set.all())


def quotas_of(tiers: Sequence[AwardTier]) -> dict[str, int]:
    """The quotas of the tiers that a score reaches; `at_most` of a tier by hand bounds the committee instead."""
    return {tier.name: tier.at_most for tier in tiers if tier.floor is not None and tier.at_most is not None}
