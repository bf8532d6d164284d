"""Score sheets on paper: the round's papers, one typed by its code, checked by another person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import ActorRequest, role_required
from core.errors import Conflict, NotAllowed, Refusal
from scoring import policies, projection, queries
from scoring.actions import paper as actions
from scoring.forms.paper import CodeForm, PaperForm, SettleForm
from scoring.lifecycle import RoundStatus
from scoring.models import Appointment, PaperSheet, Round
from scoring.queries import desk, papers
from scoring.rules.readings import WORDS, Reading
from scoring.rules.rubric import bounds
from scoring.views.answering import CHAIRS, READERS, acted, round_in_view

ON_A_PAGE = 20
NOTHING = Reading({})


@never_cache
@require_safe
@role_required(*READERS)
def index(request: ActorRequest, pk: int) -> HttpResponse:
    """What of the round is on paper; a code that is typed here leads to its paper."""
    round_ = round_in_view(request, pk)
    form = CodeForm(request.GET) if "code" in request.GET else CodeForm()
    if form.is_bound and form.is_valid():
        code = form.cleaned_data["code"]
        if PaperSheet.objects.visible_to(request.actor).filter(code=code).exists():
            return redirect("scoring:paper_sheet", code)
        form.add_error("code", "没有印过这个表码；请对照纸面，并确认是本单位组织的评审。")
    return _index(request, round_, form)


def _index(request: ActorRequest, round_: Round, form: CodeForm) -> HttpResponse:
    page = Paginator(papers.typed(round_), ON_A_PAGE).get_page(request.GET.get("page"))
    desks = list(papers.desks(round_))
    labels = desk.labels_of(round_.contest)
    context = {
        "round": round_,
        "form": form,
        "page": page,
        "rows": [(row, projection.heading(desk.readable(row.sheet.entry), labels).title) for row in page],
        "desks": desks,
        "open_sheets": sum(one.open for one in desks),
        "typed": sum(one.typed for one in desks),
        "entered": sum(one.entered for one in desks),
        "may_run": policies.may_run(request.actor, round_),
        "going_on": round_.status == RoundStatus.OPEN,
    }
    return render(request, "scoring/papers.html", context, status=400 if form.errors else 200)


@require_POST
@role_required(*CHAIRS)
def commit(request: ActorRequest, pk: int) -> HttpResponse:
    appointment = get_object_or_404(Appointment.objects.visible_to(request.actor), pk=pk)
    acted(request, lambda: actions.commit_on_paper(request.actor, pk), "书面承诺已登记。")
    return redirect("scoring:papers", appointment.round_id)


def _paper(request: ActorRequest, code: str) -> PaperSheet:
    paper: PaperSheet = get_object_or_404(papers.with_all(PaperSheet.objects.visible_to(request.actor)), code=code)
    policies.require_chair(request.actor, paper.sheet.round.enrolment)
    return paper


# --- the first reading -------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*CHAIRS)
def sheet(request: ActorRequest, code: str) -> HttpResponse:
    """What the QR leads to: the first reading, or to the check where somebody else has typed it."""
    paper = _paper(request, code)
    entry = papers.entry_of(paper)
    others = entry is not None and not entry.checked_at and entry.typed_by_id != request.actor.user.pk
    if others and request.method != "POST":
        return redirect("scoring:paper_check", code)
    shown = Reading.from_dict(entry.first) if entry and entry.typed_by_id == request.actor.user.pk else NOTHING
    form = PaperForm(paper.sheet, queries.rubric_of(paper.sheet.round), shown, request.POST or None)
    if request.method == "POST" and form.is_valid() and not form.faults:
        try:
            actions.type_in(request.actor, code, form.reading())
        except NotAllowed:
            raise
        except Refusal as refusal:
            return _page(request, _told_why(request, form, refusal, code), form, refusal.status)
        messages.success(request, f"{paper} 已录入，等待另一人核对。")
        return redirect("scoring:papers", paper.round_id)
    return _page(request, paper, form, 400 if request.method == "POST" else 200)


def _page(request: ActorRequest, paper: PaperSheet, form: PaperForm, status: int = 200) -> HttpResponse:
    shut = papers.why_not_type(request.actor, paper, timezone.now())
    return render(request, "scoring/paper_sheet.html", _context(paper, form) | {"shut": shut}, status=status)


def _told_why(request: ActorRequest, form: PaperForm, refusal: Refusal, code: str) -> PaperSheet:
    """The paper as it is by now; where somebody was quicker the page says so by itself."""
    if not isinstance(refusal, Conflict):
        form.fault(refusal.field, refusal.message)
    return _paper(request, code)


def _context(paper: PaperSheet, form: PaperForm) -> dict[str, Any]:
    sheet = paper.sheet
    return {
        "paper": paper,
        "entry": papers.entry_of(paper),
        "sheet": sheet,
        "round": sheet.round,
        "heading": projection.heading(desk.readable(sheet.entry), desk.labels_of(sheet.round.contest)),
        "form": form,
        "panel": form.panel(),
        "most": bounds(form.rules, sheet.entry.path)[1],
        "require_comment": policies.wants_comment(sheet.round),
    }


@require_POST
@role_required(*CHAIRS)
def withdraw(request: ActorRequest, code: str) -> HttpResponse:
    paper = _paper(request, code)
    acted(request, lambda: actions.withdraw(request.actor, code), f"{paper} 的录入已撤回，可以重新录入。")
    return redirect("scoring:papers", paper.round_id)


# --- the second reading ------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*CHAIRS)
def check(request: ActorRequest, code: str) -> HttpResponse:
    """The same form, blank but for the words; `again` reads anew what was compared already."""
    paper = _to_check(request, code)
    rules = queries.rubric_of(paper.sheet.round)
    entry = papers.entry_of(paper)
    mine = entry is not None and entry.checked_by_id == request.actor.user.pk and not entry.checked_at
    found = papers.differences(paper, rules) if mine else []
    if request.method != "POST" and found and "again" not in request.GET:
        return _compare(request, paper, SettleForm(found))
    words = {word: entry.first[word] for word in WORDS} if entry else {}
    form = PaperForm(paper.sheet, rules, Reading({}, **words), request.POST or None)
    if request.method == "POST" and form.is_valid() and not form.faults:
        try:
            return _told(request, paper, actions.check(request.actor, code, form.reading()))
        except NotAllowed:
            raise
        except Refusal as refusal:
            return _check_page(request, _told_why(request, form, refusal, code), form, refusal.status)
    return _check_page(request, paper, form, 400 if request.method == "POST" else 200)


def _to_check(request: ActorRequest, code: str) -> PaperSheet:
    paper = _paper(request, code)
    entry = papers.entry_of(paper)
    if entry and not entry.checked_at and entry.typed_by_id == request.actor.user.pk:
        raise NotAllowed("这张表是您录入的，核对须由另一人完成。", code="second_person")
    return paper


def _check_page(request: ActorRequest, paper: PaperSheet, form: PaperForm, status: int) -> HttpResponse:
    context = _context(paper, form) | {"shut": papers.why_not_check(request.actor, paper)}
    return render(request, "scoring/paper_check.html", context, status=status)


def _compare(request: ActorRequest, paper: PaperSheet, form: SettleForm, status: int = 200) -> HttpResponse:
    context = {
        "paper": paper,
        "entry": papers.entry_of(paper),
        "sheet": paper.sheet,
        "round": paper.sheet.round,
        "heading": projection.heading(desk.readable(paper.sheet.entry), desk.labels_of(paper.sheet.round.contest)),
        "form": form,
        "shut": papers.why_not_check(request.actor, paper),
    }
    return render(request, "scoring/paper_compare.html", context, status=status)


def _told(request: ActorRequest, paper: PaperSheet, done: actions.Checked) -> HttpResponse:
    if done.differing:
        messages.warning(request, f"两次录入有 {len(done.differing)} 处不同，请对照纸面取舍。")
        return redirect("scoring:paper_check", paper.code)
    if done.set_aside:
        messages.warning(request, "该专家应当回避这项成果，评分表已作废，并已另派专家；纸质表请存档。")
    else:
        messages.success(request, f"{paper} 核对无误，评分表已提交。")
    return redirect("scoring:papers", paper.round_id)


@require_POST
@role_required(*CHAIRS)
def settle(request: ActorRequest, code: str) -> HttpResponse:
    paper = _to_check(request, code)
    found = papers.differences(paper, queries.rubric_of(paper.sheet.round))
    form = SettleForm(found, request.POST)
    if not form.is_valid():
        return _compare(request, paper, form, 400)
    try:
        return _told(request, paper, actions.settle(request.actor, code, form.chosen()))
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.warning(request, refusal.message)
    return redirect(reverse("scoring:paper_check", args=[code]))
