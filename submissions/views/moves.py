"""A press on one of the buttons: one move, then the page that says what happened."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.access import ActorRequest, role_required
from core.errors import NotAllowed, Refusal
from submissions.actions import drafting, entering, moves
from submissions.forms import typed
from submissions.lifecycle import MOVES
from submissions.models import Achievement
from submissions.views import desk, editor, lists


@role_required()
@require_POST
def move(request: ActorRequest, pk: int, verb: str) -> HttpResponse:
    """`note` where the move needs one, `seen` from the page (see actions.moves.seen_token)."""
    achievement = desk.open_row(request.actor, pk)
    if verb not in moves.BY_VERB:
        raise Http404
    seen = request.POST.get("seen", "")
    if verb == "submit":
        return editor.onward(request, achievement, entering.hand_in)
    try:
        moved = _make(request, achievement, verb, seen)
    except NotAllowed:
        raise
    except Refusal as refusal:
        return lists.show(request, desk.open_row(request.actor, pk), refusal=refusal, verb=verb)
    where = f"，现在“{moved.holder}”" if moved.holder else ""
    messages.success(request, f"已{MOVES[verb].label}：该成果现为“{moved.status_info.label}”{where}。")
    return redirect("submissions:detail", pk)


def _make(request: ActorRequest, achievement: Achievement, verb: str, seen: str) -> Achievement:
    note = [typed.plain(request.POST.get("note", ""))] if MOVES[verb].needs_note else []
    moved: Achievement = moves.BY_VERB[verb](request.actor, achievement.pk, *note, seen=seen)  # type: ignore[operator]
    return moved


@role_required()
@require_POST
def discard(request: ActorRequest, pk: int) -> HttpResponse:
    """Throw a draft away that was never registered."""
    achievement = desk.open_row(request.actor, pk)
    title = str(achievement)
    try:
        drafting.discard_draft(request.actor, pk)
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("submissions:detail", pk)
    messages.success(request, f"草稿“{title}”已删除。")
    return redirect("submissions:list")
