"""Rounds of the judgement: the rubric, the round, its entries and the plans of their assignment (model.md)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import User
from contests.models import Contest, Enrolment
from scoring.lifecycle import ROUND_LABELS, RoundStatus
from scoring.querysets import RoundPartQuerySet, RoundQuerySet
from submissions.models import Achievement, AchievementVersion
from submissions.rules import codes


class Rubric(models.Model):
    """评分标准 as data (002 附件1 一(二)). Frozen by the first hand-in; a change is a new version."""

    code = models.SlugField("代码", max_length=60)
    version = models.PositiveSmallIntegerField("版本", default=1)
    name = models.CharField("名称", max_length=100)
    definition = models.JSONField("内容")
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="rubric_version_once")]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class Round(models.Model):
    """轮次: who runs it (an enrolment that audits), by which rubric and policy; `policy` is fixed when it is opened."""

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="rounds")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="rounds")
    name = models.CharField("名称", max_length=60)
    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="rounds")
    policy = models.JSONField("计分规则")
    sheets_per_achievement = models.PositiveSmallIntegerField("每项专家数", default=5)
    status = models.CharField(
        max_length=10, choices=[(s.value, label[0]) for s, label in ROUND_LABELS.items()], default=RoundStatus.DRAFT
    )
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField("评分截止", null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    waiver = models.CharField("缺评说明", max_length=500, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=[s.value for s in RoundStatus]), name="round_status_known"),
            models.CheckConstraint(condition=Q(sheets_per_achievement__gte=1), name="round_at_least_one_sheet"),
            models.UniqueConstraint(fields=["contest", "enrolment", "name"], name="round_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def status_label(self) -> tuple[str, str, str]:
        return ROUND_LABELS[RoundStatus(self.status)]


class Entry(models.Model):
    """One achievement in one round: the version that is judged, its path and verified amount."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="entries")
    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="entries")
    version = models.ForeignKey(AchievementVersion, models.PROTECT, related_name="+")
    code = models.CharField("评审编号", max_length=12)
    path = models.CharField("计分效益", max_length=10, choices=codes.BENEFIT_PATH)
    benefit_wan = models.DecimalField("核定年经济效益（万元）", max_digits=12, decimal_places=2, null=True, blank=True)

    objects = RoundPartQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["round", "achievement"], name="entry_once_a_round"),
            models.UniqueConstraint(fields=["round", "code"], name="entry_code_once_a_round"),
            models.CheckConstraint(
                condition=Q(path="social") | Q(path="economic", benefit_wan__isnull=False, benefit_wan__gt=0),
                name="entry_economic_has_an_amount",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Plan(models.Model):
    """An assignment as it was made: its seed and figures, so that anybody can make it again."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="plans")
    seed = models.PositiveIntegerField()
    objective = models.PositiveIntegerField(default=0)
    detail = models.JSONField(default=dict)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RoundPartQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.round_id} seed {self.seed}"
