"""优胜单位申报: filled in by the unit, then three opinions in order, each dated and by whom (002 附件5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from contests.models import Enrolment
from contests.queries import sending_window
from core import ledger
from core.errors import Conflict, NotAllowed, Refusal
from submissions import policies
from submissions.models import NominationOpinion, UnitNomination
from submissions.queries import heaps
from submissions.queries import nominations as reads
from submissions.rules import nominations as rules
from submissions.rules.nominations import Status, Step

FIELDS = (*(asked.key for asked in rules.REQUIRED),)
TEXT_MAX = 500


@transaction.atomic
def start(actor: Actor, enrolment: Enrolment) -> UnitNomination:
    """The unit's form with what the portal knows already; the same one when it was begun before."""
    denied = policies.may_nominate(actor, enrolment)
    if denied:
        raise NotAllowed(denied)
    row, _ = UnitNomination.objects.get_or_create(
        enrolment=enrolment,
        defaults={
            "contest": enrolment.contest,
            "unit_name": enrolment.name,
            "nature_text": enrolment.get_ownership_display() or enrolment.get_nature_display(),
            "head_count": enrolment.head_count,
            "participants": min(enrolment.participants, enrolment.head_count or enrolment.participants),
            "filled_by": actor.user.display_name,
            "created_by": actor.user,
        },
    )
    return row


@transaction.atomic
def save(actor: Actor, nomination_id: int, values: Mapping[str, Any], revision: int) -> UnitNomination:
    """Cleaned values by FIELDS. Drafts are not ledger events. Conflict when somebody saved since `revision`."""
    row = _locked(nomination_id)
    denied = policies.may_nominate(actor, row.enrolment)
    if denied:
        raise NotAllowed(denied)
    if not row.is_editable:
        raise Refusal(f"申报表现为“{row.status_words[0]}”，不能修改；如需修改，请联系推荐单位退回。", code="status")
    if row.revision != revision:
        raise Conflict("申报表刚刚被他人修改过，您的内容还没有保存；请对照后再保存。", code="stale")
    for key in FIELDS:
        if key in values:
            setattr(row, key, values[key])
    if row.head_count is not None and row.participants is not None and row.participants > row.head_count:
        raise Refusal("参赛职工数不能多于职工总数，请核对。", "participants")
    row.revision += 1
    row.save()
    return row


@transaction.atomic
def give_opinion(
    actor: Actor, nomination_id: int, text: str, *, agrees: bool = True, seen: str, now: datetime | None = None
) -> UnitNomination:
    """The next of the three. `seen` is the status of the page: Conflict when it has moved on since."""
    row = _locked(nomination_id)
    step, top = _checked(actor, row, seen, now or timezone.now())
    text = _said(text, "请写明意见。", "text")
    if step is Step.UNIT:
        _refuse_incomplete(row, agrees)
    if step is Step.COUNTY and agrees:
        _refuse_over_quota(top)
    opinion = NominationOpinion.objects.create(
        nomination=row,
        step=step,
        agrees=agrees,
        text=text,
        dated_on=timezone.localdate(now),
        enrolment=_speaks_for(row, step, top),
        given_by=actor.user,
        membership=actor.membership,
    )
    row.status, row.return_reason = rules.after(step, agrees), ""
    row.revision += 1
    row.save()
    payload = {"opinion": opinion.pk, "step": str(step), "agrees": agrees, "text": ledger.digest(text)}
    ledger.record(actor, "give_opinion", f"nomination:{row.pk}", payload, chain=row.contest.chain)
    return row


@transaction.atomic
def send_back(
    actor: Actor, nomination_id: int, reason: str, *, seen: str, now: datetime | None = None
) -> UnitNomination:
    """Back to the unit with a reason, by whoever's opinion comes next; the opinions given so far no longer stand."""
    row = _locked(nomination_id)
    step, _ = _checked(actor, row, seen, now or timezone.now())
    if step is Step.UNIT:
        raise Refusal("申报表在本单位，不需要退回。", code="status")
    row.return_reason = _said(reason, "请写明退回的理由，申报单位会看到。", "reason")
    row.opinions.filter(voided_at__isnull=True).update(voided_at=now or timezone.now())
    row.status = Status.RETURNED
    row.revision += 1
    row.save()
    payload = {"step": str(step), "reason": ledger.digest(row.return_reason)}
    ledger.record(actor, "return_nomination", f"nomination:{row.pk}", payload, chain=row.contest.chain)
    return row


def _locked(nomination_id: int) -> UnitNomination:
    UnitNomination.objects.select_for_update(no_key=True).get(pk=nomination_id)
    return UnitNomination.objects.select_related("contest", "enrolment__contest").get(pk=nomination_id)


def _checked(actor: Actor, row: UnitNomination, seen: str, now: datetime) -> tuple[Step, Enrolment]:
    if seen != row.status:
        raise Conflict(f"该申报表刚刚已办理，现为“{row.status_words[0]}”；您的操作没有执行。", code="moved_on")
    step, top = rules.next_step(row.status), reads.top_of(row.enrolment)
    given = reads.standing(row).get(Step.UNIT)
    denied = policies.may_give_opinion(actor, row, top, given.given_by_id if given else None)
    if denied or step is None:
        raise NotAllowed(denied)
    gate = sending_window(now, top)
    if step is not Step.CITY and not gate.open:
        raise Refusal(f"现在不能办理：{gate.reason}", code="now")
    return step, top


def _speaks_for(row: UnitNomination, step: Step, top: Enrolment) -> Enrolment:
    if step is Step.CITY:
        return Enrolment.objects.get(contest=row.contest_id, recommender__isnull=True)
    return row.enrolment if step is Step.UNIT else top


def _refuse_incomplete(row: UnitNomination, agrees: bool) -> None:
    if not agrees:
        raise Refusal("申报单位不同意申报的，不需要提交。", "text")
    absent = rules.missing({key: getattr(row, key) for key in FIELDS})
    if absent:
        names = "、".join(f"“{asked.label}”" for asked in absent)
        raise Refusal(f"请先补填{names}，再提交。", absent[0].key, "incomplete")


def _refuse_over_quota(top: Enrolment) -> None:
    """Counted under the lock of the desk, so that two at once do not both take the last place."""
    Enrolment.objects.select_for_update(no_key=True).get(pk=top.pk)
    limit = heaps.winner_unit_limit(top)
    if limit and reads.recommended_by(top) >= limit:
        raise Refusal(f"本单位的优胜单位名额 {limit} 个已用完；确需增加的，请联系竞赛办公室。", code="quota")


def _said(text: str, missing: str, field: str) -> str:
    text = text.strip()
    if not text:
        raise Refusal(missing, field)
    if len(text) > TEXT_MAX:
        raise Refusal(f"不超过 {TEXT_MAX} 字，现有 {len(text)} 字。", field)
    return text
