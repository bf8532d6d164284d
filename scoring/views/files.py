"""Files of the judgement: the pictures an expert may see, the ranking and the season for juries."""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from accounts.access import ActorRequest, role_required
from accounts.choices import Role
from core import files
from scoring.models import Round, ScoreSheet
from scoring.queries import board, desk, opening
from scoring.views.commitment import committed

PICTURE_SIDE = 1600  # pixels: sharp on a tablet, and never the file that was uploaded


def _readable(request: ActorRequest, pk: int) -> ScoreSheet:
    """Her own sheet; where a conflict keeps her from its material there are no files either."""
    sheets = ScoreSheet.objects.visible_to(request.actor).select_related("entry__package", "round__contest")
    sheet = get_object_or_404(sheets.defer("round__contest__sections"), pk=pk)
    if opening.kept_away(request.actor, sheet):
        raise Http404
    return cast(ScoreSheet, sheet)


@require_GET
@role_required(Role.EXPERT)
@committed
def picture(request: ActorRequest, pk: int, index: int) -> HttpResponse:
    """The index-th picture of the work, drawn anew, under a name that tells nothing."""
    stored = desk.picture(_readable(request, pk), index)
    if stored is None:
        raise Http404
    answer = files.serve(files.reencoded(stored, PICTURE_SIDE), inline=True, name=f"图片{index}")
    return cast(HttpResponse, answer)


@require_GET
@role_required(Role.EXPERT)
@committed
def document(request: ActorRequest, pk: int, index: int) -> HttpResponse:
    """The index-th document of the work as it was written anew; a PDF opens in the page, others are taken away."""
    found = desk.documents(_readable(request, pk).entry)
    if not 1 <= index <= len(found):
        raise Http404
    answer = files.serve(found[index - 1][1], inline=True, name=f"附件{index}")
    return cast(HttpResponse, answer)


@require_GET
@role_required(Role.OFFICE, Role.SUPERVISOR, Role.AUDITOR)
def ranking_csv(request: ActorRequest, pk: int) -> HttpResponse:
    round_ = get_object_or_404(Round.objects.visible_to(request.actor), pk=pk)
    return _download(board.ranking_file(round_), "text/csv; charset=utf-8", f"ranking-{pk}.csv")


@require_GET
@role_required(Role.OFFICE, Role.SUPERVISOR, Role.AUDITOR)
def season_json(request: ActorRequest, pk: int) -> HttpResponse:
    rounds = Round.objects.visible_to(request.actor).select_related("contest", "rubric")
    text = board.season_file(get_object_or_404(rounds, pk=pk))
    return _download(text, "application/json", f"season-{pk}.json")


def _download(text: str, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(text.encode(), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
