"""What experts raised beside their marks, and what the office made of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import User
from scoring.lifecycle import FLAG_KINDS, FLAG_LABELS, FlagState
from scoring.models.rounds import Round
from scoring.models.sheets import ScoreSheet
from scoring.querysets import RoundPartQuerySet


class SheetFlag(models.Model):
    """数据存疑 or 不符合申报条件 as it went in with a sheet; the text is the sheet's of that moment."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="flags")
    sheet = models.ForeignKey(ScoreSheet, models.CASCADE, related_name="flags")
    kind = models.CharField("类别", max_length=12, choices=list(FLAG_KINDS.items()))
    text = models.TextField("理由", max_length=500)
    raised_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=[(s.value, label[0]) for s, label in FLAG_LABELS.items()], default=FlagState.OPEN
    )
    resolution = models.CharField("处理说明", max_length=500, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = RoundPartQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "kind"], condition=Q(state=FlagState.OPEN), name="flag_one_open_a_sheet"
            ),
            models.CheckConstraint(condition=Q(kind__in=list(FLAG_KINDS)), name="flag_kind_known"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in FlagState]), name="flag_state_known"),
            models.CheckConstraint(condition=~Q(text=""), name="flag_says_why"),
            models.CheckConstraint(
                condition=Q(state=FlagState.OPEN, decided_by__isnull=True, decided_at__isnull=True)
                | ~Q(state=FlagState.OPEN) & ~Q(resolution="") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="flag_decided_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.kind}"

    @property
    def state_label(self) -> tuple[str, str, str]:
        return FLAG_LABELS[FlagState(self.state)]
