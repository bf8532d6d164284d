"""Private files of an achievement: served only after its row was fetched by visible_to."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import ActorRequest, role_required
from core import files
from submissions.queries import submitted
from submissions.views import desk

THUMB_SIDE = 480


@role_required()
@require_safe
def attachment(request: ActorRequest, pk: int) -> HttpResponse:
    """Shown in the page where its kind allows it; `?download=1` saves it, `?thumb=1` is a small picture."""
    row = submitted.attachment(request.actor, pk)
    if row is None:
        raise Http404
    file = row.file
    if request.GET.get("thumb") and file.is_image:
        file = files.reencoded(file, THUMB_SIDE)
    return files.serve(file, inline=not request.GET.get("download"), name=row.name)  # type: ignore[return-value]


@role_required()
@require_safe
def photo(request: ActorRequest, pk: int) -> HttpResponse:
    """The leader's photo of an achievement."""
    achievement = desk.open_row(request.actor, pk)
    picture = submitted.photo(request.actor, achievement)
    if picture is None:
        raise Http404
    return files.serve(picture, inline=True, name="带头人相片.jpg")  # type: ignore[return-value]
