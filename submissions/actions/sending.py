"""报送: the recommender sends its ranked list with its report to the host, as one act (002 四(二); 000 五(三))."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.actor import Actor
from contests.models import Contest, Enrolment
from contests.queries import sending_window
from core import files, ledger
from core.errors import Conflict, NotAllowed, Refusal
from submissions import policies
from submissions.actions.uploads import max_attachment_bytes
from submissions.lifecycle import Status
from submissions.models import Achievement, Dispatch, DispatchEntry, Recommendation, SendingReport
from submissions.queries import sending
from submissions.rules.sending import digest

REPORT_KINDS = {files.PDF, files.DOCX}
_REMARK_MAX = 300
_MOVED_ON = "推荐名单或报告刚刚有了变化，还没有报送；请核对最新名单后再报送。"


@transaction.atomic
def keep_report(actor: Actor, contest: Contest, uploaded: UploadedFile, now: datetime | None = None) -> SendingReport:
    """Store the report; it goes with the next dispatch. PDF or Word; a later one takes the place of this one."""
    desk = _own_desk(actor, contest)
    _refuse_closed(desk, now)
    stored = files.store_upload(uploaded, allowed=REPORT_KINDS, max_bytes=max_attachment_bytes(contest))
    report = SendingReport.objects.create(
        enrolment=desk, file=stored, name=stored.original_name, uploaded_by=actor.user
    )
    payload = {"report": report.pk, "sha256": stored.sha256}
    ledger.record(actor, "keep_sending_report", f"enrolment:{desk.pk}", payload, chain=contest.chain)
    return report


@transaction.atomic
def send(actor: Actor, contest: Contest, *, seen: str, remark: str = "", now: datetime | None = None) -> Dispatch:
    """The whole list as it stands, frozen as the next version, with the newest report. Until the closing only.

    `seen` is queries.sending.token of the page: Conflict when the list, a work or the report has changed since.
    """
    _hold(Recommendation.objects.filter(enrolment=sending.sender_of(actor, contest)))
    desk = _own_desk(actor, contest)
    _refuse_closed(desk, now)
    lines, report = sending.lines(desk), sending.report_of(desk)
    if seen != sending.token(desk, lines, report):
        raise Conflict(_MOVED_ON, code="moved_on")
    _refuse_incomplete(actor, desk, lines, report, remark)
    entries = [(line.number, line.work.pk, line.version.content_hash) for line in lines]
    made = digest(entries, report.file.sha256 if report else "")
    _refuse_same(desk, lines, report)
    dispatch = _write(actor, desk, lines, report, remark.strip(), made)
    payload = {"number": dispatch.number, "works": len(lines), "digest": made}
    ledger.record(actor, "dispatch", f"enrolment:{desk.pk}", payload, chain=contest.chain)
    return dispatch


@transaction.atomic
def take_back(actor: Actor, dispatch_id: int, reason: str, now: datetime | None = None) -> Dispatch:
    """The newest dispatch is void, with a reason, as long as the host has accepted nothing of it."""
    dispatch = Dispatch.objects.select_related("enrolment__contest", "enrolment__recommender").get(pk=dispatch_id)
    _hold(dispatch.entries.all())
    desk = _own_desk(actor, dispatch.enrolment.contest)
    if desk.pk != dispatch.enrolment_id:
        raise NotAllowed("只能撤回本单位的报送。")
    _refuse_closed(desk, now)
    if sending.standing(desk) != dispatch:
        raise Refusal("只能撤回最近一次有效的报送；请刷新页面查看。", code="last")
    taken = dispatch.entries.filter(achievement__status__in=[Status.ACCEPTED, Status.FROZEN]).count()
    if taken:
        raise Refusal(f"其中 {taken} 项主办单位已受理，不能撤回；名单有变化的，请再次报送。", code="accepted")
    dispatch.taken_back_at, dispatch.taken_back_by = now or timezone.now(), actor.user
    dispatch.take_back_reason = _reason(reason)
    dispatch.save(update_fields=["taken_back_at", "taken_back_by", "take_back_reason"])
    payload = {"number": dispatch.number, "reason": ledger.digest(dispatch.take_back_reason)}
    ledger.record(actor, "take_back_dispatch", f"enrolment:{desk.pk}", payload, chain=desk.contest.chain)
    return dispatch


def _hold(listed: QuerySet[Any]) -> None:
    """The works of a list under lock, before its desk as every move does it: none of them moves while it is sent or

    taken back.
    """
    works = Achievement.objects.filter(pk__in=listed.values("achievement")).order_by("pk")
    list(works.select_for_update(no_key=True).values_list("pk", flat=True))


def _own_desk(actor: Actor, contest: Contest) -> Enrolment:
    """The hat's own desk under lock, so that nobody recommends or reorders while the list is frozen."""
    desk = sending.sender_of(actor, contest)
    denied = policies.may_send(actor, desk)
    if denied or desk is None:
        raise NotAllowed(denied)
    Enrolment.objects.select_for_update(no_key=True).get(pk=desk.pk)
    return desk


def _refuse_closed(desk: Enrolment, now: datetime | None) -> None:
    gate = sending_window(now or timezone.now(), desk)
    if not gate.open:
        raise Refusal(f"现在不能报送：{gate.reason}", code="now")


def _refuse_incomplete(
    actor: Actor, desk: Enrolment, lines: list[sending.Line], report: SendingReport | None, remark: str
) -> None:
    asked = desk.contest.settings.choice_label("dispatch_report")
    if desk.contest.settings.dispatch_report != "none" and report is None:
        raise Refusal(f"请先上传{asked}，再报送。", "report", "report")
    if not lines and report is None:
        raise Refusal("推荐名单还是空的；请先推荐成果，再报送。", code="empty")
    if len(remark.strip()) > _REMARK_MAX:
        raise Refusal(f"说明不超过 {_REMARK_MAX} 字，现有 {len(remark.strip())} 字。", "remark")
    works = [line.work.pk for line in lines]
    own = Recommendation.objects.filter(enrolment=desk, recommended_by=actor.user, achievement__in=works)
    if desk.contest.settings.dispatch_second_person and own.exists():
        raise Refusal("名单中有您本人推荐的成果；本届竞赛要求由另一人核对后报送。", code="maker")


def _refuse_same(desk: Enrolment, lines: list[sending.Line], report: SendingReport | None) -> None:
    last = sending.standing(desk)
    if last is None or last.report != report or last.entries.count() != len(lines):
        return
    if all(line.sent == line.number for line in lines):
        raise Refusal(f"名单、材料与第 {last.number} 次报送相同，不需要再次报送。", code="same")


def _write(
    actor: Actor, desk: Enrolment, lines: list[sending.Line], report: SendingReport | None, remark: str, made: str
) -> Dispatch:
    dispatch = Dispatch.objects.create(
        enrolment=desk,
        number=desk.dispatches.count() + 1,
        digest=made,
        report=report,
        remark=remark,
        sent_by=actor.user,
        membership=actor.membership,
    )
    DispatchEntry.objects.bulk_create(
        DispatchEntry(dispatch=dispatch, achievement=line.work, version=line.version, order=line.number)
        for line in lines
    )
    return dispatch


def _reason(text: str) -> str:
    text = text.strip()
    if not text:
        raise Refusal("请写明撤回的理由，主办单位会看到。", "reason")
    if len(text) > _REMARK_MAX:
        raise Refusal(f"理由不超过 {_REMARK_MAX} 字，现有 {len(text)} 字。", "reason")
    return text
