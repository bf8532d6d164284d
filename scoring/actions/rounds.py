"""A round from its draft to its release: rubric, experts, entries, dates."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from accounts.actor import Actor
from contests import calendar
from contests.models import Contest, Enrolment
from contests.queries import season_of, window
from core import ledger
from core.errors import Conflict, Refusal
from scoring import blinding, policies, queries
from scoring.actions import common, gathering
from scoring.actions.assigning import plan_assignment, undo_assignment
from scoring.actions.rubrics import policy_from_section
from scoring.lifecycle import RoundStatus
from scoring.models import Appointment, Entry, Expert, Round, Rubric
from scoring.queries import cockpit
from scoring.queries.candidates import candidates, predecessors
from scoring.rules.policy import PolicyError, ScorePolicy
from submissions.actions.holding import hold_all
from submissions.actions.moves import freeze_all

__all__ = ["Design", "create_round", "open_round", "plan_assignment", "set_dates", "undo_assignment"]

DATED = (RoundStatus.DRAFT, RoundStatus.OPEN)


@dataclass(frozen=True)
class Design:
    """What a round may differ in. Nothing said: at the host, a first round, by the preset's policy and blindness."""

    desk: Enrolment | None = None
    previous_id: int | None = None
    take_top: int | None = None
    policy: Mapping[str, Any] | None = None  # the keys of ScorePolicy that differ from the preset's
    blind: bool | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None


@transaction.atomic
def create_round(
    actor: Actor,
    contest: Contest,
    *,
    name: str,
    rubric: Rubric | None,
    sheets_per_achievement: int,
    expert_ids: Sequence[int],
    design: Design | None = None,
) -> Round:
    """A draft round with its experts under fresh pseudonyms and all the works that it may judge as entries."""
    wanted = design or Design()
    desk = wanted.desk or Enrolment.objects.get(contest=contest, recommender__isnull=True)
    policies.require_chair(actor, desk)
    Contest.objects.select_for_update(no_key=True).get(pk=contest.pk)  # two offices, one name
    experts = list(cockpit.experts(contest).filter(pk__in=set(expert_ids)))
    _refuse_few_experts(len(experts), sheets_per_achievement)
    if contest.rounds.filter(enrolment=desk, name=name.strip()).exists():
        raise Refusal("已有同名的评审轮次，请换一个名称。", "name")
    _refuse_dates(desk, wanted.opens_at, wanted.closes_at)
    round_ = Round.objects.create(
        contest=contest,
        enrolment=desk,
        name=name.strip(),
        rubric=_allowed(rubric, contest, desk),
        policy=_policy(contest, wanted.policy or {}, sheets_per_achievement),
        sheets_per_achievement=sheets_per_achievement,
        previous=_previous(desk, wanted),
        take_top=wanted.take_top if wanted.previous_id else None,
        blind=contest.settings.blind_review if wanted.blind is None else wanted.blind,
        opens_at=wanted.opens_at,
        closes_at=wanted.closes_at,
        created_by=actor.user,
    )
    appoint(round_, experts)
    gathering.collect(round_)
    _record_new(actor, round_)
    return round_


def _allowed(rubric: Rubric | None, contest: Contest, desk: Enrolment) -> Rubric:
    if rubric is None:
        raise Refusal("本届方案没有自带评分标准，请先选择评分标准。", "rubric")
    if not cockpit.rubrics(contest, desk).filter(pk=rubric.pk).exists():
        raise Refusal("这一版评分标准是别的评审修订的，不能用于本级评审；请重新选择。", "rubric")
    return rubric


def _record_new(actor: Actor, round_: Round) -> None:
    payload = {
        "desk": round_.enrolment_id,
        "rubric": round_.rubric.code,
        "version": round_.rubric.version,
        "policy": round_.policy,
        "previous": round_.previous_id,
        "take_top": round_.take_top,
        "blind": round_.blind,
    }
    ledger.record(actor, "create_round", f"round:{round_.pk}", payload, chain=round_.contest.chain)


def _refuse_few_experts(experts: int, wanted: int) -> None:
    if experts < wanted:
        raise Refusal(f"每项成果需要 {wanted} 位专家，只选了 {experts} 位；请多选专家或减少每项专家数。", "experts")


def _policy(contest: Contest, changes: Mapping[str, Any], experts: int) -> dict[str, object]:
    standing = policy_from_section(contest.sections.get("policy") or {})[0].to_dict()
    try:
        policy = ScorePolicy.from_dict(standing | dict(changes))
    except PolicyError as error:
        raise Refusal(error.reason, str(error.key)) from error
    if changes and policy.minimum_sheets > experts:
        raise Refusal(f"每项成果只有 {experts} 位专家，最少份数不能多于专家数。", "minimum_sheets")
    return policy.to_dict()


def _previous(desk: Enrolment, wanted: Design) -> Round | None:
    if wanted.previous_id is None:
        return None
    previous = predecessors(desk).filter(pk=wanted.previous_id).first()
    if previous is None:
        raise Refusal("上一轮须已截止评分、尚未定等次，且没有别的下一轮；请重新选择。", "previous")
    if not wanted.take_top or wanted.take_top < 1:
        raise Refusal("请填写取上一轮的前几名。", "take_top")
    return previous


def appoint(round_: Round, experts: Sequence[Expert]) -> list[Appointment]:
    """Under pseudonyms that nobody in this round has."""
    taken = set(round_.appointments.values_list("pseudonym", flat=True))
    names: set[str] = set()
    while len(names) < len(experts):
        names |= {f"E{secrets.token_hex(4).upper()}"} - taken
    return Appointment.objects.bulk_create(
        Appointment(round=round_, expert=expert, pseudonym=name) for expert, name in zip(experts, names, strict=True)
    )


