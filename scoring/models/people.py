"""Who judges: experts, their appointment to a round, and from what they are kept away (model.md)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import Membership, User
from contests.models import Contest
from core.models import PrivateFile
from scoring.models.rounds import Entry, Panel, Round
from scoring.querysets import EngagementQuerySet, ExpertImportQuerySet, ExpertQuerySet, RoundPartQuerySet


class Expert(models.Model):
    """评委. Specialities are industry and category codes; employers are the person's Employment rows."""

    user = models.OneToOneField(User, models.PROTECT, related_name="expert")
    industries = models.JSONField("专业行业", default=list)
    categories = models.JSONField("专业类型", default=list)
    max_load = models.PositiveSmallIntegerField("最多份数", null=True, blank=True)
    is_active = models.BooleanField("在库", default=True)

    objects = ExpertQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(max_load__isnull=True) | Q(max_load__gte=1), name="expert_load_above_zero"
            )
        ]

    def __str__(self) -> str:
        return self.user.display_name


class Engagement(models.Model):
    """聘任: an expert in a season, before any round; with the 评审承诺 that she accepted, by its version."""

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="engagements")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="engagements")
    engaged_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    engaged_at = models.DateTimeField(auto_now_add=True)
    committed_at = models.DateTimeField("承诺时间", null=True, blank=True)
    commitment_version = models.PositiveSmallIntegerField("承诺书版本", null=True, blank=True)

    objects = EngagementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contest", "expert"], name="engaged_once_a_season"),
            models.CheckConstraint(
                condition=Q(committed_at__isnull=True, commitment_version__isnull=True)
                | Q(committed_at__isnull=False, commitment_version__isnull=False),
                name="engagement_commits_to_a_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.expert_id}"


class ExpertImport(models.Model):
    """One uploaded workbook of experts: looked at by whoever brought it, then taken in once. Read anew each time."""

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    file = models.ForeignKey(PrivateFile, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    registered = models.PositiveIntegerField("登记", default=0)

    objects = ExpertImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(registered=0) | Q(confirmed_at__isnull=False), name="expertimport_registers_when_confirmed"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.file_id}"


class Appointment(models.Model):
    """An expert in a round, under a pseudonym of that round: the season file and the trimming know only this.

    In a round with panels whoever sits in none is a reserve (候补): she is given no sheets until somebody falls out.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="appointments")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="appointments")
    panel = models.ForeignKey(Panel, models.RESTRICT, null=True, blank=True, related_name="appointments")
    pseudonym = models.CharField("代号", max_length=12)
    appointed_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField("退出时间", null=True, blank=True)
    left_reason = models.CharField("退出原因", max_length=200, blank=True)

    objects = RoundPartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "expert"], name="appointed_once_a_round"),
            models.UniqueConstraint(fields=["round", "pseudonym"], name="pseudonym_once_a_round"),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True, left_reason="") | (Q(left_at__isnull=False) & ~Q(left_reason="")),
                name="appointment_left_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.pseudonym


class Recusal(models.Model):
    """回避: why this expert must not judge this entry, with the evidence (rules.md "Persons and penalties")."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="recusals")
    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="recusals")
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="recusals")
    reason = models.CharField("缘由", max_length=30)
    evidence = models.CharField("依据", max_length=200, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RoundPartQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["appointment", "entry"], name="recusal_once_a_pair")]

    def __str__(self) -> str:
        return f"{self.appointment_id} × {self.entry_id}"
