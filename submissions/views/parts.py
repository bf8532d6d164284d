"""The parts of an achievement that are saved as a whole: members, patents, the photo, the attachments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import ActorRequest, role_required
from core.errors import Refusal
from submissions import policies
from submissions.actions import drafting, tickets, uploads
from submissions.actions.drafting import StaleFields
from submissions.forms.parts import Commendations, Members, Patents, Rows
from submissions.models import Achievement
from submissions.views import answers, desk, saving

Write = Callable[[ActorRequest, Achievement], JsonResponse]


@role_required()
@require_POST
def members(request: ActorRequest, pk: int) -> HttpResponse:
    return _guarded(request, pk, lambda request, row: _rows(request, row, Members(row, request.POST)))


@role_required()
@require_POST
def patents(request: ActorRequest, pk: int) -> HttpResponse:
    return _guarded(request, pk, lambda request, row: _rows(request, row, Patents(row, request.POST)))


@role_required()
@require_POST
def commendations(request: ActorRequest, pk: int) -> HttpResponse:
    return _guarded(request, pk, lambda request, row: _rows(request, row, Commendations(row, request.POST)))


@role_required()
@require_POST
def photo(request: ActorRequest, pk: int) -> HttpResponse:
    """A new photo, or none (`remove`)."""
    return _guarded(request, pk, _photo)


@role_required()
@require_POST
def attachments(request: ActorRequest, pk: int) -> HttpResponse:
    """Any number of `files` of one `attachment_kind`; each is told apart whether it came in."""
    return _guarded(request, pk, _attachments)


@role_required()
@require_POST
def upload_begins(request: ActorRequest, pk: int) -> HttpResponse:
    """A ticket: the server's own note of when an upload began."""
    return _guarded(request, pk, lambda request, row: JsonResponse({"ticket": tickets.issue(request.actor, row)}))


@role_required()
@require_POST
def order(request: ActorRequest, pk: int) -> HttpResponse:
    """The `attachment`s in the order in which they come."""

    def write(request: ActorRequest, row: Achievement) -> JsonResponse:
        ids = [int(text) for text in request.POST.getlist("attachment") if text.isascii() and text.isdecimal()]
        drafting.order_attachments(request.actor, row.pk, ids, saving.revision_of(request.POST))
        return _files(row, [])

    return _guarded(request, pk, write)


@role_required()
@require_POST
def detach(request: ActorRequest, pk: int, attachment: int) -> HttpResponse:
    def write(request: ActorRequest, row: Achievement) -> JsonResponse:
        drafting.detach(request.actor, row.pk, attachment)
        return _files(row, [])

    return _guarded(request, pk, write)


def _guarded(request: ActorRequest, pk: int, write: Write) -> JsonResponse:
    achievement = desk.open_row(request.actor, pk)
    denied = policies.may_edit(request.actor, achievement)
    if denied:
        return answers.denied(request.actor, achievement, denied)
    try:
        return write(request, achievement)
    except StaleFields as stale:
        achievement.refresh_from_db()
        return _contested(achievement, stale)
    except Refusal as refusal:
        return answers.refused(refusal)


def _contested(achievement: Achievement, stale: StaleFields) -> JsonResponse:
    """What the other one saved, so that the page can show both: words, the photo, or the list of files."""
    (key,) = stale.keys
    more: dict[str, Any] = {"theirs": _theirs(achievement, key), "revision": achievement.revision}
    if key == "leader.photo":
        more["photo"] = _photo_url(achievement)
    if key == "attachments":
        more["files"] = answers.files_piece(achievement)
    return answers.refused(stale, **more)


def _rows(request: ActorRequest, achievement: Achievement, rows: Rows) -> JsonResponse:
    if not rows.is_valid():
        return JsonResponse({"errors": rows.errors()}, status=422)
    if rows.changed:
        saving.save_rows(request.actor, achievement, rows, saving.revision_of(request.POST))
        achievement.refresh_from_db()
    fresh = type(rows)(achievement)
    return JsonResponse(answers.state(achievement) | {"rows": fresh.kept})


def _theirs(achievement: Achievement, key: str) -> list[str]:
    """What stands there now, a line a row."""
    if key == "members":
        return [f"{m.name} {m.organization_text}".strip() for m in achievement.members.all()]
    if key == "commendations":
        return [f"{c.name} {c.awarding_body}" for c in achievement.commendations.all()]
    if key == "attachments":
        return [row.name for row in achievement.attachments.all()]
    if key == "leader.photo":
        return ["现在显示的是对方的相片；仍要用您的，请重新选择。"]
    return [f"{p.number} {p.get_status_display()}" for p in achievement.patents.all()]


def _photo(request: ActorRequest, achievement: Achievement) -> JsonResponse:
    uploaded, revision = request.FILES.get("photo"), saving.revision_of(request.POST)
    if request.POST.get("remove"):
        drafting.set_photo(request.actor, achievement.pk, None, revision)
    elif uploaded is None:
        raise Refusal("没有收到照片，请重新选择。", "photo")
    else:
        uploads.keep_photo(request.actor, achievement, uploaded, revision, request.POST.get("ticket", ""))
    achievement.refresh_from_db()
    photo = achievement.leader.photo
    hint = uploads.ground_hint(photo) if photo else ""
    return JsonResponse(answers.state(achievement) | {"photo": _photo_url(achievement), "hint": hint})


def _photo_url(achievement: Achievement) -> str:
    url = f"{reverse('submissions:photo_file', args=[achievement.pk])}?v={achievement.revision}"
    return url if achievement.leader.photo_id else ""


def _attachments(request: ActorRequest, achievement: Achievement) -> JsonResponse:
    kind = request.POST.get("attachment_kind", "")
    ticket = request.POST.get("ticket", "")
    results = saving.attach_all(request.actor, achievement, kind, request.FILES.getlist("files"), ticket)
    if not results:
        raise Refusal("没有收到文件，请重新选择。", "files")
    achievement.refresh_from_db()
    return _files(achievement, results)


def _files(achievement: Achievement, results: list[saving.FileResult]) -> JsonResponse:
    achievement.refresh_from_db()
    told = [{"name": result.name, "ok": result.ok, "sentence": result.sentence} for result in results]
    answer = answers.state(achievement) | {"results": told, "files": answers.files_piece(achievement)}
    return JsonResponse(answer, status=200 if all(result.ok for result in results) else 422)
