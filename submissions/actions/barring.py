"""Putting persons on the register of bans, taking them off it, and telling namesakes apart (domain.md O3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from core import ledger
from core.errors import NotAllowed, Refusal
from submissions.actions.drafting import locked
from submissions.models import Achievement, Ban, BanClearance, Case
from submissions.queries import cases
from submissions.rules.duplicates.texts import plain

REASON_MAX = 1000


def bar(actor: Actor, case: Case, barred: Iterable[dict[str, Any]]) -> list[Ban]:
    """A part of the ruling that two officers have agreed on, inside its transaction; `barred` as Ruling keeps it."""
    kept = [_once(_ban(case, person)) for person in barred]
    for ban in kept:
        payload = {"ban": ban.pk, "unit": ban.organization_id}
        ledger.record(actor, "ban", f"case:{case.pk}", payload, chain=case.achievement.contest.chain)
    return kept


def _ban(case: Case, person: dict[str, Any]) -> Ban:
    """Whom both officers have read, whatever the work says by now."""
    made = Ban(host_id=case.achievement.contest.host_id, case=case, organization_id=person.get("organization"))
    made.name, made.unit_name, made.phone_hash = person["name"], person["unit"], person.get("phone_hash", "")
    made.name_key, made.unit_key = plain(made.name), plain(made.unit_name)
    return made


def _once(ban: Ban) -> Ban:
    row: Ban = Ban.objects.filter(case=ban.case, name_key=ban.name_key, unit_key=ban.unit_key).first() or ban
    row.save()
    return row


def lift_all(actor: Actor, case: Case, reason: str) -> None:
    """The appeal was right: whoever the case had barred may take part again."""
    for ban in Ban.objects.filter(case=case).standing():
        _lift(actor, ban, reason[:REASON_MAX])


@transaction.atomic
def lift(actor: Actor, ban_id: int, reason: str) -> Ban:
    """Only by a recorded decision of the office (domain.md O3)."""
    ban = (
        Ban.objects.select_for_update(of=("self",), no_key=True)
        .select_related("case__achievement__contest")
        .get(pk=ban_id)
    )
    if not actor.is_office or ban.host_id != actor.organization.pk:
        raise NotAllowed("只有竞赛办公室可以解除禁止申报。")
    if ban.lifted_at:
        raise Refusal("这一项已经解除，请刷新页面查看。", code="lifted")
    reason = reason.strip()
    if not reason or len(reason) > REASON_MAX:
        raise Refusal(f"请写明解除的理由，不超过 {REASON_MAX} 字。", "reason")
    _lift(actor, ban, reason)
    return ban


def _lift(actor: Actor, ban: Ban, reason: str) -> None:
    ban.lifted_at, ban.lifted_by, ban.lift_reason = timezone.now(), actor.user, reason
    ban.save()
    payload = {"ban": ban.pk, "reason": ledger.digest(reason)}
    ledger.record(actor, "lift_ban", f"case:{ban.case_id}", payload, chain=ban.case.achievement.contest.chain)


@transaction.atomic
def clear(actor: Actor, achievement_id: int, ban_id: int, reason: str) -> BanClearance:
    """不是同一人: an auditor has made sure that a namesake of the work is somebody else. Pressing twice makes one."""
    achievement = locked(achievement_id)
    visible = Achievement.objects.visible_to(actor).filter(pk=achievement_id).exists()
    concern = {each.ban.pk: each for each in cases.concerns(actor, achievement)}.get(ban_id)
    if concern is None or not visible or actor.is_supervisor:
        raise NotAllowed("只有审核该成果的单位或竞赛办公室可以核实同名人员。")
    if concern.certain:
        raise Refusal("姓名与单位或电话都相符，不能认定为另一人；如有错误，请由竞赛办公室解除。", code="certain")
    reason = reason.strip()
    if not reason or len(reason) > REASON_MAX:
        raise Refusal(f"请写明如何核实的，不超过 {REASON_MAX} 字。", "reason")
    row, is_new = BanClearance.objects.get_or_create(
        ban=concern.ban,
        achievement=achievement,
        defaults={"reason": reason, "cleared_by": actor.user, "membership": actor.membership},
    )
    if is_new:
        payload = {"ban": ban_id, "reason": ledger.digest(reason)}
        subject = f"achievement:{achievement.pk}"
        ledger.record(actor, "clear_namesake", subject, payload, chain=achievement.contest.chain)
    return row
