"""Score sheets and their marks (model.md)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from scoring.lifecycle import SHEET_LABELS, PaperState, SheetState
from scoring.models.people import Appointment
from scoring.models.rounds import Entry, Round
from scoring.querysets import ScoreSheetQuerySet


class ScoreSheet(models.Model):
    """评分表: one expert's marks of one entry. `round` and `common` repeat the entry's: fewer joins on her page.

    `calibration`: she marks a common entry beside her own load; the sheet looks like any other to her and counts
    nowhere in the result.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="sheets")
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="sheets")
    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="sheets")
    state = models.CharField(
        max_length=10, choices=[(s.value, label[0]) for s, label in SHEET_LABELS.items()], default=SheetState.OPEN
    )
    common = models.PositiveSmallIntegerField("校准次序", null=True, blank=True)
    calibration = models.BooleanField("只作校准", default=False)
    revision = models.PositiveIntegerField(default=0)
    total = models.DecimalField("总分", max_digits=5, decimal_places=2, null=True, blank=True)
    comment = models.TextField("评语", max_length=1000, blank=True)
    doubt = models.TextField("数据存疑", max_length=500, blank=True)
    ineligible = models.TextField("不符合申报条件", max_length=500, blank=True)
    receipt = models.CharField("回执", max_length=64, blank=True)
    paper = models.CharField("纸质评分", max_length=8, blank=True, default=PaperState.NONE)
    updated_at = models.DateTimeField(auto_now=True)
    first_opened_at = models.DateTimeField(null=True, blank=True)
    last_saved_at = models.DateTimeField(null=True, blank=True)
    handed_in_at = models.DateTimeField(null=True, blank=True)

    objects = ScoreSheetQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["appointment", "state"], name="sheet_by_expert"),
            models.Index(fields=["receipt"], name="sheet_by_receipt", condition=~Q(receipt="")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["entry", "appointment"], name="sheet_once_an_expert"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in SheetState]), name="sheet_state_known"),
            models.CheckConstraint(
                condition=~Q(state=SheetState.HANDED_IN) | Q(total__isnull=False, handed_in_at__isnull=False),
                name="sheet_handed_in_has_a_total",
            ),
            models.CheckConstraint(
                condition=Q(calibration=False) | Q(common__isnull=False), name="sheet_calibration_of_a_common_entry"
            ),
            models.CheckConstraint(
                condition=Q(total__isnull=True) | Q(total__gte=0, total__lte=100), name="sheet_total_in_100"
            ),
            models.CheckConstraint(condition=Q(paper__in=[s.value for s in PaperState]), name="sheet_paper_known"),
            models.CheckConstraint(
                condition=~Q(paper=PaperState.TYPED) | ~Q(state=SheetState.HANDED_IN),
                name="sheet_typed_waits_for_its_check",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} × {self.appointment_id}"

    @property
    def state_label(self) -> tuple[str, str, str]:
        return SHEET_LABELS[SheetState(self.state)]


class Mark(models.Model):
    """得分 of one criterion. The level's range is copied onto the row: the database holds the points inside it."""

    sheet = models.ForeignKey(ScoreSheet, models.CASCADE, related_name="marks")
    criterion = models.CharField("评分项", max_length=30)
    level = models.CharField("档次", max_length=30)
    low = models.PositiveSmallIntegerField()
    high = models.PositiveSmallIntegerField()
    points = models.PositiveSmallIntegerField("得分", null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "criterion"], name="mark_once_a_criterion"),
            models.CheckConstraint(
                condition=Q(points__isnull=True) | Q(points__gte=F("low"), points__lte=F("high")),
                name="mark_inside_its_level",
            ),
            models.CheckConstraint(condition=Q(low__lte=F("high")), name="mark_range_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} {self.points}"
