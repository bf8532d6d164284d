"""Reads of the judgement: the season as the pure rules want it, conflicts with evidence, progress, ranking."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Employment, Membership, Organization
from accounts.queries import meant
from accounts.rules.names import plain
from contests.models import Contest, Enrolment
from scoring.lifecycle import SheetState
from scoring.models import Appointment, Entry, Expert, Recusal, Result, Round, ScoreSheet
from scoring.queries import lean
from scoring.querysets import judged
from scoring.rules import recusal
from scoring.rules.policy import ScorePolicy
from scoring.rules.ranking import Row
from scoring.rules.rubric import Mark as RuleMark
from scoring.rules.rubric import Rubric, rubric_from_dict
from scoring.rules.season import Season, ranking_csv
from scoring.rules.sheets import Sheet
from scoring.rules.tiers import Tier
from submissions.models import Achievement, Member

Parents = Mapping[int, int | None]

AT_WORK = (Role.UNIT_OPERATOR, Role.AUDITOR)


@lru_cache(maxsize=64)
def _rubric(stored: str) -> Rubric:
    return rubric_from_dict(json.loads(stored))


def rubric_of(round_: Round) -> Rubric:
    return _rubric(json.dumps(round_.rubric.definition))  # asked at every save: the same text is read once


def tiers_of(contest: Contest) -> tuple[Tier, ...]:
    """The tiers that a score can reach; those without a floor are given by hand."""
    rows = contest.awardtier_set.filter(floor__isnull=False).order_by("-floor")
    return tuple(Tier(row.name, row.floor) for row in rows if row.floor is not None)


def season(round_: Round) -> Season:
    """The sheets that count, under their pseudonyms: what `export_season` writes and the portal ranks."""
    return Season(
        ScorePolicy.from_dict(round_.policy), tiers_of(round_.contest), rubric_of(round_), lean.sheets(round_)
    )


def counting_sheets(round_: Round) -> QuerySet[ScoreSheet]:
    """With entry, appointment and marks at hand, in order of entry and pseudonym."""
    sheets = ScoreSheet.objects.counting().filter(round=round_).select_related("entry", "appointment")
    return sheets.prefetch_related("marks").order_by("entry__code", "appointment__pseudonym")


def rule_sheet(sheet: ScoreSheet) -> Sheet:
    """A stored sheet as the pure rules want it."""
    marks = {m.criterion: RuleMark(m.level, m.points) for m in sheet.marks.all() if m.points is not None}
    entry = sheet.entry
    return Sheet(entry.code, entry.path, sheet.appointment.pseudonym, marks, entry.benefit_wan)


def ranking_download(round_: Round) -> str:
    """The stored ranking as CSV, the same bytes as the stand-alone replay of the exported season."""
    judged_at_all = Exists(ScoreSheet.objects.counting().filter(entry=OuterRef("entry")))
    stored = Result.objects.filter(judged_at_all, entry__round=round_).order_by("position")
    columns = ("rank", "entry__code", "score_text", "tier_name", "sheets_counted", "remark", "entry__path")
    return ranking_csv([_row(*result) for result in stored.values_list(*columns)])


def _row(place: int | None, code: str, text: str, tier: str, counted: int, remark: str, path: str) -> Row:
    score = Decimal(text) if text else None  # the column keeps four digits, the text all
    return Row(place, code, score, tier, counted, tuple(remark.split(";")) if remark else (), path, {}, (), 0)


def works_of(entries: QuerySet[Entry]) -> list[recusal.Work]:
    return _works(list(entries.values_list("pk", "achievement", "achievement__unit", "achievement__leader__name")))


def proposed(desk_works: QuerySet[Achievement], contest: Contest, experts: list[Expert]) -> dict[int, int]:
    """Expert → how many of these works she could not judge: said before she is appointed."""
    works = _works([(pk, pk, unit, name) for pk, unit, name in desk_works.values_list("pk", "unit", "leader__name")])
    widen = contest.settings.recusal_whole_recommender
    barred = Counter(place for place, _, _ in recusal.conflicts(works, judges_of(contest, experts), widen=widen))
    return {expert.pk: barred[place] for place, expert in enumerate(experts)}


def judges_of(contest: Contest, experts: list[Expert], on: date | None = None) -> list[recusal.Judge]:
    parents = dict(Organization.objects.values_list("pk", "parent"))
    places = places_of([expert.user_id for expert in experts], contest.settings.recusal_years, on)
    return [recusal.Judge(e.user.display_name, chains(places[e.user_id], parents)) for e in experts]


def _works(rows: list[tuple[int, int, int, str]]) -> list[recusal.Work]:
    """(id, achievement, unit, leader's name) of each: as plain values, since a closing asks about all of a season."""
    parents = dict(Organization.objects.values_list("pk", "parent"))
    enrolments = Enrolment.objects.filter(pk__in={unit for _, _, unit, _ in rows})
    units = {unit.pk: road(unit, parents) for unit in enrolments.select_related("recommender__recommender")}
    people: dict[int, set[str]] = defaultdict(set)
    members = Member.objects.filter(achievement__in={achievement for _, achievement, _, _ in rows}).order_by()
    for achievement, name in members.values_list("achievement", "name"):
        people[achievement].add(name)
    return [
        recusal.Work(pk, *units[unit], frozenset({leader, *people[achievement]}))
        for pk, achievement, unit, leader in rows
    ]


def road(unit: Enrolment, parents: Parents) -> tuple[tuple[int, ...], int]:
    """(chain to the host, recommender on it)"""
    recommender = unit.recommender.organization_id if unit.recommender else unit.organization_id
    if unit.is_team and unit.recommender and unit.recommender.recommender:
        recommender = unit.recommender.recommender.organization_id
    return _chain(unit.organization_id, parents), recommender


def chains(organizations: Iterable[int], parents: Parents) -> tuple[tuple[recusal.Id, ...], ...]:
    return tuple(_chain(one, parents) for one in organizations)


def _chain(organization: int, parents: Parents) -> tuple[int, ...]:
    chain: list[int] = []
    current: int | None = organization
    while current is not None and current not in chain:
        chain.append(current)
        current = parents.get(current)
    return tuple(chain)


def places_of(users: Collection[int], years: int, on: date | None = None) -> dict[int, list[int]]:
    """User → the organisations where she works or worked so lately that it counts.

    Members are known by name only, so a judge's id here is her name: the same name keeps her away (rules.md).
    Who fills in or audits for an organisation works there, whatever her employments say. A place that was written as
    a text counts for the organisations that are called so: by name, or by an alias that a person confirmed.
    """
    hats = Membership.objects.filter(user__in=users, is_active=True, role__in=AT_WORK)
    return placed(Employment.objects.filter(user__in=users), hats, years, on)


def placed(
    jobs: Iterable[Employment], hats: Iterable[Membership], years: int, on: date | None = None
) -> dict[int, list[int]]:
    """`places_of` for whoever has read the jobs and the hats (`AT_WORK`) already."""
    found: dict[int, list[int]] = defaultdict(list)
    today = on or timezone.localdate()
    rows = [job for job in jobs if recusal.still_counts(job.ended_on, today, years)]
    called = meant(job.organization_name for job in rows if job.organization_name)
    for job in rows:
        places = {job.organization_id} if job.organization_id else called.get(plain(job.organization_name), set())
        found[job.user_id] += sorted(filter(None, places))
    for hat in hats:
        found[hat.user_id].append(hat.organization_id)
    return found


def conflicts(
    round_: Round, appointments: Sequence[Appointment], *, only: Collection[int] | None = None
) -> dict[tuple[int, int], recusal.Conflict]:
    """(entry id, appointment id) → why this expert must not judge this entry; declared and office recusals included.

    `only`: of these entries.
    """
    entries = round_.entries.all() if only is None else round_.entries.filter(pk__in=only)
    works, judges = works_of(entries), judges_of(round_.contest, [a.expert for a in appointments])
    widen = round_.contest.settings.recusal_whole_recommender
    found = {
        (int(works[at].id), appointments[place].pk): why
        for place, at, why in recusal.conflicts(works, judges, widen=widen)
    }
    named = Recusal.objects.filter(entry__in=entries, appointment__in=appointments, reason__in=recusal.BY_PEOPLE)
    for entry, appointment_id, reason in named.values_list("entry", "appointment", "reason"):
        found[entry, appointment_id] = recusal.Conflict(recusal.Reason(reason), (entry,))
    return found


def progress(round_: Round) -> dict[str, int]:
    """Sheets that count, handed in, and all; one query."""
    live = ~Q(state=SheetState.VOID)
    done = Q(state=SheetState.HANDED_IN)
    return (
        ScoreSheet.objects.assigned()
        .filter(round=round_)
        .aggregate(total=Count("pk", filter=live), done=Count("pk", filter=done))
    )


def progress_by_expert(round_: Round, *, calibration: bool = False) -> list[Any]:
    """The appointments with `total` and `done`: of the sheets that count, or of those for calibration as well.

    Open sheets of works that left the judgement are asked of nobody. `last`: when she saved any sheet last. Two
    queries: sheets joined to wide rows of persons would all be sorted by them.
    """
    own = Q() if calibration else Q(calibration=False)
    done = Count("pk", filter=own & Q(state=SheetState.HANDED_IN))
    asked = Count("pk", filter=own & Q(state=SheetState.OPEN) & judged("entry__"))
    sheets = ScoreSheet.objects.filter(round=round_).order_by().values("appointment")
    figures = sheets.annotate(done=done, asked=asked, last=Max("last_saved_at"))
    known = {pk: found for pk, *found in figures.values_list("appointment", "done", "asked", "last")}
    rows = round_.appointments.select_related("expert__user", "panel").order_by("expert__user__pinyin", "pk")
    return [_with_progress(row, *known.get(row.pk, (0, 0, None))) for row in rows]


def _with_progress(row: Any, done: int, asked: int, last: datetime | None) -> Any:
    row.done, row.total, row.last = done, done + asked, last
    return row
