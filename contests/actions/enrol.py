"""Who takes part in a season, and by which road."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.actor import Actor
from accounts.models import Level, Organization
from contests.models import Contest, Enrolment
from contests.rules.industries import section_of
from core import ledger
from core.errors import NotAllowed, Refusal

_AUDITING_LEVELS = frozenset({Level.HOST, Level.COUNTY, Level.INDUSTRY_GROUP, Level.DIRECT, Level.PARTNER})


@transaction.atomic
def enrol(
    actor: Actor | None,
    contest: Contest,
    organization: Organization,
    recommender: Enrolment | None,
    *,
    participants: int = 0,
    audits: bool | None = None,
) -> Enrolment:
    """Snapshot an organisation into a season under one recommender (None: the host itself)."""
    if actor is not None and not _is_office_of(actor, contest):
        raise NotAllowed("只有竞赛办公室可以登记参赛单位。")
    if recommender is not None and recommender.contest_id != contest.pk:
        raise Refusal("推荐单位不在本届竞赛中。")
    _refuse_other_line(organization, recommender)
    audits = organization.level in _AUDITING_LEVELS if audits is None else audits
    _refuse_outside_scope(contest, organization, audits=audits)
    enrolment = Enrolment.objects.create(
        contest=contest,
        organization=organization,
        name=organization.name,
        line=organization.line,
        recommender=recommender,
        audits=audits,
        is_team=organization.level == Level.TEAM,
        nature=organization.nature,
        ownership=organization.ownership,
        head_count=organization.head_count,
        participants=participants,
        is_demonstration=organization.is_demonstration,
        **_named(organization),
    )
    enrolment.path = f"{recommender.path if recommender else ''}{enrolment.pk}."
    enrolment.save(update_fields=["path"])
    payload = {"organization": organization.pk, "recommender": recommender.pk if recommender else None}
    ledger.record(actor, "enrol", f"enrolment:{enrolment.pk}", payload, chain=contest.chain)
    return enrolment


def _named(organization: Organization) -> dict[str, Any]:
    """Since when and by which document it is a 重点示范单位: as in the last season that it was enrolled in as one."""
    if not organization.is_demonstration:
        return {}
    last = organization.enrolments.filter(is_demonstration=True).order_by("-contest__year", "-pk").first()
    if last is None:
        return {}
    return {
        "demonstration_on": last.demonstration_on,
        "demonstration_document": last.demonstration_document,
    }


def _refuse_other_line(organization: Organization, recommender: Enrolment | None) -> None:
    """每个单位经本系统申报 (002 附件6 counts the lines apart); so no auditor reads persons of another line."""
    if recommender is not None and not recommender.is_host and organization.line != recommender.line:
        raise Refusal(f"{organization.name}与{recommender.name}不属于同一系统，请改选本系统的推荐单位。", "recommender")


def _is_office_of(actor: Actor, contest: Contest) -> bool:
    return actor.is_office and contest.host_id == actor.organization.pk


def _refuse_outside_scope(contest: Contest, organization: Organization, *, audits: bool) -> None:
    """参赛范围 (002 二; 000 三: industrial enterprises only). Desks that only audit do not compete themselves."""
    natures, industries = (contest.sections.get(key) or [] for key in ("natures", "industry_sections"))
    if organization.level != Level.DIRECT and (audits or organization.level == Level.TEAM):
        return
    if natures and organization.nature not in natures:
        raise Refusal(f"{organization.name}不在本届参赛范围内（{contest.sections['scope']}），不能登记参赛。", "nature")
    section = section_of(organization.industry_code)
    if industries and not section:
        raise Refusal(
            f"{organization.name}没有登记行业代码（GB/T 4754，如 C3511），不能核对是否在本届参赛范围内；请先登记。",
            "industry_code",
        )
    if industries and section not in industries:
        raise Refusal(
            f"{organization.name}所属行业（{section}）不在本届参赛范围内（{contest.sections['scope']}），不能登记参赛。",
            "industry_code",
        )
