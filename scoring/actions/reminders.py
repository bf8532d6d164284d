"""Reminding experts who are late: one message each, never twice."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from accounts.actor import Actor
from core import ledger, outbox
from core.errors import Conflict, Refusal
from core.outbox import Letter
from scoring import policies
from scoring.lifecycle import RoundStatus
from scoring.models import Round
from scoring.queries import reminders as reads

LONGEST = 500


@transaction.atomic
def remind(actor: Actor, round_id: int, *, number: int, appointments: Collection[int], text: str) -> int:
    """Send reminder `number` of the round to these experts, as far as they still have sheets; how many got it.

    The number is the one that the page showed: pressed twice, or by two people, it is one reminder.
    """
    round_ = Round.objects.select_for_update(no_key=True).get(pk=round_id)
    policies.require_chair(actor, round_.enrolment)
    policies.require_status(round_, RoundStatus.OPEN, "发送提醒")
    words = text.strip()
    if not words or len(words) > LONGEST:
        raise Refusal(f"请写 1 到 {LONGEST} 字的提醒内容。", "text")
    if number != reads.next_number(round_):
        raise Conflict("这次提醒刚刚已经发出，没有重复发送；如需再发，请刷新页面。", code="sent")
    chosen = [one for one in reads.due(round_) if one.appointment in appointments]
    if not chosen:
        raise Refusal("请至少选择一位还有评分表没有提交的专家。", "appointments")
    letters = [Letter(one.user, reads.SUBJECT, reads.filled(words, one), "/sheets/") for one in chosen]
    count = outbox.post(reads.key_of(round_, number), letters, actor)
    payload = {"number": number, "recipients": [one.user.pk for one in chosen], "text": ledger.digest(words)}
    ledger.record(actor, "remind", f"round:{round_.pk}", payload, chain=round_.contest.chain)
    return count
