"""The order of a recommender's list: 序号 of 附件2."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from contests import calendar
from contests.models import Enrolment
from contests.queries import window
from core import ledger
from core.errors import Conflict, NotAllowed, Refusal
from submissions.lifecycle import ENDED
from submissions.models import Recommendation

_OWN_ONLY = "只能调整本单位推荐的成果的顺序。"


@transaction.atomic
def reorder_recommendation(
    actor: Actor, achievement_id: int, position: int, *, now: datetime | None = None
) -> Recommendation:
    """Move one work to a place of the hat's own list (1 is the first; past the end is the last) and number it anew.

    Open until the recommender's closing (002 四(二)). Raises NotAllowed for another's list, Refusal once it is closed.
    """
    row = _own_row(actor, achievement_id)
    gate = window(calendar.Move.RECOMMEND, now or timezone.now(), row.enrolment.contest, row.enrolment, row.enrolment)
    if not gate.open:
        raise Refusal(f"推荐顺序不能再调整：{gate.reason}", "position", "now")
    rows = _locked_list(row.enrolment)
    came_from = next((i for i, listed in enumerate(rows) if listed.pk == row.pk), None)
    if came_from is None:
        raise Conflict("该成果刚刚被退回或撤出，已不在推荐名单中；请刷新页面查看最新顺序。", code="moved_on")
    goes_to = min(max(position, 1), len(rows)) - 1
    rows.insert(goes_to, rows.pop(came_from))
    for number, listed in enumerate(rows, start=1):
        listed.order = number
    Recommendation.objects.bulk_update(rows, ["order"], batch_size=500)
    _record(actor, row, rows, came_from + 1, goes_to + 1)
    return rows[goes_to]


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


def _locked_list(enrolment: Enrolment) -> list[Recommendation]:
    """The works that are still in the race: what was declined or withdrawn keeps no place on 附件2."""
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    return list(enrolment.recommendations.exclude(achievement__status__in=ENDED).order_by("order", "pk"))


def _record(actor: Actor, row: Recommendation, rows: list[Recommendation], came_from: int, goes_to: int) -> None:
    order = ",".join(str(listed.achievement_id) for listed in rows)
    payload = {
        "achievement": row.achievement_id,
        "from": came_from,
        "to": goes_to,
        "count": len(rows),
        "digest": ledger.digest(order),
    }
    chain = row.enrolment.contest.chain
    ledger.record(actor, "reorder_recommendation", f"enrolment:{row.enrolment_id}", payload, chain=chain)
