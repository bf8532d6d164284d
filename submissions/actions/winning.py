"""What scoring hands down when the awards of a round are confirmed: who has won does not enter again."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from submissions.models import WonAward


@transaction.atomic
def note_wins(won: Mapping[int, str]) -> None:
    """Work id → tier, a part of the decision that its caller records. A later word on the same work counts."""
    WonAward.objects.bulk_create(
        (WonAward(achievement_id=pk, tier_name=tier) for pk, tier in sorted(won.items())),
        batch_size=500,
        update_conflicts=True,
        unique_fields=["achievement"],
        update_fields=["tier_name"],
    )


@transaction.atomic
def take_back_wins(achievement_ids: list[int]) -> None:
    """An award that was revoked no longer stands in the way."""
    WonAward.objects.filter(achievement__in=achievement_ids).delete()
