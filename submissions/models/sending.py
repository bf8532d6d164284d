"""What a recommender sent to the host: its ranked list, frozen, with its report (002 四(二); 000 五(三))."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import Membership, User
from contests.models import Enrolment
from core.models import PrivateFile
from submissions.models.decisions import AchievementVersion
from submissions.models.work import Achievement
from submissions.querysets import DispatchQuerySet, SendingReportQuerySet


class SendingReport(models.Model):
    """总结报告 or 优秀经验做法, kept as soon as it is uploaded; the newest goes with the next dispatch."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="sending_reports")
    file = models.ForeignKey(PrivateFile, models.PROTECT, related_name="+")
    name = models.CharField("文件名", max_length=200)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    objects = SendingReportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name


class Dispatch(models.Model):
    """报送: one act. Each is the whole list as it stood, a numbered version; the newest not taken back counts.

    `digest` is over order, works, versions and report (rules.sending), as the receipt prints it.
    """

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="dispatches")
    number = models.PositiveSmallIntegerField("第几次")
    digest = models.CharField("SHA-256", max_length=64)
    report = models.ForeignKey(SendingReport, models.PROTECT, null=True, blank=True, related_name="dispatches")
    remark = models.CharField("说明", max_length=300, blank=True)
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(auto_now_add=True)
    taken_back_at = models.DateTimeField("撤回时间", null=True, blank=True)
    taken_back_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    take_back_reason = models.CharField("撤回的理由", max_length=300, blank=True)

    objects = DispatchQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "number"], name="dispatch_number_once"),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True, taken_back_by__isnull=True, take_back_reason="")
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False) & ~Q(take_back_reason=""),
                name="dispatch_taken_back_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} #{self.number}"


class DispatchEntry(models.Model):
    """One work of a dispatch at its place; `version` is what was sent of it."""

    dispatch = models.ForeignKey(Dispatch, models.CASCADE, related_name="entries")
    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="dispatch_entries")
    version = models.ForeignKey(AchievementVersion, models.PROTECT, related_name="+")
    order = models.PositiveIntegerField("序号")

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["dispatch", "achievement"], name="dispatchentry_once"),
            models.UniqueConstraint(fields=["dispatch", "order"], name="dispatchentry_place_once"),
        ]

    def __str__(self) -> str:
        return f"{self.dispatch_id} {self.order}"
