"""The first page: the role's home when signed in, the season's banner when not."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.actor import Actor
from contests.models import Contest
from contests.queries import contest_in_view
from core.models import Outbox
from portal import ledger, queries
from scoring.models import Round


def home(request: HttpRequest) -> HttpResponse:
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return _front(request)
    contest = contest_in_view(actor, request.GET.get("contest"))
    if contest is None:
        return render(request, "portal/home_empty.html")
    context = _common(actor, contest) | _BY_ROLE[actor.role](actor, contest)
    return render(request, f"portal/home_{actor.role}.html", context)


def _front(request: HttpRequest) -> HttpResponse:
    contest = Contest.objects.public().newest_first().first()
    steps = queries.timeline(contest, timezone.now()) if contest else []
    return render(request, "portal/front.html", {"contest": contest, "steps": steps})


def _common(actor: Actor, contest: Contest) -> dict[str, Any]:
    now = timezone.now()
    return {
        "contest": contest,
        "unread": Outbox.objects.visible_to(actor).unread().count(),
        "contests": Contest.objects.visible_to(actor).newest_first(),
        "steps": queries.timeline(contest, now),
        "today": f"{timezone.localdate():%-m月%-d日}",
    }


def _office(actor: Actor, contest: Contest) -> dict[str, Any]:
    counts = queries.status_counts(actor, contest)
    return {
        "todos": queries.office_todos(actor, contest, timezone.now(), counts),
        "funnel": queries.funnel(actor, contest, counts),
        "figures": queries.figures(contest),
        "lines": queries.by_recommender(contest),
        "rounds": _rounds(actor, contest),
    }


def _supervisor(actor: Actor, contest: Contest) -> dict[str, Any]:
    counts = queries.status_counts(actor, contest)
    return {
        "funnel": queries.funnel(actor, contest, counts),
        "figures": queries.figures(contest),
        "rounds": _rounds(actor, contest),
        "events": ledger.latest(contest),
    }


def _rounds(actor: Actor, contest: Contest) -> Any:
    return Round.objects.visible_to(actor).filter(contest=contest).with_progress()


def _auditor(actor: Actor, contest: Contest) -> dict[str, Any]:
    counts = queries.status_counts(actor, contest)
    return {
        "todos": queries.auditor_todos(actor, contest, timezone.now()),
        "status_rows": queries.status_rows(counts),
        "units": queries.by_unit(actor, contest),
    }


def _unit(actor: Actor, contest: Contest) -> dict[str, Any]:
    counts = queries.status_counts(actor, contest)
    return {
        "todos": queries.unit_todos(actor, contest, timezone.now(), counts),
        "status_rows": queries.status_rows(counts),
        "recent": queries.recent(actor, contest),
    }


def _expert(actor: Actor, contest: Contest) -> dict[str, Any]:
    return {"todos": queries.expert_todos(actor, timezone.now())}


_BY_ROLE = {
    "office": _office,
    "supervisor": _supervisor,
    "auditor": _auditor,
    "unit_operator": _unit,
    "expert": _expert,
}
