"""A desk's own judgement (县级初评) holds its works: while it lasts no move, no verification, no withdrawal."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from accounts.actor import Actor
from contests.models import Enrolment
from core import ledger
from core.errors import NotAllowed, Refusal
from submissions.lifecycle import HOLD, RELEASE, Status
from submissions.models import Achievement, StatusChange


@transaction.atomic
def hold_all(actor: Actor, desk: Enrolment, achievement_ids: Collection[int], judgement: str) -> int:
    """Hold works that wait on this desk, under the name of the judgement; one history row each, one event for all."""
    refuse_stranger(actor, desk)
    rows = _locked(desk, achievement_ids)
    if len(rows) < len(set(achievement_ids)) or any(row.held_for for row in rows):
        raise Refusal("有成果刚刚被推荐、退回、撤回，或已在参加另一轮本级评审；请重新分配后再开始。", code="changed")
    return _mark(actor, desk, rows, HOLD, judgement)


@transaction.atomic
def release_all(actor: Actor, desk: Enrolment, achievement_ids: Collection[int]) -> int:
    """The judgement is over: the works may be recommended, returned or withdrawn again."""
    refuse_stranger(actor, desk)
    rows = [row for row in _locked(desk, achievement_ids) if row.held_for]
    return _mark(actor, desk, rows, RELEASE, "")


def refuse_stranger(actor: Actor, desk: Enrolment) -> None:
    if not (actor.is_auditor and desk.audits and desk.organization_id == actor.organization.pk):
        raise NotAllowed("只有本级审核员可以组织本级评审。")


def _locked(desk: Enrolment, achievement_ids: Collection[int]) -> list[Achievement]:
    rows = Achievement.objects.select_for_update(of=("self",), no_key=True).filter(
        pk__in=achievement_ids, holder=desk, status=Status.SUBMITTED
    )
    return list(rows.order_by("pk"))


def _mark(actor: Actor, desk: Enrolment, rows: list[Achievement], verb: str, judgement: str) -> int:
    ids = [row.pk for row in rows]
    Achievement.objects.filter(pk__in=ids).update(held_for=judgement)
    StatusChange.objects.bulk_create(
        (
            StatusChange(
                achievement=row, verb=verb, from_status=row.status, to_status=row.status, from_holder=desk,
                to_holder=desk, user=actor.user, membership=actor.membership, note=judgement,
            )
            for row in rows
        ),
        batch_size=500,
    )  # fmt: skip
    payload = {"count": len(ids), "digest": ledger.digest(",".join(map(str, ids)))}
    ledger.record(actor, verb, f"enrolment:{desk.pk}", payload, chain=desk.contest.chain)
    return len(ids)
