"""Workbooks on their way into the pool."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import Membership
from contests.models import Enrolment
from core.models import PrivateFile
from submissions.querysets import BatchQuerySet


class PoolImport(models.Model):
    """One uploaded workbook: looked at by the person who brought it, then taken in once.

    What its rows say is never kept: the file is read anew, so the pool that counts is the one of the moment.
    """

    unit = models.ForeignKey(Enrolment, models.PROTECT, related_name="+", verbose_name="完成单位")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    file = models.ForeignKey(PrivateFile, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    registered = models.PositiveIntegerField("登记", default=0)

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(registered=0) | Q(confirmed_at__isnull=False), name="poolimport_registers_when_confirmed"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.file_id}"
