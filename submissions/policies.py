"""Who may do what with an achievement now. Pages show buttons from here, actions refuse from here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.actor import Actor
from contests import calendar, queries
from contests.models import Enrolment, Extension
from core.errors import NotAllowed, Refusal
from submissions.lifecycle import ENDED, MOVES, Move, Status, Who, refusal
from submissions.models import Achievement, Case, UnitNomination
from submissions.querysets import helps_with_patents
from submissions.rules.nominations import Step, next_step

_ONLY_UNIT = "只有申报单位的填报员可以{}。"
_ONLY_DESK = "该成果不在您的审核环节，不能{}。"
_ONLY_HOST = "只有竞赛办公室可以{}。"
_HELD = "该成果正在参加“{}”，评审结束前不能{}。"


@dataclass(frozen=True)
class Button:
    """A move as a page offers it: `reason` is empty when it may be made, else the sentence why not now."""

    move: Move
    reason: str = ""


def holds_right(actor: Actor, who: Who, achievement: Achievement) -> str:
    """ "" when the hat has the right, else the sentence why not."""
    return {Who.UNIT: _unit_right, Who.DESK: _desk_right, Who.HOST: _host_right}[who](actor, achievement)


def works_for_unit(actor: Actor, achievement: Achievement) -> bool:
    """An operator of the unit, or of the unit above its team."""
    unit, org_id = achievement.unit, actor.organization.pk
    if not actor.is_unit_operator:
        return False
    return unit.organization_id == org_id or (
        unit.is_team and unit.recommender is not None and unit.recommender.organization_id == org_id
    )


def _unit_right(actor: Actor, achievement: Achievement) -> str:
    return "" if works_for_unit(actor, achievement) else _ONLY_UNIT


def _desk_right(actor: Actor, achievement: Achievement) -> str:
    holder = achievement.holder
    if holder is None or holder.organization_id != actor.organization.pk:
        return _ONLY_DESK
    if holder.is_host:
        return "" if actor.is_office else _ONLY_HOST
    if achievement.unit_id == holder.pk:
        return _second_person(actor, achievement)
    own_team = achievement.unit.is_team and achievement.unit.recommender_id == holder.pk
    return "" if actor.is_auditor or (actor.is_unit_operator and own_team) else _ONLY_DESK


def _second_person(actor: Actor, achievement: Achievement) -> str:
    """A direct unit's own work is recommended by another person than the one who submitted it (domain.md A5)."""
    if not actor.is_auditor:
        return "本单位的成果须由本单位审核员{}。"
    if achievement.submitted_by_id == actor.user.pk:
        return "该成果由您本人提交，须由本单位另一人{}。"
    return ""


def _host_right(actor: Actor, achievement: Achievement) -> str:
    return "" if actor.is_office and achievement.contest.host_id == actor.organization.pk else _ONLY_HOST


def check(
    actor: Actor, verb: str, achievement: Achievement, now: datetime, granted: list[Extension] | None = None
) -> Move:
    """The move, when the table, the hat and the calendar all allow it; NotAllowed or Refusal with the reason if not.

    `granted`: the contest's extensions, where they are read once for many works.
    """
    move = MOVES[verb]
    check_row(actor, move, achievement)
    reason = closed(move, achievement, now, granted)
    if reason:
        raise Refusal(reason, code="now")
    return move


def check_row(actor: Actor, move: Move, achievement: Achievement) -> None:
    """The hat and the table alone: NotAllowed or Refusal with the reason."""
    denied = holds_right(actor, move.who, achievement)
    if denied:
        raise NotAllowed(denied.format(move.label), code="right")
    reason = refusal(move, achievement.status, _at_host(achievement)) or _standing(move, achievement)
    if reason:
        raise Refusal(reason, code="status")


def _standing(move: Move, achievement: Achievement) -> str:
    """ "" unless something that stands against every hat forbids the move now."""
    reason = "" if move.verb == "bar" else held(achievement, move.label)  # two officers wait for no desk's judgement
    return reason or _upheld(move, achievement)


