"""A desk's own result as the order of its recommendation."""

from __future__ import annotations

from scoring.models import Result, Round


def proposed(round_: Round) -> list[Result]:
    """The whole ranking, with unit and status of each work."""
    rows = Result.objects.filter(entry__round=round_).select_related("entry__achievement__unit")
    return list(rows.order_by("position"))
