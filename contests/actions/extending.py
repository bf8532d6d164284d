"""A later closing for one organisation, and its withdrawal (rules.md "When": needs a reason and is listed)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from contests.models import Enrolment, Extension
from core import ledger
from core.errors import NotAllowed, Refusal

REASON_MAX = 300


@transaction.atomic
def extend(
    actor: Actor,
    enrolment: Enrolment,
    until: datetime,
    reason: str,
    covers: str = "",
    *,
    now: datetime | None = None,
) -> Extension:
    """More time for its works (`unit`, those below it included), for its list (`recommender`), or for both.

    Without a word it is what the enrolment does: a unit hands in, a recommender recommends, a direct unit both.
    """
    _refuse_stranger(actor, enrolment, "批准延期")
    reason = _said(reason, "请写明延期的理由，延期情况会公开列出。")
    covers = covers or _natural(enrolment)
    if covers not in Extension.Covers.values:
        raise Refusal("请选择延期适用于单位提交、推荐报送，还是两者。", "covers")
    if until <= (now or timezone.now()):
        raise Refusal("延期的时间已经过去了；请填写以后的时间。", "until")
    extension = Extension.objects.create(
        enrolment=enrolment, until=until, reason=reason, covers=covers, granted_by=actor.user
    )
    payload = {"extension": extension.pk, "until": until, "covers": str(covers), "reason": ledger.digest(reason)}
    ledger.record(actor, "extend", f"enrolment:{enrolment.pk}", payload, chain=enrolment.contest.chain)
    return extension


@transaction.atomic
def withdraw_extension(actor: Actor, extension_id: int, reason: str) -> Extension:
    """From now on it gives no more time; what was handed in meanwhile stays."""
    Extension.objects.select_for_update(no_key=True).get(pk=extension_id)
    extension = Extension.objects.select_related("enrolment__contest").get(pk=extension_id)
    _refuse_stranger(actor, extension.enrolment, "撤销延期")
    if extension.withdrawn_at is not None:
        raise Refusal("这项延期已经撤销过了。", code="withdrawn")
    extension.withdraw_reason = _said(reason, "请写明撤销的理由，延期情况会公开列出。")
    extension.withdrawn_at, extension.withdrawn_by = timezone.now(), actor.user
    extension.save(update_fields=["withdraw_reason", "withdrawn_at", "withdrawn_by"])
    enrolment = extension.enrolment
    payload = {"extension": extension.pk, "reason": ledger.digest(extension.withdraw_reason)}
    ledger.record(actor, "withdraw_extension", f"enrolment:{enrolment.pk}", payload, chain=enrolment.contest.chain)
    return extension


def _natural(enrolment: Enrolment) -> str:
    if not enrolment.audits:
        return Extension.Covers.UNIT
    return Extension.Covers.RECOMMENDER if enrolment.recommended.exists() else Extension.Covers.BOTH


def _refuse_stranger(actor: Actor, enrolment: Enrolment, what: str) -> None:
    if not (actor.is_office and enrolment.contest.host_id == actor.organization.pk):
        raise NotAllowed(f"只有竞赛办公室可以{what}。")


def _said(reason: str, missing: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Refusal(missing, "reason")
    if len(reason) > REASON_MAX:
        raise Refusal(f"理由不超过 {REASON_MAX} 字，现有 {len(reason)} 字。", "reason")
    return reason
