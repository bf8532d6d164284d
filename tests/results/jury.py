"""A round whose experts give what a test says, by the real actions."""

from __future__ import annotations

from collections.abc import Mapping

from django.test import Client

from scoring import queries
from scoring.actions import sheets
from scoring.actions.sheets import Given
from scoring.models import Round, ScoreSheet
from scoring.rules.rubric import levels_for
from tests.cast import Cast
from tests.season import judging

__all__ = ["client_of", "give", "hand_in", "judging"]


def client_of(cast: Cast, username: str) -> Client:
    client = Client()
    client.force_login(cast[username].user, backend="accounts.backends.PasswordBackend")
    return client


def marks(sheet: ScoreSheet, total: int) -> dict[str, Given]:
    """Marks in the best levels, taken away evenly until they sum to `total` (70 to 100 on the economic path)."""
    best = {c.code: levels_for(c, sheet.entry.path)[0] for c in queries.rubric_of(sheet.round).criteria}
    points = {code: level.high for code, level in best.items()}
    while sum(points.values()) > total:
        code = max((one for one in points if points[one] > best[one].low), key=lambda one: points[one])
        points[code] -= 1
    return {code: Given(level.code, points[code]) for code, level in best.items()}


def give(cast: Cast, username: str, round_: Round, totals: Mapping[str, int] | int) -> list[int]:
    """Mark all her open sheets of the round: one total for all, or one a code."""
    rows = ScoreSheet.objects.visible_to(cast[username]).filter(state="open", round=round_)
    own = list(rows.select_related("entry", "round__rubric").order_by("entry__code"))
    for sheet in own:
        total = totals if isinstance(totals, int) else totals[sheet.entry.code]
        sheets.save_marks(cast[username], sheet.pk, marks(sheet, total), revision=sheet.revision)
    return [sheet.pk for sheet in own]


def hand_in(cast: Cast, username: str, round_: Round, totals: Mapping[str, int] | int) -> None:
    ids = give(cast, username, round_, totals)
    if ids:
        sheets.hand_in(cast[username], ids)
