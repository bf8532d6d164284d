"""The work: one achievement is one row a season, from the pool to the award (model.md)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from accounts.models import Studio, User
from contests.models import Category, Contest, Enrolment, Industry, Kind
from core.models import PrivateFile
from submissions import lifecycle
from submissions.querysets import AchievementQuerySet, OwnedQuerySet
from submissions.rules import codes

_ENDED = sorted(status.value for status in lifecycle.ENDED)


class Achievement(models.Model):
    """`revision` grows with every saved edit and `field_revisions` says at which one each field was last written:

    two tabs or two colleagues never overwrite the same field silently, and never hinder each other on different ones.
    `held_for` names the judgement of a desk (a county's own round) during which nothing about the work may change.
    """

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="achievements")
    unit = models.ForeignKey(Enrolment, models.PROTECT, related_name="achievements", verbose_name="完成单位")
    holder = models.ForeignKey(
        Enrolment, models.PROTECT, null=True, blank=True, related_name="desk", verbose_name="所在环节"
    )
    status = models.CharField("状态", max_length=20, choices=lifecycle.STATUS_CHOICES, default=lifecycle.Status.DRAFT)
    studio = models.ForeignKey(
        Studio, models.PROTECT, null=True, blank=True, related_name="achievements", verbose_name="创新工作室"
    )
    continues = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="continued_by")
    continued_note = models.TextField("延续改进的新内容", max_length=1500, blank=True)
    number = models.CharField("编号", max_length=30, blank=True)
    revision = models.PositiveIntegerField(default=0)
    field_revisions = models.JSONField(default=dict)

    title = models.CharField("项目名称", max_length=100, blank=True)
    pinyin = models.CharField("项目名称拼音", max_length=255, blank=True, default="", editable=False)
    kind = models.ForeignKey(Kind, models.PROTECT, null=True, blank=True, verbose_name="五小类别")
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, verbose_name="项目类型")
    category_note = models.CharField("类型说明", max_length=300, blank=True)
    industry = models.ForeignKey(Industry, models.PROTECT, null=True, blank=True, verbose_name="所属行业")
    implemented_from = models.DateField("项目实施时间（起）", null=True, blank=True)
    implemented_to = models.DateField("项目实施时间（止）", null=True, blank=True)
    completed_on = models.DateField("完成日期", null=True, blank=True)
    applied_from = models.DateField("应用时间", null=True, blank=True)
    summary = models.TextField("项目成果简介", max_length=3000, blank=True)
    innovation = models.TextField("创新点", max_length=1500, blank=True)

    benefit_path = models.CharField("计分效益", max_length=10, choices=codes.BENEFIT_PATH, blank=True)
    benefit_wan = models.DecimalField("年经济效益（万元）", max_digits=12, decimal_places=2, null=True, blank=True)
    benefit_basis = models.TextField("测算依据", max_length=1500, blank=True)
    social_benefit = models.TextField("社会效益", max_length=1500, blank=True)
    verified_wan = models.DecimalField("核定年经济效益（万元）", max_digits=12, decimal_places=2, null=True, blank=True)
    verify_remark = models.CharField("核定说明", max_length=300, blank=True)

    filled_by = models.CharField("填报人", max_length=50, blank=True)
    responsible_person = models.CharField("负责人", max_length=50, blank=True)
    government_project = models.BooleanField("是否为国家、省、市、县立项项目", null=True, blank=True)
    dedicated_funds = models.BooleanField("是否有专门经费", null=True, blank=True)
    research_centre_topic = models.BooleanField("是否为研究中心专项课题", null=True, blank=True)
    classified = models.BooleanField("是否含有国家秘密、工作秘密", null=True, blank=True)
    truth_declared = models.BooleanField("真实性承诺", default=False)
    held_for = models.CharField("暂停办理", max_length=100, blank=True)

    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = AchievementQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["contest", "status", "-id"], name="achievement_by_status"),
            models.Index(fields=["holder", "status", "-id"], name="achievement_on_desk"),
            models.Index(fields=["unit", "status", "-id"], name="achievement_of_unit"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in lifecycle.Status]), name="achievement_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=_ENDED, holder__isnull=True) | (~Q(status__in=_ENDED) & Q(holder__isnull=False)),
                name="achievement_ended_lies_on_no_desk",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["draft", "registered", "returned"]) | Q(holder=F("unit")),
                name="achievement_at_unit_while_edited",
            ),
            models.CheckConstraint(
                condition=Q(benefit_wan__isnull=True) | Q(benefit_wan__gte=0), name="achievement_benefit_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(verified_wan__isnull=True) | Q(verified_wan__gt=0), name="achievement_verified_above_zero"
            ),
            models.CheckConstraint(
                condition=Q(implemented_from__isnull=True)
                | Q(implemented_to__isnull=True)
                | Q(implemented_from__lte=F("implemented_to")),
                name="achievement_implemented_in_order",
            ),
            models.CheckConstraint(
                condition=Q(held_for="") | Q(status=lifecycle.Status.SUBMITTED), name="achievement_held_on_its_desk"
            ),
            models.UniqueConstraint(
                fields=["contest", "number"], condition=~Q(number=""), name="achievement_number_once"
            ),
            models.CheckConstraint(
                condition=Q(continues__isnull=True) | ~Q(continued_note=""),
                name="achievement_continued_says_what_is_new",
            ),
        ]

    def __str__(self) -> str:
        return self.title or "（未命名成果）"

    @property
    def status_info(self) -> lifecycle.StatusInfo:
        return lifecycle.STATUSES[lifecycle.Status(self.status)]

    @property
    def is_editable(self) -> bool:
        return self.status in lifecycle.EDITABLE


class Leader(models.Model):
    """项目带头人: exactly one (002 附件1 一(一)5), hence one-to-one. Fields of 附件4."""

    achievement = models.OneToOneField(Achievement, models.CASCADE, related_name="leader")
    name = models.CharField("姓名", max_length=50, blank=True)
    gender = models.CharField("性别", max_length=10, choices=codes.GENDER, blank=True)
    birth_month = models.CharField("出生年月", max_length=7, blank=True)
    employer = models.CharField("工作单位", max_length=100, blank=True)
    work_started = models.CharField("参加工作时间", max_length=7, blank=True)
    political_status = models.CharField("政治面貌", max_length=30, choices=codes.POLITICAL_STATUS, blank=True)
    professional_title = models.CharField("职称", max_length=40, blank=True)
    skill_level = models.CharField("技术等级", max_length=30, choices=codes.SKILL_LEVEL, blank=True)
    education_level = models.CharField("文化程度", max_length=30, choices=codes.EDUCATION_LEVEL, blank=True)
    phone = models.CharField("联系电话", max_length=20, blank=True)
    top_honour = models.CharField("曾获最高荣誉", max_length=200, blank=True)
    bio = models.TextField("个人简介", max_length=2000, blank=True)
    deeds = models.TextField("主要事迹", max_length=3000, blank=True)
    photo = models.ForeignKey(PrivateFile, models.PROTECT, null=True, blank=True, related_name="+")
    photo_begun_at = models.DateTimeField("相片开始上传", null=True, blank=True)

    objects = OwnedQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class _Part(models.Model):
    """A row that belongs to one achievement, in the order that the unit chose."""

    order = models.PositiveSmallIntegerField(default=0)
    objects: Any = OwnedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["order", "pk"]


class Member(_Part):
    achievement = models.ForeignKey(Achievement, models.CASCADE, related_name="members")
    name = models.CharField("姓名", max_length=50)
    organization_text = models.CharField("单位", max_length=100, blank=True)

    def __str__(self) -> str:
        return self.name


class Patent(_Part):
    """专利. `number` is canonical (ZL201710601862.3); only granted ones count (domain.md P)."""

    achievement = models.ForeignKey(Achievement, models.CASCADE, related_name="patents")
    kind = models.CharField("专利类型", max_length=20, choices=codes.PATENT_TYPE)
    number = models.CharField("专利号", max_length=20)
    status = models.CharField("法律状态", max_length=10, choices=codes.PATENT_STATUS, default="granted")
    granted_on = models.DateField("授权公告日", null=True, blank=True)
    owner = models.CharField("专利权人", max_length=100, blank=True)

    class Meta(_Part.Meta):
        constraints = [
            models.UniqueConstraint(fields=["achievement", "number"], name="patent_once_an_achievement"),
            models.CheckConstraint(
                condition=~Q(status="granted") | Q(granted_on__isnull=False), name="patent_granted_has_its_date"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Attachment(_Part):
    achievement = models.ForeignKey(Achievement, models.CASCADE, related_name="attachments")
    kind = models.CharField(
        "材料类型", max_length=30, choices=[(k.code, k.label) for k in codes.ATTACHMENT_KINDS.values()]
    )
    file = models.ForeignKey(PrivateFile, models.PROTECT, related_name="+")
    name = models.CharField("文件名", max_length=200)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    begun_at = models.DateTimeField("开始上传", null=True, blank=True)

    class Meta(_Part.Meta):
        constraints = [
            models.UniqueConstraint(fields=["achievement", "kind", "file"], name="attachment_once_an_achievement")
        ]

    def __str__(self) -> str:
        return self.name


class Commendation(_Part):
    """基层表彰: an award that the work won before, where the contest asks for it (001 五(三), 六(四)).

    `given_by` is the desk whose own round in this portal gave it: the round stands for its proof, and no unit edits it.
    """

    achievement = models.ForeignKey(Achievement, models.CASCADE, related_name="commendations")
    level = models.CharField("表彰层级", max_length=10, choices=codes.COMMENDATION_LEVEL)
    name = models.CharField("奖项名称", max_length=100)
    awarding_body = models.CharField("表彰单位", max_length=100)
    document_number = models.CharField("文号", max_length=60, blank=True)
    awarded_on = models.DateField("表彰日期", null=True, blank=True)
    rank = models.CharField("等次", max_length=40, blank=True)
    proof = models.ForeignKey(
        Attachment, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="证明材料"
    )
    given_by = models.ForeignKey(
        Enrolment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="评出单位"
    )

    class Meta(_Part.Meta):
        constraints = [
            models.UniqueConstraint(fields=["achievement", "given_by"], name="commendation_given_once_a_desk"),
            models.CheckConstraint(condition=Q(level__in=["base", "county"]), name="commendation_level_known"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(awarding_body=""), name="commendation_says_who_and_what"),
        ]

    def __str__(self) -> str:
        return self.name
