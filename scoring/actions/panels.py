"""评审组 of a draft: who sits in which, which works each judges. Whatever changes takes the assignment back with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.db.models import Max

from accounts.actor import Actor
from core import ledger
from core.errors import Refusal
from scoring import policies
from scoring.actions import gathering
from scoring.actions.rounds import appoint
from scoring.lifecycle import RoundStatus
from scoring.models import Appointment, Entry, Panel, Round
from scoring.queries import cockpit

MOST_PANELS = 50


def _draft(actor: Actor, round_id: int) -> Round:
    round_ = Round.objects.select_for_update().get(pk=round_id)
    policies.require_chair(actor, round_.enrolment)
    policies.require_status(round_, RoundStatus.DRAFT, "调整评审组")
    return round_


@transaction.atomic
def save_panel(
    actor: Actor,
    round_id: int,
    *,
    name: str,
    industries: Sequence[str],
    categories: Sequence[str],
    panel_id: int | None = None,
) -> Panel:
    """A new panel, or the changed one; works that nobody placed by hand are routed again."""
    round_ = _draft(actor, round_id)
    panel = round_.panels.get(pk=panel_id) if panel_id else Panel(round=round_, order=_next_order(round_))
    panel.name = name.strip()
    if not panel.name:
        raise Refusal("请填写评审组名称。", "name")
    if round_.panels.exclude(pk=panel.pk).filter(name=panel.name).exists():
        raise Refusal("本轮已有同名的评审组，请换一个名称。", "name")
    panel.industries, panel.categories = sorted(set(industries)), sorted(set(categories))
    _refuse_unknown(round_, panel)
    panel.save()
    _changed(actor, round_, "save_panel", {"panel": panel.pk, "in": panel.industries, "of": panel.categories})
    return panel


def _next_order(round_: Round) -> int:
    if round_.panels.count() >= MOST_PANELS:
        raise Refusal(f"一轮最多 {MOST_PANELS} 个评审组。")
    return (round_.panels.aggregate(last=Max("order"))["last"] or 0) + 1


def _refuse_unknown(round_: Round, panel: Panel) -> None:
    industries, categories = cockpit.specialities(round_.contest)
    if not set(panel.industries) <= set(industries) or not set(panel.categories) <= set(categories):
        raise Refusal("所选行业或类型不在本届目录中，请重新选择。")


@transaction.atomic
def drop_panel(actor: Actor, panel_id: int) -> None:
    """Its works are routed again, its experts become reserves."""
    panel = Panel.objects.get(pk=panel_id)
    round_ = _draft(actor, panel.round_id)
    gathering.discard_plan(round_)
    panel.entries.update(panel=None, placed_by_hand=False)
    panel.appointments.update(panel=None)
    panel.delete()
    _changed(actor, round_, "drop_panel", {"panel": panel_id})


@transaction.atomic
def seat(actor: Actor, round_id: int, seats: Mapping[int, int | None]) -> int:
    """Appointment → panel, None for a reserve; how many were changed."""
    round_ = _draft(actor, round_id)
    panels = set(round_.panels.values_list("pk", flat=True))
    moved = []
    for appointment in round_.appointments.filter(pk__in=seats):
        wanted = seats[appointment.pk]
        if wanted is not None and wanted not in panels:
            raise Refusal("评审组刚刚有变化，请刷新页面后再安排。", code="stale")
        if appointment.panel_id != wanted:
            appointment.panel_id = wanted
            moved.append(appointment)
    Appointment.objects.bulk_update(moved, ["panel"])
    if moved:
        _changed(actor, round_, "seat_experts", {"seats": [[a.pk, a.panel_id] for a in moved]})
    return len(moved)


@transaction.atomic
def place(actor: Actor, round_id: int, entry_ids: Collection[int], panel_id: int | None) -> int:
    """Works into a panel by hand, against their industry and category; None gives them back to the routing."""
    round_ = _draft(actor, round_id)
    if panel_id is not None and not round_.panels.filter(pk=panel_id).exists():
        raise Refusal("评审组刚刚有变化，请刷新页面后再归组。", code="stale")
    entries = Entry.objects.filter(round=round_, pk__in=entry_ids)
    codes = sorted(entries.values_list("code", flat=True))
    if not codes:
        raise Refusal("请先勾选要调整的成果。", "entries")
    entries.update(panel=panel_id, placed_by_hand=panel_id is not None)
    _changed(actor, round_, "place_entries", {"entries": codes, "panel": panel_id})
    return len(codes)


@transaction.atomic
def change_experts(actor: Actor, round_id: int, expert_ids: Collection[int]) -> tuple[int, int]:
    """Exactly these experts are appointed from now on: (how many came, how many left)."""
    round_ = _draft(actor, round_id)
    wanted = list(cockpit.experts(round_.contest).filter(pk__in=expert_ids))
    if len(wanted) < round_.sheets_per_achievement:
        raise Refusal(
            f"每项成果需要 {round_.sheets_per_achievement} 位专家，只选了 {len(wanted)} 位；请多选专家。", "experts"
        )
    there = set(round_.appointments.values_list("expert", flat=True))
    gathering.discard_plan(round_)
    round_.appointments.exclude(expert__in=wanted).delete()
    came = appoint(round_, [expert for expert in wanted if expert.pk not in there])
    payload: dict[str, object] = {"experts": sorted(expert.pk for expert in wanted)}
    _changed(actor, round_, "change_experts", payload)
    return len(came), len(there - {expert.pk for expert in wanted})


def _changed(actor: Actor, round_: Round, verb: str, payload: dict[str, object]) -> None:
    """An assignment that was made before says nothing any more."""
    sheets = gathering.discard_plan(round_)
    gathering.route(round_)
    ledger.record(actor, verb, f"round:{round_.pk}", payload | {"sheets": sheets}, chain=round_.contest.chain)
