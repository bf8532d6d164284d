"""评审组: set up by the chair while the round is a draft, read by the supervisor."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import ActorRequest, role_required
from scoring import policies
from scoring.actions import panels as actions
from scoring.forms.panels import NOBODY, PanelForm, number, seats
from scoring.lifecycle import RoundStatus
from scoring.models import Panel, Round
from scoring.queries import panels as reads
from scoring.views.answering import CHAIRS, READERS, acted, chaired, given, round_in_view, submitted

WORKS_A_PAGE = 50


@require_GET
@role_required(*READERS)
def index(request: ActorRequest, pk: int) -> HttpResponse:
    round_ = round_in_view(request, pk)
    wanted = request.GET.get("panel", "")
    page = Paginator(reads.works(round_, wanted), WORKS_A_PAGE).get_page(request.GET.get("page"))
    lines = reads.lines(round_)
    context: dict[str, Any] = {
        "round": round_,
        "lines": lines,
        "seats": reads.seats(round_),
        "page": page,
        "works": reads.work_lines(round_, list(page)),
        "wanted": wanted,
        "lost": round_.entries.filter(panel=None).count() if lines else 0,
        "may_change": policies.may_run(request.actor, round_) and round_.status == RoundStatus.DRAFT,
    }
    return render(request, "scoring/panels.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*CHAIRS)
def new(request: ActorRequest, pk: int) -> HttpResponse:
    return _edit(request, chaired(request, pk), None)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*CHAIRS)
def edit(request: ActorRequest, pk: int) -> HttpResponse:
    panel = _panel(request, pk)
    return _edit(request, chaired(request, panel.round_id), panel)


def _panel(request: ActorRequest, pk: int) -> Panel:
    return get_object_or_404(Panel.objects.visible_to(request.actor), pk=pk)


def _edit(request: ActorRequest, round_: Round, panel: Panel | None) -> HttpResponse:
    form = PanelForm(round_, panel, given(request))

    def act() -> object:
        return actions.save_panel(request.actor, round_.pk, **form.cleaned_data, panel_id=panel.pk if panel else None)

    if request.method == "POST":
        answer = submitted(request, form, act, "已保存，成果已按新的分工归组。", "scoring:panels", round_.pk)
        if answer:
            return answer
    context = {"round": round_, "panel": panel, "form": form}
    return render(request, "scoring/panel.html", context, status=400 if form.errors else 200)


@require_POST
@role_required(*CHAIRS)
def drop(request: ActorRequest, pk: int) -> HttpResponse:
    panel = _panel(request, pk)
    round_ = chaired(request, panel.round_id)
    acted(request, lambda: actions.drop_panel(request.actor, panel.pk), f"已撤销“{panel.name}”，其成果已重新归组。")
    return redirect("scoring:panels", round_.pk)


@require_POST
@role_required(*CHAIRS)
def seat(request: ActorRequest, pk: int) -> HttpResponse:
    round_ = chaired(request, pk)
    given = seats(request.POST.dict())
    acted(request, lambda: actions.seat(request.actor, round_.pk, given), "专家的安排已保存。")
    return redirect("scoring:panels", round_.pk)


@require_POST
@role_required(*CHAIRS)
def place(request: ActorRequest, pk: int) -> HttpResponse:
    round_ = chaired(request, pk)
    chosen = [one for text in request.POST.getlist("entry") if (one := number(text)) is not None]
    target = request.POST.get("panel", "")
    where = None if target == NOBODY else number(target)
    done = "已按行业和类型自动归组。" if where is None else "已移入所选评审组。"
    acted(request, lambda: actions.place(request.actor, round_.pk, chosen, where), done)
    shown = request.POST.get("shown", "")
    query = f"?panel={shown}" if shown == NOBODY or number(shown) is not None else ""
    return redirect(f"{reverse('scoring:panels', args=[round_.pk])}{query}")
