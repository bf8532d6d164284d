"""What hangs on a version of the rubric: the versions of a round's rubric, and the sheets that a change touches."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from scoring.lifecycle import SheetState
from scoring.models import Mark, Round, Rubric, ScoreSheet
from scoring.queries.cockpit import rubrics
from scoring.querysets import ScoreSheetQuerySet

LISTED = 200


def affected(round_: Round) -> ScoreSheetQuerySet:
    """The sheets of a round on which somebody has already judged by its present rubric."""
    marked = Exists(Mark.objects.filter(sheet=OuterRef("pk")))
    rows = ScoreSheet.objects.filter(round=round_).exclude(state=SheetState.VOID).filter(marked)
    found: ScoreSheetQuerySet = rows.select_related("entry", "appointment").order_by("entry__code", "pk")
    return found


def versions(round_: Round) -> list[Rubric]:
    """All versions that this desk may use, the newest first."""
    rows = rubrics(round_.contest, round_.enrolment).filter(code=round_.rubric.code)
    return list(rows.select_related("created_by").order_by("-version"))
