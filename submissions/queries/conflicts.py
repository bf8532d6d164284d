"""The facts that stand against works from outside their own forms, for many works in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from contests.models import Contest
from submissions.lifecycle import Status
from submissions.models import Achievement, Case, DuplicateMark, Leader, SuspectPair, WonAward
from submissions.queries import bans
from submissions.rules import conflicts
from submissions.rules.conflicts import Facts, Likeness, Prize
from submissions.rules.duplicates.texts import plain
from submissions.rules.eligibility import Finding

HANDED_IN = (Status.SUBMITTED, Status.RETURNED, Status.ACCEPTED, Status.FROZEN)


def findings(work: Achievement, *, for_unit: bool = False) -> list[Finding]:
    return conflicts.findings(facts_of(work.contest, [work])[work.pk], for_unit=for_unit)


def findings_of(contest: Contest, works: Iterable[Achievement], *, for_unit: bool = False) -> dict[int, list[Finding]]:
    """By the works' ids, as an auditor reads them, or the unit that holds its team's."""
    found = facts_of(contest, works)
    return {pk: conflicts.findings(facts, for_unit=for_unit) for pk, facts in found.items()}


def facts_of(contest: Contest, works: Iterable[Achievement]) -> dict[int, Facts]:
    """By the works' ids; the works are all of the contest and carry their unit."""
    rows = {work.pk: work for work in works}
    pairs, cases = pairs_of(rows), dict(_open_kinds(rows))
    leads, barred = _leads(contest, rows), bans.of_works(contest, rows)
    prizes = _prizes(contest, rows, pairs) if contest.settings.block_previous_winners else {}
    return {
        pk: Facts(
            tuple(_likeness(pair, work) for pair in pairs[pk]),
            tuple(prizes.get(pk, ())),
            leads[pk],
            contest.settings.max_leads_per_person,
            tuple(barred[pk]),
            cases.get(pk, ""),
        )
        for pk, work in rows.items()
    }


def pairs_of(ids: Iterable[int]) -> dict[int, list[SuspectPair]]:
    """The pairs of each work that still matter: a withdrawn work is nobody's repetition."""
    wanted = set(ids)
    rows = SuspectPair.objects.filter(Q(earlier__in=wanted) | Q(later__in=wanted)).order_by("-percent", "pk")
    rows = rows.exclude(earlier__status=Status.WITHDRAWN).exclude(later__status=Status.WITHDRAWN)
    found: dict[int, list[SuspectPair]] = {pk: [] for pk in wanted}
    joined = ("earlier__contest", "later__contest", "earlier__unit", "later__unit", "verdict")
    for pair in rows.select_related(*joined).defer("earlier__contest__sections", "later__contest__sections"):
        for pk in wanted & {pair.earlier_id, pair.later_id}:
            found[pk].append(pair)
    return found


def _likeness(pair: SuspectPair, work: Achievement) -> Likeness:
    other = pair.other_of(work.pk)
    own = other.unit.organization_id == work.unit.organization_id
    return Likeness(other.title, other.contest.year, verdict_on(pair, work), own, _continues(work, other.pk))


def verdict_on(pair: SuspectPair, work: Achievement) -> str:
    """What the newest verdict of the pair means for this one of its works: it may speak of the other one."""
    if pair.verdict is None:
        return ""
    return pair.verdict.verdict if pair.verdict.achievement_id == work.pk else conflicts.UNRELATED


def _continues(work: Achievement, other_id: int) -> bool:
    return work.continues_id == other_id and bool(work.continued_note.strip())


# --- earlier prizes ----------------------------------------------------------------------------------


def _prizes(contest: Contest, rows: dict[int, Achievement], pairs: dict[int, list[SuspectPair]]) -> dict[int, Any]:
    """Of earlier seasons at this host: by the same title in the same unit, by the unit's word or by a verdict."""
    judged = {pk: {pair.other_of(pk).pk for pair in found if _is_repetition(pair, rows[pk])} for pk, found in
              pairs.items()}  # fmt: skip
    named = {pk for ids in judged.values() for pk in ids} | {work.continues_id for work in rows.values()} - {None}
    units = {work.unit.organization_id for work in rows.values()}
    won = WonAward.objects.filter(
        achievement__contest__host=contest.host_id, achievement__contest__year__lt=contest.year
    )
    won = won.filter(Q(achievement__in=named) | Q(achievement__unit__organization__in=units))
    won = won.exclude(achievement__cases__state__in=Case.STANDING)  # upheld against: no win, until an appeal is right
    found: dict[int, list[Prize]] = defaultdict(list)
    for award in won.select_related("achievement__contest", "achievement__unit"):
        for pk, work in rows.items():
            if award.achievement_id in judged[pk] | {work.continues_id} or _same_title(award.achievement, work):
                found[pk].append(_prize(award, work))
    return found


def _is_repetition(pair: SuspectPair, work: Achievement) -> bool:
    return verdict_on(pair, work) in (conflicts.SAME, conflicts.CONTINUED)


def _same_title(one: Achievement, two: Achievement) -> bool:
    same_unit = one.unit.organization_id == two.unit.organization_id
    return same_unit and bool(plain(one.title)) and plain(one.title) == plain(two.title)


def _prize(award: WonAward, work: Achievement) -> Prize:
    won = award.achievement
    return Prize(won.title, won.contest.year, award.tier_name, _continues(work, won.pk))


# --- one leader's works ------------------------------------------------------------------------------


def _leads(contest: Contest, rows: dict[int, Achievement]) -> dict[int, int]:
    """The same person: the same name, and the same phone or the same unit without another phone."""
    own = {leader.achievement_id: leader for leader in Leader.objects.filter(achievement__in=rows)}
    names = {plain(leader.name) for leader in own.values()} - {""}
    marks = DuplicateMark.objects.filter(host=contest.host_id, kind=DuplicateMark.Kind.LEADER, value__in=names)
    led = Leader.objects.filter(
        achievement__in=marks.values("achievement"), achievement__contest=contest, achievement__status__in=HANDED_IN
    )
    others = list(led.select_related("achievement__unit")) if names else []
    return {
        pk: 1 + sum(_same_person(leader, own[pk], rows[pk]) for leader in others if leader.achievement_id != pk)
        if pk in own
        else 0
        for pk in rows
    }


def _same_person(leader: Leader, own: Leader, work: Achievement) -> bool:
    if not plain(own.name) or plain(leader.name) != plain(own.name):
        return False
    if leader.phone and own.phone:
        return bool(leader.phone == own.phone)
    return bool(leader.achievement.unit.organization_id == work.unit.organization_id)


# --- cases -------------------------------------------------------------------------------------------


def open_cases(achievement_ids: Iterable[int]) -> set[int]:
    """Of these works those whose award is held: a case about them is not closed (domain.md O)."""
    return {pk for pk, _ in _open_kinds(achievement_ids)}


def _open_kinds(ids: Iterable[int]) -> list[tuple[int, str]]:
    rows = Case.objects.filter(achievement__in=list(ids), state__in=[Case.State.OPEN, Case.State.APPEALED])
    return [(pk, str(Case.Kind(kind).label)) for pk, kind in rows.values_list("achievement", "kind")]
