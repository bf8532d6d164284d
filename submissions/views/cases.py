"""案件与禁止申报: the register, the page of a case with its steps, a new case, namesakes of the banned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import ActorRequest, role_required
from accounts.models import Role
from core import files
from core.errors import NotAllowed, Refusal
from submissions.actions import barring
from submissions.actions import cases as actions
from submissions.forms import typed
from submissions.forms.audit import ids_of
from submissions.forms.cases import (
    AnswerForm,
    AppealForm,
    FileForm,
    OpenForm,
    ProposalForm,
    ReasonForm,
    StatementForm,
)
from submissions.models import Ban, Case, CaseFile
from submissions.queries import cases, submitted
from submissions.views import desk

AUDITING = (Role.AUDITOR, Role.OFFICE)
READERS = (Role.UNIT_OPERATOR, Role.AUDITOR, Role.OFFICE, Role.SUPERVISOR)
PER_PAGE = 50


@dataclass(frozen=True)
class Stretch:
    """Some rows of a long register, newest first; `older`: where the next stretch begins, 0 at the end."""

    rows: list[Any]
    older: int
    paged: bool


def _older(rows: QuerySet[Any], before: str) -> Stretch:
    keys = ids_of([before])
    found = list((rows.filter(pk__lt=keys[0]) if keys else rows)[: PER_PAGE + 1])
    return Stretch(found[:PER_PAGE], found[PER_PAGE - 1].pk if len(found) > PER_PAGE else 0, bool(keys))


@never_cache
@role_required(*READERS)
@require_safe
def index(request: ActorRequest) -> HttpResponse:
    """Cases of the works that she sees, newest first; the office and the supervisor also read the register of bans."""
    return _index(request)


def _index(request: ActorRequest, refused: tuple[Ban, Refusal] | None = None) -> HttpResponse:
    """`refused`: the ban that was not lifted, and why; its stretch of the register shows the reason as it was typed."""
    joined = ("achievement__contest", "achievement__unit", "achievement__leader")
    rows = Case.objects.visible_to(request.actor).select_related(*joined)
    shown = _older(rows, request.GET.get("before", ""))
    submitted.named_for(request.actor, [row.achievement for row in shown.rows])
    bans = Ban.objects.visible_to(request.actor).select_related("case", "lifted_by")
    context = {
        "cases": shown,
        "bans": _older(bans, str(refused[0].pk + 1) if refused else request.GET.get("bans_before", "")),
        "refused_at": refused[0].pk if refused else 0,
        "refusal": refused[1] if refused else None,
        "typed": request.POST.get("reason", "") if refused else "",
        "sees_bans": request.actor.is_office or request.actor.is_supervisor,
        "may_lift": request.actor.is_office,
        "sees_pairs": not request.actor.is_unit_operator,
    }
    status = refused[1].status if refused else 200
    return render(request, "submissions/cases/index.html", context, status=status)


@never_cache
@role_required(*AUDITING)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActorRequest, pk: int) -> HttpResponse:
    achievement = desk.open_row(request.actor, pk)
    denied = cases.may_open(request.actor, achievement)
    if denied:
        raise NotAllowed(denied)
    form = OpenForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        try:
            case = actions.open_case(request.actor, pk, values["kind"], typed.plain(values["charge"]), values["source"])
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, "已立案。申报单位可以看到涉嫌事实并陈述。")
            return redirect("submissions:case", case.pk)
    submitted.named_for(request.actor, [achievement])
    context = {"achievement": achievement, "form": form}
    return render(request, "submissions/cases/new.html", context, status=400 if form.is_bound else 200)


@never_cache
@role_required(*READERS)
@require_safe
def case(request: ActorRequest, pk: int) -> HttpResponse:
    return _show(request, _opened(request, pk))


def _opened(request: ActorRequest, pk: int) -> Case:
    joined = (
        "achievement__contest",
        "achievement__unit__recommender",
        "achievement__leader",
        "membership__organization",
    )
    row: Case = get_object_or_404(Case.objects.visible_to(request.actor).select_related(*joined), pk=pk)
    return row


Forms = dict[str, forms.Form]


def _forms(request: ActorRequest, row: Case) -> Forms:
    """The steps that are hers now, by their names in the address."""
    actor, waiting = request.actor, cases.pending(row)
    made: Forms = {}
    inside, officer = cases.sees_inside(actor, row), actor.is_office
    if row.is_open and ((inside and not actor.is_supervisor) or cases.may_state(actor, row)):
        made["evidence"] = FileForm()
    if cases.may_state(actor, row):
        made["statement"] = StatementForm(initial={"statement": row.statement, "seen": cases.statement_seen(row)})
    if officer and row.is_open and waiting is None:
        made["proposal"] = _proposal(row)
    if officer and waiting and waiting.proposed_by_id != actor.user.pk:
        made["answer"] = AnswerForm(initial={"ruling": waiting.pk})
    if _may_appeal(request, row):
        made["appeal"] = AppealForm()
    return made


def _proposal(row: Case, data: Any = None) -> ProposalForm:
    return ProposalForm(cases.people(row), row.state == Case.State.APPEALED, data)


def _may_appeal(request: ActorRequest, row: Case) -> bool:
    in_time = row.appeal_until is not None and timezone.localdate() <= row.appeal_until
    mine = request.actor.is_unit_operator and cases.is_respondent(request.actor, row.achievement)
    return row.state == Case.State.UPHELD and in_time and mine


def _show(request: ActorRequest, row: Case, bound: Forms | None = None, status: int = 200) -> HttpResponse:
    inside = cases.sees_inside(request.actor, row)
    forms_now = _forms(request, row) | (bound or {})  # whom a ruling may bar is read from the work as it stands
    submitted.named_for(request.actor, [row.achievement])
    context = {
        "case": row,
        "work": row.achievement,
        "inside": inside,
        "respondent": cases.is_respondent(request.actor, row.achievement),
        "files": cases.files_of(request.actor, row),
        "rulings": list(row.rulings.select_related("proposed_by", "answered_by")) if inside else [],
        "finding": cases.finding(row),
        "waiting": cases.pending(row) if inside else None,
        "forms": forms_now,
        "bans": list(row.bans.all()) if inside else [],
    }
    return render(request, "submissions/cases/case.html", context, status=status)


# --- the steps --------------------------------------------------------------------------------------

Step = Callable[[ActorRequest, Case, dict[str, Any]], object]


def _evidence(request: ActorRequest, row: Case, values: dict[str, Any]) -> object:
    return actions.add_evidence(request.actor, row.pk, values["file"])


def _statement(request: ActorRequest, row: Case, values: dict[str, Any]) -> object:
    return actions.state(request.actor, row.pk, typed.plain(values["statement"]), seen=values["seen"])


def _propose(request: ActorRequest, row: Case, values: dict[str, Any]) -> object:
    reason, barred = typed.plain(values["reason"]), values.get("barred", [])
    return actions.propose(request.actor, row.pk, upheld=values["upheld"] == "yes", reason=reason, barred=barred)


def _answer(request: ActorRequest, row: Case, values: dict[str, Any]) -> object:
    """Of the proposal that her page showed: it may have been answered, and another made, since."""
    read = get_object_or_404(row.rulings, pk=values["ruling"])
    reason = typed.plain(values["answer_reason"])
    return actions.answer(request.actor, read.pk, agree=values["agree"] == "yes", reason=reason)


def _appeal(request: ActorRequest, row: Case, values: dict[str, Any]) -> object:
    return actions.appeal(request.actor, row.pk, typed.plain(values["appeal"]))


def _read_anew(request: ActorRequest, row: Case, form: forms.Form) -> None:
    """The page that tells of a refusal shows what stands by now: the next press is about that."""
    data, waiting = request.POST.copy(), cases.pending(row)
    data["seen"] = cases.statement_seen(row)
    if waiting:
        data["ruling"] = str(waiting.pk)
    form.data = data


STEPS: dict[str, tuple[Callable[[ActorRequest, Case], forms.Form], Step, str]] = {
    "evidence": (lambda r, _: FileForm(r.POST, r.FILES), _evidence, "证据已保存。"),
    "statement": (lambda r, _: StatementForm(r.POST), _statement, "陈述已提交。"),
    "proposal": (lambda r, row: _proposal(row, r.POST), _propose, "处理意见已提出，等待第二人审核。"),
    "answer": (lambda r, _: AnswerForm(r.POST), _answer, "审核意见已保存。"),
    "appeal": (lambda r, _: AppealForm(r.POST), _appeal, "申诉已提交。"),
}


@role_required(*READERS)
@require_POST
def step(request: ActorRequest, pk: int, name: str) -> HttpResponse:
    if name not in STEPS:
        raise Http404
    row = _opened(request, pk)
    make, act, said = STEPS[name]
    form = make(request, row)
    if not form.is_valid():
        return _show(request, row, {name: form}, 400)
    try:
        act(request, row, form.cleaned_data)
    except NotAllowed:
        raise
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        fresh = _opened(request, pk)
        _read_anew(request, fresh, form)
        return _show(request, fresh, {name: form}, refusal.status)
    messages.success(request, said)
    return redirect("submissions:case", pk)


@role_required(*READERS)
@require_safe
def evidence(request: ActorRequest, pk: int, file: int) -> HttpResponse:
    row = _opened(request, pk)
    found: CaseFile | None = next((each for each in cases.files_of(request.actor, row) if each.pk == file), None)
    if found is None:
        raise Http404
    return files.serve(found.file, name=found.name)  # type: ignore[return-value]


@role_required(Role.OFFICE)
@require_POST
def lift(request: ActorRequest, pk: int) -> HttpResponse:
    ban = get_object_or_404(Ban.objects.visible_to(request.actor), pk=pk)
    try:
        barring.lift(request.actor, ban.pk, typed.plain(request.POST.get("reason", "")))
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _index(request, (ban, refusal))
    messages.success(request, "已解除禁止申报。")
    return redirect("submissions:cases")


@never_cache
@role_required(*AUDITING, Role.SUPERVISOR)
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: ActorRequest, pk: int) -> HttpResponse:
    """Who of a work bears a name of the register, and the word that she is somebody else."""
    achievement = desk.open_row(request.actor, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        try:
            barring.clear(request.actor, pk, values["ban"] or 0, typed.plain(values["reason"]))
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, "已记录：不是同一人。")
            return redirect("submissions:people", pk)
    submitted.named_for(request.actor, [achievement])
    context = {
        "achievement": achievement,
        "concerns": cases.concerns(request.actor, achievement),
        "form": form,
        "may_clear": not request.actor.is_supervisor,
    }
    return render(request, "submissions/cases/people.html", context, status=400 if form.is_bound else 200)
