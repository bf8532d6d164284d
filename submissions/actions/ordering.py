"""The order of a recommender's list: 序号 of 附件2."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from contests import calendar
from contests.models import Contest, Enrolment
from contests.queries import enrolment_of, window
from core import ledger
from core.errors import Conflict, NotAllowed, Refusal
from submissions.lifecycle import ENDED
from submissions.models import Recommendation
from submissions.queries import heaps

_OWN_ONLY = "只能调整本单位推荐的成果的顺序。"
_GONE = "该成果刚刚被退回或撤出，已不在推荐名单中；请刷新页面查看最新顺序。"
_MOVED_ON = "推荐顺序刚刚有了变化，您的调整没有保存；请在最新顺序上再调整。"


@transaction.atomic
def reorder_recommendation(
    actor: Actor, achievement_id: int, position: int, *, seen: str = "", now: datetime | None = None
) -> Recommendation:
    """Move one work to a place of the hat's own list (1 is the first; past the end is the last) and number it anew.

    Open until the recommender's closing (002 四(二)). Raises NotAllowed for another's list, Refusal once it is closed,
    Conflict when the list is no longer as `seen` (heaps.order_token).
    """
    row = _own_row(actor, achievement_id)
    _refuse_closed(row.enrolment, now)
    rows = _locked_list(row.enrolment, seen)
    came_from = next((i for i, listed in enumerate(rows) if listed.pk == row.pk), None)
    if came_from is None:
        raise Conflict(_GONE, code="moved_on")
    goes_to = min(max(position, 1), len(rows)) - 1
    rows.insert(goes_to, rows.pop(came_from))
    _number(rows)
    _record(actor, row.enrolment, rows, {"achievement": achievement_id, "from": came_from + 1, "to": goes_to + 1})
    return rows[goes_to]


@transaction.atomic
def reorder_list(
    actor: Actor, contest: Contest, achievement_ids: list[int], *, seen: str, now: datetime | None = None
) -> str:
    """Put these works into this order in the places that they hold between them; the token of the new order.

    The whole list, or the part of it that a page shows. Raises as reorder_recommendation does.
    """
    enrolment = enrolment_of(actor, contest)
    if enrolment is None or enrolment.is_host or not (actor.is_auditor or actor.is_unit_operator):
        raise NotAllowed(_OWN_ONLY)
    _refuse_closed(enrolment, now)
    rows = _locked_list(enrolment, seen)
    listed = {row.achievement_id: row for row in rows}
    wanted = [listed[pk] for pk in achievement_ids if pk in listed]
    if len(wanted) < len(achievement_ids) or len(set(achievement_ids)) < len(achievement_ids):
        raise Conflict(_MOVED_ON, code="moved_on")
    coming = iter(wanted)
    rows = [next(coming) if row.achievement_id in achievement_ids else row for row in rows]
    _number(rows)
    _record(actor, enrolment, rows, {"moved": len(wanted)})
    return heaps.order_token([row.achievement_id for row in rows])


def _own_row(actor: Actor, achievement_id: int) -> Recommendation:
    if not (actor.is_auditor or actor.is_unit_operator):
        raise NotAllowed(_OWN_ONLY)
    row = (
        Recommendation.objects.filter(achievement=achievement_id, enrolment__organization=actor.organization.pk)
        .exclude(achievement__status__in=ENDED)
        .select_related("enrolment__contest")
        .first()
    )
    if row is None:
        raise NotAllowed(_OWN_ONLY)
    return row


def _refuse_closed(enrolment: Enrolment, now: datetime | None) -> None:
    gate = window(calendar.Move.RECOMMEND, now or timezone.now(), enrolment.contest, enrolment, enrolment)
    if not gate.open:
        raise Refusal(f"推荐顺序不能再调整：{gate.reason}", "position", "now")


def _locked_list(enrolment: Enrolment, seen: str) -> list[Recommendation]:
    """The works that are still in the race: what was declined or withdrawn keeps no place on 附件2."""
    Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)
    rows = list(heaps.own_list(enrolment))
    if seen and seen != heaps.order_token([row.achievement_id for row in rows]):
        raise Conflict(_MOVED_ON, code="moved_on")
    return rows


def _number(rows: list[Recommendation]) -> None:
    for number, listed in enumerate(rows, start=1):
        listed.order = number
    Recommendation.objects.bulk_update(rows, ["order"], batch_size=500)


def _record(actor: Actor, enrolment: Enrolment, rows: list[Recommendation], what: dict[str, int]) -> None:
    order = ",".join(str(listed.achievement_id) for listed in rows)
    payload = what | {"count": len(rows), "digest": ledger.digest(order)}
    chain = enrolment.contest.chain
    ledger.record(actor, "reorder_recommendation", f"enrolment:{enrolment.pk}", payload, chain=chain)
