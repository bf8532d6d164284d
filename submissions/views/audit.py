"""What an auditor does from the queue: move a work on, verify its benefit, put her list in order."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import ActorRequest, role_required
from contests.queries import contest_in_view
from core.errors import Conflict, NotAllowed, Refusal
from submissions.actions import moves
from submissions.actions.checking import check_attachments
from submissions.actions.ordering import reorder_list, reorder_recommendation
from submissions.forms import typed
from submissions.forms.audit import OVERDUE, WAITING, HeapForm, OrderForm, VerifyForm, ids_of, notes_of
from submissions.lifecycle import MOVES
from submissions.models import Achievement
from submissions.queries import heaps
from submissions.views.chosen import VERBS, Refused
from submissions.views.places import here, url_of
from submissions.views.queue import AUDITING, PER_PAGE, opened, page

_DONE = {"recommend": "已推荐", "accept": "已受理", "return": "已退回修改", "decline": "已列为不予推荐"}
_NEVER_SEEN = "0"


@require_POST
@role_required(*AUDITING)
def move(request: ActorRequest, pk: int, verb: str) -> HttpResponse:
    """One of the moves under the thumb, then on to the next work that waits."""
    if verb not in VERBS:
        raise Http404
    achievement = opened(request.actor, pk)
    heap, words = HeapForm(request.GET).heap()
    following = heaps.following(request.actor, achievement, timezone.now(), heap, words)
    note, notes = typed.plain(request.POST.get("note", "")), notes_of(request.POST)
    try:
        _make(request, pk, verb, note, notes)
    except NotAllowed:
        raise
    except Refusal as refusal:
        now = opened(request.actor, pk)
        return page(request, now.contest, now, refused=Refused(refusal, verb, note, notes))
    messages.success(request, _said(verb, achievement, following))
    query = here(request) if heap in (WAITING, OVERDUE) else here(request, tab="", q="", page="")
    return redirect(url_of(following, query) if following else reverse("submissions:queue"))


def _make(request: ActorRequest, pk: int, verb: str, note: str, notes: dict[str, str]) -> None:
    """A page without its token is treated as one that has seen nothing yet."""
    action: Any = moves.BY_VERB[verb]
    words = [note] if MOVES[verb].needs_note else []
    pinned: dict[str, Any] = {"notes": notes} if verb == "return" else {}
    action(request.actor, pk, *words, seen=request.POST.get("seen") or _NEVER_SEEN, **pinned)


def _said(verb: str, achievement: Achievement, following: int | None) -> str:
    onward = "下面是下一项待审核的成果。" if following else "待审核的成果已全部办完。"
    return f"“{achievement}”{_DONE[verb]}。{onward}"


@require_POST
@role_required(*AUDITING)
def verify(request: ActorRequest, pk: int) -> HttpResponse:
    achievement = opened(request.actor, pk)
    form = VerifyForm(request.POST)
    if not form.is_valid():
        return page(request, achievement.contest, achievement, verify=form)
    values = form.cleaned_data
    try:
        moves.verify_benefit(
            request.actor, pk, values["verified_wan"], values["benefit_path"], values["verify_remark"],
            seen=request.POST.get("seen") or _NEVER_SEEN,
        )  # fmt: skip
    except NotAllowed:
        raise
    except Conflict as conflict:
        return page(request, achievement.contest, opened(request.actor, pk), refused=Refused(conflict))
    except Refusal as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return page(request, achievement.contest, achievement, verify=form)
    messages.success(request, "效益核定已保存。")
    return redirect(url_of(pk, here(request)))


@require_POST
@role_required(*AUDITING)
def check(request: ActorRequest, pk: int) -> HttpResponse:
    """The ticks at the attachments; the script gets the line that says how many, else the page again."""
    achievement = opened(request.actor, pk)
    shown, ticked = (set(ids_of(request.POST.getlist(name))) for name in ("shown", "file"))
    count = check_attachments(request.actor, pk, shown, ticked)
    said = f"已核对 {count} / {achievement.attachments.count()} 个附件"
    if getattr(request, "htmx", False):
        return HttpResponse(said)
    messages.success(request, f"{said}。")
    return redirect(url_of(pk, here(request)))


@require_POST
@role_required(*AUDITING)
def order(request: ActorRequest) -> HttpResponse:
    """Give one recommended work another place on the list; back to the list where it stands now."""
    form = OrderForm(request.POST)
    if request.POST.get("back") == "sending":
        return _order_whole(request, form)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect(f"{reverse('submissions:queue')}{here(request, tab='done')}")
    achievement = opened(request.actor, form.cleaned_data["achievement"])
    try:
        place, seen = form.cleaned_data["position"], form.cleaned_data["seen"]
        row = reorder_recommendation(request.actor, achievement.pk, place, seen=seen)
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect(url_of(achievement.pk, here(request, tab="done")))
    messages.success(request, f"“{achievement}”现在排第 {row.order} 位。")
    at = (row.order - 1) // PER_PAGE + 1
    return redirect(f"{url_of(achievement.pk, here(request, tab='done', page=str(at)))}#w-{achievement.pk}")


def _order_whole(request: ActorRequest, form: OrderForm) -> HttpResponse:
    """The same from the page of the whole list."""
    whole = f"{reverse('submissions:sending')}{here(request, tab='', q='', page='')}"
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect(whole)
    values = form.cleaned_data
    achievement = opened(request.actor, values["achievement"])
    try:
        row = reorder_recommendation(request.actor, achievement.pk, values["position"], seen=values["seen"])
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect(whole)
    messages.success(request, f"“{achievement}”现在排第 {row.order} 位。")
    return redirect(f"{whole}#w-{achievement.pk}")


@require_POST
@role_required(*AUDITING)
def order_list(request: ActorRequest) -> JsonResponse:
    """The list, or the page of it that she sees, in the order to which it was dragged; answers with the new token."""
    contest = contest_in_view(request.actor, request.GET.get("contest"))
    ids = ids_of(request.POST.getlist("work"))
    if contest is None or not ids:
        return JsonResponse({"message": "没有收到顺序，请刷新页面再试。"}, status=400)
    try:
        seen = reorder_list(request.actor, contest, ids, seen=request.POST.get("seen") or _NEVER_SEEN)
    except Refusal as refusal:
        return JsonResponse({"message": refusal.message}, status=refusal.status)
    return JsonResponse({"message": "推荐顺序已保存。", "seen": seen})
