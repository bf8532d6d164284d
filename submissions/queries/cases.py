"""A case as one hat may read it: the respondent never learns who reported it (domain.md O1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from accounts.actor import Actor
from core import ledger
from submissions import policies
from submissions.models import Achievement, Ban, Case, CaseFile, Member, Ruling
from submissions.queries import bans


def is_respondent(actor: Actor, achievement: Achievement) -> bool:
    """Anybody of the work's unit or of the unit above its team, whatever the hat: also an auditor of a direct unit."""
    unit, org = achievement.unit, actor.organization.pk
    above = unit.recommender.organization_id if unit.is_team and unit.recommender else None
    return org in (unit.organization_id, above)


def may_investigate(actor: Actor, achievement: Achievement) -> bool:
    return (actor.is_auditor or actor.is_office) and not is_respondent(actor, achievement)


def may_open(actor: Actor, achievement: Achievement) -> str:
    """ "" or why not: an auditor or the office, of a work that they see, never of their own unit."""
    if not may_investigate(actor, achievement):
        return "只有审核单位和竞赛办公室可以立案，本单位的成果由上级立案。"
    if not Achievement.objects.visible_to(actor).filter(pk=achievement.pk).exists():
        return "您看不到这项成果，不能立案。"
    return ""


def sees_inside(actor: Actor, case: Case) -> bool:
    """Source and evidence: the office, the supervisor, and the desk that opened the case."""
    if is_respondent(actor, case.achievement):
        return False
    return actor.is_office or actor.is_supervisor or case.membership.organization_id == actor.organization.pk


def may_state(actor: Actor, case: Case) -> bool:
    return case.state == Case.State.OPEN and policies.works_for_unit(actor, case.achievement)


def statement_seen(case: Case) -> str:
    """What the page has seen of the respondent's word."""
    return ledger.digest(case.statement)[:16]


def files_of(actor: Actor, case: Case) -> list[CaseFile]:
    rows = case.files.select_related("file")
    return list(rows if sees_inside(actor, case) else rows.filter(by_unit=is_respondent(actor, case.achievement)))


def pending(case: Case) -> Ruling | None:
    """What waits for the second officer."""
    return case.rulings.filter(answer=Ruling.Answer.PENDING).select_related("proposed_by").first()


def finding(case: Case) -> Ruling | None:
    return case.rulings.filter(stage=Ruling.Stage.FIRST, answer=Ruling.Answer.AGREED).first()


def people(case: Case) -> list[tuple[str, str]]:
    """Who may be barred: (place, words); an organisation only by explicit decision, so it comes last."""
    work = case.achievement
    found = [("leader", f"项目带头人 {work.leader.name}")] if work.leader.name else []
    members = Member.objects.filter(achievement=work).order_by("order", "pk")
    found += [(f"member:{member.pk}", f"成员 {member.name}") for member in members]
    return [*found, ("unit", f"完成单位 {work.unit.name}（仅在单位负有责任时）")]


def named(case: Case, places: Iterable[str]) -> list[dict[str, Any]]:
    """Whom places as `people` mean now, as Ruling.barred keeps them: the work may be edited before the second word."""
    work = case.achievement
    people = {f"member:{row.pk}": (row.name, row.organization_text) for row in Member.objects.filter(achievement=work)}
    people["leader"] = (work.leader.name, "")
    found = []
    for place in places:
        name, unit = people.get(place, ("", ""))
        row: dict[str, Any] = {"place": place, "name": name, "unit": unit or work.unit.name}
        if place == "unit":
            row["organization"] = work.unit.organization_id
        if place == "leader":
            row["phone_hash"] = bans.phone_hash(work.leader.phone)
        found.append(row)
    return found


@dataclass(frozen=True)
class Concern:
    """A ban at a work as an auditor meets it: who, and whether it is sure or by the name alone."""

    ban: Ban
    who: str
    certain: bool
    cleared: bool


def concerns(actor: Actor, achievement: Achievement) -> list[Concern]:
    """For auditors, the office and the supervisor; nothing for the work's own unit."""
    if not (actor.is_auditor or actor.is_office or actor.is_supervisor) or is_respondent(actor, achievement):
        return []
    found = bans.matches(achievement.contest, {achievement.pk: achievement})[achievement.pk]
    if not found:
        return []
    cleared = set(achievement.ban_clearances.values_list("ban", flat=True))
    return [Concern(match.ban, match.who, match.certain, match.ban.pk in cleared) for match in found]
