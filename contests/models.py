"""The rules of one season as rows: dates, catalogues, tiers, and who takes part by which road (model.md)."""

from __future__ import annotations

import json
from functools import lru_cache

from django.db import models
from django.db.models import F, Q

from accounts.models import Line, Nature, Organization, Ownership, User
from contests.querysets import ContestQuerySet, EnrolmentQuerySet, ExtensionQuerySet
from contests.rules.settings import ContestSettings


@lru_cache(maxsize=64)
def _settings(stored: str) -> ContestSettings:
    return ContestSettings.from_dict(json.loads(stored))


class Contest(models.Model):
    """One season of one host. `sections` keeps the preset's raw words for papers and pages (clauses, scope, roles)."""

    host = models.ForeignKey(Organization, models.PROTECT, related_name="hosted_contests", verbose_name="主办单位")
    preset = models.SlugField("方案", max_length=60)
    year = models.PositiveSmallIntegerField("年度")
    label = models.CharField("届次", max_length=40)
    title = models.CharField("竞赛名称", max_length=120)
    document_number = models.CharField("文号", max_length=60, blank=True)
    window_start = models.DateField("成果时间范围起")
    window_end = models.DateField("成果时间范围止")
    settings_data = models.JSONField("设置", default=dict)
    sections = models.JSONField("方案原文", default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ContestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["host", "year"], name="contest_one_a_year_and_host"),
            models.CheckConstraint(condition=Q(window_start__lte=F("window_end")), name="contest_window_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.label}）"

    @property
    def settings(self) -> ContestSettings:
        return _settings(json.dumps(self.settings_data))  # asked several times a page: the same text is read once

    @property
    def chain(self) -> str:
        """The name of this contest's ledger chain."""
        return f"contest:{self.pk}"


class _CatalogueRow(models.Model):
    contest = models.ForeignKey(Contest, models.CASCADE, related_name="%(class)s_set")
    code = models.SlugField("代码", max_length=40)
    name = models.CharField("名称", max_length=60)
    order = models.PositiveSmallIntegerField("次序")

    class Meta:
        abstract = True
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "code"], name="%(class)s_code_once"),
            models.UniqueConstraint(fields=["contest", "order"], name="%(class)s_order_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Kind(_CatalogueRow):
    """五小类别 (domain.md E)."""


class Category(_CatalogueRow):
    """项目类型 with its definition, verbatim (002 附件1 一(一)3)."""

    definition = models.TextField("说明", blank=True)
    needs_explanation = models.BooleanField("须另作说明", default=False)


class Industry(_CatalogueRow):
    """所属行业 (002 附件2 note)."""


class AwardTier(_CatalogueRow):
    """等级. `floor` is inclusive and meets the rounded score; without one the tier is given by hand (rules.md)."""

    floor = models.DecimalField("起始分", max_digits=5, decimal_places=2, null=True, blank=True)
    prize_yuan = models.DecimalField("奖金（元）", max_digits=10, decimal_places=2, default=0)
    at_most = models.PositiveSmallIntegerField("名额上限", null=True, blank=True)

    class Meta(_CatalogueRow.Meta):
        constraints = [
            *_CatalogueRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(floor__isnull=True) | Q(floor__gte=0, floor__lte=100), name="awardtier_floor_in_100"
            ),
            models.CheckConstraint(condition=Q(prize_yuan__gte=0), name="awardtier_prize_not_negative"),
        ]


class Organizer(_CatalogueRow):
    """主办、协办单位 in the order of the signature block (domain.md A1)."""

    line = models.CharField("系统", max_length=40, choices=Line.choices)
    is_lead = models.BooleanField("牵头单位", default=False)


class OrganizingItem(_CatalogueRow):
    """优秀组织奖 item and its maximum (002 附件1 二)."""

    name = models.CharField("考核项目", max_length=120)
    maximum = models.PositiveSmallIntegerField("最高分值")


class Target(_CatalogueRow):
    """参赛率目标 in percent; without a number it is advisory (002 五(一))."""

    percent = models.DecimalField("目标（%）", max_digits=5, decimal_places=2, null=True, blank=True)


class PaperKind(_CatalogueRow):
    """An official paper of this season; its layout is declared in documents.catalog under the same code."""

    name = models.CharField("文件名称", max_length=120)
    annex = models.CharField("附件号", max_length=20, blank=True)
    copies = models.PositiveSmallIntegerField("份数", default=1)


