"""The assignment of a draft: one exact plan with its certificate for each panel, kept so that anybody can verify it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from accounts.actor import Actor
from core import ledger
from core.errors import Refusal
from scoring import blinding, policies, queries
from scoring.actions import gathering
from scoring.actions.blind import start_preparing
from scoring.lifecycle import RoundStatus
from scoring.models import Appointment, Entry, Panel, Plan, Recusal, Round, ScoreSheet
from scoring.queries.evidence import sentences
from scoring.rules import assignment
from scoring.rules.assignment import ImpossibleAssignment, Problem, Specialist, Task, evenest_plan, problem_of
from scoring.rules.assignment.plan import certificate_dict, plan_to_json
from scoring.rules.assignment.problem import problem_dict
from scoring.rules.recusal import BY_PEOPLE, Conflict

Barred = Mapping[tuple[int, int], Conflict]


@dataclass(frozen=True)
class Group:
    """What is assigned by itself: a panel, or the whole round where it has none."""

    panel: Panel | None
    entries: list[Entry]
    appointments: list[Appointment]

    @property
    def title(self) -> str:
        return f"“{self.panel.name}”：" if self.panel else ""


@transaction.atomic
def plan_assignment(actor: Actor, round_id: int, seed: int) -> list[Plan]:
    """Assign anew while the round is a draft: evenly, by speciality, never against a recusal; the seed repeats it."""
    round_ = Round.objects.select_for_update().get(pk=round_id)
    policies.require_chair(actor, round_.enrolment)
    policies.require_status(round_, RoundStatus.DRAFT, "分配专家")
    gathering.collect_anew(round_)
    appointments = list(round_.appointments.select_related("expert__user").order_by("pk"))
    barred = queries.conflicts(round_, appointments)
    plans = [_plan(actor, round_, group, barred, seed) for group in groups_of(round_, appointments)]
    _store_recusals(round_, barred)
    if blinding.standing(round_)["unprepared"]:
        start_preparing(actor, round_.pk)
    _record(actor, round_, seed, plans)
    return plans


@transaction.atomic
def undo_assignment(actor: Actor, round_id: int) -> int:
    """The draft's whole assignment is taken back in one act; how many sheets that were."""
    round_ = Round.objects.select_for_update().get(pk=round_id)
    policies.require_chair(actor, round_.enrolment)
    policies.require_status(round_, RoundStatus.DRAFT, "撤销分配")
    count = gathering.discard_plan(round_)
    if not count:
        raise Refusal("还没有分配，或已经撤销；请刷新页面查看最新状态。", code="status")
    ledger.record(actor, "undo_assignment", f"round:{round_.pk}", {"sheets": count}, chain=round_.contest.chain)
    return count


def groups_of(round_: Round, appointments: list[Appointment]) -> list[Group]:
    """The panels that have works; Refusal where a work has no panel or a panel with works has no expert."""
    entries = list(round_.entries.select_related("version").order_by("code"))
    panels = list(round_.panels.all())
    if not entries:
        raise Refusal("还没有可以评审的成果，不能分配专家。")
    if not panels:
        return [Group(None, entries, appointments)]
    lost = [entry.code for entry in entries if entry.panel_id is None]
    if lost:
        raise Refusal(f"{_listed(lost)}没有归入任何评审组，请先在“评审组”页归组。", code="panels")
    groups = [
        Group(panel, own, [a for a in appointments if a.panel_id == panel.pk])
        for panel in panels
        if (own := [entry for entry in entries if entry.panel_id == panel.pk])
    ]
    for group in groups:
        if not group.appointments:
            raise Refusal(f"{group.title}有 {len(group.entries)} 项成果，但没有专家；请先安排专家。", code="panels")
    return groups


def _listed(codes: list[str], most: int = 5) -> str:
    return "、".join(codes[:most]) + (f" 等 {len(codes)} 项" if len(codes) > most else "")


