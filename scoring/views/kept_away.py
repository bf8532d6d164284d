"""What an expert sees in place of a sheet from which a conflict keeps her: one sentence, no material, no form."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from accounts.access import ActorRequest
from scoring import policies
from scoring.models import ScoreSheet
from scoring.queries import desk


def page(request: ActorRequest, mine: ScoreSheet) -> HttpResponse:
    ids = [step.pk for step in desk.beside(mine)]
    after = ids[ids.index(mine.pk) + 1 :][:1]
    context = {"sheet": mine, "after": after[0] if after else None, "sentence": policies.KEPT_AWAY}
    return render(request, "scoring/kept_away.html", context, status=400 if request.method == "POST" else 200)
