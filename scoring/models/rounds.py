"""Rounds of the judgement: the rubric, the round, its entries and the plans of their assignment (model.md)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from contests.models import Contest, Enrolment
from scoring.lifecycle import ROUND_LABELS, RoundStatus
from scoring.querysets import EntryQuerySet, RoundPartQuerySet, RoundQuerySet
from scoring.rules import common
from submissions.models import Achievement, AchievementVersion
from submissions.rules import codes


class Rubric(models.Model):
    """评分标准 as data (002 附件1 一(二)). Frozen by the first hand-in; a change is a new version.

    A version that a season made for itself belongs to its `contest` and to the desk (`enrolment`) whose round it was
    made for: no other desk's rounds take it. Those of the notices belong to none.
    """

    code = models.SlugField("代码", max_length=60)
    version = models.PositiveSmallIntegerField("版本", default=1)
    name = models.CharField("名称", max_length=100)
    definition = models.JSONField("内容")
    frozen_at = models.DateTimeField(null=True, blank=True)
    contest = models.ForeignKey(Contest, models.PROTECT, null=True, blank=True, related_name="rubrics")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, null=True, blank=True, related_name="rubrics")
    reason = models.CharField("修订理由", max_length=300, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="rubric_version_once"),
            models.CheckConstraint(
                condition=Q(contest__isnull=True) | ~Q(reason=""), name="rubric_revised_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class Round(models.Model):
    """轮次: who runs it (an enrolment that audits), by which rubric and policy; `policy` is fixed when it is opened.

    A round that follows a `previous` one judges its `take_top` works; whoever shares the last place goes in as well.
    """

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="rounds")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="rounds")
    name = models.CharField("名称", max_length=60)
    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="rounds")
    policy = models.JSONField("计分规则")
    sheets_per_achievement = models.PositiveSmallIntegerField("每项专家数", default=5)
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="following", verbose_name="上一轮"
    )
    take_top = models.PositiveSmallIntegerField("取前几名", null=True, blank=True)
    blind = models.BooleanField("盲评", default=True)
    status = models.CharField(
        max_length=10, choices=[(s.value, label[0]) for s, label in ROUND_LABELS.items()], default=RoundStatus.DRAFT
    )
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    opens_at = models.DateTimeField("评分开始", null=True, blank=True)
    closes_at = models.DateTimeField("评分截止", null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    waiver = models.CharField("缺评说明", max_length=500, blank=True)
    waived_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="缺评批准人"
    )

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=[s.value for s in RoundStatus]), name="round_status_known"),
            models.CheckConstraint(condition=Q(sheets_per_achievement__gte=1), name="round_at_least_one_sheet"),
            models.UniqueConstraint(fields=["contest", "enrolment", "name"], name="round_name_once"),
            models.CheckConstraint(
                condition=Q(previous__isnull=True, take_top__isnull=True)
                | Q(previous__isnull=False, take_top__isnull=False, take_top__gte=1),
                name="round_that_follows_takes_a_number",
            ),
            models.UniqueConstraint(fields=["previous"], name="round_followed_once"),
            models.CheckConstraint(
                condition=Q(previous__isnull=True) | ~Q(previous=F("id")), name="round_does_not_follow_itself"
            ),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True) | Q(closes_at__isnull=True) | Q(opens_at__lt=F("closes_at")),
                name="round_opens_before_it_closes",
            ),
            models.CheckConstraint(
                condition=Q(waiver="", waived_by__isnull=True) | (~Q(waiver="") & Q(waived_by__isnull=False)),
                name="round_waived_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def status_label(self) -> tuple[str, str, str]:
        return ROUND_LABELS[RoundStatus(self.status)]


class Panel(models.Model):
    """评审组: like is compared with like (001 五(一)), so works come to it by industry, then by category.

    An empty list stands for all. A round without panels is judged by all its experts together.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="panels")
    name = models.CharField("名称", max_length=40)
    industries = models.JSONField("行业", default=list, blank=True)
    categories = models.JSONField("类型", default=list, blank=True)
    order = models.PositiveSmallIntegerField("次序")

    objects = RoundPartQuerySet.as_manager()

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["round", "name"], name="panel_name_once_a_round"),
            models.UniqueConstraint(fields=["round", "order"], name="panel_order_once_a_round"),
            models.CheckConstraint(condition=~Q(name=""), name="panel_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Entry(models.Model):
    """One achievement in one round: the version that is judged, its path and verified amount.

    `common` is its place among the 校准件 of the round, the works that every expert marks first; None for the others.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="entries")
    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="entries")
    version = models.ForeignKey(AchievementVersion, models.PROTECT, related_name="+")
    code = models.CharField("评审编号", max_length=12)
    path = models.CharField("计分效益", max_length=10, choices=codes.BENEFIT_PATH)
    benefit_wan = models.DecimalField("核定年经济效益（万元）", max_digits=12, decimal_places=2, null=True, blank=True)
    panel = models.ForeignKey(Panel, models.RESTRICT, null=True, blank=True, related_name="entries")
    placed_by_hand = models.BooleanField("人工归组", default=False)
    common = models.PositiveSmallIntegerField("校准次序", null=True, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["round", "achievement"], name="entry_once_a_round"),
            models.UniqueConstraint(fields=["round", "code"], name="entry_code_once_a_round"),
            models.CheckConstraint(
                condition=Q(path="social") | Q(path="economic", benefit_wan__isnull=False, benefit_wan__gt=0),
                name="entry_economic_has_an_amount",
            ),
            models.UniqueConstraint(fields=["round", "common"], name="entry_common_place_once_a_round"),
            models.CheckConstraint(
                condition=Q(common__isnull=True) | Q(common__gte=1, common__lte=common.MOST),
                name="entry_common_one_to_three",
            ),
            models.CheckConstraint(
                condition=Q(placed_by_hand=False) | Q(panel__isnull=False), name="entry_placed_by_hand_has_a_panel"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Plan(models.Model):
    """An assignment of a panel (of the whole round where it has none) as it was made.

    `problem` and `solution` are the two public files (`scoring.assign`): anybody can verify or make it again.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="plans")
    panel = models.ForeignKey(Panel, models.RESTRICT, null=True, blank=True, related_name="plans")
    seed = models.PositiveIntegerField()
    objective = models.PositiveIntegerField(default=0)
    detail = models.JSONField(default=dict)
    problem = models.TextField(blank=True)
    solution = models.TextField(blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RoundPartQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.round_id} seed {self.seed}"
