"""The unit's desk: one page that saves itself field by field, or all at once where no script runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import ActorRequest, role_required
from accounts.models import Studio
from contests import queries as contest_queries
from core.errors import Conflict, NotAllowed, Refusal
from core.templatetags import wording
from submissions import policies, queries
from submissions.actions import entering, moves
from submissions.forms.achievement import AchievementForm
from submissions.models import Achievement
from submissions.rules import codes
from submissions.rules.fields import FIELDS, SECTIONS
from submissions.views import answers, completeness, desk, pins, saving

EDITOR = "submissions/editor.html"
_PAPERS = ("achievement_brief", "leader_profile", "achievement_application", "truth_pledge")


@never_cache
@role_required()
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: ActorRequest, pk: int) -> HttpResponse:
    achievement = desk.open_row(request.actor, pk)
    if not policies.works_for_unit(request.actor, achievement):
        raise NotAllowed(policies.may_edit(request.actor, achievement), code="right")
    if request.method == "POST":
        return _post(request, achievement)
    if not achievement.is_editable:
        messages.info(request, policies.may_edit(request.actor, achievement))
        return redirect("submissions:detail", pk)
    return show(request, saving.Page(achievement))


def _post(request: ActorRequest, achievement: Achievement) -> HttpResponse:
    page = saving.Page(achievement, request.POST)
    denied = policies.may_edit(request.actor, achievement)
    if denied:
        return _too_late(request, page, denied)
    saved = saving.save_page(request.actor, page, request.FILES)
    right = page.is_right and not saved.conflicts and not saved.sentences and saved.files_ok
    if not right:
        return show(request, page.after(saved), saved=saved, status=422)
    known: dict[str, Callable[..., Achievement]] = {"submit": entering.hand_in, "register": moves.register}
    move = known.get(request.POST.get("do", ""))
    if move:
        return onward(request, achievement, move)
    messages.success(request, f"已保存 {wording.beijing(timezone.now()):%H:%M:%S}。")
    return redirect("submissions:edit", achievement.pk)


def _too_late(request: ActorRequest, page: saving.Page, denied: str) -> HttpResponse:
    """It was submitted in the meantime, by herself (a second press) or by a colleague while she was still writing."""
    if page.form.is_valid() and not page.is_touched:
        messages.info(request, denied)
        return redirect("submissions:detail", page.form.achievement.pk)
    text = f"{denied}您刚才的改动没有保存，文字都还在下面，可以复制。"
    return show(request, page, refusal=Conflict(text), status=409)


def onward(request: ActorRequest, achievement: Achievement, move: Callable[..., Achievement]) -> HttpResponse:
    """Submit or register what is saved; a refusal shows the editor again with the sentences, everything kept."""
    try:
        moved = move(request.actor, achievement.pk, seen=request.POST.get("seen", ""))
    except NotAllowed:
        raise
    except Refusal as refusal:
        fresh = desk.open_row(request.actor, achievement.pk)
        if not fresh.is_editable:
            messages.warning(request, refusal.message)
            return redirect("submissions:detail", fresh.pk)
        return show(request, saving.Page(fresh), refusal=refusal, status=refusal.status)
    done = (
        f"已提交，现由“{moved.holder}”审核。"
        if moved.status == "submitted"
        else "已登记入库，可以继续填写，填好后提交。"
    )
    messages.success(request, done)
    return redirect("submissions:edit" if moved.is_editable else "submissions:detail", moved.pk)


def show(
    request: ActorRequest,
    page: saving.Page,
    *,
    saved: saving.Saved | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    achievement = page.form.achievement
    complete = completeness.of(achievement)
    if refusal is not None or complete.filled > complete.left:  # an empty form is not one great reproach
        page.form.mark(complete.missing, "is-missing")
    returned = _returned(achievement)
    stamped = answers.stamped_context(achievement, complete)
    context = (
        _fixed(achievement)
        | stamped
        | {
            "page": page,
            "form": page.form,
            "complete": complete,
            "saved": saved,
            "conflicts": _labelled(page.form, saved),
            "refusal": refusal,
            "returned": returned,
            "pins": pins.into_editor(page.form, returned),
            "seen": moves.seen_token(achievement),
            "studios": list(Studio.objects.visible_to(request.actor).standing()),
        }
    )
    return render(request, EDITOR, context, status=status)


def _fixed(achievement: Achievement) -> dict[str, Any]:
    """What the page says about the contest and its limits."""
    now, settings = timezone.now(), achievement.contest.settings
    label, closes_at = desk.closing(achievement, now)
    files = answers.files_context(achievement)
    return files | {
        "achievement": achievement,
        "due_label": label,
        "closes_at": closes_at,
        "recommender_closes_at": desk.recommender_closes(achievement, now),
        "extension": contest_queries.extension_shown(achievement.unit),
        "closed": desk.closed(achievement, now),
        "categories": achievement.contest.category_set.all(),
        "more_members": settings.max_members - 1,
        "max_patents": codes.MAX_PATENTS,
        "max_commendations": codes.MAX_COMMENDATIONS,
        "given_awards": [row for row in achievement.commendations.all() if row.given_by_id],
        "season": queries.season(achievement.contest),
        "can_discard": not achievement.history.exists(),
        "papers": _papers(achievement),
        "headings": SECTIONS,
        "photo_rule": FIELDS["leader.photo"],
    }


def _papers(achievement: Achievement) -> list[tuple[str, str]]:
    """Code and name of the papers that are made of one achievement, for their preview."""
    rows = achievement.contest.paperkind_set.filter(code__in=_PAPERS)
    return [(row.code, row.annex or row.name) for row in rows]


def _returned(achievement: Achievement) -> Any:
    if achievement.status != "returned":
        return None
    return queries.last_return(achievement.history.select_related("user", "membership__organization"))


def _labelled(form: AchievementForm, saved: saving.Saved | None) -> list[dict[str, str]]:
    contested = saved.conflicts if saved else {}
    return [{"name": name, "label": str(form[name].label), **both} for name, both in contested.items()]


@role_required()
@require_POST
def fields(request: ActorRequest, pk: int) -> JsonResponse:
    """One or more fields, saved as they are left. Answers with what was saved, what is wrong, what is contested."""
    achievement = desk.open_row(request.actor, pk)
    denied = policies.may_edit(request.actor, achievement)
    if denied:
        return answers.denied(request.actor, achievement, denied)
    form = AchievementForm(achievement, request.POST, only=request.POST)
    revision = saving.revision_of(request.POST)
    try:
        saved = saving.save_fields(request.actor, form, revision)
    except Refusal as refusal:
        return answers.refused(refusal)
    return answers.of_fields(form, saved, revision)
