"""The pool's workbooks: the blank one, a filled one on its way in, the list on its way out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import ActorRequest, role_required
from accounts.models import Role
from contests.models import Contest
from contests.queries import contest_in_view
from core import files
from core.errors import NotAllowed, Refusal
from submissions.actions import exporting, importing
from submissions.forms.importing import GOOD, ConfirmForm, UploadForm
from submissions.forms.lists import ListFilter
from submissions.models import Achievement, PoolImport
from submissions.views import desk

READERS = (Role.UNIT_OPERATOR, Role.AUDITOR, Role.OFFICE, Role.SUPERVISOR)
ROWS_A_PAGE = 100


@never_cache
@role_required(Role.UNIT_OPERATOR)
@require_safe
def template(request: ActorRequest) -> HttpResponse:
    contest = _contest(request)
    response = HttpResponse(exporting.template(contest), content_type=files.XLSX)
    response["Content-Disposition"] = content_disposition_header(True, f"成果登记模板-{contest.label}.xlsx") or ""
    return response


@never_cache
@role_required(*READERS)
@require_POST
def export(request: ActorRequest) -> HttpResponse:
    """What the list shows with the filters of the address, in its order. A POST: taking it away is recorded."""
    contest = _contest(request)
    below = desk.below(request.actor, contest)
    narrowed = ListFilter(contest, request.GET, drafts=request.actor.is_unit_operator, below=below)
    rows = narrowed.apply(Achievement.objects.visible_to(request.actor).filter(contest=contest))
    name = f"成果清单-{timezone.localdate():%Y%m%d}.xlsx"
    made = exporting.export(request.actor, contest, rows)
    response = FileResponse(made, as_attachment=True, filename=name, content_type=files.XLSX)
    response["Cache-Control"] = "private, no-store"
    return response  # type: ignore[return-value]


@never_cache
@role_required(Role.UNIT_OPERATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: ActorRequest) -> HttpResponse:
    contest = contest_in_view(request.actor, request.POST.get("contest") or request.GET.get("contest"))
    units = desk.units_of(request.actor, contest) if contest else None
    if contest is None or units is None or not units:
        messages.error(request, "本单位未参加本届竞赛；请联系推荐单位登记参赛。")
        return redirect("submissions:list")
    form = UploadForm(units, request.POST, request.FILES) if request.method == "POST" else UploadForm(units)
    if form.is_bound and form.is_valid():
        try:
            brought = importing.receive(request.actor, form.cleaned_data["unit"], form.cleaned_data["file"])
            return redirect("submissions:import_preview", brought.pk)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error("file", refusal.message)
    context = {"form": form, "contest": contest, "units": units}
    return render(request, "submissions/import.html", context, status=400 if form.is_bound else 200)


@never_cache
@role_required(Role.UNIT_OPERATOR)
@require_safe
def preview(request: ActorRequest, pk: int) -> HttpResponse:
    return _show(request, _brought(request, pk))


@never_cache
@role_required(Role.UNIT_OPERATOR)
@require_POST
def confirm(request: ActorRequest, pk: int) -> HttpResponse:
    brought = _brought(request, pk)
    if brought.confirmed_at:
        messages.info(request, "这份表格已经导入过，没有重复登记。")
        return redirect("submissions:import_preview", pk)
    try:
        importing.confirm(request.actor, pk, only_good=request.POST.get("mode") == GOOD)
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _show(request, brought, refusal)
    return redirect("submissions:import_preview", pk)


def _show(request: ActorRequest, brought: PoolImport, refusal: Refusal | None = None) -> HttpResponse:
    """What will become of each row; after the import, what became of it."""
    content = importing.content(brought)
    heaps = content.heaps
    tabs: list[tuple[str, str, list[Any]]] = [("wrong", "需要修改", heaps.wrong)]
    if not brought.confirmed_at:
        tabs += [("fresh", "将登记", heaps.fresh), ("known", "已在库中", heaps.known)]
    filled = [tab for tab in tabs if tab[2]]
    asked = request.GET.get("show")
    shown = next((tab for tab in filled if tab[0] == asked), filled[0] if filled else None)
    context = {
        "brought": brought,
        "contest": brought.unit.contest,
        "heaps": heaps,
        "total": len(heaps.fresh) + len(heaps.known) + len(heaps.wrong),
        "absent": content.absent,
        "tabs": [(code, label, len(rows)) for code, label, rows in filled],
        "shown": shown[0] if shown else "",
        "page_obj": Paginator(shown[2] if shown else [], ROWS_A_PAGE).get_page(request.GET.get("page")),
        "form": ConfirmForm(len(heaps.fresh), len(heaps.wrong)),
        "refusal": refusal,
    }
    return render(request, "submissions/import_preview.html", context, status=refusal.status if refusal else 200)


def _brought(request: ActorRequest, pk: int) -> PoolImport:
    rows = PoolImport.objects.visible_to(request.actor).select_related("file", "unit__contest", "unit__organization")
    return get_object_or_404(rows, pk=pk)


def _contest(request: ActorRequest) -> Contest:
    contest = contest_in_view(request.actor, request.GET.get("contest"))
    if contest is None:
        raise Http404
    return contest
