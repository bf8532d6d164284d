"""One move made of many works: each through the real move in a savepoint of its own, and one undo for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from contests.models import Contest, Enrolment
from contests.queries import enrolment_of
from core.errors import NotAllowed, Refusal
from submissions.actions import hindrances, history, moves, undoing
from submissions.actions.hindrances import Known
from submissions.lifecycle import MOVES, UNDO_FOR, UNDOABLE
from submissions.models import Achievement, Batch, BatchRow, Recommendation
from submissions.queries import heaps

LIMIT = 200


@dataclass(frozen=True)
class Chance:
    """One work of a preview: `reason` is why it cannot go, "" when it can; `seen` is what the page has seen of it."""

    work: Achievement
    reason: str
    seen: int


def preview(actor: Actor, contest: Contest, verb: str, ids: Iterable[int]) -> list[Chance]:
    """What would become of each, asked of the same rules as the move itself; nothing is written."""
    now, works = timezone.now(), _works(actor, contest, ids)
    read = hindrances.known(actor, contest, works)
    seen = heaps.last_changes(works)
    desk = enrolment_of(actor, contest) if verb == "recommend" else None
    tally = heaps.tally(desk) if desk else None
    chances = []
    for work in works:
        reason = _obstacle(actor, verb, work, read, now)
        if not reason and tally:
            reason = tally.take(heaps.category_of(work))
        chances.append(Chance(work, reason, seen.get(work.pk, 0)))
    return chances


def _works(actor: Actor, contest: Contest, ids: Iterable[int]) -> list[Achievement]:
    """Those that she sees, in the order of the list: the longest waiting first."""
    rows = Achievement.objects.visible_to(actor).filter(contest=contest, pk__in=list(ids)).with_row_data()
    works = list(rows.select_related("unit__recommender"))
    arrived = heaps.last_changes(works)
    for work in works:
        work.contest = contest
    return sorted(works, key=lambda work: (arrived.get(work.pk, 0), work.pk))


def _obstacle(actor: Actor, verb: str, work: Achievement, read: Known, now: datetime) -> str:
    try:
        hindrances.check(actor, verb, work, now, read)
    except Refusal as refusal:
        return refusal.message
    return hindrances.in_bulk(verb, read.findings.get(work.pk, []))


@transaction.atomic
def make(actor: Actor, contest: Contest, verb: str, seen: Mapping[int, str], note: str = "", *, token: str) -> Batch:
    """Move those that can go, keep for each what became of it. `seen`: work id → the token of the preview.

    The same `token` again is the same batch. Raises Refusal when nothing is chosen or a reason is missing.
    """
    said = _checked(verb, seen, note)
    batch, is_new = Batch.objects.get_or_create(
        membership=actor.membership, token=token, defaults={"contest": contest, "verb": verb, "note": said.note}
    )
    if not is_new:
        return batch
    ids = [work.pk for work in _works(actor, contest, seen)]
    _lock(ids)
    if verb == "return":
        _lock_lists(Recommendation.objects.filter(achievement__in=ids).values_list("enrolment", flat=True))
    works = _works(actor, contest, seen)
    if not works:
        raise Refusal("所选成果已不在您的列表中；请返回列表刷新后再选。", code="empty")
    read = hindrances.known(actor, contest, works)
    for work in works:
        _move_one(actor, batch, work, seen[work.pk], read)
    return batch


def _checked(verb: str, seen: Mapping[int, str], note: str) -> history.Words:
    if verb not in UNDOABLE:
        raise Refusal("这一操作不能批量办理。", code="verb")
    if not seen:
        raise Refusal("请先勾选要办理的成果。", code="empty")
    if len(seen) > LIMIT:
        raise Refusal(f"一次最多办理 {LIMIT} 项，现选了 {len(seen)} 项；请分几次办理。", code="limit")
    return history.words(MOVES[verb], note, {})


def _lock(ids: Iterable[int]) -> None:
    """All rows at once and in one order: the first ledger event holds the chain until the end of the batch."""
    list(Achievement.objects.select_for_update(no_key=True).filter(pk__in=list(ids)).order_by("pk").values_list("pk"))


def _move_one(actor: Actor, batch: Batch, work: Achievement, seen: str, read: Known) -> None:
    row = BatchRow(batch=batch, achievement=work)
    row.listed = undoing.places(work.pk) if batch.verb == "return" else []
    action: Any = moves.BY_VERB[batch.verb]
    words = [batch.note] if MOVES[batch.verb].needs_note else []
    try:
        _refuse(_obstacle(actor, batch.verb, work, read, timezone.now()))
        moved = action(actor, work.pk, *words, seen=seen or "0")
    except Refusal as refusal:
        row.refusal, row.listed = refusal.message, []
    else:
        row.change, row.left_at = moved.history.latest("pk"), moved.updated_at
    row.save()


def _refuse(sentence: str) -> None:
    if sentence:
        raise Refusal(sentence)


@transaction.atomic
def undo(actor: Actor, batch_id: int) -> Batch:
    """Take the hat's last batch back, row by row; a work on which something was done since stays as it is.

    Raises NotAllowed for another's batch, Refusal when it is not the last one, too old or taken back already.
    """
    now, batch = timezone.now(), Batch.objects.select_for_update(no_key=True).get(pk=batch_id)
    _refuse_undo(actor, batch, now)
    rows = list(batch.rows.filter(change__isnull=False).select_related("change__from_holder").order_by("pk"))
    _lock(row.achievement_id for row in rows)
    _lock_lists(place[0] for row in rows for place in row.listed)
    for row in rows:
        _undo_one(actor, row, now)
    batch.undone_at = now
    batch.save()
    return batch


def _refuse_undo(actor: Actor, batch: Batch, now: datetime) -> None:
    if batch.membership_id != actor.membership_id:
        raise NotAllowed("只能撤销您自己的批量操作。")
    if batch.undone_at is not None:
        raise Refusal("这次批量操作已经撤销过了。", code="undone")
    if now - batch.at > UNDO_FOR:
        minutes = UNDO_FOR.seconds // 60
        raise Refusal(f"批量操作只能在 {minutes} 分钟内撤销；请逐项办理。", code="now")
    if heaps.undoable_batch(actor, batch.contest, now) != batch:
        raise Refusal("只能撤销最近一次批量操作。", code="last")


def _lock_lists(enrolments: Iterable[int]) -> None:
    """The lists that lose their works or get them back, before the first event holds the chain."""
    ids = sorted(set(enrolments))
    list(Enrolment.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))


def _undo_one(actor: Actor, row: BatchRow, now: datetime) -> None:
    if row.change is None or row.left_at is None:
        return
    try:
        row.undone = undoing.take_back(actor, row.change, row.left_at, row.listed, now)
    except Refusal as refusal:
        row.undo_refusal = refusal.message
    row.save()
