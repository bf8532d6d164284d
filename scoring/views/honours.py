"""荣誉: the ranking of 优秀组织奖 by its ten items, and every honour with its proposal and second person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import ActorRequest, role_required
from accounts.choices import Role
from contests.models import Contest, Enrolment
from contests.queries import contest_in_view
from core.errors import NotAllowed, Refusal
from scoring.actions import honours as actions
from scoring.forms.honours import HonourForm, ItemForm
from scoring.models import Approval
from scoring.queries import organizing as reads


def _contest(request: ActorRequest) -> Contest:
    contest = contest_in_view(request.actor, request.GET.get("contest"))
    if contest is None:
        raise Http404
    return contest


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.OFFICE, Role.SUPERVISOR)
def honours(request: ActorRequest) -> HttpResponse:
    contest = _contest(request)
    if request.method != "POST":
        return _page(request, contest, HonourForm(contest))
    if not request.actor.is_office:
        raise NotAllowed("荣誉由竞赛办公室评定。")
    form = HonourForm(contest, request.POST)
    if form.is_valid():
        try:
            actions.propose_honour(request.actor, **form.proposal())
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, "已提出，等待另一人核准。")
            return redirect(f"{reverse('scoring:honours')}?contest={contest.pk}")
    return _page(request, contest, form)


def _page(request: ActorRequest, contest: Contest, form: HonourForm) -> HttpResponse:
    rows = Approval.objects.visible_to(request.actor).filter(contest=contest, honour__isnull=False)
    rows = rows.select_related("honour__enrolment", "proposed_by", "decided_by").order_by("-pk")
    context = {
        "contest": contest,
        "lines": reads.lines(contest) if contest.organizingitem_set.exists() else [],
        "rows": rows,
        "form": form,
        "may_run": request.actor.is_office,
    }
    return render(request, "scoring/honours.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.OFFICE, Role.SUPERVISOR)
def organizing(request: ActorRequest, pk: int) -> HttpResponse:
    """The ten items of one organisation; each is saved by its own button."""
    enrolment = get_object_or_404(Enrolment.objects.visible_to(request.actor).select_related("contest"), pk=pk)
    if enrolment.contest.host_id != request.actor.organization.pk:
        raise Http404
    if enrolment.pk not in {row.pk for row in reads.candidates(enrolment.contest)}:
        raise Http404
    form, item = ItemForm(), ""
    if request.method == "POST":
        item, form = request.POST.get("item", ""), ItemForm(request.POST)
        if form.is_valid() and _mark(request, enrolment, item, form):
            return redirect(f"{reverse('scoring:organizing', args=[pk])}#{item}")
    context = {
        "enrolment": enrolment,
        "lines": reads.sheet(enrolment),
        "form": form,
        "at": item,
        "may_run": request.actor.is_office,
    }
    return render(request, "scoring/organizing.html", context, status=400 if form.errors else 200)


def _mark(request: ActorRequest, enrolment: Enrolment, code: str, form: ItemForm) -> bool:
    item = get_object_or_404(enrolment.contest.organizingitem_set, code=code)
    try:
        actions.mark_item(request.actor, enrolment, item, form.cleaned_data["points"], form.cleaned_data["reason"])
    except NotAllowed:
        raise
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return False
    messages.success(request, f"已评“{item.name}”。")
    return True


@require_POST
@role_required(Role.OFFICE)
def approve(request: ActorRequest, pk: int) -> HttpResponse:
    approval = _approval(request, pk)
    return _decide(request, approval, lambda: actions.approve_honour(request.actor, approval.pk), "已核准。")


@require_POST
@role_required(Role.OFFICE)
def reject(request: ActorRequest, pk: int) -> HttpResponse:
    approval, reason = _approval(request, pk), request.POST.get("reason", "")
    return _decide(request, approval, lambda: actions.reject_honour(request.actor, approval.pk, reason), "已退回。")


@require_POST
@role_required(Role.OFFICE)
def revoke(request: ActorRequest, pk: int) -> HttpResponse:
    approval, reason = _approval(request, pk), request.POST.get("reason", "")
    return _decide(request, approval, lambda: actions.revoke_honour(request.actor, approval.pk, reason), "已取消。")


def _approval(request: ActorRequest, pk: int) -> Approval:
    return get_object_or_404(Approval.objects.visible_to(request.actor).filter(honour__isnull=False), pk=pk)


def _decide(request: ActorRequest, approval: Approval, act: Callable[[], Any], done: str) -> HttpResponse:
    try:
        act()
        messages.success(request, done)
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect(f"{reverse('scoring:honours')}?contest={approval.contest_id}")
