"""知识产权指导 (002 五(三)): a unit asks, a partner body or the office answers."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from core import ledger
from core.errors import NotAllowed, Refusal
from submissions import policies
from submissions.actions.drafting import locked
from submissions.models import Achievement, IpHelp

TEXT_MAX = 1000
_CONTACT_MAX = 100


@transaction.atomic
def ask(actor: Actor, achievement_id: int, need: str, contact: str = "") -> IpHelp:
    """`contact` is what the unit itself wants the partner bodies to know of how to reach it."""
    achievement = locked(achievement_id)
    denied = policies.may_ask_help(actor, achievement)
    if denied:
        raise NotAllowed(denied)
    need, contact = _said(need, "请写明需要什么帮助。", "need"), contact.strip()
    if len(contact) > _CONTACT_MAX:
        raise Refusal(f"联系方式不超过 {_CONTACT_MAX} 字。", "contact")
    if achievement.ip_helps.filter(status=IpHelp.Status.OPEN).exists():
        raise Refusal("上一次申请还没有答复，不需要重复申请。", code="open")
    row = IpHelp.objects.create(
        achievement=achievement, need=need, contact=contact, requested_by=actor.user, membership=actor.membership
    )
    payload = {"help": row.pk, "need": ledger.digest(need)}
    ledger.record(actor, "ask_ip_help", f"achievement:{achievement.pk}", payload, chain=achievement.contest.chain)
    return row


@transaction.atomic
def answer(actor: Actor, help_id: int, text: str) -> IpHelp:
    row, achievement = _open(help_id)
    denied = policies.may_answer_help(actor)
    if denied or not IpHelp.objects.visible_to(actor).filter(pk=help_id).exists():
        raise NotAllowed(denied or "这项申请不在您的范围内。")
    row.answer = _said(text, "请写明答复，申报单位会看到。", "answer")
    row.status, row.answered_at = IpHelp.Status.ANSWERED, timezone.now()
    row.answered_by, row.answered_as = actor.user, actor.membership
    row.save()
    payload = {"help": row.pk, "answer": ledger.digest(row.answer)}
    ledger.record(actor, "answer_ip_help", f"achievement:{achievement.pk}", payload, chain=achievement.contest.chain)
    return row


@transaction.atomic
def take_back(actor: Actor, help_id: int) -> IpHelp:
    """The unit needs no help any more."""
    row, achievement = _open(help_id)
    if not policies.works_for_unit(actor, achievement):
        raise NotAllowed("只有申报单位的填报员可以撤回申请。")
    row.status = IpHelp.Status.CLOSED
    row.save(update_fields=["status"])
    subject = f"achievement:{achievement.pk}"
    ledger.record(actor, "close_ip_help", subject, {"help": row.pk}, chain=achievement.contest.chain)
    return row


def _open(help_id: int) -> tuple[IpHelp, Achievement]:
    row = IpHelp.objects.select_for_update(no_key=True).get(pk=help_id)
    if row.status != IpHelp.Status.OPEN:
        raise Refusal(f"这项申请{row.get_status_display()}，不能再办理；请刷新页面查看。", code="status")
    return row, locked(row.achievement_id)


def _said(text: str, missing: str, field: str) -> str:
    text = text.strip()
    if not text:
        raise Refusal(missing, field)
    if len(text) > TEXT_MAX:
        raise Refusal(f"不超过 {TEXT_MAX} 字，现有 {len(text)} 字。", field)
    return text
