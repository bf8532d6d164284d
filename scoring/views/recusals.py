"""回避: the chair's list with the evidence, and the expert's own declaration."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import ActorRequest, role_required
from accounts.choices import Role
from scoring import policies
from scoring.actions import recusing
from scoring.forms.recusals import BarForm, DeclareForm, LiftForm
from scoring.lifecycle import RoundStatus
from scoring.models import Recusal, ScoreSheet
from scoring.queries import recusals as reads
from scoring.rules.recusal import BY_PEOPLE
from scoring.views.answering import CHAIRS, READERS, acted, chaired, given, round_in_view, submitted
from scoring.views.commitment import committed
from submissions.forms.typed import plain

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*READERS)
def index(request: ActorRequest, pk: int) -> HttpResponse:
    round_ = round_in_view(request, pk)
    if request.method == "POST":
        round_ = chaired(request, pk)
    form = BarForm(round_, given(request))

    def act() -> object:
        data = form.cleaned_data
        return recusing.bar(request.actor, data["appointment"].pk, data["code"].pk, data["reason"])

    done = "已指定回避；相应的评分表不再计分。"
    answer = submitted(request, form, act, done, "scoring:recusals", round_.pk) if form.is_bound else None
    asked = {"reason": request.GET.get("reason", ""), "text": plain(request.GET.get("q", "")).strip()[:60]}
    context = {
        "round": round_,
        "form": form,
        "asked": asked,
        "counts": reads.counts(round_),
        "page": Paginator(reads.listed(round_, **asked), PAGE).get_page(request.GET.get("page")),
        "by_people": BY_PEOPLE,
        "words": reads.REASONS,
        "may_bar": policies.may_run(request.actor, round_) and round_.status in recusing.BEFORE_THE_RESULT,
        "may_lift": policies.may_run(request.actor, round_) and round_.status == RoundStatus.DRAFT,
    }
    return answer or render(request, "scoring/recusals.html", context, status=400 if form.errors else 200)


@require_POST
@role_required(*CHAIRS)
def lift(request: ActorRequest, pk: int) -> HttpResponse:
    recusal = get_object_or_404(Recusal.objects.visible_to(request.actor), pk=pk)
    round_ = chaired(request, recusal.round_id)
    form = LiftForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    acted(request, lambda: recusing.lift(request.actor, recusal.pk, reason), "已撤销这一项回避。")
    return redirect("scoring:recusals", round_.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EXPERT)
@committed
def declare(request: ActorRequest, pk: int) -> HttpResponse:
    """On a page of its own: it cannot be pressed by mistake while scoring."""
    sheets = ScoreSheet.objects.visible_to(request.actor).select_related("entry", "round")
    sheet = get_object_or_404(sheets, pk=pk)
    form = DeclareForm(given(request))

    def act() -> object:
        return recusing.declare(request.actor, sheet.pk, form.cleaned_data["reason"])

    done = f"已申报回避，{sheet.entry.code} 不再由您评分。"
    answer = submitted(request, form, act, done, "scoring:sheets") if form.is_bound else None
    context = {"sheet": sheet, "form": form}
    return answer or render(request, "scoring/declare.html", context, status=400 if form.errors else 200)
