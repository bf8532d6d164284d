"""The button of the demo that moves this year's phases on, so that a season can be walked in one sitting."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import ActorRequest, role_required
from accounts.models import Role
from contests.models import Contest
from core.errors import Refusal
from portal.actions.demo import advance, next_stage


@require_http_methods(["GET", "POST"])
@role_required(Role.OFFICE)
def advance_phases(request: ActorRequest, pk: int) -> HttpResponse:
    """Says where the season would go; a POST goes there."""
    if not settings.WUXIAO_DEMO:
        raise Http404
    contest = get_object_or_404(Contest.objects.visible_to(request.actor), pk=pk)
    stage = next_stage(contest, timezone.now())
    if request.method == "GET" or stage is None:
        return render(request, "portal/demo_advance.html", {"contest": contest, "stage": stage})
    try:
        advance(request.actor, contest, timezone.now())
    except Refusal as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"日程已前移：现在是“{stage.label}”。")
    return redirect("portal:home")
