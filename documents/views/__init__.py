"""Papers: ask, watch, take away; and the preview of one form."""

from __future__ import annotations

from typing import cast

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import ActorRequest, role_required
from accounts.models import Role
from contests.models import Contest
from contests.queries import contest_in_view
from core import files
from core.errors import NotAllowed, Refusal
from core.templatetags.wording import masked_phone
from documents import actions, policies, queries
from documents.catalog import PAPERS
from documents.forms import PaperForm
from documents.models import Paper
from documents.render.html import render_html
from submissions.models import Achievement, UnitNomination

ON_A_PAGE = 20
READERS = (Role.UNIT_OPERATOR, Role.AUDITOR, Role.OFFICE, Role.SUPERVISOR)
MAKERS = (Role.UNIT_OPERATOR, Role.AUDITOR, Role.OFFICE)


@require_safe
@role_required(*READERS)
def papers(request: ActorRequest) -> HttpResponse:
    contest = contest_in_view(request.actor, request.GET.get("contest"))
    if contest is None:
        return render(request, "documents/papers_empty.html")
    return _papers(request, contest, PaperForm(request.actor, contest, initial=request.GET.dict()))


def _papers(request: ActorRequest, contest: Contest, form: PaperForm, status: int = 200) -> HttpResponse:
    page = Paginator(queries.made(request.actor, contest), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "contest": contest,
        "contests": Contest.objects.visible_to(request.actor).newest_first(),
        "form": form if form.kinds and form.scopes and policies.makes_papers(request.actor) else None,
        "page": page,
        "rows": [(paper, policies.may_download(request.actor, paper)) for paper in page],
        "live": any(paper.job and paper.job.is_live for paper in page),
    }
    return render(request, "documents/papers.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*MAKERS)
def make(request: ActorRequest) -> HttpResponse:
    """Looked at (a link of the refused form's page, a reload), it is the list."""
    if request.method != "POST":
        return redirect(f"{reverse('documents:papers')}?{request.GET.urlencode()}")
    contest = contest_in_view(request.actor, request.POST.get("contest"))
    if contest is None:
        raise Http404
    form = PaperForm(request.actor, contest, request.POST)
    if form.is_valid():
        try:
            wanted = {key: form.cleaned_data[key] for key in ("code", "file_format", "scope", "achievement")}
            return redirect("documents:paper", actions.request_paper(request.actor, **wanted).pk)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
    return _papers(request, contest, form, status=400)


@require_safe
@role_required(*READERS)
def paper(request: ActorRequest, pk: int) -> HttpResponse:
    """The page of one paper; a piece of it when htmx asks how far it is."""
    found = _paper(request, pk)
    context = {
        "paper": found,
        "job": found.job,
        "denied": policies.may_download(request.actor, found),
        "may_make": not policies.may_make(request.actor, found.code, found.scope),
    }
    piece = "HX-Request" in request.headers
    return render(request, "documents/pieces/progress.html" if piece else "documents/paper.html", context)


@require_POST
@role_required(*MAKERS)
def again(request: ActorRequest, pk: int) -> HttpResponse:
    return redirect("documents:paper", actions.request_again(request.actor, _paper(request, pk)).pk)


@require_safe
@role_required(*READERS)
def download(request: ActorRequest, pk: int) -> HttpResponse:
    found = _paper(request, pk)
    if not found.job or not found.job.result:
        raise Http404("这份文件还没有生成。")
    denied = policies.may_download(request.actor, found)
    if denied:
        raise NotAllowed(denied, code="phone")
    return cast(HttpResponse, files.serve(found.job.result, name=found.job.result_name))


@require_safe
@role_required(*READERS)
def preview(request: ActorRequest, code: str, pk: int) -> HttpResponse:
    """One official form of one work, as it would print; the bare fragment for htmx, else a small page."""
    rows = Achievement.objects.visible_to(request.actor).select_related("leader__photo").with_row_data()
    achievement = get_object_or_404(rows.select_related("contest", "unit__recommender"), pk=pk)
    if code not in queries.ONE_A_WORK or not achievement.contest.paperkind_set.filter(code=code).exists():
        raise Http404
    work = queries.preview_work(request.actor, achievement)
    context = {
        "achievement": achievement,
        "form": PAPERS[code],
        "html": render_html(PAPERS[code], queries.ONE_A_WORK[code](work)),
    }
    piece = "HX-Request" in request.headers
    return render(request, "documents/pieces/preview.html" if piece else "documents/preview.html", context)


@require_safe
@role_required(*READERS)
def nomination_preview(request: ActorRequest, pk: int) -> HttpResponse:
    """附件5 of one unit, as it would print."""
    rows = UnitNomination.objects.visible_to(request.actor).prefetch_related("opinions")
    row = get_object_or_404(rows.select_related("contest", "enrolment"), pk=pk)
    data = queries.nomination_form(row)
    if request.actor.is_supervisor:
        data["phone"] = masked_phone(row.phone)
    form = PAPERS["winner_unit_form"]
    context = {"row": row, "form": form, "html": render_html(form, data)}
    return render(request, "documents/nomination.html", context)


@require_POST
@role_required(*READERS)
def make_nomination(request: ActorRequest, pk: int) -> HttpResponse:
    rows = UnitNomination.objects.visible_to(request.actor).select_related("contest", "enrolment")
    asked = actions.request_nomination(request.actor, get_object_or_404(rows, pk=pk))
    return redirect("documents:paper", asked.pk)


def _paper(request: ActorRequest, pk: int) -> Paper:
    rows = Paper.objects.visible_to(request.actor).select_related(
        "contest", "scope__contest", "job__result", "membership__user", "membership__organization"
    )
    return get_object_or_404(rows, pk=pk)
