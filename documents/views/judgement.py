"""The papers of a judged round: looked at in the page, made as PDF or workbook by a job."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import ActorRequest, role_required
from accounts.choices import Role
from core.errors import NotAllowed, Refusal
from documents import actions, judgement
from documents.models import Paper
from documents.render.html import render_html
from scoring import policies
from scoring.models import Appointment, Round
from scoring.rules.paper import LENGTH

FORMATS = dict(Paper._meta.get_field("format").choices or [])


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.OFFICE, Role.SUPERVISOR)
def of_round(request: ActorRequest, pk: int, code: str) -> HttpResponse:
    rounds = Round.objects.visible_to(request.actor).select_related("contest", "rubric", "enrolment")
    round_ = get_object_or_404(rounds, pk=pk)
    if code not in judgement.FORMS:
        raise Http404
    try:
        if request.method == "POST":
            wanted = request.POST.get("format", "pdf")
            paper = actions.request_round_paper(request.actor, round_, code, wanted)
            return redirect("documents:paper", paper.pk)
        html = render_html(judgement.FORMS[code], judgement.data(round_, code))
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.warning(request, refusal.message)
        return redirect("scoring:round", pk=round_.pk)
    context = {
        "round": round_,
        "form": judgement.FORMS[code],
        "forms": judgement.FORMS.values(),
        "formats": FORMATS.items(),
        "html": html,
    }
    return render(request, "documents/of_round.html", context)


@require_POST
@role_required(Role.OFFICE, Role.AUDITOR)
def print_sheets(request: ActorRequest, pk: int) -> HttpResponse:
    """The paper score sheets of one expert or of all, made by a job."""
    rounds = Round.objects.visible_to(request.actor).select_related("contest", "enrolment")
    round_ = get_object_or_404(rounds, pk=pk)
    policies.require_chair(request.actor, round_.enrolment)
    whose = request.POST.get("appointment", "")
    appointment = None
    if whose:
        experts = Appointment.objects.visible_to(request.actor).filter(round=round_).select_related("expert__user")
        appointment = get_object_or_404(experts, pk=int(whose) if whose.isascii() and whose.isdecimal() else 0)
    try:
        paper = actions.request_score_sheets(request.actor, round_, appointment, _address(request))
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.warning(request, refusal.message)
        return redirect("scoring:papers", round_.pk)
    return redirect("documents:paper", paper.pk)


def _address(request: ActorRequest) -> str:
    """The address of a paper, up to its code."""
    code = "2" * LENGTH
    return request.build_absolute_uri(reverse("scoring:paper_sheet", args=[code])).removesuffix(f"{code}/")
