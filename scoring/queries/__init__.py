"""Reads of the judgement: the season as the pure rules want it, conflicts with evidence, progress, ranking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Employment, Membership, Organization
from accounts.queries import meant
from accounts.rules.names import plain
from contests.models import Contest
from scoring.lifecycle import SheetState
from scoring.models import Appointment, Entry, Expert, Mark, Recusal, Result, Round, ScoreSheet
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
from submissions.models import Achievement

_AT_WORK = (Role.UNIT_OPERATOR, Role.AUDITOR)


def rubric_of(round_: Round) -> Rubric:
    return rubric_from_dict(round_.rubric.definition)


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
    stored = Result.objects.filter(judged_at_all, entry__round=round_).select_related("entry").order_by("position")
    return ranking_csv([_row(result) for result in stored])


def _row(result: Result) -> Row:
    remarks = tuple(result.remark.split(";")) if result.remark else ()
    entry = result.entry
    score = Decimal(result.score_text) if result.score_text else None  # the column keeps four digits, the text all
    return Row(result.rank, entry.code, score, result.tier_name, result.sheets_counted, remarks, entry.path, {}, (), 0)


def works_of(entries: QuerySet[Entry]) -> list[recusal.Work]:
    parents = dict(Organization.objects.values_list("pk", "parent"))
    loaded = entries.select_related("achievement__unit__recommender__recommender", "achievement__leader")
    return [_work(entry.pk, entry.achievement, parents) for entry in loaded.prefetch_related("achievement__members")]


def proposed(desk_works: QuerySet[Achievement], contest: Contest, experts: list[Expert]) -> dict[int, int]:
    """Expert → how many of these works she could not judge: said before she is appointed."""
    parents = dict(Organization.objects.values_list("pk", "parent"))
    loaded = desk_works.select_related("unit__recommender__recommender", "leader").prefetch_related("members")
    works = [_work(work.pk, work, parents) for work in loaded]
    widen = contest.settings.recusal_whole_recommender
    judges = judges_of(contest, experts)
    return {
        expert.pk: sum(recusal.conflict(work, judge, widen=widen) is not None for work in works)
        for expert, judge in zip(experts, judges, strict=True)
    }


def judges_of(contest: Contest, experts: list[Expert], on: date | None = None) -> list[recusal.Judge]:
    parents = dict(Organization.objects.values_list("pk", "parent"))
    return _judges(experts, parents, on or timezone.localdate(), contest.settings.recusal_years)


def _work(ident: int, achievement: Achievement, parents: dict[int, int | None]) -> recusal.Work:
    unit = achievement.unit
    people = {achievement.leader.name, *(m.name for m in achievement.members.all())}
    recommender = unit.recommender.organization_id if unit.recommender else unit.organization_id
    if unit.is_team and unit.recommender and unit.recommender.recommender:
        recommender = unit.recommender.recommender.organization_id
    return recusal.Work(ident, _chain(unit.organization_id, parents), recommender, frozenset(people))


def _chain(organization: int, parents: dict[int, int | None]) -> tuple[int, ...]:
    chain: list[int] = []
    current: int | None = organization
    while current is not None and current not in chain:
        chain.append(current)
        current = parents.get(current)
    return tuple(chain)


def _judges(experts: list[Expert], parents: dict[int, int | None], on: date, years: int) -> list[recusal.Judge]:
    """Members are known by name only, so a judge's id here is her name: the same name keeps her away (rules.md).

    Who fills in or audits for an organisation works there, whatever her employments say. A place that was written as
    a text counts for the organisations that are called so: by name, or by an alias that a person confirmed.
    """
    jobs: dict[int, list[tuple[recusal.Id, ...]]] = defaultdict(list)
    rows = [
        job
        for job in Employment.objects.filter(user__in=[e.user_id for e in experts])
        if recusal.still_counts(job.ended_on, on, years)
    ]
    called = meant(job.organization_name for job in rows if job.organization_name)
    for job in rows:
        places = {job.organization_id} if job.organization_id else called.get(plain(job.organization_name), set())
        jobs[job.user_id] += [_chain(place, parents) for place in sorted(filter(None, places))]
    hats = Membership.objects.filter(user__in=[e.user_id for e in experts], is_active=True, role__in=_AT_WORK)
    for hat in hats:
        jobs[hat.user_id].append(_chain(hat.organization_id, parents))
    return [recusal.Judge(e.user.display_name, tuple(jobs[e.user_id])) for e in experts]


def conflicts(
    round_: Round, appointments: list[Appointment], *, only: Collection[int] = ()
) -> dict[tuple[int, int], recusal.Conflict]:
    """(entry id, appointment id) → why this expert must not judge this entry; declared and office recusals included.

    `only` asks about these entries.
    """
    entries = round_.entries.filter(pk__in=only) if only else round_.entries.all()
    works, judges = works_of(entries), judges_of(round_.contest, [a.expert for a in appointments])
    widen = round_.contest.settings.recusal_whole_recommender
    found: dict[tuple[int, int], recusal.Conflict] = {}
    for appointment, judge in zip(appointments, judges, strict=True):
        for work in works:
            conflict = recusal.conflict(work, judge, widen=widen)
            if conflict:
                found[int(work.id), appointment.pk] = conflict
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


def progress_by_expert(round_: Round, *, calibration: bool = False) -> Any:
    """The appointments with `total` and `done`: of the sheets that count, or of those for calibration as well.

    Open sheets of works that left the judgement are asked of nobody.
    """
    own = Q() if calibration else Q(sheets__calibration=False)
    done = own & Q(sheets__state=SheetState.HANDED_IN)
    asked = own & Q(sheets__state=SheetState.OPEN) & judged("sheets__entry__")
    return (
        round_.appointments.select_related("expert__user")
        .annotate(
            total=Count("sheets", filter=done | asked),
            done=Count("sheets", filter=done),
        )
        .order_by("expert__user__pinyin", "pk")
    )


def marks_by_criterion(sheet: ScoreSheet) -> dict[str, Mark]:
    return {mark.criterion: mark for mark in sheet.marks.all()}
