"""校准件: chosen by the chair before the release; read by whoever reads the round."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.access import ActorRequest, role_required
from scoring import policies
from scoring.actions import common
from scoring.lifecycle import RoundStatus
from scoring.models import Entry
from scoring.queries import calibration as reads
from scoring.rules import common as rules
from scoring.views.answering import CHAIRS, READERS, acted, chaired, round_in_view
from submissions.forms.typed import plain

PAGE = 20


@require_GET
@role_required(*READERS)
def index(request: ActorRequest, pk: int) -> HttpResponse:
    round_ = round_in_view(request, pk)
    chosen = reads.chosen(round_)
    may_choose = policies.may_run(request.actor, round_) and round_.status == RoundStatus.DRAFT
    text = plain(request.GET.get("q", "")).strip()[:60]
    page = Paginator(reads.candidates(round_, text), PAGE).get_page(request.GET.get("page")) if may_choose else None
    shown = [*chosen, *(page.object_list if page else ())]
    away = reads.kept_away(round_, shown)
    context = {
        "round": round_,
        "chosen": [(entry, away[entry.pk]) for entry in chosen],
        "page": page,
        "rows": [(entry, away[entry.pk]) for entry in page.object_list] if page else [],
        "text": text,
        "full": len(chosen) >= rules.MOST,
        "fault": rules.why_not(len(chosen)),
        "may_choose": may_choose,
        "may_read": not request.actor.is_auditor and round_.status != RoundStatus.DRAFT,
    }
    return render(request, "scoring/calibration.html", context)


def _entry(request: ActorRequest, pk: int) -> Entry:
    return get_object_or_404(Entry.objects.visible_to(request.actor), pk=pk)


@require_POST
@role_required(*CHAIRS)
def choose(request: ActorRequest, pk: int) -> HttpResponse:
    entry = _entry(request, pk)
    chaired(request, entry.round_id)
    acted(request, lambda: common.choose(request.actor, entry.pk), f"{entry.code} 已定为校准件。")
    return redirect("scoring:calibration", entry.round_id)


@require_POST
@role_required(*CHAIRS)
def drop(request: ActorRequest, pk: int) -> HttpResponse:
    entry = _entry(request, pk)
    chaired(request, entry.round_id)
    acted(request, lambda: common.drop(request.actor, entry.pk), f"{entry.code} 不再是校准件。")
    return redirect("scoring:calibration", entry.round_id)
