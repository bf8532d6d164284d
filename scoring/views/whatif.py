"""What if: other rules over the same sheets, and how firmly the result stands. Read only."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.access import ActorRequest, role_required
from accounts.choices import Role
from scoring.forms.whatif import WhatIfForm
from scoring.models import Entry, Round
from scoring.queries import board
from scoring.queries import whatif as reads
from scoring.queries.words import variation_words
from scoring.rules.whatif import Variation


def _round(request: ActorRequest, pk: int) -> Round:
    return get_object_or_404(Round.objects.visible_to(request.actor).select_related("contest", "rubric"), pk=pk)


@require_GET
@role_required(Role.OFFICE, Role.SUPERVISOR)
def whatif(request: ActorRequest, pk: int) -> HttpResponse:
    round_ = _round(request, pk)
    if round_.status not in board.RANKED:
        return render(request, "scoring/ranking_pending.html", {"round": round_})
    own = reads.own_scenario(round_)
    form = WhatIfForm(own, reads.award_tiers(round_), request.GET or None)
    asked = form.scenario()
    context = {
        "round": round_,
        "form": form,
        "changed": asked != own,
        "found": reads.compare(round_, own, asked),
        "most": reads.MOST_FLIPS,
    }
    return render(request, "scoring/whatif.html", context, status=400 if form.errors else 200)


@require_GET
@role_required(Role.OFFICE, Role.SUPERVISOR)
def sensitivity(request: ActorRequest, pk: int) -> HttpResponse:
    round_ = _round(request, pk)
    if round_.status not in board.RANKED:
        return render(request, "scoring/ranking_pending.html", {"round": round_})
    found, entries = reads.report(round_)
    moved = [_told(variation, entries) for variation in found if variation.flips]
    context = {
        "round": round_,
        "moved": moved,
        "still": [variation_words(variation) for variation in found if not variation.flips],
        "tried": len(found),
        "works": len({flip.work for variation in found for flip in variation.flips}),
    }
    return render(request, "scoring/sensitivity.html", context)


def _told(variation: Variation, entries: dict[str, Entry]) -> dict[str, Any]:
    flips = [(flip, entries[flip.work]) for flip in variation.flips]
    return {"words": variation_words(variation), "flips": flips}
