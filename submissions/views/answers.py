"""What the editor's script gets back: JSON with figures, sentences and pieces of the page."""

from __future__ import annotations

from typing import Any

from django.http import JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.actor import Actor
from core.errors import Refusal
from core.templatetags import wording
from submissions import policies
from submissions.actions import uploads
from submissions.forms.achievement import FORM_KEYS, AchievementForm, name_of
from submissions.models import Achievement, Attachment
from submissions.queries import submitted
from submissions.rules.codes import ATTACHMENT_KINDS
from submissions.rules.fields import LISTS
from submissions.views import completeness, saving

COMPLETE = "submissions/pieces/completeness.html"
FILES = "submissions/pieces/attachments.html"
STAMPED = "submissions/pieces/stamped.html"


def state(achievement: Achievement) -> dict[str, Any]:
    """Where the achievement stands now: its revision, the server's time, the list of what is missing."""
    complete = completeness.of(achievement)
    following = complete.items[0] if complete.items else None
    return {
        "revision": achievement.revision,
        "at": f"{wording.beijing(timezone.now()):%H:%M:%S}",
        "title": str(achievement),
        "complete": render_to_string(COMPLETE, {"complete": complete, "achievement": achievement}),
        "left": complete.left,
        "next": {"label": following.label, "href": following.href} if following else None,
        "missing": complete.missing,
        "stamped": render_to_string(STAMPED, stamped_context(achievement, complete)),
    }


def stamped_context(achievement: Achievement, complete: completeness.Completeness) -> dict[str, Any]:
    """The stamped copy as the unit sees it."""
    settings = achievement.contest.settings
    return {
        "achievement": achievement,
        "stamped": submitted.stamped_forms(achievement, complete.content),
        "stamped_wanted": settings.stamped_copy_at if settings.require_stamped_copy else "",
        "may_stamp": True,
    }


def of_fields(form: AchievementForm, saved: saving.Saved, revision: int) -> JsonResponse:
    """200 all saved, 409 something is contested, 422 something is wrong; what is right was saved in any case."""
    errors = {name: str(found[0]) for name, found in form.errors.items()}
    quiet = [*saved.names, *saved.conflicts, *errors]
    news = saving.newer(form.achievement, revision, quiet)
    plain = AchievementForm(form.achievement)
    answer = state(form.achievement) | {
        "saved": saved.names,
        "errors": errors,
        "conflicts": saved.conflicts,
        "shown": {name_of(key): form.shown(key) for key in form.keys if name_of(key) not in errors},
        "news": {name_of(key): plain.shown(key) for key in FORM_KEYS if name_of(key) in news},
        "parts": {name: at for name, at in news.items() if name in LISTS},
    }
    return JsonResponse(answer, status=409 if saved.conflicts else 422 if errors else 200)


def denied(actor: Actor, achievement: Achievement, sentence: str) -> JsonResponse:
    """403 for who may never edit it; 409 for its own people, when it has left their desk."""
    status = 409 if policies.works_for_unit(actor, achievement) else 403
    return JsonResponse({"message": sentence}, status=status)


def refused(refusal: Refusal, **more: Any) -> JsonResponse:
    return JsonResponse({"message": refusal.message, "field": refusal.field, **more}, status=refusal.status)


def files_context(achievement: Achievement, attachments: list[Attachment] | None = None) -> dict[str, Any]:
    """What the list of attachments shows: these, or those that stand there now."""
    settings = achievement.contest.settings
    return {
        "achievement": achievement,
        "attachments": list(achievement.attachments.select_related("file")) if attachments is None else attachments,
        "kinds": list(ATTACHMENT_KINDS.values()),
        "max_attachments": settings.max_attachments,
        "max_megabytes": uploads.max_attachment_bytes(achievement.contest) >> 20,
        "editable": True,
    }


def files_piece(achievement: Achievement) -> str:
    return render_to_string(FILES, files_context(achievement))
