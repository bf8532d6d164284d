"""Extensions: who has more time, until when and why; the office grants and withdraws them."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import ActorRequest, role_required
from accounts.choices import Role
from contests import calendar
from contests.actions import extending
from contests.forms import ExtensionForm
from contests.models import Contest, Extension
from contests.queries import contest_in_view, enrolment_of, season_of
from core.errors import NotAllowed, Refusal

READERS = (Role.UNIT_OPERATOR, Role.AUDITOR, Role.OFFICE, Role.SUPERVISOR)
ROWS_A_PAGE = 50


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*READERS)
def extensions(request: ActorRequest) -> HttpResponse:
    contest = contest_in_view(request.actor, request.POST.get("contest") or request.GET.get("contest"))
    if request.method == "POST":
        if not request.actor.is_office:
            raise NotAllowed("只有竞赛办公室可以批准延期。")
        if contest is not None:
            return _grant(request, contest)
    if contest is None:
        return render(request, "contests/extensions.html", {"contest": None})
    form = ExtensionForm(request.actor, contest) if request.actor.is_office else None
    return _list(request, contest, form)


def _grant(request: ActorRequest, contest: Contest) -> HttpResponse:
    form = ExtensionForm(request.actor, contest, request.POST)
    if form.is_valid():
        values = form.cleaned_data
        try:
            made = extending.extend(
                request.actor, values["enrolment"], form.until(), values["reason"], values["covers"]
            )
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error("until_day" if refusal.field == "until" else refusal.field or None, refusal.message)
        else:
            messages.success(request, f"已批准{made.enrolment}延期至 {calendar.in_words(made.until)}。")
            return _back(contest)
    return _list(request, contest, form, status=400)


def _back(contest: Contest) -> HttpResponse:
    return redirect(f"{reverse('contests:extensions')}?contest={contest.pk}")


def _list(
    request: ActorRequest,
    contest: Contest,
    form: ExtensionForm | None,
    status: int = 200,
    refused: tuple[int, Refusal] | None = None,
) -> HttpResponse:
    """`refused`: the extension whose withdrawal was refused, and why; its reason stays where it was typed."""
    rows = Extension.objects.visible_to(request.actor).filter(enrolment__contest=contest)
    rows = rows.select_related("enrolment", "granted_by", "withdrawn_by").order_by("-pk")
    own, season = enrolment_of(request.actor, contest), season_of(contest)
    context = {
        "contest": contest,
        "form": form,
        "page_obj": Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "now": timezone.now(),
        "unit_closes": calendar.unit_closing(season),
        "recommender_closes": calendar.recommender_closing(season),
        "own_path": own.path if own else "",
        "refused_at": refused[0] if refused else 0,
        "refusal": refused[1] if refused else None,
        "typed": request.POST.get("reason", "") if refused else "",
    }
    return render(request, "contests/extensions.html", context, status=status)


@require_POST
@role_required(Role.OFFICE)
def withdraw(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Extension.objects.visible_to(request.actor).select_related("enrolment__contest"), pk=pk)
    try:
        extending.withdraw_extension(request.actor, pk, request.POST.get("reason", ""))
    except NotAllowed:
        raise
    except Refusal as refusal:
        contest = row.enrolment.contest
        return _list(request, contest, ExtensionForm(request.actor, contest), refusal.status, (pk, refusal))
    messages.success(request, f"{row.enrolment}的延期已撤销。")
    return _back(row.enrolment.contest)
