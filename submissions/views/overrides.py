"""The office's word on a work that a rule would keep out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.access import ActorRequest, role_required
from accounts.choices import Role
from core.errors import NotAllowed, Refusal
from submissions.actions import overruling
from submissions.forms import typed
from submissions.models import Override
from submissions.rules.eligibility import OVERRIDABLE
from submissions.views import desk, lists

ASK = (Role.UNIT_OPERATOR, Role.AUDITOR, Role.OFFICE, Role.SUPERVISOR)


@require_POST
@role_required(*ASK)
def overrule(request: ActorRequest, pk: int) -> HttpResponse:
    achievement = desk.open_row(request.actor, pk)
    rule, detail = request.POST.get("rule", ""), request.POST.get("detail", "")
    try:
        overruling.overrule(request.actor, pk, rule, typed.plain(request.POST.get("reason", "")), detail)
    except NotAllowed:
        raise
    except Refusal as refusal:
        return lists.show(request, achievement, refusal=refusal)
    messages.success(request, f"已准予“{OVERRIDABLE[rule]}”，理由对申报单位和审核单位公开。")
    return redirect("submissions:detail", pk)


@require_POST
@role_required(*ASK)
def revoke(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Override.objects.visible_to(request.actor), pk=pk)
    achievement = desk.open_row(request.actor, row.achievement_id)
    try:
        overruling.revoke(request.actor, pk, typed.plain(request.POST.get("reason", "")))
    except NotAllowed:
        raise
    except Refusal as refusal:
        return lists.show(request, achievement, refusal=refusal)
    messages.success(request, f"“{row.get_rule_display()}”的准予已撤销。")
    return redirect("submissions:detail", achievement.pk)
