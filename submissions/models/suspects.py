"""Pairs of works that look alike, and the works that have won: what may not be entered a second time."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from submissions.models.duplicates import DuplicateVerdict
from submissions.models.work import Achievement
from submissions.querysets import PairQuerySet


class SuspectPair(models.Model):
    """Two works that resemble each other, found when one of them was submitted; `later` is the younger row.

    `verdict` is the newest of the pair and empty while a person has to look; `signals` are codes of
    queries.duplicates.LABELS with commas, `percent` is the similarity of the texts.
    """

    earlier = models.ForeignKey(Achievement, models.PROTECT, related_name="resembled_by")
    later = models.ForeignKey(Achievement, models.PROTECT, related_name="resembles")
    percent = models.PositiveSmallIntegerField("文字相似度（%）")
    signals = models.CharField(max_length=80)
    found_at = models.DateTimeField(auto_now_add=True)
    verdict = models.ForeignKey(DuplicateVerdict, models.PROTECT, null=True, blank=True, related_name="+")

    objects = PairQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["-id"], condition=Q(verdict__isnull=True), name="suspectpair_open")]
        constraints = [
            models.UniqueConstraint(fields=["earlier", "later"], name="suspectpair_once"),
            models.CheckConstraint(condition=Q(earlier__lt=F("later")), name="suspectpair_in_order"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="suspectpair_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.later_id} ~ {self.earlier_id} {self.percent} %"

    def other_of(self, achievement_id: int) -> Achievement:
        return self.earlier if self.later_id == achievement_id else self.later


class WonAward(models.Model):
    """What a work won at its host, handed down by scoring: such a work may not enter again (rules.md (P)).

    It is kept while a case stands against it, and counts again when the appeal is right.
    """

    achievement = models.OneToOneField(Achievement, models.PROTECT, related_name="won_award")
    tier_name = models.CharField("等次", max_length=40)
    won_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(tier_name=""), name="wonaward_names_its_tier")]

    def __str__(self) -> str:
        return f"{self.achievement_id} {self.tier_name}"
