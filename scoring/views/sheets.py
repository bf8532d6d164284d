"""The expert's pages: her list, one score sheet, its saving, the hand-in of the batch."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import ActorRequest, role_required
from accounts.choices import Role
from core.errors import Conflict, Refusal
from scoring import drawings, policies, projection, queries
from scoring.actions import sheets as actions
from scoring.forms import HandInForm, SheetForm
from scoring.models import Round, ScoreSheet
from scoring.queries import desk, one_sheet, opening, openly
from scoring.rules.rubric import bounds
from scoring.views import kept_away, openings
from scoring.views.commitment import committed, unready

BY_SCORE = "score"


@never_cache
@require_GET
@role_required(Role.EXPERT)
@committed
def index(request: ActorRequest) -> HttpResponse:
    return _list(request)


def _list(request: ActorRequest, form: HandInForm | None = None, wanted: str = "") -> HttpResponse:
    rounds = one_sheet.rounds_of(request.actor)
    round_ = _chosen(rounds, wanted or request.GET.get("round", ""))
    page: dict[str, Any] = {"rounds": rounds, "round": round_}
    if round_:
        page |= _batch_page(request, one_sheet.with_dates(round_), form)
    return render(request, "scoring/sheets.html", page, status=400 if form is not None else 200)


def _chosen(rounds: list[Round], wanted: str) -> Round | None:
    asked = next((one for one in rounds if str(one.pk) == wanted), None)
    return asked or next(iter(rounds), None)


def _batch_page(request: ActorRequest, round_: Round, form: HandInForm | None) -> dict[str, Any]:
    rows = desk.own_sheets(request.actor, round_, len(queries.rubric_of(round_).criteria))
    window = policies.scoring_window(round_, timezone.now())
    ready = [row for row in rows if row.complete and not row.handed_in]
    handed_in = sum(row.handed_in for row in rows)
    by_score = request.GET.get("order") == BY_SCORE
    return {
        "rows": sorted(rows, key=lambda row: (-(row.total or -1), row.code)) if by_score else rows,
        "by_score": by_score,
        "ready": len(ready),
        "to_calibrate": desk.to_calibrate(rows),
        "complete": sum(row.complete for row in rows),
        "handed_in": handed_in,
        "closes_at": window.closes,
        "shut": policies.why_not_round(round_, timezone.now()),
        "handed_words": f"已交 {handed_in} / {len(rows)} 份",
        "handed_tone": "ok" if rows and handed_in == len(rows) else "info",
        "form": form or HandInForm(initial={"round": round_.pk, "shown": len(ready)}),
        **_distribution([row.total for row in rows if row.total is not None]),
    }


def _distribution(totals: list[Any]) -> dict[str, Any]:
    return {
        "bars": drawings.own_distribution(totals),
        "scored": len(totals),
        "average": sum(totals) / len(totals) if totals else None,
        "lowest": min(totals, default=None),
        "highest": max(totals, default=None),
    }


def _or_404(mine: ScoreSheet | None) -> ScoreSheet:
    if mine is None:
        raise Http404
    return mine


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EXPERT)
def sheet(request: ActorRequest, pk: int) -> HttpResponse:
    """The sheet as an ordinary form; with the script it saves itself through `save`."""
    mine = _or_404(one_sheet.own(request.actor, pk))
    if not policies.opens(mine):
        return unready(request)
    if opening.kept_away(request.actor, mine):
        return kept_away.page(request, mine)
    form = SheetForm(mine, queries.rubric_of(mine.round), request.POST or None)
    steps = desk.beside(mine)
    if request.method == "POST":
        if _saved(request, mine, form):
            return _onward(request, mine, steps)
        if _stale(form):
            return _page(request, mine, form, steps, status=409)
        return _page(request, mine, form, steps, status=400)
    openings.note(request.session, pk, timezone.now())
    return _page(request, mine, form, steps)


def _stale(form: SheetForm) -> bool:
    return form.refused is not None and form.refused.code == "stale"


def _saved(request: ActorRequest, mine: ScoreSheet, form: SheetForm) -> ScoreSheet | None:
    """The sheet as saved; None when it was refused, and then the form says why."""
    if not form.is_valid() or form.faults:
        return None
    data = form.cleaned_data
    try:
        saved = actions.save_marks(
            request.actor,
            mine.pk,
            form.given(),
            comment=data["comment"],
            doubt=data["doubt"],
            ineligible=data["ineligible"],
            revision=data["revision"],
        )
    except Refusal as refusal:
        form.refused = refusal
        form.fault(refusal.field, refusal.message)
        return None
    actions.note_opened(request.actor, saved, openings.of(request.session, mine.pk))
    return saved


def _onward(request: ActorRequest, mine: ScoreSheet, steps: list[desk.Step]) -> HttpResponse:
    if request.POST.get("then") != "next":
        messages.success(request, "已保存。")
        return redirect("scoring:sheet", pk=mine.pk)
    place, _, after = _neighbours(mine.pk, steps)
    if after and not (mine.common and not steps[place].common and desk.to_calibrate(steps)):
        return redirect("scoring:sheet", pk=after)
    return redirect(f"{reverse('scoring:sheets')}?round={mine.round_id}")


def _neighbours(pk: int, steps: list[desk.Step]) -> tuple[int, int | None, int | None]:
    """(place from 1, the sheet before, the sheet after)."""
    ids = [step.pk for step in steps]
    place = ids.index(pk)
    before, after = ids[place - 1] if place else None, ids[place + 1] if place + 1 < len(ids) else None
    return place + 1, before, after


def _page(
    request: ActorRequest, mine: ScoreSheet, form: SheetForm, steps: list[desk.Step], status: int = 200
) -> HttpResponse:
    now, labels = timezone.now(), desk.labels_of(mine.round.contest)
    clashes = form.clashes() if _stale(form) else []
    form = form.renewed() if _stale(form) else form
    place, before, after = _neighbours(mine.pk, steps)
    desk.stand(mine, steps)
    panel, done = form.panel(), [step.total for step in steps if step.total is not None]
    work = projection.work(desk.readable(mine.entry), labels, mine.entry.path, mine.entry.benefit_wan)
    package = desk.package_of(mine.entry)
    page = {
        "sheet": mine,
        "work": work,
        "names": openly.names(mine),
        "package": package,
        "documents": [document for document, _ in desk.documents(mine.entry)],
        "picture_numbers": range(1, work.pictures + 1),
        "form": form,
        "clashes": clashes,
        "returned": one_sheet.returned_with(mine),
        "require_comment": mine.round.contest.settings.require_comment,
        "panel": panel,
        "most": bounds(form.rules, mine.entry.path)[1],
        "sum": sum(choice.points or 0 for choice in panel),
        "open_criteria": [choice for choice in panel if choice.points is None],
        "steps": steps,
        "place": place,
        "before": before,
        "after": after,
        "closes_at": _closes(mine, now),
        "shut": policies.why_not_score(mine, now),
        "scored_words": f"已评 {len(done)} / {len(steps)} 份",
        "ticks": drawings.ticks([step.total is not None for step in steps], place),
        "ticks_width": drawings.ticks_width(len(steps)),
        **_distribution(done),
    }
    return render(request, "scoring/sheet.html", page, status=status)


def _closes(mine: ScoreSheet, now: datetime) -> datetime | None:
    return policies.scoring_window(mine.round, now).closes


@never_cache
@require_POST
@role_required(Role.EXPERT)
def save(request: ActorRequest, pk: int) -> JsonResponse:
    """{revision, total, errors}: errors by criterion or field, "" for the sheet as a whole.

    409 when it was stale; then `clashes` holds [place, sent, stored] of whatever differs.
    """
    mine = _or_404(one_sheet.typed(request.actor, pk))
    form = SheetForm(mine, queries.rubric_of(mine.round), request.POST)
    saved = _saved(request, mine, form)
    if saved:
        return JsonResponse({"revision": saved.revision, "total": _plain(saved), "errors": {}})
    errors = {("" if name == "__all__" else name): texts[0] for name, texts in form.errors.items()}
    clashes = [[one.label, one.mine, one.theirs] for one in form.clashes()] if _stale(form) else []
    answer: dict[str, Any] = {"revision": mine.revision, "total": _plain(mine), "errors": {**errors, **form.faults}}
    answer |= {"clashes": clashes} if clashes else {}
    return JsonResponse(answer, status=form.refused.status if form.refused else 400)


def _plain(mine: ScoreSheet) -> int | None:
    return None if mine.total is None else int(mine.total)


def _tell(request: ActorRequest, done: actions.HandedIn) -> None:
    if done.set_aside:
        codes = "、".join(done.set_aside)
        messages.warning(request, f"{codes} 属于应当回避的成果，已停止评分，并已记入评审存证。")
    if done.count:
        messages.success(request, f"已交 {done.count} 份评分表，谢谢您。")


@never_cache
@require_POST
@role_required(Role.EXPERT)
@committed
def hand_in(request: ActorRequest) -> HttpResponse:
    """All complete sheets of the round at once, exactly as many as she was shown."""
    form = HandInForm(request.POST)
    wanted = request.POST.get("round", "")
    if not form.is_valid():
        return _list(request, form, wanted)
    round_ = _chosen(one_sheet.rounds_of(request.actor), wanted)
    if round_ is None or str(round_.pk) != wanted:
        raise Http404
    ready = desk.ready(desk.batch(request.actor, round_))
    try:
        if len(ready) != form.cleaned_data["shown"]:
            raise Conflict(f"刚才显示可交 {form.cleaned_data['shown']} 份，现在是 {len(ready)} 份，请核对后再交。")
        done = actions.hand_in(request.actor, ready)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        _tell(request, done)
    return redirect(f"{reverse('scoring:sheets')}?round={round_.pk}")
