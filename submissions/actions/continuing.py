"""延续申报: a unit says that a work carries on an earlier one of its own, and what is new about it."""

from __future__ import annotations

from django.db import transaction

from accounts.actor import Actor
from core.errors import Conflict, Refusal
from submissions.actions.drafting import open_for_edit
from submissions.models import Achievement
from submissions.queries import continuing

NOTE_MAX = 1500


@transaction.atomic
def declare(actor: Actor, achievement_id: int, earlier_id: int | None, note: str, *, seen: str = "") -> Achievement:
    """`earlier_id` None takes the declaration back. Raises Refusal at `earlier` or `note`.

    `seen` is continuing.token of the page: Conflict when a colleague has written another one since.
    """
    achievement = open_for_edit(actor, achievement_id)
    note = note.strip()
    if seen and seen != continuing.token(achievement):
        raise Conflict("延续申报刚刚被他人修改过，您的内容还没有保存；请对照已保存的内容后再保存。", "note", "stale")
    if earlier_id is not None:
        _check(achievement, earlier_id, note)
    achievement.continues_id = earlier_id
    achievement.continued_note = note if earlier_id is not None else ""
    achievement.revision += 1
    achievement.save()
    return achievement


def _check(achievement: Achievement, earlier_id: int, note: str) -> None:
    if not continuing.candidates(achievement).filter(pk=earlier_id).exists():
        raise Refusal("请从列出的本单位以往成果中选择一项。", "earlier")
    if not note:
        raise Refusal("请写明与原成果相比新在哪里。", "note")
    if len(note) > NOTE_MAX:
        raise Refusal(f"新内容不超过 {NOTE_MAX} 字，现有 {len(note)} 字。", "note")