@transaction.atomic
def set_dates(actor: Actor, round_id: int, opens_at: datetime | None, closes_at: datetime | None) -> Round:
    """From when until when sheets may be changed; while the round goes on the closing may still be moved."""
    round_ = Round.objects.select_for_update(no_key=True).get(pk=round_id)
    policies.require_chair(actor, round_.enrolment)
    if round_.status not in DATED:
        raise Refusal(f"本轮评审当前为“{round_.status_label[0]}”，不能再改时间；请刷新页面。", code="status")
    _refuse_dates(round_.enrolment, opens_at, closes_at)
    round_.opens_at, round_.closes_at = opens_at, closes_at
    round_.save(update_fields=["opens_at", "closes_at"])
    payload = {"opens_at": opens_at, "closes_at": closes_at}
    ledger.record(actor, "set_dates", f"round:{round_.pk}", payload, chain=round_.contest.chain)
    return round_


def _refuse_dates(desk: Enrolment, opens_at: datetime | None, closes_at: datetime | None) -> None:
    """Inside the review phase at the host; below it before the works must have been recommended (002 四(二))."""
    if opens_at and closes_at and opens_at >= closes_at:
        raise Refusal("评分截止应晚于评分开始，请核对两个时间。", "closes_at")
    now = timezone.now()
    last = (
        calendar.open_for(calendar.Move.HAND_IN, now, season_of(desk.contest)).closes
        if desk.is_host
        else window(calendar.Move.RECOMMEND, now, desk.contest, desk).closes
    )
    if closes_at and last and closes_at > last:
        what = "“考核评选”阶段截止" if desk.is_host else "推荐截止"
        raise Refusal(f"评分截止不能晚于{what}（{calendar.in_words(last)}），请改早。", "closes_at")


@transaction.atomic
def open_round(actor: Actor, round_id: int, *, plan_id: int | None = None) -> Round:
    """Release: every work is frozen, or held on its desk, in the same transaction; experts see their sheets from now.

    `plan_id` is the assignment that the chair looked at; Conflict when there is another one by now.
    """
    round_ = Round.objects.select_for_update().select_related("contest", "rubric").get(pk=round_id)
    policies.require_chair(actor, round_.enrolment)
    policies.require_status(round_, RoundStatus.DRAFT, "开始评审")
    if not round_.plans.exists():
        raise Refusal("请先分配专家，再开始评审。")
    entries = list(round_.entries.select_related("achievement__unit", "version"))
    if plan_id is not None and not round_.plans.filter(pk=plan_id).exists():
        raise Conflict("刚才已经重新分配过专家，请核对新的分配结果后再开始评审。", code="stale")
    _refuse_changed(round_, entries)
    _refuse_new_conflicts(round_)
    _refuse_short(round_)
    if not_yet := blinding.why_not_release(round_):
        raise Refusal(not_yet, code="blind")
    keep_still(actor, round_, entries)
    round_.status, round_.opened_at = RoundStatus.OPEN, timezone.now()
    round_.save(update_fields=["status", "opened_at"])
    payload = {"entries": len(entries), "sheets": round_.sheets.count()}
    if calibrating := common.hand_out(round_, common.sitting(round_)):
        payload["calibration"] = calibrating
    ledger.record(actor, "open_round", f"round:{round_.pk}", payload, chain=round_.contest.chain)
    return round_


def keep_still(actor: Actor, round_: Round, entries: list[Entry]) -> None:
    """Works must not change while they are judged; those of a round before this one are kept still already."""
    if round_.previous_id:
        return
    ids = [entry.achievement_id for entry in entries]
    if round_.enrolment.is_host:
        freeze_all(actor, round_.contest, ids)
    else:
        hold_all(actor, round_.enrolment, ids, f"{round_.enrolment.name}{round_.name}")


def _refuse_changed(round_: Round, entries: list[Entry]) -> None:
    """Works may have come, gone, been submitted anew or been verified otherwise since the assignment."""
    now = {achievement.pk: gathering.judged(achievement) for achievement in candidates(round_)}
    if now != {entry.achievement_id: (entry.version_id, entry.path, entry.benefit_wan) for entry in entries}:
        raise Refusal("分配之后受理的成果有增减或改动，请重新分配专家后再开始评审。", code="changed")


def _refuse_short(round_: Round) -> None:
    """Moves by hand may have left a work with fewer experts than the round wants."""
    counted = round_.entries.annotate(n=Count("sheets")).filter(n__lt=round_.sheets_per_achievement)
    short = list(counted.order_by("code").values_list("code", flat=True))
    if short:
        raise Refusal(f"{short[0]} 等 {len(short)} 项成果的专家不足 {round_.sheets_per_achievement} 位，请重新分配。")


def _refuse_new_conflicts(round_: Round) -> None:
    """Members and employers may have changed since the assignment."""
    barred = queries.conflicts(round_, list(round_.appointments.select_related("expert__user")))
    sheets = round_.sheets.order_by("entry__code").values_list("entry", "appointment", "entry__code")
    hit = list(dict.fromkeys(code for entry, appointment, code in sheets if (entry, appointment) in barred))
    if hit:
        codes = "、".join(hit[:5]) + (f" 等 {len(hit)} 项" if len(hit) > 5 else "")
        raise Refusal(f"分配之后出现应当回避的情况（{codes}），请重新分配专家。", code="conflict")
