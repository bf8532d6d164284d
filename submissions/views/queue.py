"""The audit queue: the list of a desk beside the chosen achievement, which htmx swaps alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

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
from core.errors import Conflict, Refusal
from submissions import policies, queries
from submissions.actions import moves
from submissions.forms.audit import WAITING, HeapForm, NoteForm, VerifyForm
from submissions.lifecycle import MOVES, Move, Status, Who
from submissions.models import Achievement, StatusChange
from submissions.views import pins

AUDITING = (Role.AUDITOR, Role.OFFICE, Role.UNIT_OPERATOR)
VERBS = ("recommend", "accept", "return", "decline")
PER_PAGE = 50
KEPT = ("tab", "q", "page", "contest")
"""What an address of the queue says about the list."""


@dataclass(frozen=True)
class Line:
    """One work of the list; `number` counts through the heap, `waited` is whole days on this desk."""

    work: Any
    url: str
    number: int
    waited: int
    current: bool


@dataclass(frozen=True)
class Ask:
    """One move of the bar: its form where it wants a reason, why not now, and whether its reason is being written."""

    move: Move
    reason: str
    form: NoteForm | None
    open: bool = False


@dataclass(frozen=True)
class Refused:
    """What was pressed and why it was not done; `note` and `notes` (at the fields) are what she had written."""

    refusal: Refusal
    verb: str = ""
    note: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def heading(self) -> str:
        return "该成果刚刚已被他人办理" if isinstance(self.refusal, Conflict) else "没有办理成功，填写的内容都还在"


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
    prefetch_related_objects([contest], "phases")
    context = _list(request, contest, chosen, now) | {"chosen": None}
    if chosen is None and context["lines"]:
        chosen = opened(request.actor, context["lines"][0].work.pk)
    if chosen is not None:
        chosen.contest = contest
        context |= _detail(request, chosen, now, refused) | _place(context, chosen.pk)
        context["verify"] = verify or context["verify"]
    status = refused.refusal.status if refused else 400 if verify else 200
    response = render(request, f"submissions/{_template(request)}.html", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _template(request: HttpRequest) -> str:
    htmx: Any = getattr(request, "htmx", False)
    return "audit/detail" if htmx and not htmx.history_restore_request else "queue"


def here(request: HttpRequest, **changes: object) -> str:
    """The list that she looks at, as a query string; what is empty or the default is left out."""
    kept = {key: request.GET.get(key, "") for key in KEPT} | changes
    said = {key: value for key, value in kept.items() if value and value != WAITING and (key, value) != ("page", "1")}
    return f"?{urlencode(said)}" if said else ""


def _list(request: ActorRequest, contest: Contest, chosen: Achievement | None, now: datetime) -> dict[str, Any]:
    actor = request.actor
    heap, words = HeapForm(request.GET).heap()
    rows = queries.desk_rows(actor, contest, heap, words)
    page_obj = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    desk = enrolment_of(actor, contest)
    gate = window(calendar.Move.RECOMMEND, now, contest, desk, desk) if desk else None
    sorts = heap == "done" and not words and not actor.is_office and gate is not None and gate.open
    return {
        "contest": contest,
        "tabs": [(tab, _heap_url(request, tab.code)) for tab in queries.desk_tabs(actor, contest)],
        "heap": heap,
        "words": words,
        "here": here(request),
        "kept_query": [(key, request.GET[key]) for key in KEPT if request.GET.get(key)],
        "page_obj": page_obj,
        "lines": _lines(request, page_obj, chosen, now),
        "closes": gate.closes if gate else None,
        "bulk_moves": _bulk_moves(actor) if heap == WAITING else [],
        "last_batch": queries.undoable_batch(actor, contest, now),
        "sorts": sorts,
        "order_seen": queries.list_token(desk) if sorts and desk else "",
        "sorts_reason": gate.reason if gate and heap == "done" and not actor.is_office else "",
    }


def _bulk_moves(actor: Actor) -> list[Move]:
    verbs = [verb for verb in VERBS if verb != ("recommend" if actor.is_office else "accept")]
    return [MOVES[verb] for verb in verbs]


def _heap_url(request: HttpRequest, code: str) -> str:
    return f"{reverse('submissions:queue')}{here(request, tab=code, page='')}#list"


def _lines(request: HttpRequest, page_obj: Page[Any], chosen: Achievement | None, now: datetime) -> list[Line]:
    rows, query = list(page_obj), here(request)
    current = chosen.pk if chosen else rows[0].pk if rows else 0
    return [
        Line(row, url_of(row.pk, query), number, _days(row.arrived_at, now), row.pk == current)
        for number, row in enumerate(rows, start=page_obj.start_index())
    ]


def url_of(pk: int, query: str = "") -> str:
    return reverse("submissions:audit", args=[pk]) + query


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


def _detail(request: ActorRequest, chosen: Achievement, now: datetime, refused: Refused | None) -> dict[str, Any]:
    """The token first: whatever happens while the rest is read makes the buttons stale, not the text."""
    actor, seen = request.actor, moves.seen_token(chosen)
    reading = queries.reading(chosen)
    history = list(chosen.history.select_related("membership__organization", "user").prefetch_related("field_notes"))
    remark = queries.last_return(history)
    said = pins.notes_of(remark)
    only_changes = bool(reading.changes) and _wants_changes(request, actor, remark)
    asks = _asks(actor, chosen, now, refused)
    return {
        "chosen": chosen,
        "seen": seen,
        "reading": reading,
        "tally": {state: reading.tally(state) for state in ("green", "red", "person")},
        "views": _views(request, chosen.pk, only_changes),
        "sections": _shown(reading, [note.key for note in said] if only_changes else None),
        "pins": pins.on_page(said, refused.notes if refused else {}, refused.refusal if refused else None),
        "may_pin": any(ask.move.verb == "return" and not ask.reason for ask in asks),
        "history": history[::-1],
        "remark": remark,
        "asks": asks,
        "kept": any(ask.open for ask in asks),
        "why_not": _why_not(actor, chosen),
        "own_closes": window(calendar.Move.RECOMMEND, now, chosen.contest, chosen.unit, chosen.holder).closes,
        "may_verify": not policies.may_verify(actor, chosen),
        "verify": VerifyForm.of(chosen),
        "refused": refused,
    }


def _views(request: HttpRequest, pk: int, only_changes: bool) -> list[tuple[str, str, bool]]:
    """The two ways to read a work that came back: address, label, whether it is shown now."""
    choices = (("changes", "只看改动", only_changes), ("all", "全文", not only_changes))
    return [(url_of(pk, here(request, show=code)), label, current) for code, label, current in choices]


def _shown(reading: queries.Reading, asked: list[str] | None) -> list[Any]:
    """Everything; or what changed and what was `asked` for at a field."""
    if asked is None:
        return reading.sections
    found = [section.only_changes(asked) for section in reading.sections]
    return [section for section in found if section.facts or section.texts or section.files]


def _wants_changes(request: HttpRequest, actor: Actor, remark: StatusChange | None) -> bool:
    """Who sent it back has read the rest already; who reads it for the first time gets everything."""
    wanted = request.GET.get("show")
    if wanted in ("changes", "all"):
        return wanted == "changes"
    by = remark.membership if remark else None
    return by is not None and by.organization_id == actor.organization.pk


def _asks(actor: Actor, chosen: Achievement, now: datetime, refused: Refused | None) -> list[Ask]:
    buttons = [b for b in policies.moves_open_to(actor, chosen, now) if b.move.verb in VERBS]
    return [_ask(button, refused) for button in sorted(buttons, key=lambda b: VERBS.index(b.move.verb))]


def _ask(button: policies.Button, refused: Refused | None) -> Ask:
    move = button.move
    if not move.needs_note:
        return Ask(move, button.reason, None)
    if refused is None or refused.verb != move.verb:
        return Ask(move, button.reason, NoteForm(move.verb, move.label))
    form = NoteForm(move.verb, move.label, {"note": refused.note})
    if refused.refusal.field == "note":
        form.add_error("note", refused.refusal.message)
    return Ask(move, button.reason, form, open=True)


def _why_not(actor: Actor, chosen: Achievement) -> str:
    """Why a work that waits has no buttons for her: it lies on another desk, or she handed it in herself."""
    if chosen.status != Status.SUBMITTED or chosen.holder is None:
        return ""
    if chosen.holder.organization_id != actor.organization.pk:
        return f"该成果现由{chosen.holder.name}审核，您可以查阅。"
    return policies.holds_right(actor, Who.DESK, chosen).format("办理")
