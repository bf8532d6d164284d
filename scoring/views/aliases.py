"""简称、曾用名 of organisations: proposed by likeness, decided by a person, used for recusal."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.access import ActorRequest, role_required
from accounts.actions import drop_alias, judge_alias
from accounts.choices import Role
from accounts.models import Alias, Organization
from scoring.forms.panels import number
from scoring.queries import register
from scoring.views.answering import acted


@require_GET
@role_required(Role.OFFICE, Role.SUPERVISOR)
def index(request: ActorRequest) -> HttpResponse:
    context = {
        "unmatched": register.unmatched(request.actor),
        "aliases": register.aliases(request.actor),
        "organizations": Organization.objects.visible_to(request.actor).active(),
        "may_change": request.actor.is_office,
    }
    return render(request, "scoring/aliases.html", context)


@require_POST
@role_required(Role.OFFICE)
def judge(request: ActorRequest) -> HttpResponse:
    """`same` = yes or no, for one way of writing and one organisation."""
    organization = get_object_or_404(
        Organization.objects.visible_to(request.actor), pk=number(request.POST.get("organization", "")) or 0
    )
    name, same = request.POST.get("name", "").strip()[:100], request.POST.get("same") == "yes"
    done = f"已确认“{name}”{'就是' if same else '不是'}“{organization.name}”。"
    acted(request, lambda: judge_alias(request.actor, organization, name, same=same), done)
    return redirect("scoring:aliases")


@require_POST
@role_required(Role.OFFICE)
def drop(request: ActorRequest, pk: int) -> HttpResponse:
    alias = get_object_or_404(Alias.objects.visible_to(request.actor), pk=pk)
    acted(request, lambda: drop_alias(request.actor, alias.pk), f"已撤销“{alias.name}”的确认。")
    return redirect("scoring:aliases")
