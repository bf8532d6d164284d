"""Private files of an achievement: served only after its row was fetched by visible_to."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.access import ActorRequest, role_required
from core import files
from submissions.models import Attachment, Leader

THUMB_SIDE = 480


@role_required()
@require_safe
def attachment(request: ActorRequest, pk: int) -> HttpResponse:
    """Shown in the page where its kind allows it; `?download=1` saves it, `?thumb=1` is a small picture."""
    row = get_object_or_404(Attachment.objects.visible_to(request.actor).select_related("file"), pk=pk)
    file = row.file
    if request.GET.get("thumb") and file.is_image:
        file = files.reencoded(file, THUMB_SIDE)
    return files.serve(file, inline=not request.GET.get("download"), name=row.name)  # type: ignore[return-value]


@role_required()
@require_safe
def photo(request: ActorRequest, pk: int) -> HttpResponse:
    """The leader's photo of an achievement."""
    leader = get_object_or_404(Leader.objects.visible_to(request.actor).select_related("photo"), achievement=pk)
    if leader.photo is None:
        raise Http404
    return files.serve(leader.photo, inline=True, name=f"{leader.name}.jpg")  # type: ignore[return-value]
