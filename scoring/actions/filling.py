"""What happens after the release with the least change: late works, late experts, an expert who fell out.

Every pair that stands is `fixed` in the problem, so the engine adds the missing pairs and moves nobody.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from core import ledger
from core.errors import Refusal
from scoring import blinding, policies, queries
from scoring.actions import common, gathering, seating
from scoring.actions.assigning import Group, best_plan, groups_of, problem_for, store_plan
from scoring.actions.blind import start_preparing
from scoring.actions.rounds import appoint, keep_still
from scoring.actions.voiding import void_conflicted
from scoring.lifecycle import RoundStatus, SheetState
from scoring.models import Appointment, Entry, Round, ScoreSheet
from scoring.queries import cockpit
from scoring.queries.candidates import candidates
from scoring.rules.assignment import Problem
from scoring.rules.recusal import Conflict, Reason

Pair = tuple[int, int]


@dataclass(frozen=True)
class Filled:
    """Sheets that were taken away and given anew; why some are still missing, "" when none is."""

    voided: int
    given: int
    why: str = ""


def _open(actor: Actor, round_id: int) -> Round:
    round_ = Round.objects.select_for_update(no_key=True).get(pk=round_id)
    policies.require_chair(actor, round_.enrolment)
    policies.require_status(round_, RoundStatus.OPEN, "补充分配")
    return round_


@transaction.atomic
def fill(actor: Actor, round_id: int) -> Filled:
    """Give every work that has fewer experts than it should the missing ones. Refusal with the engine's reasons."""
    round_ = _open(actor, round_id)
    sheets = list(
        round_.sheets.select_for_update(of=("self",)).select_related("round__contest", "appointment__expert__user")
    )
    live = [sheet for sheet in sheets if sheet.state != SheetState.VOID]
    voided = void_conflicted(actor, live)
    counted = [s for s in live if s.state != SheetState.VOID and not s.calibration]
    given = _fill(actor, round_, counted, [s for s in sheets if s.state == SheetState.VOID])
    if not given and not voided:
        raise Refusal("每项成果的专家都已足数，不需要补充。", code="status")
    return Filled(sum(not sheet.calibration for sheet in voided), given)


def _fill(actor: Actor, round_: Round, live: Sequence[ScoreSheet], gone: Sequence[ScoreSheet]) -> int:
    appointments = list(round_.appointments.select_related("expert__user").order_by("pk"))
    barred = queries.conflicts(round_, appointments)
    barred |= {(s.entry_id, s.appointment_id): Conflict(Reason.OFFICE, (s.entry_id,)) for s in gone}
    standing = _standing(live, round_.sheets_per_achievement)
    count = 0
    for group in groups_of(round_, appointments):
        if any(len(standing[entry.pk]) < round_.sheets_per_achievement for entry in group.entries):
            count += _fill_group(actor, round_, group, barred, standing)
    return count


def _standing(live: Sequence[ScoreSheet], wanted: int) -> dict[int, list[int]]:
    """Entry → its experts; of an entry that an extra one was called for, the first so many."""
    found: dict[int, list[int]] = defaultdict(list)
    for sheet in sorted(live, key=lambda sheet: sheet.pk):
        if len(found[sheet.entry_id]) < wanted:
            found[sheet.entry_id].append(sheet.appointment_id)
    return found


def _fill_group(
    actor: Actor, round_: Round, group: Group, barred: dict[Pair, Conflict], standing: dict[int, list[int]]
) -> int:
    fixed = frozenset((entry.pk, expert) for entry in group.entries for expert in standing[entry.pk])
    sitting = {appointment.pk for appointment in group.appointments}
    before = [a for a in round_.appointments.select_related("expert__user") if a.pk in {e for _, e in fixed} - sitting]
    whole = Group(group.panel, group.entries, [*group.appointments, *before])
    allowed = {pair: why for pair, why in barred.items() if pair not in fixed}
    seed = round_.plans.order_by("-pk").values_list("seed", flat=True).first() or 0
    problem = _capped(problem_for(round_, whole, allowed, seed, fixed), whole, fixed, {a.pk for a in before})
    solved, best = best_plan(round_, whole, problem)
    places = {entry.code: entry.pk for entry in group.entries}
    fresh = {(places[code], int(expert)) for code, expert in best.assigned} - fixed
    seating.give_all(round_, fresh)
    plan = store_plan(actor, round_, group, solved, best)
    payload = {"panel": plan.panel_id, "pairs": sorted(fresh), "kept": len(fixed), "plan": ledger.digest(plan.solution)}
    ledger.record(actor, "fill", f"round:{round_.pk}", payload, chain=round_.contest.chain)
    return len(fresh)


def _capped(problem: Problem, group: Group, fixed: frozenset[Pair], elsewhere: set[int]) -> Problem:
    """Whoever left, or moved to another panel, keeps what she has and gets no more; nobody's maximum is below it."""
    held = Counter(expert for _, expert in fixed)
    gone = {str(a.pk) for a in group.appointments if a.left_at or a.pk in elsewhere}
    experts = []
    for one in problem.experts:
        has = held[int(one.id)]
        most = has if one.id in gone else None if one.max_load is None else max(one.max_load, has)
        experts.append(replace(one, max_load=most))
    return replace(problem, experts=tuple(experts))


