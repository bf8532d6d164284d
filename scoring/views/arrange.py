"""A round's own arrangements: dates, experts, rubric, the assignment taken back, a desk's recommendation."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import ActorRequest, role_required
from core.errors import Refusal
from scoring import policies
from scoring.actions import assigning, dropping, lower, panels, rounds, rubric_versions
from scoring.forms.arrange import ExpertsForm, RecommendForm, RubricForm
from scoring.forms.new_round import DatesForm
from scoring.lifecycle import RoundStatus
from scoring.models import Round
from scoring.queries import rubric_use
from scoring.queries.orders import proposed
from scoring.views.answering import CHAIRS, READERS, acted, chaired, given, round_in_view, submitted


@require_POST
@role_required(*CHAIRS)
def undo_assignment(request: ActorRequest, pk: int) -> HttpResponse:
    round_ = chaired(request, pk)
    acted(request, lambda: assigning.undo_assignment(request.actor, round_.pk), "已撤销整批分配，可以重新分配。")
    return redirect("scoring:round", round_.pk)


@require_POST
@role_required(*CHAIRS)
def drop(request: ActorRequest, pk: int) -> HttpResponse:
    round_, reason = chaired(request, pk), request.POST.get("reason", "")
    done = f"已删除“{round_.name}”。"
    gone = acted(request, lambda: dropping.drop_round(request.actor, round_.pk, reason), done)
    return redirect("scoring:rounds") if gone else redirect("scoring:round", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*CHAIRS)
def dates(request: ActorRequest, pk: int) -> HttpResponse:
    round_ = chaired(request, pk)
    form = DatesForm(given(request), initial={"opens_at": round_.opens_at, "closes_at": round_.closes_at})

    def act() -> object:
        return rounds.set_dates(request.actor, round_.pk, **form.cleaned_data)

    answer = submitted(request, form, act, "评分时间已保存。", "scoring:round", round_.pk) if _posted(request) else None
    window = policies.scoring_window(round_, timezone.now())
    context = {"round": round_, "form": form, "window": window, "open": round_.status in rounds.DATED}
    return answer or render(request, "scoring/round_dates.html", context, status=400 if form.errors else 200)


def _posted(request: ActorRequest) -> bool:
    return request.method == "POST"


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*CHAIRS)
def experts(request: ActorRequest, pk: int) -> HttpResponse:
    """Who is appointed to a draft."""
    round_ = chaired(request, pk)
    form = ExpertsForm(round_, given(request))

    def act() -> object:
        chosen = [expert.pk for expert in form.cleaned_data["experts"]]
        return panels.change_experts(request.actor, round_.pk, chosen)

    done = "本轮的专家已更新，请重新分配。"
    answer = submitted(request, form, act, done, "scoring:round", round_.pk) if _posted(request) else None
    context = {"round": round_, "form": form, "open": round_.status == RoundStatus.DRAFT}
    return answer or render(request, "scoring/round_experts.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*READERS)
def rubric(request: ActorRequest, pk: int) -> HttpResponse:
    """The rubric of a round with its versions; whoever runs the round makes the next one here."""
    round_ = round_in_view(request, pk)
    if _posted(request):
        policies.require_chair(request.actor, round_.enrolment)
    affected = list(rubric_use.affected(round_)[: rubric_use.LISTED])
    count = rubric_use.affected(round_).count()
    form = RubricForm(round_.rubric.definition, count, given(request))
    answer = (
        submitted(request, form, lambda: _revise(request, round_, form), *_REVISED, round_.pk)
        if _posted(request)
        else None
    )
    context: dict[str, Any] = {
        "round": round_,
        "form": form,
        "affected": affected,
        "count": count,
        "versions": rubric_use.versions(round_),
        "may_change": policies.may_run(request.actor, round_) and round_.status in rubric_versions.CHANGEABLE,
    }
    return answer or render(request, "scoring/rubric.html", context, status=400 if form.errors else 200)


_REVISED = ("新的版本已启用，受影响的评分表已退给专家重新核对。", "scoring:rubric")


def _revise(request: ActorRequest, round_: Round, form: RubricForm) -> object:
    data = form.cleaned_data
    return rubric_versions.revise(
        request.actor, round_.pk, form.definition(), data["reason"], affected=data["affected"]
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*CHAIRS)
def recommend(request: ActorRequest, pk: int) -> HttpResponse:
    """The ranking of a desk's own round becomes the order of its recommendation."""
    round_ = chaired(request, pk)
    if round_.enrolment.is_host:
        raise Http404
    if round_.status not in (RoundStatus.CLOSED, RoundStatus.AWARDED):
        raise Refusal("本轮评审还没有截止，请在截止评分之后确认推荐顺序。", code="status")
    rows = proposed(round_)
    form = RecommendForm(len([row for row in rows if row.rank]), given(request))

    def act() -> object:
        return lower.confirm_order(request.actor, round_.pk, recommend=form.cleaned_data["recommend"])

    done = "结果已确认，所选成果已按名次推荐。"
    answer = submitted(request, form, act, done, "scoring:round_recommend", round_.pk) if _posted(request) else None
    context = {"round": round_, "rows": rows, "form": form, "open": round_.status == RoundStatus.CLOSED}
    return answer or render(request, "scoring/round_recommend.html", context, status=400 if form.errors else 200)
