"""Score sheets on paper: what was printed under which code, and the two readings of what came back."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from scoring.models.rounds import Round, Rubric
from scoring.models.sheets import ScoreSheet
from scoring.querysets import RoundPartQuerySet
from scoring.rules import paper


class PaperSheet(models.Model):
    """纸质评分表: one printing of a score sheet. Printed again it keeps its code, until another version retires it."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="papers_printed")
    sheet = models.ForeignKey(ScoreSheet, models.CASCADE, related_name="papers")
    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="+")
    code = models.CharField("表码", max_length=paper.LENGTH, unique=True)
    printed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    printed_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField("作废时间", null=True, blank=True)

    objects = RoundPartQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet"], condition=Q(retired_at__isnull=True), name="paper_one_valid_a_sheet"
            )
        ]

    def __str__(self) -> str:
        return paper.shown(self.code)


class PaperEntry(models.Model):
    """录入: one a paper. `first` is what one person read, `second` what another did (scoring.rules.readings).

    Where they differ, `settled` tells of each place whose reading stands. `checked_at` is the hand-in.
    """

    paper = models.OneToOneField(PaperSheet, models.CASCADE, related_name="entry")
    first = models.JSONField("录入")
    typed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    typed_at = models.DateTimeField("录入时间")
    second = models.JSONField("核对", default=dict, blank=True)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField("核对时间", null=True, blank=True)
    settled = models.JSONField("取舍", default=dict, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("typed_by")), name="paper_checked_by_another"
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True) | Q(checked_by__isnull=False), name="paper_checked_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return str(self.paper)
