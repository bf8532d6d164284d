"""The judgement: rubric, round, experts, score sheets, results and awards (model.md)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from contests.models import AwardTier, Contest, Enrolment
from scoring.lifecycle import ROUND_LABELS, SHEET_LABELS, RoundStatus, SheetState
from scoring.querysets import EntryPartQuerySet, RoundPartQuerySet, RoundQuerySet, ScoreSheetQuerySet
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


class Expert(models.Model):
    """评委. Specialities are industry and category codes; employers are the person's Employment rows."""

    user = models.OneToOneField(User, models.PROTECT, related_name="expert")
    industries = models.JSONField("专业行业", default=list)
    categories = models.JSONField("专业类型", default=list)
    max_load = models.PositiveSmallIntegerField("最多份数", null=True, blank=True)

    def __str__(self) -> str:
        return self.user.display_name


class Appointment(models.Model):
    """An expert in a round, under a pseudonym of that round: the season file and the trimming know only this."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="appointments")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="appointments")
    pseudonym = models.CharField("代号", max_length=12)
    appointed_at = models.DateTimeField(auto_now_add=True)

    objects = RoundPartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "expert"], name="appointed_once_a_round"),
            models.UniqueConstraint(fields=["round", "pseudonym"], name="pseudonym_once_a_round"),
        ]

    def __str__(self) -> str:
        return self.pseudonym


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


class Recusal(models.Model):
    """回避: why this expert must not judge this entry, with the evidence (rules.md "Persons and penalties")."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="recusals")
    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="recusals")
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="recusals")
    reason = models.CharField("缘由", max_length=30)
    evidence = models.CharField("依据", max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RoundPartQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["appointment", "entry"], name="recusal_once_a_pair")]

    def __str__(self) -> str:
        return f"{self.appointment_id} × {self.entry_id}"


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


class ScoreSheet(models.Model):
    """评分表: one expert's marks of one entry. `round` repeats the entry's: fewer joins on her page."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="sheets")
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="sheets")
    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="sheets")
    state = models.CharField(
        max_length=10, choices=[(s.value, label[0]) for s, label in SHEET_LABELS.items()], default=SheetState.OPEN
    )
    revision = models.PositiveIntegerField(default=0)
    total = models.DecimalField("总分", max_digits=5, decimal_places=2, null=True, blank=True)
    comment = models.TextField("评语", max_length=1000, blank=True)
    doubt = models.TextField("数据存疑", max_length=500, blank=True)
    updated_at = models.DateTimeField(auto_now=True)
    handed_in_at = models.DateTimeField(null=True, blank=True)

    objects = ScoreSheetQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["appointment", "state"], name="sheet_by_expert")]
        constraints = [
            models.UniqueConstraint(fields=["entry", "appointment"], name="sheet_once_an_expert"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in SheetState]), name="sheet_state_known"),
            models.CheckConstraint(
                condition=~Q(state=SheetState.HANDED_IN) | Q(total__isnull=False, handed_in_at__isnull=False),
                name="sheet_handed_in_has_a_total",
            ),
            models.CheckConstraint(
                condition=Q(total__isnull=True) | Q(total__gte=0, total__lte=100), name="sheet_total_in_100"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} × {self.appointment_id}"

    @property
    def state_label(self) -> tuple[str, str, str]:
        return SHEET_LABELS[SheetState(self.state)]


class Mark(models.Model):
    """得分 of one criterion. The level's range is copied onto the row: the database holds the points inside it."""

    sheet = models.ForeignKey(ScoreSheet, models.CASCADE, related_name="marks")
    criterion = models.CharField("评分项", max_length=30)
    level = models.CharField("档次", max_length=30)
    low = models.PositiveSmallIntegerField()
    high = models.PositiveSmallIntegerField()
    points = models.PositiveSmallIntegerField("得分", null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "criterion"], name="mark_once_a_criterion"),
            models.CheckConstraint(
                condition=Q(points__isnull=True) | Q(points__gte=F("low"), points__lte=F("high")),
                name="mark_inside_its_level",
            ),
            models.CheckConstraint(condition=Q(low__lte=F("high")), name="mark_range_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} {self.points}"


class Result(models.Model):
    """排名 row as rules/ranking.py computed it; it can be computed again by anybody from the season file."""

    entry = models.OneToOneField(Entry, models.CASCADE, related_name="result")
    position = models.PositiveIntegerField("次序")
    rank = models.PositiveIntegerField("名次", null=True, blank=True)
    score = models.DecimalField("得分", max_digits=8, decimal_places=4, null=True, blank=True)
    score_text = models.CharField(max_length=12, blank=True)
    tier_name = models.CharField("等次", max_length=60, blank=True)
    sheets_counted = models.PositiveSmallIntegerField("计分份数")
    remark = models.CharField("备注", max_length=60, blank=True)

    objects = EntryPartQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(rank__isnull=True, score__isnull=True) | Q(rank__isnull=False, score__isnull=False),
                name="result_rank_goes_with_score",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rank} {self.score_text}"


class Award(models.Model):
    """获奖. `by_hand` marks the committee's choice (特等奖), which needs its reason (rules.md "Award tiers")."""

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="award")
    tier = models.ForeignKey(AwardTier, models.PROTECT, related_name="awards")
    by_hand = models.BooleanField(default=False)
    reason = models.CharField("理由", max_length=500, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = EntryPartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(by_hand=False) | ~Q(reason=""), name="award_by_hand_has_a_reason")
        ]

    def __str__(self) -> str:
        return f"{self.tier_id} → {self.entry_id}"