def _upheld(move: Move, achievement: Achievement) -> str:
    """ "" unless two officers' finding stands against reopening the work with one person's note (domain.md O3)."""
    if move.verb != "reopen" or achievement.status != Status.DISQUALIFIED:
        return ""
    if not Case.objects.filter(achievement=achievement, state__in=Case.STANDING).exists():
        return ""
    return "该成果经案件查实取消资格，结论仍然有效，不能重新打开；申诉成立、撤销结论后再办理。"


def held(achievement: Achievement, doing: str) -> str:
    """ "" unless a desk is judging the work: then the sentence why nothing about it may change."""
    return _HELD.format(achievement.held_for, doing) if achievement.held_for else ""


def _at_host(achievement: Achievement) -> bool:
    return achievement.holder is not None and achievement.holder.is_host


def closed(move: Move, achievement: Achievement, now: datetime, granted: list[Extension] | None = None) -> str:
    """ "" while the calendar lets the move be made, else the sentence why not."""
    gate = calendar_move(move.verb, achievement.status)
    if gate is None:
        return ""
    return window(gate, achievement, now, granted).reason


def window(
    gate: calendar.Move, achievement: Achievement, now: datetime, granted: list[Extension] | None = None
) -> calendar.Window:
    """The calendar's answer; an upload that began in time and came in late keeps the unit's door open a little."""
    found = queries.window(gate, now, achievement.contest, achievement.unit, achievement.holder, granted=granted)
    late = gate in (calendar.Move.SUBMIT, calendar.Move.RESUBMIT) and not found.open and found.closes
    began = _late_upload(achievement, found.closes) if late and found.closes else None
    if began is None:
        return found
    return queries.window(gate, now, achievement.contest, achievement.unit, achievement.holder, begun_at=began)


def _late_upload(achievement: Achievement, closes: datetime) -> datetime | None:
    """When the last upload began that finished after the closing: an attachment, the photo or the stamped scan."""
    over = closes + calendar.SECOND  # the named second belongs to the phase, whatever part of it
    files = achievement.attachments.filter(begun_at__lt=over, uploaded_at__gte=over)
    scans = achievement.stamped_forms.filter(scan_begun_at__lt=over, scanned_at__gte=over)
    leader = achievement.leader
    uploads = [*files.values_list("begun_at", flat=True), *scans.values_list("scan_begun_at", flat=True)]
    began = [instant for instant in uploads if instant]
    if leader.photo and leader.photo_begun_at and leader.photo_begun_at < over <= leader.photo.created_at:
        began.append(leader.photo_begun_at)
    return max(began, default=None)


def calendar_move(verb: str, status: str) -> calendar.Move | None:
    """The closing that guards a verb: a returned work may come back until the recommender's (rules.md "When")."""
    if verb == "submit" and status == Status.RETURNED:
        return calendar.Move.RESUBMIT
    return calendar.Move(verb) if verb in set(calendar.Move) else None


def may(actor: Actor, verb: str, achievement: Achievement, now: datetime) -> bool:
    try:
        check(actor, verb, achievement, now)
    except Refusal:
        return False
    return True


def moves_open_to(actor: Actor, achievement: Achievement, now: datetime) -> list[Button]:
    """The buttons of a page: every hand-made move from this status that the hat has the right to."""
    at_host = _at_host(achievement)
    offered = [
        move
        for move in MOVES.values()
        if move.by_hand
        and not refusal(move, achievement.status, at_host)
        and not holds_right(actor, move.who, achievement)
    ]
    if not offered:
        return []
    windows = queries.windows(now, achievement.contest, achievement.unit, achievement.holder)
    gates = [(move, calendar_move(move.verb, achievement.status)) for move in offered]
    return [
        Button(move, _standing(move, achievement) or (windows[gate].reason if gate else "")) for move, gate in gates
    ]


def may_edit(actor: Actor, achievement: Achievement) -> str:
    """ "" when the hat may change the fields now, else the sentence why not."""
    if not works_for_unit(actor, achievement):
        return _ONLY_UNIT.format("修改")
    if not achievement.is_editable:
        return f"该成果当前为“{achievement.status_info.label}”，不能修改；如需修改，请联系审核单位退回。"
    return ""


