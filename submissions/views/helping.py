"""知识产权指导: asked for on the page of a work, listed for the partner bodies and the office."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import ActorRequest, role_required
from accounts.choices import Role
from contests.models import Contest
from contests.queries import contest_in_view
from core.errors import NotAllowed, Refusal
from submissions import policies
from submissions.actions import helping
from submissions.forms import typed
from submissions.models import IpHelp
from submissions.queries import submitted
from submissions.views import desk, lists

READERS = (Role.UNIT_OPERATOR, Role.AUDITOR, Role.OFFICE, Role.SUPERVISOR)
ROWS_A_PAGE = 30


@never_cache
@require_safe
@role_required(*READERS)
def index(request: ActorRequest) -> HttpResponse:
    contest = contest_in_view(request.actor, request.GET.get("contest"))
    if contest is None:
        return render(request, "submissions/queue_none.html")
    return _list(request, contest)


def _list(request: ActorRequest, contest: Contest, refusal: Refusal | None = None, at: int = 0) -> HttpResponse:
    rows = IpHelp.objects.visible_to(request.actor).filter(achievement__contest=contest)
    counts = dict(rows.order_by().values_list("status").annotate(n=Count("pk")))
    status = request.GET.get("status", IpHelp.Status.OPEN)
    status = status if status in IpHelp.Status.values else IpHelp.Status.OPEN
    shown = rows.filter(status=status).select_related(
        "achievement__unit", "achievement__leader", "achievement__category", "achievement__industry", "requested_by",
        "answered_by", "answered_as__organization",
    )  # fmt: skip
    page = Paginator(shown.order_by("pk"), ROWS_A_PAGE).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    submitted.named_for(request.actor, [row.achievement for row in page.object_list])
    context = {
        "contest": contest,
        "tabs": [(code, label, counts.get(code, 0)) for code, label in IpHelp.Status.choices],
        "status": status,
        "page_obj": page,
        "may_answer": not policies.may_answer_help(request.actor),
        "sees_all": request.actor.is_office or request.actor.is_supervisor,
        "refusal": refusal,
        "at": at,
        "typed": request.POST.get("answer", ""),
    }
    return render(request, "submissions/help/list.html", context, status=refusal.status if refusal else 200)


@require_POST
@role_required(*READERS)
def ask(request: ActorRequest, pk: int) -> HttpResponse:
    achievement = desk.open_row(request.actor, pk)
    need, contact = (typed.plain(request.POST.get(name, "")) for name in ("need", "contact"))
    try:
        helping.ask(request.actor, pk, need, contact)
    except NotAllowed:
        raise
    except Refusal as refusal:
        return lists.show(request, achievement, refusal=refusal)
    messages.success(request, "知识产权指导的申请已送出，科技局、科协和竞赛办公室都会看到。")
    return redirect(f"{reverse('submissions:detail', args=[pk])}#ip-help")


@require_POST
@role_required(*READERS)
def answer(request: ActorRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    contest = row.achievement.contest
    try:
        helping.answer(request.actor, pk, typed.plain(request.POST.get("answer", "")))
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _list(request, contest, refusal, pk)
    messages.success(request, f"对“{row.achievement}”的答复已送达申报单位。")
    return redirect(f"{reverse('submissions:ip_help')}?contest={contest.pk}")


@require_POST
@role_required(*READERS)
def take_back(request: ActorRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    try:
        helping.take_back(request.actor, pk)
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "申请已撤回。")
    return redirect(f"{reverse('submissions:detail', args=[row.achievement_id])}#ip-help")


def _row(request: ActorRequest, pk: int) -> IpHelp:
    return get_object_or_404(IpHelp.objects.visible_to(request.actor).select_related("achievement__contest"), pk=pk)
