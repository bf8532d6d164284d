"""Experts from a workbook: the blank one, a filled one on its way in, what became of each row."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import ActorRequest, role_required
from accounts.choices import Role
from core import files
from core.errors import NotAllowed, Refusal
from scoring.actions import expert_import as actions
from scoring.forms.experts import WorkbookForm
from scoring.models import ExpertImport
from scoring.views.experts import season

GOOD = "good"


@never_cache
@require_safe
@role_required(Role.OFFICE)
def template(request: ActorRequest) -> HttpResponse:
    contest = season(request)
    response = HttpResponse(actions.template(contest), content_type=files.XLSX)
    response["Content-Disposition"] = content_disposition_header(True, f"专家登记模板-{contest.label}.xlsx") or ""
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.OFFICE)
def upload(request: ActorRequest) -> HttpResponse:
    contest = season(request)
    form = WorkbookForm(request.POST, request.FILES) if request.method == "POST" else WorkbookForm()
    if form.is_bound and form.is_valid():
        try:
            brought = actions.receive(request.actor, contest, form.cleaned_data["file"])
            return redirect("scoring:expert_import_preview", brought.pk)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error("file", refusal.message)
    context = {"form": form, "contest": contest}
    return render(request, "scoring/expert_import.html", context, status=400 if form.errors else 200)


@never_cache
@require_safe
@role_required(Role.OFFICE)
def preview(request: ActorRequest, pk: int) -> HttpResponse:
    return _show(request, _brought(request, pk))


@never_cache
@require_POST
@role_required(Role.OFFICE)
def confirm(request: ActorRequest, pk: int) -> HttpResponse:
    brought = _brought(request, pk)
    if brought.confirmed_at:
        messages.info(request, "这份表格已经导入过，没有重复登记。")
        return redirect("scoring:expert_import_preview", pk)
    try:
        brought, made = actions.confirm(request.actor, pk, only_good=request.POST.get("mode") == GOOD)
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _show(request, brought, refusal)
    messages.success(request, f"已登记 {brought.registered} 位专家。")
    if made:
        return render(request, "scoring/expert_made.html", {"made": made})
    return redirect("scoring:experts")


def _show(request: ActorRequest, brought: ExpertImport, refusal: Refusal | None = None) -> HttpResponse:
    context: dict[str, Any] = {"brought": brought, "heaps": actions.heaps_of(brought), "refusal": refusal}
    return render(request, "scoring/expert_preview.html", context, status=refusal.status if refusal else 200)


def _brought(request: ActorRequest, pk: int) -> ExpertImport:
    rows = ExpertImport.objects.visible_to(request.actor).select_related("file", "contest")
    return get_object_or_404(rows, pk=pk)