def may_stamp(actor: Actor, achievement: Achievement) -> str:
    """Who prints the form and brings its scan: the unit while it edits, and until the recommendation, where the

    contest asks for the seal only then, the unit and the desk that holds the work.
    """
    if not may_edit(actor, achievement):
        return ""
    waits = achievement.contest.settings.stamped_copy_at == "recommend" and achievement.status == Status.SUBMITTED
    if waits and (works_for_unit(actor, achievement) or not _desk_right(actor, achievement)):
        return ""
    return "现在不能打印或上传盖章表：请在申报单位修改期间办理。"


def may_verify(actor: Actor, achievement: Achievement, what: str = "核定效益") -> str:
    """The auditor whose desk it lies on verifies amount and attachments (rules.md (P) "Benefits")."""
    if achievement.status != Status.SUBMITTED:
        return f"只有待审核的成果可以{what}。"
    if achievement.held_for:
        return held(achievement, what)
    denied = _desk_right(actor, achievement)
    return denied.format(what) if denied else ""


def sees_phone(actor: Actor, achievement: Achievement) -> bool:
    """Full phone only for the office, the recommender on the road and the owner (domain.md 3.13)."""
    return actor.is_office or actor.is_auditor or works_for_unit(actor, achievement)


_ONLY_SENDERS = "只有直接向主办单位推荐成果的单位可以报送。"


def may_send(actor: Actor, desk: Enrolment | None) -> str:
    """ "" when the hat may send its own enrolment's list to the host, else the sentence why not (002 四(二))."""
    if desk is None or desk.organization_id != actor.organization.pk:
        return _ONLY_SENDERS
    if desk.audits:
        return "" if actor.is_auditor else "推荐名单须由本单位审核员报送。"
    return "" if actor.is_unit_operator else _ONLY_SENDERS


def may_ask_help(actor: Actor, achievement: Achievement) -> str:
    """ "" when the hat may ask for help with a patent of this work (002 五(三)), else the sentence why not."""
    if not works_for_unit(actor, achievement):
        return _ONLY_UNIT.format("申请知识产权指导")
    if achievement.status in ENDED or achievement.status == Status.DRAFT:
        return "登记入库以后、审核结束以前可以申请知识产权指导。"
    return ""


def may_answer_help(actor: Actor) -> str:
    """ "" for the partner bodies that help with patents and the office, else the sentence why not."""
    return "" if actor.is_office or helps_with_patents(actor) else "知识产权指导由科技局、科协和竞赛办公室答复。"


def may_nominate(actor: Actor, enrolment: Enrolment) -> str:
    """ "" when the hat may fill in 附件5 for this enrolment, else the sentence why not (002 附件1 三: 企事业单位)."""
    if not actor.is_unit_operator or enrolment.organization_id != actor.organization.pk or enrolment.is_team:
        return "优胜单位申报表由申报单位的填报员填写。"
    natures = (enrolment.contest.sections.get("winner_unit") or {}).get("natures", [])
    if not natures:
        return "本届竞赛没有设优胜单位奖。"
    return "" if enrolment.nature in natures else "优胜单位从企事业单位中推荐，本单位不在范围内。"


def may_give_opinion(actor: Actor, nomination: UnitNomination, top: Enrolment, unit_giver: int | None) -> str:
    """ "" when the next opinion is the hat's to give; `unit_giver` is who gave the unit's own."""
    step, org = next_step(nomination.status), actor.organization.pk
    if step is None:
        return "三级意见已经办结。"
    if step is Step.UNIT:
        return may_nominate(actor, nomination.enrolment)
    if step is Step.CITY:
        return "" if actor.is_office and nomination.contest.host_id == org else "市级意见由竞赛办公室填写。"
    if not actor.is_auditor or top.organization_id != org:
        return f"县级（产业）意见由{top.name}的审核员填写。"
    if unit_giver == actor.user.pk:
        return "申报单位意见由您本人填写，县级（产业）意见须由另一人填写。"
    return ""
