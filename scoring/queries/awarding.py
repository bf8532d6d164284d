"""The tiers as they stand: the stored ranking under the contest's quotas, with what the committee decided."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from scoring import queries
from scoring.lifecycle import ApprovalState
from scoring.models import Approval, Entry, Result, Round
from scoring.queries import decided as decisions
from scoring.queries.decided import approved, award_tiers, gone, quotas_of
from scoring.rules.awarding import Awarding, Cut, award
from scoring.rules.ranking import Row


@dataclass(frozen=True)
class Standing:
    """`tiers`: entry id → name of its tier, "" for none; `decided`: entry id → the approved decision about it."""

    tiers: dict[int, str]
    cuts: list[tuple[Cut, list[Entry]]]
    decided: dict[int, Approval]


def standing(round_: Round) -> Standing:
    """Works that were decided by hand take no place in a quota; those that left the judgement get nothing."""
    decided = approved(round_)
    awarding, entries = _computed(round_, decided)
    by_hand = {a.entry_id: a.tier.name if a.tier else "" for a in decided if a.kind != "cut" and a.entry_id}
    tiers = {pk: by_hand.get(pk, awarding.tiers.get(code, "")) for code, pk in entries.items()}
    cuts = [(cut, list(Entry.objects.filter(round=round_, code__in=cut.works))) for cut in awarding.cuts]
    return Standing(tiers, cuts, {a.entry_id: a for a in decided if a.entry_id})


def computed_tier(round_: Round, entry: Entry) -> tuple[str, Cut | None]:
    """(tier by score, quotas and the votes about the others, the open cut at which the work stands)."""
    others = [a for a in approved(round_) if a.entry_id != entry.pk]
    awarding, _ = _computed(round_, others)
    cut = next((cut for cut in awarding.cuts if entry.code in cut.works), None)
    return awarding.tiers.get(entry.code, ""), cut


def _computed(round_: Round, decided: list[Approval]) -> tuple[Awarding, dict[str, int]]:
    stored = Result.objects.filter(entry__round=round_).order_by("position")
    rows = list(stored.values_list("entry", "entry__code", "rank", "score_text", "tier_name"))
    ranked = [Row(place, code, _score(text), tier, 0, (), "", {}, (), 0) for _, code, place, text, tier in rows]
    aside = gone(round_).union(decisions.by_hand(decided))
    tiers = queries.tiers_of(round_.contest)
    awarding = award(ranked, tiers, quotas_of(award_tiers(round_)), decisions.votes(decided), aside)
    return awarding, {code: entry for entry, code, *_ in rows}


def _score(text: str) -> Decimal | None:
    """With all its digits: the column keeps four, and a floor may lie between."""
    return Decimal(text) if text else None


def waiting(round_: Round) -> list[Approval]:
    """Proposals that wait for their second person."""
    rows = Approval.objects.filter(entry__round=round_, state=ApprovalState.PROPOSED)
    return list(rows.select_related("entry__achievement", "tier", "proposed_by"))
