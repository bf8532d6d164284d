"""The office sets one rule aside for one work, where domain.md says that it may (F5, 3.10), and takes it back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from contests.rules import identifiers
from core import ledger
from core.errors import NotAllowed, Refusal
from submissions.actions.drafting import locked
from submissions.models import Achievement, Override
from submissions.rules.eligibility import OVERRIDABLE

REASON_MAX = 300


@transaction.atomic
def overrule(actor: Actor, achievement_id: int, rule: str, reason: str, detail: str = "") -> Override:
    """`detail` is the patent number, for patent_check. Raises NotAllowed for everybody but the host's office."""
    achievement = locked(achievement_id)
    _refuse_stranger(actor, achievement)
    if rule not in OVERRIDABLE:
        raise Refusal("这一项条件不能由办公室准予。", "rule")
    detail = _number(detail) if rule == "patent_check" else ""
    reason = _said(reason, "请写明准予的理由，申报单位和审核单位都会看到。")
    if Override.objects.filter(achievement=achievement, rule=rule, detail=detail, revoked_at__isnull=True).exists():
        raise Refusal("这一项已经准予，不需要再办。", code="same")
    row = Override.objects.create(
        achievement=achievement,
        rule=rule,
        detail=detail,
        reason=reason,
        granted_by=actor.user,
        membership=actor.membership,
    )
    payload = {"override": row.pk, "rule": rule, "detail": detail, "reason": ledger.digest(reason)}
    ledger.record(actor, "overrule", f"achievement:{achievement.pk}", payload, chain=achievement.contest.chain)
    return row


@transaction.atomic
def revoke(actor: Actor, override_id: int, reason: str) -> Override:
    row = Override.objects.select_for_update(no_key=True).get(pk=override_id)
    achievement = locked(row.achievement_id)
    _refuse_stranger(actor, achievement)
    if row.revoked_at is not None:
        raise Refusal("这项准予已经撤销过了。", code="revoked")
    row.revoke_reason = _said(reason, "请写明撤销的理由，申报单位和审核单位都会看到。")
    row.revoked_at, row.revoked_by = timezone.now(), actor.user
    row.save(update_fields=["revoke_reason", "revoked_at", "revoked_by"])
    payload = {"override": row.pk, "rule": row.rule, "reason": ledger.digest(row.revoke_reason)}
    ledger.record(actor, "revoke_override", f"achievement:{achievement.pk}", payload, chain=achievement.contest.chain)
    return row


def _refuse_stranger(actor: Actor, achievement: Achievement) -> None:
    if not (actor.is_office and achievement.contest.host_id == actor.organization.pk):
        raise NotAllowed("只有竞赛办公室可以准予或撤销准予。")


def _number(text: str) -> str:
    """As it is stored: everything but its check digit must be right."""
    try:
        return identifiers.parse_patent(text, check=False).canonical
    except identifiers.IdentifierError as wrong:
        raise Refusal(str(wrong), "detail") from wrong


def _said(reason: str, missing: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Refusal(missing, "reason")
    if len(reason) > REASON_MAX:
        raise Refusal(f"理由不超过 {REASON_MAX} 字，现有 {len(reason)} 字。", "reason")
    return reason
