"""The list of achievements, a new one, and the page of one for everybody who may see it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import ActorRequest, role_required
from accounts.models import Role
from contests.models import Contest
from contests.queries import contest_in_view
from core.errors import Refusal
from submissions import policies
from submissions.actions import drafting, moves
from submissions.forms.lists import ListFilter, NewForm
from submissions.models import Achievement
from submissions.queries import cases, duplicates, submitted
from submissions.rules.eligibility import OVERRIDABLE
from submissions.views import answers, desk, shown

ROWS_A_PAGE = 50


@never_cache
@role_required(Role.UNIT_OPERATOR, Role.AUDITOR, Role.OFFICE, Role.SUPERVISOR)
@require_safe
def index(request: ActorRequest) -> HttpResponse:
    contest = contest_in_view(request.actor, request.GET.get("contest"))
    if contest is None:
        return render(request, "submissions/list.html", {"contest": None})
    is_desk = request.actor.is_unit_operator
    narrowed = ListFilter(contest, request.GET, drafts=is_desk, below=desk.below(request.actor, contest))
    rows = Achievement.objects.visible_to(request.actor).filter(contest=contest).for_list()
    page = Paginator(narrowed.apply(rows), ROWS_A_PAGE).get_page(request.GET.get("page"))
    if not is_desk:
        page.object_list = submitted.as_handed_in(contest, page.object_list)
    context = {
        "contest": contest,
        "contests": list(Contest.objects.visible_to(request.actor).newest_first()),
        "filter": narrowed,
        "page_obj": page,
        "is_desk": is_desk,
        "units": list(desk.units_of(request.actor, contest)) if is_desk else [],
        "due": desk.unit_due(request.actor, contest) if is_desk else None,
    }
    return render(request, "submissions/list.html", context)


@never_cache
@role_required(Role.UNIT_OPERATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """A draft at once; where the unit has teams, for one of them or for itself."""
    contest = contest_in_view(request.actor, request.POST.get("contest") or request.GET.get("contest"))
    units = desk.units_of(request.actor, contest) if contest else None
    if contest is None or units is None or not units:
        messages.error(request, "本单位未参加本届竞赛；请联系推荐单位登记参赛。")
        return redirect("submissions:list")
    form = NewForm(units, request.POST if "unit" in request.POST else None)
    if request.method == "POST" and (form.is_valid() or len(units) == 1):
        unit = form.cleaned_data["unit"] if form.is_bound and form.is_valid() else units[0]
        draft = drafting.blank_draft(request.actor, unit)
        return redirect("submissions:edit", draft.pk)
    return render(request, "submissions/new.html", {"form": form, "contest": contest}, status=200)


@never_cache
@role_required(Role.UNIT_OPERATOR, Role.AUDITOR, Role.OFFICE, Role.SUPERVISOR)
@require_safe
def detail(request: ActorRequest, pk: int) -> HttpResponse:
    return show(request, desk.open_row(request.actor, pk))


def _office_words(request: ActorRequest, achievement: Achievement) -> dict[str, Any]:
    """What the office let pass, and what help with patents was asked for; with what was typed there."""
    posted = request.POST.dict() if request.method == "POST" else {}
    return {
        "overrides": list(achievement.overrides.select_related("granted_by")),
        "overridable": OVERRIDABLE,
        "overruling": posted if "rule" in posted else {},
        "revoking": posted,
        "may_overrule": request.actor.is_office,
        "helps": list(achievement.ip_helps.select_related("requested_by", "answered_as__organization")),
        "may_ask_help": not policies.may_ask_help(request.actor, achievement),
        "asking": posted if "need" in posted else {},
    }


def show(
    request: ActorRequest, achievement: Achievement, *, refusal: Refusal | None = None, verb: str = ""
) -> HttpResponse:
    """The page of one achievement; after a refused move with its sentence and the note that was typed."""
    now, actor = timezone.now(), request.actor
    label, closes_at = desk.closing(achievement, now)
    page = shown.of(achievement, actor)
    live = policies.works_for_unit(actor, achievement)
    context = answers.files_context(achievement, page.attachments) | {
        "achievement": achievement,
        "title": page.title or str(achievement),
        "parts": page.parts,
        "members": page.members,
        "patents": page.patents,
        "commendations": page.commendations,
        "stamped": page.stamped,
        "checklist": page.checklist,
        "continued_note": "" if achievement.is_editable and not live else achievement.continued_note,
        "may_open_case": cases.may_investigate(actor, achievement),
        "suspects": duplicates.seen_by(actor, achievement),
        "has_photo": page.has_photo,
        "history": achievement.history.select_related("user", "membership__organization", "version")
        .prefetch_related("field_notes")
        .order_by("-pk"),
        "buttons": policies.moves_open_to(actor, achievement, now),
        "may_edit": not policies.may_edit(actor, achievement),
        "is_own": live,
        "seen": moves.seen_token(achievement),
        "due_label": label,
        "closes_at": closes_at if achievement.is_editable else None,
        "recommender_closes_at": desk.recommender_closes(achievement, now),
        "refusal": refusal,
        "refused_verb": verb,
        "note": request.POST.get("note", ""),
        "editable": False,
    }
    context |= _office_words(request, achievement)
    return render(request, "submissions/detail.html", context, status=refusal.status if refusal else 200)
