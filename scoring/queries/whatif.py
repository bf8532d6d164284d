"""A round's own scenario and what another one would change: counts, money, flips. Nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from contests.models import AwardTier
from scoring import queries
from scoring.models import Entry, Round
from scoring.queries import decided, lean
from scoring.queries.decided import award_tiers, quotas_of
from scoring.rules import awarding
from scoring.rules.awarding import Cut
from scoring.rules.policy import ScorePolicy
from scoring.rules.sheets import Sheet
from scoring.rules.tiers import Tier
from scoring.rules.whatif import Flip, Outcome, Scenario, Variation, flips, outcomes

MOST_FLIPS = 200  # shown; the count above them is of all


@dataclass(frozen=True)
class TierLine:
    """One tier before and after; `floor` and `quota` are those of the scenario. By hand: it has no floor."""

    tier: AwardTier
    floor: Decimal | None
    quota: int | None
    before: int
    after: int

    @property
    def by_hand(self) -> bool:
        return self.tier.floor is None

    @property
    def money(self) -> Decimal:
        return self.tier.prize_yuan * self.after

    @property
    def money_before(self) -> Decimal:
        return self.tier.prize_yuan * self.before

    @property
    def change(self) -> int:
        return self.after - self.before


@dataclass(frozen=True)
class Shown:
    """A flip with the work it is about."""

    flip: Flip
    entry: Entry
    up: bool


@dataclass(frozen=True)
class Comparison:
    """What the page shows of a scenario beside the round's own rules."""

    lines: list[TierLine]
    flips: list[Shown]
    flip_count: int
    cuts: list[tuple[Cut, list[Entry]]]
    budget: int

    @property
    def money(self) -> Decimal:
        return sum((line.money for line in self.lines), Decimal(0))

    @property
    def money_before(self) -> Decimal:
        return sum((line.money_before for line in self.lines), Decimal(0))

    @property
    def over(self) -> Decimal:
        """元 above the budget; 0 inside it or where there is none."""
        return max(Decimal(0), self.money - self.budget) if self.budget else Decimal(0)


def own_scenario(round_: Round) -> Scenario:
    """The rules that stand: the round's policy, the contest's tiers and quotas, the order of ties, the decisions."""
    rubric, tiers, standing = queries.rubric_of(round_), award_tiers(round_), decided.approved(round_)
    return Scenario(
        policy=ScorePolicy.from_dict(round_.policy),
        tiers=tuple(sorted(_floors(tiers), key=lambda tier: -tier.floor)),
        rubric=rubric,
        ties=rubric.tie_order,
        quotas=quotas_of(tiers),
        votes=decided.votes(standing),
        aside=decided.gone(round_).union(decided.by_hand(standing)),
    )


def _floors(tiers: Sequence[AwardTier]) -> list[Tier]:
    return [Tier(tier.name, tier.floor) for tier in tiers if tier.floor is not None]


def compare(round_: Round, own: Scenario, asked: Scenario, sheets: Sequence[Sheet] | None = None) -> Comparison:
    judged = lean.sheets(round_) if sheets is None else sheets
    before, after = outcomes(judged, own, asked)
    found = flips(before, after)
    cut_codes = [code for cut in after.awarding.cuts for code in cut.works]
    entries = _entries(round_, [flip.work for flip in found[:MOST_FLIPS]] + cut_codes)
    order = {tier.name: place for place, tier in enumerate(own.tiers)}
    return Comparison(
        lines=_lines(round_, asked, before, after),
        flips=[_shown(flip, entries, order) for flip in found[:MOST_FLIPS]],
        flip_count=len(found),
        cuts=[(cut, [entries[code] for code in cut.works]) for cut in after.awarding.cuts],
        budget=round_.contest.settings.prize_budget_yuan,
    )


def _lines(round_: Round, asked: Scenario, before: Outcome, after: Outcome) -> list[TierLine]:
    """The committee's decisions stand in both columns, in whichever tier they are."""
    floors = {tier.name: tier.floor for tier in asked.tiers}
    chosen = decided.by_hand(decided.approved(round_))
    left = decided.gone(round_) if chosen else frozenset()
    by_hand = Counter(tier for work, tier in chosen.items() if work not in left)
    old, new = (awarding.count(one.awarding, asked.tiers) for one in (before, after))
    found = []
    for tier in award_tiers(round_):
        counts = (one.get(tier.name, 0) + by_hand[tier.name] for one in (old, new))
        quota = asked.quotas.get(tier.name) if tier.name in floors else tier.at_most
        found.append(TierLine(tier, floors.get(tier.name), quota, *counts))
    return found


def _shown(flip: Flip, entries: dict[str, Entry], order: dict[str, int]) -> Shown:
    last = len(order)
    return Shown(flip, entries[flip.work], order.get(flip.after, last) < order.get(flip.before, last))


def _entries(round_: Round, codes: Sequence[str]) -> dict[str, Entry]:
    rows = round_.entries.filter(code__in=set(codes)).select_related("achievement__unit")
    rows = rows.only("round", "code", "achievement__title", "achievement__unit__name")
    return {entry.code: entry for entry in rows}


def entries_of(round_: Round, variations: Sequence[Variation], most: int) -> dict[str, Entry]:
    """The works that the first `most` flips of each variation name, by code."""
    return _entries(round_, [flip.work for variation in variations for flip in variation.flips[:most]])
