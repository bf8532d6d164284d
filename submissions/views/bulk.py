"""One move of many works: the preview, the press, what became of each, and the undo."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import ActorRequest, role_required
from contests.models import Contest
from contests.queries import contest_in_view
from core.errors import NotAllowed, Refusal
from submissions.actions import bulk as actions
from submissions.forms import typed
from submissions.forms.audit import ids_of, seen_of
from submissions.lifecycle import MOVES
from submissions.models import Batch, BatchRow
from submissions.queries import heaps
from submissions.views.chosen import VERBS
from submissions.views.places import here
from submissions.views.queue import AUDITING

_TOKEN = 32


@never_cache
@role_required(*AUDITING)
@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: ActorRequest) -> HttpResponse:
    """GET: what would become of each. POST: do it, and on to what became of each."""
    asked = request.POST if request.method == "POST" else request.GET
    contest = contest_in_view(request.actor, request.GET.get("contest"))
    if contest is None or asked.get("verb") not in VERBS:
        raise Http404
    if request.method == "POST":
        return _make(request, contest)
    ids = ids_of(request.GET.getlist("work"))
    if not ids:
        messages.warning(request, "请先勾选要办理的成果。")
        return redirect(f"{reverse('submissions:queue')}{here(request)}")
    return _preview(request, contest, ids)


def _preview(
    request: ActorRequest, contest: Contest, ids: list[int], *, token: str = "", refusal: Refusal | None = None
) -> HttpResponse:
    verb = (request.POST if refusal else request.GET)["verb"]
    cut = max(0, len(ids) - actions.LIMIT)
    chances = actions.preview(request.actor, contest, verb, ids[: actions.LIMIT])
    context = {
        "move": MOVES[verb],
        "chances": chances,
        "going": [chance for chance in chances if not chance.reason],
        "cut": cut,
        "cut_words": f"一次最多办理 {actions.LIMIT} 项，其余 {cut} 项请办完这些以后再选。",
        "staying": [chance for chance in chances if chance.reason],
        "token": token or uuid4().hex,
        "note": typed.plain(request.POST.get("note", "")),
        "refusal": refusal,
        "here": here(request),
    }
    return render(request, "submissions/bulk.html", context, status=refusal.status if refusal else 200)


def _make(request: ActorRequest, contest: Contest) -> HttpResponse:
    seen, token = seen_of(request.POST.getlist("work")), request.POST.get("token", "")[:_TOKEN]
    note = typed.plain(request.POST.get("note", ""))
    try:
        batch = actions.make(request.actor, contest, request.POST["verb"], seen, note, token=token or uuid4().hex)
    except Refusal as refusal:
        return _preview(request, contest, list(seen), token=token, refusal=refusal)
    return redirect(f"{reverse('submissions:batch', args=[batch.pk])}{here(request)}")


@never_cache
@role_required(*AUDITING)
@require_safe
def result(request: ActorRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(Batch.objects.visible_to(request.actor), pk=pk)
    rows = BatchRow.objects.visible_to(request.actor).filter(batch=batch)
    rows = rows.select_related("achievement__unit", "achievement__holder")
    moved = [row for row in rows if row.change_id]
    context = {
        "batch": batch,
        "moved": moved,
        "refused": [row for row in rows if not row.change_id],
        "undone": sum(bool(row.undone_id) for row in moved),
        "may_undo": heaps.undoable_batch(request.actor, batch.contest, timezone.now()) == batch,
        "here": here(request),
    }
    return render(request, "submissions/batch.html", context)


@require_POST
@role_required(*AUDITING)
def undo(request: ActorRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(Batch.objects.visible_to(request.actor), pk=pk)
    try:
        actions.undo(request.actor, batch.pk)
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"批量{batch.label}已撤销，各项结果见下。")
    return redirect(f"{reverse('submissions:batch', args=[batch.pk])}{here(request)}")
