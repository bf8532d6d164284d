"""报送: the recommender's whole list in its order, with its report, on its way to the host; and who has sent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import ActorRequest, role_required
from accounts.choices import Role
from contests.models import Contest, Enrolment
from contests.queries import contest_in_view, enrolment_of, sending_window
from core import files
from core.errors import NotAllowed, Refusal
from submissions import policies
from submissions.actions import sending as actions
from submissions.forms import typed
from submissions.models import Dispatch, SendingReport
from submissions.queries import heaps, sending

SENDING = (Role.AUDITOR, Role.UNIT_OPERATOR)
READING = (*SENDING, Role.OFFICE, Role.SUPERVISOR)


@never_cache
@require_safe
@role_required(*READING)
def index(request: ActorRequest) -> HttpResponse:
    """The own list for who sends; who has sent and who has not for the host."""
    contest = contest_in_view(request.actor, request.GET.get("contest"))
    if contest is None:
        return render(request, "submissions/queue_none.html")
    if request.actor.is_office or request.actor.is_supervisor:
        return _overview(request, contest)
    desk = sending.sender_of(request.actor, contest)
    if desk is None or (policies.may_send(request.actor, desk) and not desk.audits):
        return render(request, "submissions/sending/nobody.html", {"contest": contest})
    return _own(request, desk)


def _overview(request: ActorRequest, contest: Contest) -> HttpResponse:
    now = timezone.now()
    hosted = enrolment_of(request.actor, contest)
    window = sending_window(now, hosted) if hosted else None
    rows = sending.senders(contest, is_closed=bool(window and window.closes and now > window.closes))
    only = request.GET.get("only") == "owing"
    context = {
        "contest": contest,
        "rows": [row for row in rows if row.is_owing] if only else rows,
        "total": len(rows),
        "owing": sum(row.is_owing for row in rows),
        "sent": sum(row.dispatch is not None for row in rows),
        "only": only,
        "closes": window.closes if window else None,
        "report_label": _report_label(contest),
    }
    return render(request, "submissions/sending/overview.html", context)


def _report_label(contest: Contest) -> str:
    wanted = contest.settings.dispatch_report
    return contest.settings.choice_label("dispatch_report") if wanted != "none" else ""


def _own(request: ActorRequest, desk: Enrolment, *, refusal: Refusal | None = None, remark: str = "") -> HttpResponse:
    now = timezone.now()
    lines, report = sending.lines(desk), sending.report_of(desk)
    gate, denied = sending_window(now, desk), policies.may_send(request.actor, desk)
    dispatches = list(sending.history(desk))
    last = next((row for row in dispatches if row.taken_back_at is None), None)
    is_open = gate.open and not denied
    context = {
        "contest": desk.contest,
        "desk": desk,
        "lines": lines,
        "report": report,
        "report_label": _report_label(desk.contest),
        "report_is_sent": bool(report and last and last.report_id == report.pk),
        "token": sending.token(desk, lines, report),
        "order_seen": heaps.list_token(desk),
        "sorts": is_open and desk.audits and len(lines) > 1,
        "waiting": sending.waiting_below(desk),
        "unsent": sum(not line.sent for line in lines),
        "moved": sum(line.has_moved for line in lines),
        "dispatches": dispatches,
        "last": last,
        "closes": gate.closes,
        "why_not": denied or gate.reason,
        "may_send": is_open,
        "refusal": refusal,
        "remark": remark,
    }
    return render(request, "submissions/sending/own.html", context, status=refusal.status if refusal else 200)


def _desk(request: ActorRequest) -> Enrolment:
    contest = contest_in_view(request.actor, request.POST.get("contest"))
    desk = sending.sender_of(request.actor, contest) if contest else None
    denied = policies.may_send(request.actor, desk)
    if denied or desk is None:
        raise NotAllowed(denied)
    return desk


@require_POST
@role_required(*SENDING)
def keep_report(request: ActorRequest) -> HttpResponse:
    desk = _desk(request)
    uploaded = request.FILES.get("report")
    try:
        if not isinstance(uploaded, UploadedFile):
            raise Refusal("没有收到文件，请重新选择。", "report")
        kept = actions.keep_report(request.actor, desk.contest, uploaded)
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _own(request, desk, refusal=refusal)
    messages.success(request, f"“{kept.name}”已保存，将随下一次报送一并送出。")
    return _back(desk, "#report")


@require_POST
@role_required(*SENDING)
def send(request: ActorRequest) -> HttpResponse:
    desk, remark = _desk(request), typed.plain(request.POST.get("remark", ""))
    try:
        made = actions.send(request.actor, desk.contest, seen=request.POST.get("seen", ""), remark=remark)
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _own(request, desk, refusal=refusal, remark=remark)
    messages.success(request, f"第 {made.number} 次报送已送达，下面是回执。")
    return redirect("submissions:dispatch", made.pk)


def _back(desk: Enrolment, place: str = "") -> HttpResponse:
    return redirect(f"{reverse('submissions:sending')}?contest={desk.contest_id}{place}")


@require_safe
@role_required(*READING)
def receipt(request: ActorRequest, pk: int) -> HttpResponse:
    return _receipt(request, _dispatch(request, pk))


def _dispatch(request: ActorRequest, pk: int) -> Dispatch:
    rows = Dispatch.objects.visible_to(request.actor).select_related(
        "enrolment__contest__host", "enrolment__recommender", "report__file", "sent_by", "taken_back_by"
    )
    return get_object_or_404(rows, pk=pk)


def _receipt(request: ActorRequest, dispatch: Dispatch, refusal: Refusal | None = None) -> HttpResponse:
    desk = dispatch.enrolment
    names = dict(desk.contest.category_set.values_list("code", "name"))
    entries = dispatch.entries.select_related("version", "achievement")
    context: dict[str, Any] = {
        "dispatch": dispatch,
        "contest": desk.contest,
        "entries": [(entry, names.get(entry.version.content["category"], "")) for entry in entries],
        "report_label": _report_label(desk.contest),
        "may_take_back": not policies.may_send(request.actor, desk)
        and sending.standing(desk) == dispatch
        and sending_window(timezone.now(), desk).open,
        "refusal": refusal,
        "reason": typed.plain(request.POST.get("reason", "")),
    }
    return render(request, "submissions/sending/receipt.html", context, status=refusal.status if refusal else 200)


@require_POST
@role_required(*SENDING)
def take_back(request: ActorRequest, pk: int) -> HttpResponse:
    dispatch = _dispatch(request, pk)
    try:
        actions.take_back(request.actor, pk, typed.plain(request.POST.get("reason", "")))
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _receipt(request, dispatch, refusal)
    messages.success(request, f"第 {dispatch.number} 次报送已撤回；改好后请在截止前再次报送。")
    return _back(dispatch.enrolment)


@require_safe
@role_required(*READING)
def report(request: ActorRequest, pk: int) -> HttpResponse:
    row: SendingReport | None = (
        SendingReport.objects.visible_to(request.actor).select_related("file").filter(pk=pk).first()
    )
    if row is None:
        raise Http404
    return files.serve(row.file, name=row.name)  # type: ignore[return-value]
