"""What stands in the way of a move now: asked before every move, and by the preview of a batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import prefetch_related_objects

from accounts.actor import Actor
from contests.models import Contest, Extension
from core.errors import Refusal
from submissions import policies, queries
from submissions.lifecycle import VERIFY, Move
from submissions.models import Achievement
from submissions.queries import conflicts, overriding, sending
from submissions.rules import eligibility
from submissions.rules.conflicts import CODES
from submissions.rules.eligibility import Finding


@dataclass(frozen=True)
class Known:
    """What a batch has read of all its works at once, so that none of them asks the database again."""

    findings: Mapping[int, list[Finding]]
    granted: list[Extension]
    unsent: Mapping[int, str]
    overruled: Mapping[int, Mapping[str, str]]


def known(actor: Actor, contest: Contest, works: list[Achievement]) -> Known:
    """For works of one contest, which they share as one object."""
    prefetch_related_objects([contest], "phases")
    found = queries.findings_of(contest, works, for_unit=actor.is_unit_operator)
    granted = list(Extension.objects.standing().filter(enrolment__contest=contest))
    funded = [work.pk for work in works if _funded(work)]
    overruled = overriding.overruled_of(funded) if funded else {}
    return Known(found, granted, sending.not_sent_of(contest, works), overruled)


def check(actor: Actor, verb: str, achievement: Achievement, now: datetime, read: Known | None = None) -> Move:
    """The move when hat, table, calendar and content allow it; else NotAllowed or Refusal with the reason."""
    move = policies.check(actor, verb, achievement, now, read.granted if read else None)
    if verb == "register" and not achievement.title.strip():
        raise Refusal("请先填写项目名称。", "title")
    if verb == "submit":
        _refuse_maker(actor, achievement)
        _refuse_red(achievement)
    if verb in ("recommend", "accept"):
        _refuse_excluded(achievement, read)
        found = read.findings.get(achievement.pk, []) if read else None
        _refuse_conflicts(achievement, found, for_unit=actor.is_unit_operator)
    if verb == "recommend":
        _refuse_only_person(actor, achievement)
        _refuse_unproven(achievement, found)
    if verb == "accept":
        _refuse_unverified(achievement)
        _refuse_unsent(read.unsent.get(achievement.pk, "") if read else sending.not_sent(achievement))
    return move


def in_bulk(verb: str, findings: list[Finding]) -> str:
    """Why a work is not moved up unread, or "": it does not fit, or a person has to judge (002 附件1 一(一)5)."""
    if verb not in ("recommend", "accept"):
        return ""
    red = [finding for finding in findings if finding.state == "red"]
    if red:
        return f"{red[0].sentence}请打开成果办理。"
    unjudged = [f for f in findings if f.code == "appraisal" and f.state == "person"]
    return "未附鉴定书，不能批量推荐；请打开成果判断后办理。" if unjudged and verb == "recommend" else ""


def _refuse_maker(actor: Actor, achievement: Achievement) -> None:
    """Where the contest asks for it, who began the form does not hand it in (002 附件3; domain.md A11)."""
    if achievement.contest.settings.require_responsible_person and achievement.created_by_id == actor.user.pk:
        raise Refusal("该成果由您本人填报；请本单位负责人用自己的账号核对后提交。", code="maker")


def _refuse_only_person(actor: Actor, achievement: Achievement) -> None:
    """Where the contest asks for it, who entered, verified or ticked the work does not recommend it (domain.md A11)."""
    if not achievement.contest.settings.recommend_second_person:
        return
    verified = achievement.history.filter(verb=VERIFY, from_holder=achievement.holder, user=actor.user)
    ticked = achievement.attachment_checks.filter(desk=achievement.holder, membership__user=actor.user)
    own = actor.user.pk in (achievement.created_by_id, achievement.submitted_by_id)
    if own or verified.exists() or ticked.exists():
        raise Refusal("该成果由您本人填报、提交、核定或查验；本届竞赛要求由另一人核对后推荐。", code="maker")


def _refuse_red(achievement: Achievement) -> None:
    red = [finding for finding in queries.checklist(achievement, for_unit=True) if finding.state == "red"]
    if red:
        raise Refusal("还不能提交：" + " ".join(f.sentence for f in red), red[0].field, "blocked")


def _refuse_conflicts(achievement: Achievement, read: list[Finding] | None, *, for_unit: bool) -> None:
    """What came to light after the unit handed it in: repeated, won before, a leader too often, somebody banned."""
    lines = conflicts.findings(achievement, for_unit=for_unit) if read is None else read
    found = [finding for finding in lines if finding.code in CODES]
    red = [finding.sentence for finding in found if finding.state == "red"]
    if red:
        raise Refusal("还不能办理：" + " ".join(red), code="conflict")
    unchecked = [f.sentence for f in found if f.code == "banned" and f.state == "person"]
    if unchecked:
        raise Refusal("还不能办理：" + " ".join(unchecked), code="conflict")


def _refuse_unproven(achievement: Achievement, read: list[Finding] | None) -> None:
    """What the contest asks for before the recommendation: the county's award, and the copy with the seal."""
    if read is None:
        data, _ = queries.read_content(achievement)
        data |= queries.stamped_state(achievement, data)
        read = eligibility.findings(data, queries.season(achievement.contest))
    lacking = [f for f in read if f.code in ("county_award", "stamped") and f.state != "green"]
    if lacking:
        raise Refusal("还不能推荐：" + " ".join(f.sentence for f in lacking), code="unproven")


def _refuse_unverified(achievement: Achievement) -> None:
    """Experts see the verified amount, so an economic work is accepted only with one (rules.md (P) "Benefits")."""
    if achievement.benefit_path == "economic" and achievement.verified_wan is None:
        raise Refusal("按经济效益计分的成果，受理前请先核定年经济效益。", "verified_wan")


def _refuse_unsent(reason: str) -> None:
    if reason:
        raise Refusal(reason, code="unsent")


def _funded(achievement: Achievement) -> bool:
    both = achievement.government_project and achievement.dedicated_funds
    return bool(both or achievement.research_centre_topic)


def _refuse_excluded(achievement: Achievement, read: Known | None) -> None:
    """What the office let pass and then did not any more goes no further (domain.md F5)."""
    if not _funded(achievement):
        return
    reasons = read.overruled.get(achievement.pk, {}) if read else overriding.overruled(achievement)
    if "not_funded" not in reasons:
        raise Refusal("该成果属于立项专项经费项目或研究中心专项课题，不得申报；请退回或不予推荐。", code="blocked")
