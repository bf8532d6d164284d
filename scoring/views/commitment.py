"""评审承诺: an expert reads and accepts it once a season; before that no sheet of the season opens to her."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import ActorRequest, role_required
from accounts.choices import Role
from core.errors import NotAllowed
from scoring.actions import experts as actions
from scoring.forms.panels import number
from scoring.models import Engagement
from scoring.queries import register
from scoring.rules.commitment import CURRENT, VERSIONS
from scoring.views.answering import acted

P = ParamSpec("P")
View = Callable[Concatenate[ActorRequest, P], HttpResponse]


def committed(view: View[P]) -> View[P]:
    """An expert's page: first the commitment. Reading leads her there, everything else is refused."""

    @wraps(view)
    def guarded(request: ActorRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if register.owes_commitment(request.actor):
            return unready(request)
        return view(request, *args, **kwargs)

    return guarded


def unready(request: ActorRequest) -> HttpResponse:
    """Where she goes who has not accepted it."""
    if request.method in ("GET", "HEAD"):
        return redirect("scoring:commitment")
    raise NotAllowed("请先阅读并确认评审承诺，再评分。", code="commitment")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EXPERT)
def commitment(request: ActorRequest) -> HttpResponse:
    """Those that wait, and below them those that she accepted, each in the version she read."""
    if request.method == "POST":
        return _accept(request)
    accepted = Engagement.objects.visible_to(request.actor).filter(committed_at__isnull=False)
    context = {
        "waiting": register.waiting_commitments(request.actor),
        "current": CURRENT,
        "accepted": [(one, VERSIONS[one.commitment_version or 1]) for one in accepted.select_related("contest")],
    }
    return render(request, "scoring/commitment.html", context)


def _accept(request: ActorRequest) -> HttpResponse:
    contest = next(
        (one for one in register.waiting_commitments(request.actor) if str(one.pk) == request.POST.get("contest")), None
    )
    if contest is None:
        messages.info(request, "没有等您确认的承诺，可以开始评分。")
        return redirect("scoring:sheets")
    if request.POST.get("sure") != "on":
        messages.error(request, "请先阅读并勾选“我已阅读并承诺”。")
        return redirect("scoring:commitment")
    version = number(request.POST.get("version", "")) or 0
    done = acted(request, lambda: actions.commit(request.actor, contest, version), "已确认评审承诺，可以开始评分。")
    return redirect("scoring:sheets" if done else "scoring:commitment")
