"""Asking for the sensitivity report of a closed round."""

from __future__ import annotations

from django.db import transaction

from accounts.actor import Actor
from core import jobs
from core.errors import Refusal
from core.models import Job
from scoring import policies
from scoring.models import Round
from scoring.queries.board import RANKED
from scoring.robustness import key_of

TASK = "scoring.tasks.compute_sensitivity"


@transaction.atomic
def start_report(actor: Actor, round_id: int) -> Job:
    """In the background; asked for twice, it is computed once. No decision, so the ledger has nothing of it."""
    round_ = Round.objects.select_related("contest", "enrolment").get(pk=round_id)
    policies.require_chair(actor, round_.enrolment)
    if round_.status not in RANKED:
        raise Refusal("本轮评审还没有截止评分，截止之后再计算稳健性报告。", code="status")
    return jobs.start(TASK, key_of(round_.pk), {"round": round_.pk}, f"稳健性报告：{round_.name}", actor)
