"""重点示范单位 (003, 附件6): named by the office, kept with the season and with the organisation."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.actions import mark_demonstration
from accounts.actor import Actor
from contests.models import Enrolment
from core import ledger
from core.errors import NotAllowed, Refusal

_TEXT_MAX = 100


@transaction.atomic
def name_demonstration(
    actor: Actor | None, enrolment: Enrolment, named_on: date | None = None, document: str = ""
) -> Enrolment:
    """In this season and until further notice; earlier seasons stay what they were. None: the system, at set-up."""
    _refuse_stranger(actor, enrolment)
    if enrolment.is_team or enrolment.recommender_id is None:
        raise Refusal("班组和主办单位不作为重点示范单位，请选择其他单位。", "enrolment")
    document = document.strip()
    if len(document) > _TEXT_MAX:
        raise Refusal(f"文号不超过 {_TEXT_MAX} 字。", "document")
    enrolment.is_demonstration, enrolment.demonstration_on = True, named_on
    enrolment.demonstration_document = document
    enrolment.save(update_fields=["is_demonstration", "demonstration_on", "demonstration_document"])
    payload = {"yes": True, "named_on": named_on, "document": ledger.digest(document)}
    ledger.record(actor, "name_demonstration", f"enrolment:{enrolment.pk}", payload, chain=enrolment.contest.chain)
    mark_demonstration(actor, enrolment.organization, True)
    return enrolment


@transaction.atomic
def drop_demonstration(actor: Actor, enrolment: Enrolment, reason: str) -> Enrolment:
    """No longer one in this season; earlier seasons stay what they were."""
    _refuse_stranger(actor, enrolment)
    if not reason.strip():
        raise Refusal("请写明取消的理由。", "reason")
    enrolment.is_demonstration, enrolment.demonstration_on, enrolment.demonstration_document = False, None, ""
    enrolment.save(update_fields=["is_demonstration", "demonstration_on", "demonstration_document"])
    payload = {"yes": False, "reason": ledger.digest(reason.strip())}
    ledger.record(actor, "drop_demonstration", f"enrolment:{enrolment.pk}", payload, chain=enrolment.contest.chain)
    mark_demonstration(actor, enrolment.organization, False)
    return enrolment


def _refuse_stranger(actor: Actor | None, enrolment: Enrolment) -> None:
    if actor is not None and not (actor.is_office and enrolment.contest.host_id == actor.organization.pk):
        raise NotAllowed("重点示范单位由竞赛办公室确定。")
