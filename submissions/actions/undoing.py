"""Taking a move back: the arrow of the table walked backwards, by the hat that made it, while nothing came after it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actor import Actor
from core.errors import Conflict, NotAllowed, Refusal
from submissions import lifecycle, policies
from submissions.actions import history, moves
from submissions.actions.drafting import locked
from submissions.actions.effects import last_place
from submissions.models import Achievement, Recommendation, StatusChange
from submissions.queries import sending

Listed = list[list[Any]]
"""Places on recommenders' lists, as [enrolment id, order, user id]."""


def places(achievement_id: int) -> Listed:
    rows = Recommendation.objects.filter(achievement=achievement_id).order_by("pk")
    return [list(row) for row in rows.values_list("enrolment", "order", "recommended_by")]


@transaction.atomic
def take_back(actor: Actor, change: StatusChange, left_at: datetime, listed: Listed, now: datetime) -> StatusChange:
    """The work lies again where `change` took it from. Raises Conflict when anything was written since `left_at`."""
    work = locked(change.achievement_id)
    if change.membership_id != actor.membership_id:
        raise NotAllowed("只能撤销您自己的操作。")
    moves.refuse_if_moved_on(work, str(change.pk))
    if work.updated_at != left_at:
        raise Conflict("该成果在这次操作之后又有修改或核定，不能撤销。", code="moved_on")
    if change.verb == "recommend" and sending.is_sent(work):
        raise Refusal("该成果已随推荐名单报送，不能撤销推荐；请先在“报送”页撤回报送。", code="sent")
    before = (work.status, work.holder)
    work.status, work.holder = change.from_status, change.from_holder
    closed = policies.closed(lifecycle.MOVES[change.verb], work, now)
    if closed:
        raise Refusal(f"不能撤销：{closed}", code="now")
    _take_back_effects(work, change, listed)
    work.save()
    return history.write(actor, work, lifecycle.undo_of(change.verb), before, history.Words())


def _take_back_effects(work: Achievement, change: StatusChange, listed: Listed) -> None:
    if change.verb == "recommend":
        Recommendation.objects.filter(achievement=work, enrolment=change.from_holder).delete()
    if change.verb == "return":
        _list_again(work, listed)
    if change.verb == "accept" and not work.history.filter(verb="accept", pk__lt=change.pk).exists():
        work.number = ""


def _list_again(work: Achievement, listed: Listed) -> None:
    """At its old place, at the end where that was given away meanwhile."""
    for enrolment_id, order, user_id in listed:
        row = Recommendation(enrolment_id=enrolment_id, achievement=work, order=order, recommended_by_id=user_id)
        if row.enrolment.recommendations.filter(order=order).exists():
            row.order = last_place(row.enrolment) + 1
        row.save()
