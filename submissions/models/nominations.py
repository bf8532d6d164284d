"""优胜单位申报 (002 附件5): the form of one unit a season, and the three opinions on it."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from accounts.models import Membership, User
from contests.models import Contest, Enrolment
from submissions.querysets import NominationPartQuerySet, NominationQuerySet
from submissions.rules import nominations as rules

_STATUS_CHOICES = [(code, label) for code, (label, _) in rules.STATUSES.items()]


class UnitNomination(models.Model):
    """One form a unit and contest, even if two recommenders like it (domain.md I-c). Fields of 附件5."""

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="nominations")
    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="nomination", verbose_name="申报单位")
    status = models.CharField("状态", max_length=12, choices=_STATUS_CHOICES, default=rules.Status.DRAFT)
    revision = models.PositiveIntegerField(default=0)
    unit_name = models.CharField("单位名称", max_length=100, blank=True)
    legal_representative = models.CharField("法人代表", max_length=50, blank=True)
    nature_text = models.CharField("单位性质", max_length=40, blank=True)
    phone = models.CharField("联系电话", max_length=20, blank=True)
    head_count = models.PositiveIntegerField("职工总数", null=True, blank=True)
    participants = models.PositiveIntegerField("参赛职工数", null=True, blank=True)
    brief = models.TextField("“五小”竞赛开展情况简介", max_length=3000, blank=True)
    filled_by = models.CharField("填报人", max_length=50, blank=True)
    responsible_person = models.CharField("负责人", max_length=50, blank=True)
    return_reason = models.CharField("退回的理由", max_length=500, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = NominationQuerySet.as_manager()

    class Meta:
        ordering = ["enrolment__path"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=list(rules.STATUSES)), name="unitnomination_status_known"),
            models.CheckConstraint(
                condition=Q(participants__isnull=True)
                | Q(head_count__isnull=True)
                | Q(participants__lte=F("head_count")),
                name="unitnomination_participants_are_staff",
            ),
        ]

    def __str__(self) -> str:
        return self.unit_name or self.enrolment.name

    @property
    def rate(self) -> Decimal | None:
        return rules.participation_rate(self.participants, self.head_count)

    @property
    def status_words(self) -> tuple[str, str]:
        return rules.STATUSES[self.status]

    @property
    def is_editable(self) -> bool:
        return self.status in rules.EDITABLE


class NominationOpinion(models.Model):
    """One of the three opinions; a return voids those that were given, and they stay readable."""

    nomination = models.ForeignKey(UnitNomination, models.PROTECT, related_name="opinions")
    step = models.CharField("环节", max_length=10, choices=[(step.value, label) for step, label in rules.STEPS.items()])
    agrees = models.BooleanField("同意", default=True)
    text = models.CharField("意见", max_length=500)
    dated_on = models.DateField("日期")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="+")
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(auto_now_add=True)
    voided_at = models.DateTimeField(null=True, blank=True)

    objects = NominationPartQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination", "step"], condition=Q(voided_at__isnull=True), name="nominationopinion_one_a_step"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="nominationopinion_says_something"),
            models.CheckConstraint(
                condition=Q(step__in=[step.value for step in rules.Step]), name="nominationopinion_step_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nomination_id} {self.step}"
