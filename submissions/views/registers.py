"""The registers of 创新工作室 and 重点示范单位, and the studio of one work."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import ActorRequest, role_required
from accounts.actions import keep_studio
from accounts.choices import Role
from accounts.models import Studio, StudioLevel
from contests.actions.demonstration import drop_demonstration, name_demonstration
from contests.models import Contest, Enrolment
from contests.queries import contest_in_view
from core.errors import NotAllowed, Refusal
from submissions.actions import drafting
from submissions.actions.drafting import StaleFields
from submissions.forms.audit import ids_of
from submissions.forms.registers import DemonstrationForm, SearchForm, StudioForm
from submissions.queries import registers, submitted
from submissions.views import desk
from submissions.views.saving import revision_of

READERS = (Role.UNIT_OPERATOR, Role.AUDITOR, Role.OFFICE, Role.SUPERVISOR)
ROWS_A_PAGE = 50
_NO_STUDIO = "不属于工作室成果"


@never_cache
@require_safe
@role_required(*READERS)
def studios(request: ActorRequest) -> HttpResponse:
    contest = contest_in_view(request.actor, request.GET.get("contest"))
    if contest is None:
        return render(request, "submissions/queue_none.html")
    words, level = SearchForm(request.GET).asked()
    rows = registers.studios(request.actor, contest, words, level)
    context = {
        "contest": contest,
        "page_obj": Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "words": words,
        "level": level,
        "levels": StudioLevel.choices,
    }
    return render(request, "submissions/registers/studios.html", context)


@never_cache
@require_safe
@role_required(*READERS)
def studio(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Studio.objects.visible_to(request.actor).select_related("organization"), pk=pk)
    page = _works(request, registers.works_of(request.actor, row))
    return render(request, "submissions/registers/studio.html", {"studio": row, "page_obj": page})


def _works(request: ActorRequest, rows: QuerySet[Any]) -> Any:
    """A page of them; what a unit writes on a returned work is nobody else's yet."""
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    if not request.actor.is_unit_operator:
        page.object_list = submitted.named_as_handed_in(page.object_list)
    return page


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.OFFICE)
def studio_edit(request: ActorRequest, pk: int | None = None) -> HttpResponse:
    """A new studio, or what changed of one."""
    row = get_object_or_404(Studio.objects.visible_to(request.actor), pk=pk) if pk else None
    form = StudioForm(request.actor, row, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        values = dict(form.cleaned_data)
        try:
            kept = keep_studio(request.actor, values.pop("organization"), row, **values)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, f"“{kept.name}”已保存。")
            return redirect("submissions:studio", kept.pk)
    context = {"studio": row, "form": form}
    return render(request, "submissions/registers/studio_form.html", context, status=400 if form.is_bound else 200)


@require_POST
@role_required(*READERS)
def set_studio(request: ActorRequest, pk: int) -> HttpResponse:
    achievement = desk.open_row(request.actor, pk)
    chosen = ids_of([request.POST.get("studio", "")])
    try:
        revision = revision_of(request.POST)
        saved = drafting.set_studio(request.actor, achievement.pk, chosen[0] if chosen else None, revision)
    except NotAllowed:
        raise
    except StaleFields as stale:
        theirs = desk.open_row(request.actor, pk).studio
        mine = Studio.objects.visible_to(request.actor).filter(pk__in=chosen).first()
        said = f"对方选的是“{theirs or _NO_STUDIO}”，您选的是“{mine or _NO_STUDIO}”。仍要改的，请重新选择。"
        messages.error(request, f"{stale.message}{said}")
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"创新工作室已{'保存' if saved.studio else '清空'}。")
    return redirect(f"{reverse('submissions:edit', args=[pk])}#studio")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*READERS)
def demonstrations(request: ActorRequest) -> HttpResponse:
    contest = contest_in_view(request.actor, request.POST.get("contest") or request.GET.get("contest"))
    if request.method == "POST" and not request.actor.is_office:
        raise NotAllowed("重点示范单位由竞赛办公室确定。")
    if contest is None:
        return render(request, "submissions/queue_none.html")
    posted = request.POST if request.method == "POST" else None
    form = DemonstrationForm(request.actor, contest, posted) if request.actor.is_office else None
    if form is not None and form.is_bound and form.is_valid():
        values = form.cleaned_data
        try:
            named = name_demonstration(request.actor, values["enrolment"], values["named_on"], values["document"])
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, f"{named.name}已列为本届重点示范单位。")
            return _back(contest)
    return _demonstrations(request, contest, form)


def _back(contest: Contest) -> HttpResponse:
    return redirect(f"{reverse('submissions:demonstrations')}?contest={contest.pk}")


def _demonstrations(
    request: ActorRequest,
    contest: Contest,
    form: DemonstrationForm | None,
    refused: tuple[int, Refusal] | None = None,
) -> HttpResponse:
    """`refused`: the unit that was not dropped, and why; the reason stays where it was typed."""
    words, _ = SearchForm(request.GET).asked()
    rows = registers.demonstrations(request.actor, contest, words)
    context: dict[str, Any] = {
        "contest": contest,
        "form": form,
        "words": words,
        "page_obj": Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "below": set(
            Enrolment.objects.visible_to(request.actor)
            .filter(contest=contest, is_demonstration=True)
            .values_list("pk", flat=True)
        ),
    }
    if refused:
        context |= {"refused_at": refused[0], "refusal": refused[1], "typed": request.POST.get("reason", "")}
    status = 400 if refused or (form is not None and form.is_bound) else 200
    return render(request, "submissions/registers/demonstrations.html", context, status=status)


@never_cache
@require_safe
@role_required(*READERS)
def demonstration(request: ActorRequest, pk: int) -> HttpResponse:
    """One unit with its works, for the unit itself and for whom it lies below."""
    rows = Enrolment.objects.visible_to(request.actor).select_related("contest", "recommender")
    row = get_object_or_404(rows.filter(is_demonstration=True), pk=pk)
    page = _works(request, registers.works_of_unit(request.actor, row))
    context = {"unit": row, "page_obj": page, "years": registers.years_of(row)}
    return render(request, "submissions/registers/demonstration.html", context)


@require_POST
@role_required(Role.OFFICE)
def drop(request: ActorRequest, pk: int) -> HttpResponse:
    rows = Enrolment.objects.visible_to(request.actor).select_related("contest", "organization")
    row = get_object_or_404(rows.filter(is_demonstration=True), pk=pk)
    try:
        drop_demonstration(request.actor, row, request.POST.get("reason", ""))
    except NotAllowed:
        raise
    except Refusal as refusal:
        form = DemonstrationForm(request.actor, row.contest, None)
        return _demonstrations(request, row.contest, form, (pk, refusal))
    messages.success(request, f"{row.name}本届不再列为重点示范单位。")
    return _back(row.contest)
