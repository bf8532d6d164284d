"""The stamped copy: the form as it was printed, and the scan that came back with the seal on it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import User
from core.models import PrivateFile
from submissions.models.decisions import AchievementVersion
from submissions.models.work import Achievement
from submissions.querysets import OwnedQuerySet


class StampedForm(models.Model):
    """One printing of one content: printing the same content again is the same row, with the same number.

    `content` is what the paper says, `content_hash` its SHA-256; `version` is the submitted version that says the same.
    """

    achievement = models.ForeignKey(Achievement, models.CASCADE, related_name="stamped_forms")
    number = models.CharField("表号", max_length=40, unique=True)
    content = models.JSONField("内容")
    content_hash = models.CharField("SHA-256", max_length=64)
    version = models.ForeignKey(AchievementVersion, models.PROTECT, null=True, blank=True, related_name="stamped_forms")
    printed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    printed_at = models.DateTimeField(auto_now_add=True)
    scan = models.ForeignKey(PrivateFile, models.PROTECT, null=True, blank=True, related_name="+")
    scanned_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    scanned_at = models.DateTimeField(null=True, blank=True)
    scan_begun_at = models.DateTimeField("扫描件开始上传", null=True, blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["achievement", "content_hash"], name="stampedform_once_a_content"),
            models.CheckConstraint(
                condition=Q(scan__isnull=True, scanned_by__isnull=True, scanned_at__isnull=True)
                | Q(scan__isnull=False, scanned_by__isnull=False, scanned_at__isnull=False),
                name="stampedform_scan_has_its_person",
            ),
        ]

    def __str__(self) -> str:
        return self.number