def problem_for(
    round_: Round, group: Group, barred: Barred, seed: int, fixed: frozenset[tuple[int, int]] = frozenset()
) -> Problem:
    """The public problem of a group: works by code, experts by the number of their appointment."""
    codes = {entry.pk: entry.code for entry in group.entries}
    return problem_of(
        (_task(entry) for entry in group.entries),
        (_specialist(appointment) for appointment in group.appointments),
        ((codes[entry], str(expert)) for entry, expert in barred if entry in codes),
        per_achievement=round_.sheets_per_achievement,
        seed=seed,
        fixed=((codes[entry], str(expert)) for entry, expert in fixed if entry in codes),
    )


def best_plan(round_: Round, group: Group, problem: Problem) -> tuple[Problem, assignment.Plan]:
    """The plan and the problem it solves, eased where loads cannot be within 1; Refusal with the engine's reasons."""
    names = dict(round_.contest.industry_set.values_list("code", "name"))
    names |= {str(appointment.pk): appointment.expert.user.display_name for appointment in group.appointments}
    try:
        return evenest_plan(problem, names)
    except ImpossibleAssignment as error:
        raise Refusal(f"{group.title}{error}", code="impossible") from error


def _plan(actor: Actor, round_: Round, group: Group, barred: Barred, seed: int) -> Plan:
    solved, best = best_plan(round_, group, problem_for(round_, group, barred, seed))
    places = {entry.code: entry.pk for entry in group.entries}
    ScoreSheet.objects.bulk_create(
        (ScoreSheet(round=round_, entry_id=places[code], appointment_id=int(expert)) for code, expert in best.assigned),
        batch_size=500,
    )
    return store_plan(actor, round_, group, solved, best)


def store_plan(actor: Actor, round_: Round, group: Group, problem: Problem, best: assignment.Plan) -> Plan:
    """With the two public files word for word, so that the certificate stays checkable whatever changes later."""
    detail = {
        "balance": problem.balance,
        "limits": {one.id: one.max_load for one in problem.experts if one.max_load is not None},
        "certificate": certificate_dict(best.certificate),
    }
    return Plan.objects.create(
        round=round_,
        panel=group.panel,
        seed=problem.seed,
        objective=best.objective,
        detail=detail,
        problem=json.dumps(problem_dict(problem), ensure_ascii=False, separators=(",", ":")) + "\n",
        solution=plan_to_json(best),
        created_by=actor.user,
    )


def _store_recusals(round_: Round, barred: Barred) -> None:
    """What was computed, with its evidence in words; what people said stands there already."""
    computed = {pair: why for pair, why in barred.items() if why.reason not in BY_PEOPLE}
    words = sentences(computed)
    Recusal.objects.bulk_create(
        (
            Recusal(round=round_, entry_id=pair[0], appointment_id=pair[1], reason=why.reason, evidence=words[pair])
            for pair, why in computed.items()
        ),
        batch_size=500,
    )


def _record(actor: Actor, round_: Round, seed: int, plans: list[Plan]) -> None:
    pairs = round_.sheets.order_by("entry", "appointment").values_list("entry", "appointment")
    payload = {
        "seed": seed,
        "objective": sum(plan.objective for plan in plans),
        "balance": max(plan.detail["balance"] for plan in plans),
        "pairs": len(pairs),
        "digest": ledger.digest(";".join(f"{entry}-{expert}" for entry, expert in pairs)),
        "plans": [{"panel": p.panel_id, "plan": ledger.digest(p.solution)} for p in plans],
    }
    ledger.record(actor, "assign", f"round:{round_.pk}", payload, chain=round_.contest.chain)


def _task(entry: Entry) -> Task:
    return Task(entry.code, entry.version.content["industry"], entry.version.content["category"])


def _specialist(appointment: Appointment) -> Specialist:
    expert = appointment.expert
    known = frozenset(expert.industries), frozenset(expert.categories)
    return Specialist(str(appointment.pk), *known, expert.max_load)
