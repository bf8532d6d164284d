"""What came out of a round: the ranking and the awards (model.md)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import User
from contests.models import AwardTier
from scoring.models.approvals import Approval
from scoring.models.rounds import Entry
from scoring.querysets import EntryPartQuerySet


class Result(models.Model):
    """排名 row as rules/ranking.py computed it; it can be computed again by anybody from the season file."""

    entry = models.OneToOneField(Entry, models.CASCADE, related_name="result")
    position = models.PositiveIntegerField("次序")
    rank = models.PositiveIntegerField("名次", null=True, blank=True)
    score = models.DecimalField("得分", max_digits=8, decimal_places=4, null=True, blank=True)
    score_text = models.CharField(max_length=12, blank=True)
    tier_name = models.CharField("等次", max_length=60, blank=True)
    sheets_counted = models.PositiveSmallIntegerField("计分份数")
    remark = models.CharField("备注", max_length=60, blank=True)

    objects = EntryPartQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(rank__isnull=True, score__isnull=True) | Q(rank__isnull=False, score__isnull=False),
                name="result_rank_goes_with_score",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rank} {self.score_text}"


class Award(models.Model):
    """获奖. `by_hand` marks the committee's choice (特等奖), which needs its reason (rules.md "Award tiers")."""

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="award")
    tier = models.ForeignKey(AwardTier, models.PROTECT, related_name="awards")
    by_hand = models.BooleanField(default=False)
    reason = models.CharField("理由", max_length=500, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)
    approval = models.OneToOneField(Approval, models.PROTECT, null=True, blank=True, related_name="award")
    published_at = models.DateTimeField(null=True, blank=True)

    objects = EntryPartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(by_hand=False) | ~Q(reason=""), name="award_by_hand_has_a_reason"),
            models.CheckConstraint(
                condition=Q(by_hand=False) | Q(approval__isnull=False), name="award_by_hand_has_an_approval"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tier_id} → {self.entry_id}"
