"""How firmly the result stands: the report as it was computed in the background, and the button that asks for it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.access import ActorRequest, role_required
from scoring import policies, robustness
from scoring.actions import robustness as actions
from scoring.models import Entry, Round, SensitivityReport
from scoring.queries import board
from scoring.queries import whatif as reads
from scoring.queries.words import variation_words
from scoring.rules.whatif import Variation
from scoring.views.answering import CHAIRS, READERS, acted, chaired

MOST = 50  # flips of one change on the page; all of them on its own page


@require_GET
@role_required(*READERS)
def sensitivity(request: ActorRequest, pk: int) -> HttpResponse:
    rounds = Round.objects.visible_to(request.actor).select_related("contest", "rubric", "enrolment")
    round_ = get_object_or_404(rounds, pk=pk)
    if round_.status not in board.RANKED:
        return render(request, "scoring/ranking_pending.html", {"round": round_})
    job = robustness.last_job(round_)
    if "HX-Request" in request.headers and job and job.is_live:
        return render(request, "scoring/pieces/robustness_progress.html", {"round": round_, "job": job})
    report = SensitivityReport.objects.visible_to(request.actor).filter(round=round_).first()
    context = {
        "round": round_,
        "job": job,
        "report": report,
        "stale": report is not None and report.basis != robustness.basis(round_, reads.own_scenario(round_)),
        "may_run": policies.may_run(request.actor, round_),
        **(_read(round_, report, request.GET.get("only", "")) if report else {}),
    }
    response = render(request, "scoring/sensitivity.html", context)
    if "HX-Request" in request.headers:
        response["HX-Refresh"] = "true"  # the job is over: the page shows what it made
    return response


def _read(round_: Round, report: SensitivityReport, only: str) -> dict[str, Any]:
    """What the report says; `only` is the place of the one change that is shown in full."""
    found = robustness.variations(report.content)
    moved = [variation for variation in found if variation.flips]
    chosen = moved[int(only) - 1 :][:1] if only.isdecimal() and 0 < int(only[:6]) <= len(moved) else []
    most = len(chosen[0].flips) if chosen else MOST
    entries = reads.entries_of(round_, chosen or moved, most)
    return {
        "moved": [
            _told(place, one, entries, most) for place, one in enumerate(moved, 1) if not chosen or one in chosen
        ],
        "moving": len(moved),
        "chosen": bool(chosen),
        "still": [variation_words(variation) for variation in found if not variation.flips],
        "tried": len(found),
        "works": len({flip.work for variation in found for flip in variation.flips}),
    }


def _told(place: int, variation: Variation, entries: dict[str, Entry], most: int) -> dict[str, Any]:
    flips = [(flip, entries[flip.work]) for flip in variation.flips[:most]]
    return {"place": place, "words": variation_words(variation), "flips": flips, "count": len(variation.flips)}


@require_POST
@role_required(*CHAIRS)
def compute(request: ActorRequest, pk: int) -> HttpResponse:
    round_ = chaired(request, pk)
    acted(request, lambda: actions.start_report(request.actor, round_.pk), "已开始计算，完成后自动显示。")
    return redirect("scoring:sensitivity", round_.pk)
