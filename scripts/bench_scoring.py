"""The score sheet's part of `make bench`: reading one and saving one, which must not grow with the season."""

from __future__ import annotations

import sys
from itertools import count

from bench_turns import Ask
from django.test import Client
from django.urls import reverse

from scoring import queries
from scoring.models import ScoreSheet
from scoring.rules.rubric import level_for_amount, levels_for


def open_sheets() -> tuple[ScoreSheet, ScoreSheet]:
    """Two sheets of one expert, whose batch is an ordinary one."""
    sheets = ScoreSheet.objects.filter(state="open").select_related("appointment__expert__user", "entry")
    first = sheets.order_by("pk").first()
    if first is None:
        sys.exit("the simulated season has no open sheet")
    one, other = sheets.filter(appointment=first.appointment).order_by("pk")[:2]
    return one, other


def saving(client: Client, sheet: ScoreSheet) -> Ask:
    """Every save changes every mark, as if she moved them all."""
    url, turns = reverse("scoring:sheet_save", args=[sheet.pk]), count(1)
    levels = {}
    for criterion in queries.rubric_of(sheet.round).criteria:
        amount = sheet.entry.benefit_wan
        bound = level_for_amount(criterion, amount) if criterion.paths and amount else None
        levels[criterion.code] = bound or levels_for(criterion, sheet.entry.path)[0]
    known = {"revision": ScoreSheet.objects.values_list("revision", flat=True).get(pk=sheet.pk)}

    def ask() -> object:
        turn = next(turns)
        data: dict[str, object] = {"revision": known["revision"], "comment": f"第 {turn} 次"}
        for code, level in levels.items():
            data[f"level-{code}"] = level.code
            data[f"points-{code}-{level.code}"] = level.low + turn % (level.high - level.low + 1)
        response = client.post(url, data)
        if response.status_code != 200:
            sys.exit(f"{url} answered {response.status_code}: {response.content.decode()[:200]}")
        known["revision"] = response.json()["revision"]
        return response

    return ask