class Phase(models.Model):
    contest = models.ForeignKey(Contest, models.CASCADE, related_name="phases")
    kind = models.SlugField("阶段类型", max_length=20)
    name = models.CharField("名称", max_length=40)
    opens_at = models.DateTimeField("开始")
    closes_at = models.DateTimeField("截止")
    order = models.PositiveSmallIntegerField("次序")

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "order"], name="phase_order_once"),
            models.CheckConstraint(condition=Q(opens_at__lt=F("closes_at")), name="phase_opens_before_it_closes"),
        ]

    def __str__(self) -> str:
        return self.name


class Enrolment(models.Model):
    """Who takes part this season and by which road: a snapshot, so a unit that moves next year changes nothing here.

    `path` is the road from the host down, enrolment ids each ended by a dot; "below" is a prefix of it.
    """

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="enrolments")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="enrolments")
    name = models.CharField("单位名称", max_length=100)
    line = models.CharField("系统", max_length=40, choices=Line.choices)
    recommender = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="recommended")
    audits = models.BooleanField("负责审核", default=False)
    is_team = models.BooleanField("班组", default=False)
    nature = models.CharField("单位性质", max_length=30, choices=Nature.choices)
    ownership = models.CharField("所有制", max_length=20, choices=Ownership.choices, blank=True)
    head_count = models.PositiveIntegerField("职工总数", null=True, blank=True)
    participants = models.PositiveIntegerField("参赛职工", default=0)
    is_demonstration = models.BooleanField("重点示范单位", default=False)
    demonstration_on = models.DateField("确定日期", null=True, blank=True)
    demonstration_document = models.CharField("确定文号", max_length=100, blank=True, default="")
    path = models.CharField(max_length=200, blank=True, db_index=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "organization"], name="enrolment_once_a_season"),
            models.CheckConstraint(
                condition=Q(recommender__isnull=True) | ~Q(recommender=F("id")),
                name="enrolment_not_its_own_recommender",
            ),
            models.CheckConstraint(
                condition=Q(recommender__isnull=False) | Q(audits=True), name="enrolment_only_the_host_has_nobody_above"
            ),
            models.UniqueConstraint(
                fields=["contest"], condition=Q(recommender__isnull=True), name="enrolment_one_host_a_season"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_host(self) -> bool:
        return self.recommender_id is None


class Extension(models.Model):
    """A later closing for one organisation, with its reason; listed for all to see (rules.md "When").

    A unit's part holds for its own works and for those of everybody below it; a recommender's for its list.
    """

    class Covers(models.TextChoices):
        UNIT = "unit", "单位提交"
        RECOMMENDER = "recommender", "推荐报送"
        BOTH = "both", "提交和推荐"

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="extensions")
    covers = models.CharField("适用于", max_length=12, choices=Covers.choices, default=Covers.BOTH)
    until = models.DateTimeField("延至")
    reason = models.CharField("理由", max_length=300)
    granted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdraw_reason = models.CharField("撤销的理由", max_length=300, blank=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="extension_has_a_reason"),
            models.CheckConstraint(
                condition=Q(covers__in=["unit", "recommender", "both"]), name="extension_covers_known"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdraw_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdraw_reason=""),
                name="extension_withdrawn_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} → {self.until:%Y-%m-%d %H:%M}"


class Quota(models.Model):
    """A recommender's own number in the place of the contest's (domain.md M, 3.1: by recommender and category).

    0 is no limit. `category` belongs to the scope of the same name alone.
    """

    class Scope(models.TextChoices):
        TOTAL = "total", "推荐名额"
        CATEGORY = "category", "项目类型名额"
        WINNER_UNIT = "winner_unit", "优胜单位名额"

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="quotas")
    scope = models.CharField("适用于", max_length=12, choices=Scope.choices)
    category = models.ForeignKey(Category, models.CASCADE, null=True, blank=True, related_name="quotas")
    limit = models.PositiveSmallIntegerField("名额")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "category"], condition=Q(scope="category"), name="quota_once_a_category"
            ),
            models.UniqueConstraint(
                fields=["enrolment", "scope"], condition=~Q(scope="category"), name="quota_once_a_scope"
            ),
            models.CheckConstraint(
                condition=Q(scope="category", category__isnull=False)
                | Q(scope__in=["total", "winner_unit"], category__isnull=True),
                name="quota_scope_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.scope} {self.limit}"
