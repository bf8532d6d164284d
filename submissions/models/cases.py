"""Discipline (001 六(三), domain.md O): cases, what two officers decided in them, and the bans that follow."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.models import Membership, Organization, User
from core.models import PrivateFile
from submissions.models.work import Achievement
from submissions.querysets import BanQuerySet, CaseQuerySet, OwnedQuerySet
from submissions.rules import working_days


class Case(models.Model):
    """立案. `charge` is put to the respondent, the unit; `source` (who reported) never is.

    `statement` is what the unit answers, `appeal` what it says against an upheld finding.
    """

    class Kind(models.TextChoices):
        DUPLICATE = "duplicate", "重复申报"
        IMPERSONATION = "impersonation", "冒用他人成果"
        THEFT = "theft", "盗用他人成果"
        FALSE_DATA = "false_data", "数据不实"

    class State(models.TextChoices):
        OPEN = "open", "调查中"
        UPHELD = "upheld", "查实"
        DISMISSED = "dismissed", "查无实据"
        APPEALED = "appealed", "申诉审理中"
        MAINTAINED = "maintained", "申诉后维持"
        REVOKED = "revoked", "申诉后撤销"

    STANDING = (State.UPHELD, State.APPEALED, State.MAINTAINED)
    """While a finding is one of these the work has not won and is not opened again."""

    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="cases")
    kind = models.CharField("类型", max_length=20, choices=Kind.choices)
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.OPEN)
    charge = models.TextField("涉嫌事实", max_length=3000)
    source = models.CharField("线索来源", max_length=300, blank=True)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    statement = models.TextField("陈述", max_length=3000, blank=True)
    stated_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    stated_at = models.DateTimeField(null=True, blank=True)
    appeal_until = models.DateField("申诉期至", null=True, blank=True)
    appeal = models.TextField("申诉", max_length=3000, blank=True)
    appealed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    appealed_at = models.DateTimeField(null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["achievement"], condition=Q(state__in=["open", "appealed"]), name="case_one_open_a_work"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["duplicate", "impersonation", "theft", "false_data"]), name="case_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "dismissed", "upheld", "appealed", "maintained", "revoked"]),
                name="case_state_known",
            ),
            models.CheckConstraint(condition=~Q(charge=""), name="case_says_what"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "dismissed"]) | Q(appeal_until__isnull=False),
                name="case_upheld_may_be_appealed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.achievement_id} {self.kind} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.OPEN, self.State.APPEALED)

    @property
    def counted_by_week(self) -> bool:
        """Ends the time for an appeal in a year whose holidays are not known here?"""
        return self.appeal_until is not None and not working_days.decided(self.appeal_until)


class CaseFile(models.Model):
    """Evidence; what the unit brought itself is all that the unit sees of it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="files")
    file = models.ForeignKey(PrivateFile, models.PROTECT, related_name="+")
    name = models.CharField("文件名", max_length=200)
    by_unit = models.BooleanField(default=False)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["case", "file", "by_unit"], name="casefile_once")]

    def __str__(self) -> str:
        return self.name


class Ruling(models.Model):
    """What one officer proposes and another agrees to or sends back: a finding (`first`) or an answer to the appeal.

    `barred`: whom it bans, as both officers read it: place ("leader", "member:3", "unit"), name, unit, and the keyed
    hash of the leader's phone or the id of the barred organisation. The work may change meanwhile, this doesn't.
    """

    class Stage(models.TextChoices):
        FIRST = "first", "认定"
        APPEAL = "appeal", "申诉复核"

    class Answer(models.TextChoices):
        PENDING = "pending", "待第二人审核"
        AGREED = "agreed", "同意"
        REFUSED = "refused", "不同意"

    case = models.ForeignKey(Case, models.PROTECT, related_name="rulings")
    stage = models.CharField(max_length=10, choices=Stage.choices)
    upheld = models.BooleanField("查实")
    reason = models.TextField("认定的事实和理由", max_length=3000)
    barred = models.JSONField("禁止申报", default=list)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.PENDING)
    answer_reason = models.TextField("意见", max_length=1000, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "stage"], condition=~Q(answer="refused"), name="ruling_one_standing_a_stage"
            ),
            models.CheckConstraint(condition=Q(stage__in=["first", "appeal"]), name="ruling_stage_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="ruling_has_a_reason"),
            models.CheckConstraint(
                condition=Q(answer="pending", answered_by__isnull=True)
                | Q(answer__in=["agreed", "refused"], answered_by__isnull=False),
                name="ruling_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("proposed_by")),
                name="ruling_by_two_persons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.stage} {self.answer}"


class Ban(models.Model):
    """禁止申报: a person by name, unit and phone, or by explicit decision an organisation; no end but `lifted_at`.

    The phone stands here only as a keyed hash; names and units are compared in their plain form (`*_key`).
    """

    host = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="bans")
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField("姓名", max_length=50, blank=True)
    name_key = models.CharField(max_length=50, blank=True)
    unit_name = models.CharField("单位", max_length=100)
    unit_key = models.CharField(max_length=100)
    phone_hash = models.CharField(max_length=64, blank=True)
    banned_at = models.DateTimeField(auto_now_add=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    lift_reason = models.TextField("解除理由", max_length=1000, blank=True)

    objects = BanQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["host", "name_key"], name="ban_by_name")]
        constraints = [
            models.CheckConstraint(
                condition=Q(organization__isnull=False, name_key="") | (Q(organization__isnull=True) & ~Q(name_key="")),
                name="ban_of_a_person_or_an_organization",
            ),
            models.UniqueConstraint(fields=["case", "name_key", "unit_key"], name="ban_once_a_case"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lift_reason="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lift_reason="")),
                name="ban_lifted_by_somebody_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.unit_name


class BanClearance(models.Model):
    """An auditor has made sure that somebody of a work is another person of the same name."""

    ban = models.ForeignKey(Ban, models.PROTECT, related_name="clearances")
    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="ban_clearances")
    reason = models.TextField("核实情况", max_length=1000)
    cleared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    cleared_at = models.DateTimeField(auto_now_add=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["ban", "achievement"], name="banclearance_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="banclearance_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.ban_id} {self.achievement_id}"
