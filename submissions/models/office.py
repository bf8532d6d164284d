"""What the office and the partner bodies say about single works: a rule set aside, help with a patent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import Membership, User
from submissions.models.work import Achievement
from submissions.querysets import IpHelpQuerySet, OwnedQuerySet
from submissions.rules import eligibility


class Override(models.Model):
    """The office lets one work pass one rule, with a reason for all who see the work (domain.md F5, 3.10).

    `detail` is the patent number where the rule is about one.
    """

    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="overrides")
    rule = models.CharField("条件", max_length=20, choices=list(eligibility.OVERRIDABLE.items()))
    detail = models.CharField("专利号", max_length=40, blank=True)
    reason = models.CharField("理由", max_length=300)
    granted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField("撤销时间", null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revoke_reason = models.CharField("撤销的理由", max_length=300, blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["achievement", "rule", "detail"],
                condition=Q(revoked_at__isnull=True),
                name="override_once_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="override_has_a_reason"),
            models.CheckConstraint(condition=Q(rule__in=list(eligibility.OVERRIDABLE)), name="override_rule_known"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True, revoke_reason="")
                | Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(revoke_reason=""),
                name="override_revoked_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.achievement_id} {self.rule}"


class IpHelp(models.Model):
    """知识产权指导 (002 五(三)): what a unit needs help with, and what the partner bodies answered."""

    class Status(models.TextChoices):
        OPEN = "open", "待答复"
        ANSWERED = "answered", "已答复"
        CLOSED = "closed", "已撤回"

    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="ip_helps")
    need = models.TextField("需要的帮助", max_length=1000)
    contact = models.CharField("联系方式", max_length=100, blank=True)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.OPEN)
    answer = models.TextField("答复", max_length=1000, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_as = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = IpHelpQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["achievement"], condition=Q(status="open"), name="iphelp_one_open_an_achievement"
            ),
            models.CheckConstraint(condition=~Q(need=""), name="iphelp_says_what"),
            models.CheckConstraint(condition=Q(status__in=["open", "answered", "closed"]), name="iphelp_status_known"),
            models.CheckConstraint(
                condition=~Q(status="answered")
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="iphelp_answered_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.achievement_id} {self.status}"