@transaction.atomic
def fall_out(actor: Actor, appointment_id: int, reason: str) -> Filled:
    """An expert goes on no more: what she handed in stays, her open sheets go to others as far as others can."""
    found = Appointment.objects.get(pk=appointment_id)
    round_ = _open(actor, found.round_id)
    appointment = Appointment.objects.select_for_update().get(pk=appointment_id)
    if appointment.left_at:
        raise Refusal("该专家已经退出本轮；请刷新页面查看最新状态。", code="status")
    if not reason.strip():
        raise Refusal("请写明退出的原因。", "reason")
    rows = list(appointment.sheets.select_for_update().filter(state=SheetState.OPEN))
    for sheet in rows:
        sheet.state = SheetState.VOID
        sheet.revision += 1
        sheet.save(update_fields=["state", "revision", "updated_at"])
    appointment.left_at, appointment.left_reason = timezone.now(), reason.strip()[:200]
    appointment.save(update_fields=["left_at", "left_reason"])
    payload = {
        "appointment": appointment.pk,
        "sheets": sorted(s.entry_id for s in rows),
        "why": ledger.digest(reason.strip()),
    }
    ledger.record(actor, "fall_out", f"round:{round_.pk}", payload, chain=round_.contest.chain)
    return Filled(sum(not sheet.calibration for sheet in rows), *_try(actor, round_.pk))


def _try(actor: Actor, round_id: int) -> tuple[int, str]:
    """What can be filled at once; where it cannot, what happened before stands and the sentence says why."""
    try:
        with transaction.atomic():
            return fill(actor, round_id).given, ""
    except Refusal as refusal:
        return 0, "" if refusal.code == "status" else refusal.message


@transaction.atomic
def bring_in(actor: Actor, round_id: int, expert_id: int, panel_id: int | None) -> Appointment:
    """A late expert: appointed while the round goes on; she gets what is missing now and whatever is moved to her."""
    round_ = _open(actor, round_id)
    expert = cockpit.experts(round_.contest).filter(pk=expert_id).first()
    if expert is None or round_.appointments.filter(expert=expert_id).exists():
        raise Refusal("该专家没有受聘，或已在本轮；请重新选择。", "expert")
    if panel_id is not None and not round_.panels.filter(pk=panel_id).exists():
        raise Refusal("请选择本轮的评审组。", "panel")
    appointment = appoint(round_, [expert])[0]
    appointment.panel_id = panel_id
    appointment.save(update_fields=["panel"])
    payload = {"appointment": appointment.pk, "expert": expert.pk, "panel": panel_id}
    if panel_id is not None or not round_.panels.exists():
        payload["calibration"] = common.hand_out(round_, [appointment])
    ledger.record(actor, "bring_in", f"round:{round_.pk}", payload, chain=round_.contest.chain)
    return appointment


@transaction.atomic
def seat_reserve(actor: Actor, appointment_id: int, panel_id: int) -> Appointment:
    """A reserve takes a seat in a panel while the round goes on."""
    appointment = Appointment.objects.select_related("round").get(pk=appointment_id)
    round_ = _open(actor, appointment.round_id)
    if appointment.panel_id is not None or appointment.left_at:
        raise Refusal("该专家不是候补，不能递补；请刷新页面。", code="status")
    if not round_.panels.filter(pk=panel_id).exists():
        raise Refusal("请选择本轮的评审组。", "panel")
    appointment.panel_id = panel_id
    appointment.save(update_fields=["panel"])
    payload = {"appointment": appointment.pk, "panel": panel_id, "calibration": common.hand_out(round_, [appointment])}
    ledger.record(actor, "seat_reserve", f"round:{round_.pk}", payload, chain=round_.contest.chain)
    return appointment


@transaction.atomic
def take_in(actor: Actor, round_id: int) -> Filled:
    """Works that came after the release join the round, frozen or held as the others are, and get their experts."""
    round_ = _open(actor, round_id)
    there = set(round_.entries.values_list("achievement", flat=True))
    late = [work for work in candidates(round_) if work.pk not in there]
    if round_.previous_id or not late:
        raise Refusal("没有在开始评审之后受理、还没有编入的成果。", code="status")
    last = max((int(code[1:]) for code in round_.entries.values_list("code", flat=True)), default=0)
    late.sort(key=lambda work: ledger.digest(f"{round_.pk}:{work.pk}"))
    entries = Entry.objects.bulk_create(
        gathering.entry_of(round_, work, f"A{place:04d}") for place, work in enumerate(late, start=last + 1)
    )
    gathering.route(round_)
    lost = list(round_.entries.filter(panel=None).values_list("code", flat=True)) if round_.panels.exists() else []
    if lost:
        raise Refusal("有成果的行业和类型没有评审组可归，不能编入；请先由竞赛办公室更正其行业。", code="panels")
    keep_still(actor, round_, entries)
    blinding.write_packages(round_, round_.entries.filter(pk__in=[entry.pk for entry in entries]))
    if blinding.standing(round_)["unprepared"]:
        start_preparing(actor, round_.pk)
    payload = {"entries": [entry.pk for entry in entries]}
    ledger.record(actor, "take_in", f"round:{round_.pk}", payload, chain=round_.contest.chain)
    return Filled(0, *_try(actor, round_.pk))
