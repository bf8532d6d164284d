"""A round from its draft to its release: rubric, experts, entries, assignment."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.actor import Actor
from contests.models import Contest, Enrolment
from core import ledger
from core.errors import Conflict, Refusal
from scoring import policies, queries
from scoring.actions.rubrics import policy_from_section
from scoring.lifecycle import RoundStatus
from scoring.models import Appointment, Entry, Expert, Plan, Recusal, Round, Rubric, ScoreSheet
from scoring.queries import cockpit
from scoring.rules import assignment
from scoring.rules.assignment import ImpossibleAssignment, Problem, Specialist, Task, evenest_plan, problem_of
from scoring.rules.assignment.plan import certificate_dict
from scoring.rules.recusal import BY_PEOPLE
from submissions.actions.moves import freeze_all
from submissions.lifecycle import Status
from submissions.models import Achievement


@transaction.atomic
def create_round(
    actor: Actor,
    contest: Contest,
    *,
    name: str,
    rubric: Rubric | None,
    sheets_per_achievement: int,
    expert_ids: Sequence[int],
) -> Round:
    """A draft round with its experts under fresh pseudonyms and all accepted achievements as entries."""
    policies.require_office(actor, contest)
    if rubric is None:
        raise Refusal("本届方案没有自带评分标准，请先选择评分标准。", "rubric")
    Contest.objects.select_for_update(no_key=True).get(pk=contest.pk)  # two offices, one name
    experts = list(cockpit.experts(contest).filter(pk__in=set(expert_ids)))
    _refuse_few_experts(len(experts), sheets_per_achievement)
    if contest.rounds.filter(name=name.strip()).exists():
        raise Refusal("已有同名的评审轮次，请换一个名称。", "name")
    round_ = Round.objects.create(
        contest=contest,
        enrolment=Enrolment.objects.get(contest=contest, recommender__isnull=True),
        name=name.strip(),
        rubric=rubric,
        policy=policy_from_section(contest.sections.get("policy") or {})[0].to_dict(),
        sheets_per_achievement=sheets_per_achievement,
        created_by=actor.user,
    )
    _appoint(round_, experts)
    _collect_entries(round_)
    payload = {"rubric": rubric.code, "version": rubric.version, "policy": round_.policy}
    ledger.record(actor, "create_round", f"round:{round_.pk}", payload, chain=contest.chain)
    return round_


def _refuse_few_experts(experts: int, wanted: int) -> None:
    if experts < wanted:
        raise Refusal(f"每项成果需要 {wanted} 位专家，只选了 {experts} 位；请多选专家或减少每项专家数。", "experts")


def _appoint(round_: Round, experts: Sequence[Expert]) -> None:
    names: set[str] = set()
    while len(names) < len(experts):
        names.add(f"E{secrets.token_hex(4).upper()}")
    Appointment.objects.bulk_create(
        Appointment(round=round_, expert=expert, pseudonym=name) for expert, name in zip(experts, names, strict=True)
    )


def _accepted(round_: Round) -> QuerySet[Achievement]:
    return Achievement.objects.filter(contest=round_.contest, status=Status.ACCEPTED).prefetch_related("versions")


def _collect_entries(round_: Round) -> None:
    """Accepted achievements under neutral codes in an order that tells nothing of unit or time."""
    rows = list(_accepted(round_))
    rows.sort(key=lambda a: ledger.digest(f"{round_.pk}:{a.pk}"))
    judged = [(achievement, _judged(achievement)) for achievement in rows]
    Entry.objects.bulk_create(
        Entry(
            round=round_,
            achievement=achievement,
            version_id=version,
            code=f"A{place:04d}",
            path=path,
            benefit_wan=amount,
        )
        for place, (achievement, (version, path, amount)) in enumerate(judged, start=1)
    )


def _judged(achievement: Achievement) -> tuple[int, str, Decimal | None]:
    """(version id, path, verified amount of the economic path) of an accepted work as a round would judge it now."""
    versions = list(achievement.versions.all())
    if not versions:
        raise Refusal(f"“{achievement.title}”没有可供评审的提交内容；请先退回，由单位重新提交后再受理。")
    path = achievement.benefit_path
    return versions[-1].pk, path, achievement.verified_wan if path == "economic" else None


@transaction.atomic
def plan_assignment(actor: Actor, round_id: int, seed: int) -> Plan:
    """Assign anew while the round is a draft: evenly, by speciality, never against a recusal; the seed repeats it."""
    round_ = Round.objects.select_for_update().get(pk=round_id)
    policies.require_office(actor, round_.contest)
    policies.require_status(round_, RoundStatus.DRAFT, "分配专家")
    _collect_anew(round_)
    appointments = list(round_.appointments.select_related("expert__user").order_by("pk"))
    barred = queries.conflicts(round_, appointments)
    problem, best = _best_plan(round_, appointments, set(barred), seed)
    places = dict(round_.entries.values_list("code", "pk"))
    pairs = [(places[code], int(expert)) for code, expert in best.assigned]
    ScoreSheet.objects.bulk_create(
        (ScoreSheet(round=round_, entry_id=entry, appointment_id=expert) for entry, expert in pairs), batch_size=500
    )
    Recusal.objects.bulk_create(
        (
            Recusal(round=round_, entry_id=entry, appointment_id=expert, reason=why.reason, evidence=str(why.evidence))
            for (entry, expert), why in barred.items()
            if why.reason not in BY_PEOPLE
        ),
        batch_size=500,
    )
    return _record_plan(actor, round_, problem, best, pairs)


def _collect_anew(round_: Round) -> None:
    """Everything computed is made again; what an expert declared or the office named follows its achievement."""
    named = list(round_.recusals.filter(reason__in=BY_PEOPLE).select_related("entry"))
    round_.plans.all().delete()
    round_.sheets.all().delete()
    round_.recusals.all().delete()
    round_.entries.all().delete()
    _collect_entries(round_)
    places = dict(round_.entries.values_list("achievement", "pk"))
    Recusal.objects.bulk_create(
        Recusal(
            round=round_,
            entry_id=places[old.entry.achievement_id],
            appointment_id=old.appointment_id,
            reason=old.reason,
            evidence=old.evidence,
        )
        for old in named
        if old.entry.achievement_id in places
    )


def _best_plan(
    round_: Round, appointments: list[Appointment], barred: set[tuple[int, int]], seed: int
) -> tuple[Problem, assignment.Plan]:
    """The plan and the problem it solves, eased where loads cannot be within 1: entries by code, experts by number."""
    entries = {entry.pk: entry for entry in round_.entries.select_related("version")}
    if not entries:
        raise Refusal("还没有已受理的成果，不能分配专家。")
    problem = problem_of(
        (_task(entry) for entry in entries.values()),
        (_specialist(appointment) for appointment in appointments),
        ((entries[entry].code, str(expert)) for entry, expert in barred),
        per_achievement=round_.sheets_per_achievement,
        seed=seed,
    )
    names = dict(round_.contest.industry_set.values_list("code", "name"))
    names |= {str(appointment.pk): appointment.expert.user.display_name for appointment in appointments}
    try:
        return evenest_plan(problem, names)
    except ImpossibleAssignment as error:
        raise Refusal(str(error)) from error


def _task(entry: Entry) -> Task:
    return Task(entry.code, entry.version.content["industry"], entry.version.content["category"])


def _specialist(appointment: Appointment) -> Specialist:
    expert = appointment.expert
    return Specialist(str(appointment.pk), frozenset(expert.industries), frozenset(expert.categories))


def _record_plan(
    actor: Actor, round_: Round, problem: Problem, best: assignment.Plan, pairs: list[tuple[int, int]]
) -> Plan:
    """With all that makes the certificate checkable again; it names experts by the number of their appointment."""
    detail = {
        "balance": problem.balance,
        "limits": {one.id: one.max_load for one in problem.experts if one.max_load is not None},
        "certificate": certificate_dict(best.certificate),
    }
    plan = Plan.objects.create(
        round=round_, seed=problem.seed, objective=best.objective, detail=detail, created_by=actor.user
    )
    text = ";".join(f"{entry}-{expert}" for entry, expert in sorted(pairs))
    payload = {
        "seed": problem.seed,
        "objective": best.objective,
        "balance": problem.balance,
        "pairs": len(pairs),
        "digest": ledger.digest(text),
    }
    ledger.record(actor, "assign", f"round:{round_.pk}", payload, chain=round_.contest.chain)
    return plan


@transaction.atomic
def open_round(actor: Actor, round_id: int, *, plan_id: int | None = None) -> Round:
    """Release: every entry's achievement is frozen in the same transaction; experts see their sheets from now on.

    `plan_id` is the assignment that the office looked at; Conflict when there is another one by now.
    """
    round_ = Round.objects.select_for_update().select_related("contest", "rubric").get(pk=round_id)
    policies.require_office(actor, round_.contest)
    policies.require_status(round_, RoundStatus.DRAFT, "开始评审")
    if not round_.plans.exists():
        raise Refusal("请先分配专家，再开始评审。")
    entries = list(round_.entries.select_related("achievement__unit", "version"))
    if plan_id is not None and not round_.plans.filter(pk=plan_id).exists():
        raise Conflict("刚才已经重新分配过专家，请核对新的分配结果后再开始评审。", code="stale")
    _refuse_changed(round_, entries)
    _refuse_new_conflicts(round_)
    freeze_all(actor, round_.contest, [entry.achievement_id for entry in entries])
    round_.status, round_.opened_at = RoundStatus.OPEN, timezone.now()
    round_.save(update_fields=["status", "opened_at"])
    payload = {"entries": len(entries), "sheets": round_.sheets.count()}
    ledger.record(actor, "open_round", f"round:{round_.pk}", payload, chain=round_.contest.chain)
    return round_


def _refuse_changed(round_: Round, entries: list[Entry]) -> None:
    """Accepted works may have come, gone, been submitted anew or been verified otherwise since the assignment."""
    accepted = {achievement.pk: _judged(achievement) for achievement in _accepted(round_)}
    if accepted != {entry.achievement_id: (entry.version_id, entry.path, entry.benefit_wan) for entry in entries}:
        raise Refusal("分配之后受理的成果有增减或改动，请重新分配专家后再开始评审。", code="changed")


def _refuse_new_conflicts(round_: Round) -> None:
    """Members and employers may have changed since the assignment."""
    barred = queries.conflicts(round_, list(round_.appointments.select_related("expert__user")))
    sheets = round_.sheets.order_by("entry__code").values_list("entry", "appointment", "entry__code")
    hit = list(dict.fromkeys(code for entry, appointment, code in sheets if (entry, appointment) in barred))
    if hit:
        codes = "、".join(hit[:5]) + (f" 等 {len(hit)} 项" if len(hit) > 5 else "")
        raise Refusal(f"分配之后出现应当回避的情况（{codes}），请重新分配专家。", code="conflict")
