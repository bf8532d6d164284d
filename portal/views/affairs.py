"""事务: the pages that a role needs now and then, each with what waits there."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import ActorRequest, role_required
from accounts.actor import Actor
from accounts.choices import Role
from accounts.models import Studio
from contests.models import Contest, Extension
from contests.queries import contest_in_view
from submissions.models import IpHelp, UnitNomination
from submissions.rules.nominations import Status

EVERYBODY = (Role.UNIT_OPERATOR, Role.AUDITOR, Role.OFFICE, Role.SUPERVISOR)


@dataclass(frozen=True)
class Affair:
    """One page: what it is for, and how many things it holds or wait there."""

    label: str
    text: str
    url: str
    count: int
    unit: str


@require_safe
@role_required(*EVERYBODY)
def affairs(request: ActorRequest) -> HttpResponse:
    contest = contest_in_view(request.actor, request.GET.get("contest"))
    found = _affairs(request.actor, contest) if contest else []
    return render(request, "portal/affairs.html", {"contest": contest, "affairs": found})


def _affairs(actor: Actor, contest: Contest) -> list[Affair]:
    of = f"?contest={contest.pk}"
    granted = Extension.objects.visible_to(actor).standing().filter(enrolment__contest=contest).count()
    helps = IpHelp.objects.visible_to(actor).filter(achievement__contest=contest, status=IpHelp.Status.OPEN).count()
    waits = {"auditor": Status.SENT, "office": Status.RECOMMENDED}.get(actor.role)
    units = UnitNomination.objects.visible_to(actor).filter(contest=contest)
    asked = units.filter(status=waits).count() if waits else units.count()
    nominations = reverse("submissions:nominations") + of
    found = [
        Affair("优胜单位", "附件5 申报表和三级意见", nominations, asked, "项待填意见" if waits else "项申报"),
        Affair(
            "延期", "哪些单位批准了延期、延到何时、什么理由", reverse("contests:extensions") + of, granted, "项有效"
        ),
        Affair(
            "创新工作室",
            "劳模（技能人才）创新工作室及其成果",
            reverse("submissions:studios") + of,
            Studio.objects.visible_to(actor).standing().count(),
            "个",
        ),
        Affair(
            "重点示范单位",
            "示范单位、历届情况及其成果",
            reverse("submissions:demonstrations") + of,
            contest.enrolments.filter(is_demonstration=True).count(),
            "家",
        ),
        Affair("知识产权指导", "单位申请专利时的求助与答复", reverse("submissions:ip_help") + of, helps, "项待答复"),
    ]
    if actor.is_office or actor.is_supervisor:
        own = contest.enrolments.filter(quotas__isnull=False).distinct().count()
        text = "每个推荐单位和项目类型的名额、优胜单位名额"
        found.append(Affair("推荐名额", text, reverse("submissions:quotas") + of, own, "家另定名额"))
    return found
