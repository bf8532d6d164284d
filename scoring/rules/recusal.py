"""Recusal (回避), model.md "Recusal, exactly": who must not judge what, with the evidence.

All ids are plain values. A *chain* of organisations starts at its own end and climbs to the host:
(team, mine, group, host). The *branch* of an achievement is the child of the recommender on its unit's chain; it holds
the unit and its teams. So
- an expert of the same mine is kept away, one of the group's other mine is not, unless the contest widens the rule;
- an expert employed by the recommender itself is under none of its children: kept away only when widened;
- a direct unit recommends its own (recommender = unit) or stands right under the host: the branch is the unit itself;
- widening never reaches the host, the end of every chain: nobody could judge.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

Id = int | str
Chain = Sequence[Id]


class Reason(StrEnum):
    """Why she is kept away, the first that holds in this order."""

    OFFICE = "office"
    DECLARED = "declared"
    MEMBER = "member"
    UNIT = "employer_unit"
    BRANCH = "employer_branch"
    RECOMMENDER = "employer_recommender"


BY_PEOPLE = (Reason.OFFICE, Reason.DECLARED)  # said by somebody, so not to be computed again


@dataclass(frozen=True)
class Conflict:
    """`evidence`: the member's id, the achievement's id, or (her employer, the organisation both are under)."""

    reason: Reason
    evidence: tuple[Id, ...]


@dataclass(frozen=True)
class Work:
    """An achievement: `chain` from its unit (or team) to the host, `recommender` on it, `people` leader and members."""

    id: Id
    chain: tuple[Id, ...]
    recommender: Id
    people: frozenset[Id] = frozenset()


@dataclass(frozen=True)
class Judge:
    """An expert: one chain for each employer that counts, and the achievements she declared or the office named."""

    id: Id
    employers: tuple[tuple[Id, ...], ...] = ()
    declared: frozenset[Id] = frozenset()
    barred: frozenset[Id] = frozenset()


def conflict(work: Work, judge: Judge, *, widen: bool = False) -> Conflict | None:
    """The first conflict of this expert with this achievement, or None. Order of employers does not matter."""
    for reason, holds in (
        (Reason.OFFICE, work.id in judge.barred),
        (Reason.DECLARED, work.id in judge.declared),
        (Reason.MEMBER, judge.id in work.people),
    ):
        if holds:
            return Conflict(reason, (judge.id if reason is Reason.MEMBER else work.id,))
    return _by_employer(work, judge.employers, widen=widen)


def conflicts(
    works: Sequence[Work], judges: Sequence[Judge], *, widen: bool = False
) -> Iterator[tuple[int, int, Conflict]]:
    """(place of the judge, place of the work, why) of every conflict, in this order.

    Only pairs that share an organisation, a person or a work's id are looked at: a season has millions of pairs.
    """
    near: dict[tuple[str, Id], set[int]] = defaultdict(set)
    for at, work in enumerate(works):
        keys = [*(("under", ring) for _, ring in _rings(work, widen=widen)), *(("person", one) for one in work.people)]
        for key in (*keys, ("work", work.id)):
            near[key].add(at)
    for place, judge in enumerate(judges):
        employers = {("under", organization) for chain in judge.employers for organization in chain}
        named = {("work", work) for work in judge.barred | judge.declared}
        for at in sorted(set().union(*(near.get(key, ()) for key in {*employers, *named, ("person", judge.id)}))):
            if found := conflict(works[at], judge, widen=widen):
                yield place, at, found


def branch(chain: Chain, recommender: Id) -> Id:
    """The child of the recommender on this chain; the unit itself when it recommends its own or is not under it."""
    place = chain.index(recommender) if recommender in chain else 0
    return chain[max(place - 1, 0)]


def still_counts(until: date | None, on: date, years: int) -> bool:
    """Whether an employment that ended on `until` (None: it lasts) counts on that day or in the `years` before it."""
    if until is None:
        return True
    leap_day = (on.month, on.day) == (2, 29)
    return until >= (date(on.year - years, 2, 28) if leap_day and years else on.replace(year=on.year - years))


def _by_employer(work: Work, employers: Collection[Chain], *, widen: bool) -> Conflict | None:
    for reason, organization in _rings(work, widen=widen):
        under = [employer for employer in employers if organization in employer]
        if under:
            return Conflict(reason, (min((employer[0] for employer in under), key=str), organization))
    return None


def _rings(work: Work, *, widen: bool) -> list[tuple[Reason, Id]]:
    """The organisations that keep away whoever is under them, the narrowest first."""
    rings = [(Reason.UNIT, work.chain[0]), (Reason.BRANCH, branch(work.chain, work.recommender))]
    if widen and work.recommender != work.chain[-1]:
        rings.append((Reason.RECOMMENDER, work.recommender))
    return rings
