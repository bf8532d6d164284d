"""What if: other rules over the same sheets. Read only."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.access import ActorRequest, role_required
from scoring.forms.whatif import WhatIfForm
from scoring.models import Round
from scoring.queries import board
from scoring.queries import whatif as reads
from scoring.queries.decided import award_tiers
from scoring.views.answering import READERS


def _round(request: ActorRequest, pk: int) -> Round:
    return get_object_or_404(Round.objects.visible_to(request.actor).select_related("contest", "rubric"), pk=pk)


@require_GET
@role_required(*READERS)
def whatif(request: ActorRequest, pk: int) -> HttpResponse:
    round_ = _round(request, pk)
    if round_.status not in board.RANKED:
        return render(request, "scoring/ranking_pending.html", {"round": round_})
    own = reads.own_scenario(round_)
    form = WhatIfForm(own, award_tiers(round_), request.GET or None)
    asked = form.scenario()
    context = {
        "round": round_,
        "form": form,
        "changed": asked != own,
        "found": reads.compare(round_, own, asked),
        "most": reads.MOST_FLIPS,
    }
    return render(request, "scoring/whatif.html", context, status=400 if form.errors else 200)
