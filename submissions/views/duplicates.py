"""疑似重复: the list of pairs, two works side by side with a verdict, and the unit's 延续申报."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import ActorRequest, role_required
from accounts.models import Role
from contests.queries import contest_in_view
from core.errors import Conflict, NotAllowed, Refusal
from submissions import policies
from submissions.actions import continuing as continuing_actions
from submissions.actions.judging_pairs import judge_pair, may_judge
from submissions.forms import typed
from submissions.forms.audit import ids_of
from submissions.forms.duplicates import ContinuesForm, VerdictForm
from submissions.models import Achievement, SuspectPair
from submissions.queries import continuing, duplicates, side_by_side
from submissions.views import desk

READERS = (Role.AUDITOR, Role.OFFICE, Role.SUPERVISOR)
PER_PAGE = 50


@never_cache
@role_required(*READERS)
@require_safe
def index(request: ActorRequest) -> HttpResponse:
    """Paged by key: `?before=` is the last pair of the page before, so that a long list costs no more than a short."""
    contest = contest_in_view(request.actor, request.GET.get("contest"))
    if contest is None:
        return render(request, "submissions/duplicates/index.html", {"contest": None})
    judged = request.GET.get("tab") == "judged"
    rows = duplicates.pairs_in_view(request.actor, contest, judged=judged)
    before = ids_of([request.GET.get("before", "")])
    shown = rows.filter(pk__lt=before[0]) if before else rows
    joined = ("earlier__contest", "earlier__unit", "later__contest", "later__unit", "verdict__judged_by")
    pairs = list(shown.select_related(*joined)[: PER_PAGE + 1])
    context = {
        "contest": contest,
        "judged": judged,
        "lines": _lines(request, pairs[:PER_PAGE]),
        "open_count": duplicates.pairs_in_view(request.actor, contest).count(),
        "older": pairs[PER_PAGE - 1].pk if len(pairs) > PER_PAGE else 0,
        "paged": bool(before),
    }
    return render(request, "submissions/duplicates/index.html", context)


def _lines(request: ActorRequest, pairs: list[SuspectPair]) -> list[tuple[Achievement, duplicates.Seen, str]]:
    """Each pair as (own work, the other as it may be seen, who judged: of a work that she does not see, nobody)."""
    ids = {pk for pair in pairs for pk in (pair.earlier_id, pair.later_id)}
    visible = set(Achievement.objects.visible_to(request.actor).filter(pk__in=ids).values_list("pk", flat=True))
    own = [pair.later if pair.later_id in visible else pair.earlier for pair in pairs]
    titles = duplicates.titles_of(pairs)
    for work in own:
        work.title = titles[work.pk]
    judges = [
        str(pair.verdict.judged_by) if pair.verdict and pair.verdict.achievement_id in visible else "" for pair in pairs
    ]
    others = [duplicates.beside(pair, work.pk, visible, titles) for work, pair in zip(own, pairs, strict=True)]
    return list(zip(own, others, judges, strict=True))


@never_cache
@role_required(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: ActorRequest, pk: int) -> HttpResponse:
    joined = ("earlier__contest", "earlier__unit", "later__contest", "later__unit", "verdict__membership")
    row = get_object_or_404(SuspectPair.objects.visible_to(request.actor).select_related(*joined), pk=pk)
    sides = side_by_side.sides(request.actor, row)
    own = {work.pk for work in sides.works}
    seen = {"seen": str(row.verdict_id or 0)}
    form = (
        VerdictForm(sides.works, request.POST) if request.method == "POST" else VerdictForm(sides.works, initial=seen)
    )
    refusal = None
    if form.is_bound and form.is_valid():
        refusal = _judge(request, row, form)
        if refusal is None:
            messages.success(request, "认定已保存。")
            return redirect("submissions:pair", pk)
    context = {
        "pair": row,
        "sides": sides,
        "form": form,
        "denied": may_judge(request.actor, sides.own_work, row),
        "verdicts": [
            (v, _named(v.achievement_id, sides), v.achievement_id in own) for v in duplicates.verdicts_on(row)
        ],
        "refusal": refusal,
    }
    status = refusal.status if refusal else 400 if form.errors else 200
    return render(request, "submissions/duplicates/pair.html", context, status=status)


def _judge(request: ActorRequest, row: SuspectPair, form: VerdictForm) -> Refusal | None:
    values = form.cleaned_data
    try:
        reason = typed.plain(values["reason"])
        judge_pair(request.actor, row.pk, values["achievement"], values["verdict"], reason, seen=values["seen"] or "0")
    except NotAllowed:
        raise
    except Refusal as refusal:
        if refusal.field in form.fields:
            form.add_error(refusal.field, refusal.message)
        return refusal
    return None


def _named(achievement_id: int, sides: side_by_side.Sides) -> str:
    return str(sides.own_work) if achievement_id == sides.own_work.pk else sides.other.title


@never_cache
@role_required(Role.UNIT_OPERATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def continues(request: ActorRequest, pk: int) -> HttpResponse:
    achievement = desk.open_row(request.actor, pk)
    denied = policies.may_edit(request.actor, achievement)
    if denied:
        raise NotAllowed(denied)
    offered = continuing.candidates(achievement)
    said = {"earlier": achievement.continues_id, "note": achievement.continued_note}
    form = ContinuesForm(offered, request.POST) if request.method == "POST" else ContinuesForm(offered, initial=said)
    refused: Refusal | None = None
    if form.is_bound and form.is_valid():
        refused = _declare(request, pk, form)
        if refused is None:
            messages.success(request, "延续申报已保存，将随成果一并提交。")
            return redirect("submissions:detail", pk)
    stale = isinstance(refused, Conflict)
    saved = desk.open_row(request.actor, pk) if stale else achievement
    context = {
        "achievement": achievement,
        "form": form,
        "offered": offered.exists(),
        "seen": request.POST.get("seen", "") if form.is_bound and not stale else continuing.token(saved),
        "saved": saved if stale else None,
    }
    status = refused.status if refused else 400 if form.is_bound else 200
    return render(request, "submissions/duplicates/continues.html", context, status=status)


def _declare(request: ActorRequest, pk: int, form: ContinuesForm) -> Refusal | None:
    earlier = form.cleaned_data["earlier"]
    try:
        note = typed.plain(form.cleaned_data["note"])
        seen = request.POST.get("seen", "")
        continuing_actions.declare(request.actor, pk, earlier.pk if earlier else None, note, seen=seen)
    except NotAllowed:
        raise
    except Refusal as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return refusal
    return None
