"""What would come out by other rules: the same sheets under another scenario, and every work whose tier flips.

Nothing here decides. A scenario changes only what the notices leave to a policy; the marks are what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import chain

from scoring.rules.awarding import Awarding, award
from scoring.rules.policy import AGGREGATES, ScorePolicy
from scoring.rules.ranking import Row, line, placed, points_of
from scoring.rules.rubric import Criterion, Rubric
from scoring.rules.sheets import Sheet, by_achievement
from scoring.rules.tiers import Tier, tier_for


@dataclass(frozen=True)
class Scenario:
    """Everything that turns sheets into tiers. `ties` in order; an empty one leaves equal scores on one place.

    `aside`: works that take no place in a tier, whatever their score (a hand-made award, a disqualified work).
    `votes`: work → tier that the committee gave at a cut; it counts while the work still stands at that cut.
    """

    policy: ScorePolicy
    tiers: tuple[Tier, ...]
    rubric: Rubric
    ties: tuple[Criterion, ...]
    quotas: Mapping[str, int] = field(default_factory=dict)
    aside: frozenset[str] = frozenset()
    votes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """The ranking (best first) and the tiers of one scenario."""

    rows: tuple[Row, ...]
    awarding: Awarding


@dataclass(frozen=True)
class Flip:
    """A work whose tier changes; "" is none. Scores are the rounded ones, None without enough sheets."""

    work: str
    before: str
    after: str
    score_before: Decimal | None
    score_after: Decimal | None


@dataclass(frozen=True)
class Variation:
    """One thing done otherwise: `kind` and `what` name it (an expert's id, an aggregate, a tier), `flips` its price."""

    kind: str
    what: str
    flips: tuple[Flip, ...]


DROP_EXPERT, AGGREGATE, ROUNDING, FLOORS, QUOTA, TIES = "expert", "aggregate", "rounding", "floors", "quota", "ties"
FLOOR_STEPS = (Decimal("-1"), Decimal("-0.5"), Decimal("0.5"), Decimal("1"))


def outcome(sheets: Sequence[Sheet], scenario: Scenario) -> Outcome:
    return settle(_lines(by_achievement(sheets), scenario), scenario)


def outcomes(sheets: Sequence[Sheet], own: Scenario, asked: Scenario) -> tuple[Outcome, Outcome]:
    """(by the one scenario, by the other); only another policy reads the sheets a second time."""
    groups = by_achievement(sheets)
    lines = _lines(groups, own)
    before = settle(lines, own)
    return before, before if asked == own else _again(groups, lines, own, asked)


def settle(lines: Mapping[str, Row], scenario: Scenario) -> Outcome:
    """Places and tiers from the works' lines."""
    rows = placed([lines[work] for work in sorted(lines)], scenario.ties)
    return Outcome(tuple(rows), award(rows, scenario.tiers, scenario.quotas, scenario.votes, scenario.aside))


def flips(before: Outcome, after: Outcome) -> tuple[Flip, ...]:
    """Works whose tier differs, in the order of the ranking before."""
    old, new = before.awarding.tiers, after.awarding.tiers
    later = {row.achievement: row.score for row in after.rows}
    found = []
    for row in before.rows:
        work = row.achievement
        if old.get(work, "") != new.get(work, ""):
            found.append(Flip(work, old.get(work, ""), new.get(work, ""), row.score, later.get(work)))
    return tuple(found)


def sensitivity(
    sheets: Sequence[Sheet], scenario: Scenario, tell: Callable[[int, int], None] = lambda done, total: None
) -> list[Variation]:
    """Every single change of the report with the awards that it would flip; those that flip nothing are in it too.

    `tell` hears after each change how many of how many are done.
    """
    groups = by_achievement(sheets)
    lines = _lines(groups, scenario)
    before = settle(lines, scenario)
    changes = list(others(scenario))
    total = len({sheet.expert for sheet in sheets}) + len(changes)
    found: list[Variation] = []
    for variation in chain(
        _without_each_expert(groups, lines, before, scenario),
        (Variation(kind, what, flips(before, _again(groups, lines, scenario, one))) for kind, what, one in changes),
    ):
        found.append(variation)
        tell(len(found), total)
    return found


def others(scenario: Scenario) -> Iterable[tuple[str, str, Scenario]]:
    """(kind, what, scenario) of every change of rules that the report tries."""
    yield from _other_policies(scenario)
    for step in FLOOR_STEPS:
        moved = tuple(Tier(tier.name, tier.floor + step) for tier in scenario.tiers)
        yield FLOORS, f"{step:+f}", replace(scenario, tiers=moved)
    if scenario.quotas:  # without a quota a tie decides the order alone, never a tier
        yield from _other_quotas(scenario)
        yield TIES, "", replace(scenario, ties=())


def _other_policies(scenario: Scenario) -> Iterable[tuple[str, str, Scenario]]:
    policy = scenario.policy
    for aggregate in AGGREGATES:
        if aggregate != policy.aggregate:
            yield AGGREGATE, aggregate, replace(scenario, policy=replace(policy, aggregate=aggregate))
    for decimals in (0, 2):
        if decimals != policy.decimals:
            yield ROUNDING, str(decimals), replace(scenario, policy=replace(policy, decimals=decimals))


def _other_quotas(scenario: Scenario) -> Iterable[tuple[str, str, Scenario]]:
    yield QUOTA, "", replace(scenario, quotas={})
    for name, most in scenario.quotas.items():
        for other in (most - 1, most + 1):
            if other >= 0:
                yield QUOTA, f"{name}:{other}", replace(scenario, quotas={**scenario.quotas, name: other})


def _lines(groups: Mapping[str, Sequence[Sheet]], scenario: Scenario) -> dict[str, Row]:
    return {work: line(own, scenario.policy, scenario.tiers, scenario.rubric) for work, own in groups.items()}


def _again(
    groups: Mapping[str, Sequence[Sheet]], lines: Mapping[str, Row], scenario: Scenario, other: Scenario
) -> Outcome:
    """Another policy reads the sheets anew; other floors, quotas and ties only the lines."""
    if other.policy != scenario.policy:
        return settle(_lines(groups, other), other)
    return settle({work: _in_tier(row, other.tiers) for work, row in lines.items()}, other)


def _in_tier(row: Row, tiers: Sequence[Tier]) -> Row:
    return replace(row, tier="" if row.score is None else tier_for(row.score, tiers))


def _without_each_expert(
    groups: Mapping[str, Sequence[Sheet]], lines: Mapping[str, Row], before: Outcome, scenario: Scenario
) -> Iterable[Variation]:
    """Only the works that she marked are read anew."""
    marked: dict[str, list[str]] = {}
    for work, own in groups.items():
        for sheet in own:
            marked.setdefault(sheet.expert, []).append(work)
    for expert, works in sorted(marked.items()):
        rest = {work: [sheet for sheet in groups[work] if sheet.expert != expert] for work in works}
        found = _displaced(rest, lines, before, scenario) if scenario.quotas else _changed(rest, lines, scenario)
        yield Variation(DROP_EXPERT, expert, found)


def _changed(rest: Mapping[str, Sequence[Sheet]], lines: Mapping[str, Row], scenario: Scenario) -> tuple[Flip, ...]:
    """Without quotas nobody displaces anybody: the works' own scores alone decide."""
    found = []
    for work, own in rest.items():
        points = points_of(own, scenario.policy) if own else None
        tier = "" if points is None else tier_for(points, scenario.tiers)
        if tier != lines[work].tier and work not in scenario.aside:
            found.append(Flip(work, lines[work].tier, tier, lines[work].score, points))
    return tuple(found)


def _displaced(
    rest: Mapping[str, Sequence[Sheet]], lines: Mapping[str, Row], before: Outcome, scenario: Scenario
) -> tuple[Flip, ...]:
    changed = {work: _line_or_none(lines[work], own, scenario) for work, own in rest.items()}
    return flips(before, settle({**lines, **changed}, scenario))


def _line_or_none(known: Row, own: Sequence[Sheet], scenario: Scenario) -> Row:
    """The line of what is left; with no sheet at all the work is without a score."""
    if own:
        return line(own, scenario.policy, scenario.tiers, scenario.rubric)
    return replace(known, score=None, tier="", sheets_counted=0)
