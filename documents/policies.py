"""Who may make which paper, and who may take it away."""

from __future__ import annotations

from accounts.actor import Actor
from contests.models import Enrolment
from documents.models import Paper

LISTS = frozenset({"recommendation_table"})
"""Papers of a recommender's whole list; every other one is filled once a work."""

UNIT_FORMS = frozenset({"winner_unit_form"})
"""Papers of units, one a nomination (002 附件5)."""

WITH_PHONE = frozenset({"leader_profile", "achievement_application", "winner_unit_form"})

_NOT_YOURS = "只能生成本单位或本单位所推荐成果的文件。"


def makes_papers(actor: Actor) -> bool:
    """The supervisor reads what was made; she asks for nothing."""
    return actor.is_office or actor.is_auditor or actor.is_unit_operator


def may_make(actor: Actor, code: str, scope: Enrolment) -> str:
    """ "" when the hat may have this paper of that scope made, else the sentence why not."""
    if not makes_papers(actor):
        return "您当前的身份只能查看已生成的文件。"
    if actor.is_office:
        return "" if scope.contest.host_id == actor.organization.pk else _NOT_YOURS
    if scope.organization_id != actor.organization.pk:
        return _NOT_YOURS
    if actor.is_unit_operator and code in LISTS:
        return "推荐表由推荐单位生成；本单位可以生成成果简介和带头人简介。"
    if actor.is_auditor and not scope.audits:
        return _NOT_YOURS
    return ""


def may_download(actor: Actor, paper: Paper) -> str:
    """Full phone numbers go to the office, the recommender and the unit alone (domain.md 3.13)."""
    if actor.is_supervisor and paper.code in WITH_PHONE:
        return "该文件含个人联系方式，只供竞赛办公室、推荐单位和申报单位使用。"
    return ""
