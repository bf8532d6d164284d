"""What was computed about a result in the background and is kept with what it was computed from."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.models import HASH_LENGTH
from scoring.models.rounds import Round
from scoring.querysets import RoundPartQuerySet


class SensitivityReport(models.Model):
    """稳健性报告 of a closed round, the newest alone (rules/whatif.py).

    `basis` fingerprints the closing and the rules it was computed from: another one means that the report is stale.
    `head_seq` and `head_hash` are the ledger's last link when the computing began.
    """

    round = models.OneToOneField(Round, models.CASCADE, related_name="sensitivity_report")
    content = models.JSONField("内容")
    basis = models.CharField(max_length=HASH_LENGTH)
    head_seq = models.PositiveBigIntegerField()
    head_hash = models.CharField(max_length=HASH_LENGTH)
    computed_at = models.DateTimeField()

    objects = RoundPartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(head_seq__gte=1) & ~Q(head_hash="") & ~Q(basis=""), name="sensitivity_of_a_ledger_head"
            )
        ]

    def __str__(self) -> str:
        return f"{self.round_id} @ {self.head_seq}"
