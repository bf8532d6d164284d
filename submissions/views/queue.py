"""The audit queue: the list of a desk beside the chosen achievement, which htmx swaps alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.access import ActorRequest, role_required
from accounts.actor import Actor
from accounts.choices import Role
from contests import calendar
from contests.models import Contest
from contests.queries import contest_in_view, enrolment_of, window
from submissions.forms.audit import OVERDUE, TABS, WAITING, HeapForm, VerifyForm
from submissions.lifecycle import MOVES, Move
from submissions.models import Achievement
from submissions.queries import heaps, submitted
from submissions.rules.quota import Tally
from submissions.views.chosen import VERBS, Refused, detail
from submissions.views.places import KEPT, here, url_of

AUDITING = (Role.AUDITOR, Role.OFFICE, Role.UNIT_OPERATOR)
PER_PAGE = 50


@dataclass(frozen=True)
class Line:
    """One work of the list; `number` counts through the heap, `waited` is whole days on this desk."""

    work: Any
    url: str
    number: int
    waited: int
    current: bool

    @property
    def overdue(self) -> str:
        return f"已等候 {self.waited} 天"


@require_safe
@role_required(*AUDITING)
def queue(request: ActorRequest, pk: int | None = None) -> HttpResponse:
    chosen = opened(request.actor, pk) if pk else None
    contest = chosen.contest if chosen else contest_in_view(request.actor, request.GET.get("contest"))
    if contest is None:
        return render(request, "submissions/queue_none.html")
    return page(request, contest, chosen)


def opened(actor: Actor, pk: int) -> Achievement:
    rows = Achievement.objects.visible_to(actor).with_row_data().select_related("unit__recommender")
    return get_object_or_404(rows, pk=pk)


def page(
    request: ActorRequest,
    contest: Contest,
    chosen: Achievement | None,
    *,
    refused: Refused | None = None,
    verify: VerifyForm | None = None,
) -> HttpResponse:
    """The whole page, or the chosen achievement alone for htmx; with a refusal under the refusal's own status."""
    now = timezone.now()
    prefetch_related_objects([contest], "phases", "kind_set", "category_set", "industry_set")
    context = _list(request, contest, chosen, now) | {"chosen": None}
    quota = context["quota"]
    if chosen is None and context["lines"]:
        chosen = opened(request.actor, context["lines"][0].work.pk)
    if chosen is not None:
        chosen.contest = contest
        submitted.as_handed_in(contest, [chosen])
        context |= detail(request, chosen, now, refused, quota) | _place(context, chosen.pk)
        context["verify"] = verify or context["verify"]
    status = refused.refusal.status if refused else 400 if verify else 200
    response = render(request, f"submissions/{_template(request)}.html", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _template(request: HttpRequest) -> str:
    htmx: Any = getattr(request, "htmx", False)
    return "audit/detail" if htmx and not htmx.history_restore_request else "queue"


def _list(request: ActorRequest, contest: Contest, chosen: Achievement | None, now: datetime) -> dict[str, Any]:
    actor = request.actor
    heap, words = HeapForm(request.GET).heap()
    rows = heaps.rows(actor, contest, now, heap, words)
    page_obj = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    desk = enrolment_of(actor, contest)
    if desk:
        desk.contest = contest
    gate = window(calendar.Move.RECOMMEND, now, contest, desk, desk) if desk else None
    tally = heaps.tally(desk) if desk else Tally(0, 0)
    sorts = heap == "done" and not words and not actor.is_office and gate is not None and gate.open
    return {
        "contest": contest,
        "tabs": [
            (tab, _heap_url(request, tab.code)) for tab in heaps.tabs(actor, contest, now) if _is_shown(tab, heap)
        ],
        "heap": heap,
        "words": words,
        "here": here(request),
        "kept_query": [(key, request.GET[key]) for key in KEPT if request.GET.get(key)],
        "page_obj": page_obj,
        "lines": _lines(request, contest, page_obj, chosen, now),
        "closes": gate.closes if gate else None,
        "quota": tally,
        "shares": tally.shares(),
        "bulk_moves": _bulk_moves(actor) if heap in (WAITING, OVERDUE) else [],
        "last_batch": heaps.undoable_batch(actor, contest, now),
        "sorts": sorts,
        "order_seen": heaps.list_token(desk) if sorts and desk else "",
        "sorts_reason": gate.reason if gate and heap == "done" and not actor.is_office else "",
    }


def _is_shown(tab: heaps.Tab, heap: str) -> bool:
    """Nobody needs to be told that nothing is overdue."""
    return bool(tab.count) or tab.code in (heap, *(code for code in TABS if code != OVERDUE))


def _bulk_moves(actor: Actor) -> list[Move]:
    verbs = [verb for verb in VERBS if verb != ("recommend" if actor.is_office else "accept")]
    return [MOVES[verb] for verb in verbs]


def _heap_url(request: HttpRequest, code: str) -> str:
    return f"{reverse('submissions:queue')}{here(request, tab=code, page='')}#list"


def _lines(
    request: HttpRequest, contest: Contest, page_obj: Page[Any], chosen: Achievement | None, now: datetime
) -> list[Line]:
    rows, query = submitted.as_handed_in(contest, page_obj), here(request)
    current = chosen.pk if chosen else rows[0].pk if rows else 0
    return [
        Line(row, url_of(row.pk, query), number, _days(row.arrived_at, now), row.pk == current)
        for number, row in enumerate(rows, start=page_obj.start_index())
    ]


def _days(since: datetime | None, now: datetime) -> int:
    return (timezone.localdate(now) - timezone.localdate(since)).days if since else 0


def _place(context: dict[str, Any], pk: int) -> dict[str, Any]:
    """Where the chosen work stands in the list, and its neighbours for J and K."""
    lines: list[Line] = context["lines"]
    at = next((i for i, line in enumerate(lines) if line.work.pk == pk), None)
    if at is None:
        return {"at": None, "after": lines[0].url if lines else ""}
    before = lines[at - 1].url if at else ""
    after = lines[at + 1].url if at + 1 < len(lines) else ""
    return {"at": lines[at].number, "before": before, "after": after}
