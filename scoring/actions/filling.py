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
from scoring.actions.voiding import hold_sheets, lock_sheets, take_out, void_conflicted
from scoring.lifecycle import RoundStatus, SheetState
from scoring.models import Appointment, Entry, Round, ScoreSheet
from scoring.queries import cockpit
from scoring.queries.candidates import candidates
from scoring.rules.assignment import Plan, Problem
from scoring.rules.entry_code import entry_code, last_of
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
    sheets = lock_sheets(round_)
    live = [sheet for sheet in sheets if sheet.state != SheetState.VOID]
    voided = void_conflicted(actor, live)
    counted = [s for s in live if s.state != SheetState.VOID and not s.calibration]
    given = _fill(actor, round_, counted, [s for s in sheets if s.state == SheetState.VOID])
    if not given and not voided:
        raise Refusal("每项成果的专家都已足数，不需要补充。", code="status")
    return Filled(sum(not sheet.calibration for sheet in voided), given)


@dataclass(frozen=True)
class Share:
    """What one group lacks and who would get it: `fresh` pairs beside those that stand (`fixed`)."""

    group: Group
    fixed: frozenset[Pair]
    fresh: frozenset[Pair]
    problem: Problem
    plan: Plan


def _fill(actor: Actor, round_: Round, live: Sequence[ScoreSheet], gone: Sequence[ScoreSheet]) -> int:
    appointments = list(round_.appointments.select_related("expert__user").order_by("pk"))
    found = shares(round_, appointments, live, gone)
    for share in found:
        seating.give_all(round_, share.fresh)
        plan = store_plan(actor, round_, share.group, share.problem, share.plan)
        payload = {
            "panel": plan.panel_id,
            "pairs": sorted(share.fresh),
            "kept": len(share.fixed),
            "plan": ledger.digest(plan.solution),
        }
        ledger.record(actor, "fill", f"round:{round_.pk}", payload, chain=round_.contest.chain)
    return sum(len(share.fresh) for share in found)


def shares(
    round_: Round, appointments: list[Appointment], live: Sequence[ScoreSheet], gone: Sequence[ScoreSheet]
) -> list[Share]:
    """The missing pairs of every group, nobody moved; nothing is written. Refusal with the engine's reasons."""
    barred = queries.conflicts(round_, appointments)
    barred |= {(s.entry_id, s.appointment_id): Conflict(Reason.OFFICE, (s.entry_id,)) for s in gone}
    standing, wanted = _standing(live, round_.sheets_per_achievement), round_.sheets_per_achievement
    there = set(Entry.objects.judged().filter(round=round_).values_list("pk", flat=True))
    groups = [
        replace(group, entries=[entry for entry in group.entries if entry.pk in there])
        for group in groups_of(round_, appointments)
        if any(len(standing[entry.pk]) < wanted for entry in group.entries if entry.pk in there)
    ]
    return [_share(round_, group, appointments, barred, standing) for group in groups]


def _standing(live: Sequence[ScoreSheet], wanted: int) -> dict[int, list[int]]:
    """Entry → its experts; of an entry that an extra one was called for, the first so many."""
    found: dict[int, list[int]] = defaultdict(list)
    for sheet in sorted(live, key=lambda sheet: sheet.pk):
        if len(found[sheet.entry_id]) < wanted:
            found[sheet.entry_id].append(sheet.appointment_id)
    return found


def _share(
    round_: Round,
    group: Group,
    appointments: Sequence[Appointment],
    barred: dict[Pair, Conflict],
    standing: dict[int, list[int]],
) -> Share:
    fixed = frozenset((entry.pk, expert) for entry in group.entries for expert in standing[entry.pk])
    sitting = {appointment.pk for appointment in group.appointments}
    before = [a for a in appointments if a.pk in {e for _, e in fixed} - sitting]
    whole = Group(group.panel, group.entries, [*group.appointments, *before])
    allowed = {pair: why for pair, why in barred.items() if pair not in fixed}
    seed = round_.plans.order_by("-pk").values_list("seed", flat=True).first() or 0
    problem = _capped(problem_for(round_, whole, allowed, seed, fixed), whole, fixed, {a.pk for a in before})
    solved, best = best_plan(round_, whole, problem)
    places = {entry.code: entry.pk for entry in group.entries}
    fresh = frozenset((places[code], int(expert)) for code, expert in best.assigned) - fixed
    return Share(group, fixed, fresh, solved, best)


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
def fall_out(
    actor: Actor, appointment_id: int, reason: str, *, stand_in: int | None = None, shown: int | None = None
) -> Filled:
    """An expert goes on no more: what she handed in stays, her open sheets go to others as far as others can.

    `stand_in`: an expert (a reserve, or not yet in the round) who takes her seat first. `shown`: how many open sheets
    the page spoke of; Refusal when it is another number by now.
    """
    found = Appointment.objects.get(pk=appointment_id)
    round_ = _open(actor, found.round_id)
    own = [sheet for sheet in lock_sheets(round_) if sheet.appointment_id == appointment_id]
    appointment = Appointment.objects.select_for_update(no_key=True).get(pk=appointment_id)
    if appointment.left_at:
        raise Refusal("该专家已经退出本轮；请刷新页面查看最新状态。", code="status")
    if not reason.strip():
        raise Refusal("请写明退出的原因。", "reason")
    rows = [sheet for sheet in own if sheet.state == SheetState.OPEN]
    lost = sum(not sheet.calibration for sheet in rows)
    if shown is not None and shown != lost:
        raise Refusal(f"刚才显示有 {shown} 份没有交，现在是 {lost} 份；请核对后再确认。", code="stale")
    for sheet in rows:
        take_out(sheet)
    appointment.left_at, appointment.left_reason = timezone.now(), reason.strip()[:200]
    appointment.save(update_fields=["left_at", "left_reason"])
    payload = {
        "appointment": appointment.pk,
        "sheets": sorted(s.entry_id for s in rows),
        "why": ledger.digest(reason.strip()),
    }
    ledger.record(actor, "fall_out", f"round:{round_.pk}", payload, chain=round_.contest.chain)
    if stand_in is not None:
        _seat(actor, round_, stand_in, appointment.panel_id)
    return Filled(lost, *_try(actor, round_.pk))


def _seat(actor: Actor, round_: Round, expert_id: int, panel_id: int | None) -> None:
    reserve = round_.appointments.filter(expert=expert_id, panel=None, left_at=None).first()
    if reserve and panel_id:
        seat_reserve(actor, reserve.pk, panel_id)
    else:
        bring_in(actor, round_.pk, expert_id, panel_id)


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
    hold_sheets(round_)  # what is filled at the end locks them too, and by then the ledger's chain is held
    there = set(round_.entries.values_list("achievement", flat=True))
    late = [work for work in candidates(round_) if work.pk not in there]
    if round_.previous_id or not late:
        raise Refusal("没有在开始评审之后受理、还没有编入的成果。", code="status")
    last, digits = last_of(round_.entries.values_list("code", flat=True))
    late.sort(key=lambda work: ledger.digest(f"{round_.pk}:{work.pk}"))
    entries = Entry.objects.bulk_create(
        gathering.entry_of(round_, work, entry_code(place, digits)) for place, work in enumerate(late, start=last + 1)
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
