from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.db.models.functions import Length, Lower
from django.db.models.lookups import GreaterThanOrEqual
from stdnum.cn import uscc as uscc_number

from accounts.choices import Level, Line, Nature, Ownership, Role, StudioLevel
from accounts.querysets import (
    AliasQuerySet,
    EmploymentQuerySet,
    MembershipQuerySet,
    OrganizationQuerySet,
    StudioQuerySet,
    UserManager,
)

__all__ = [
    "Alias",
    "Employment",
    "Level",
    "Line",
    "Membership",
    "Nature",
    "Organization",
    "Ownership",
    "Role",
    "Studio",
    "StudioLevel",
    "User",
]


def validate_uscc(value: str) -> None:
    if not uscc_number.is_valid(value):
        raise ValidationError("统一社会信用代码不正确，请核对 18 位代码（含最后一位校验码）。", code="uscc")


class Organization(models.Model):
    """A node of the lasting tree: host, counties, groups, units, teams. Who takes part in a season is an enrolment."""

    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级组织"
    )
    line = models.CharField("所属系统", max_length=32, choices=Line.choices, default=Line.UNION)
    level = models.CharField("层级", max_length=16, choices=Level.choices)
    nature = models.CharField("单位性质", max_length=24, choices=Nature.choices)
    ownership = models.CharField("所有制", max_length=16, choices=Ownership.choices, blank=True, default="")
    name = models.CharField("名称", max_length=100)
    short_name = models.CharField("简称", max_length=40, blank=True, default="")
    pinyin = models.CharField("拼音", max_length=255, blank=True, default="", db_index=True, editable=False)
    uscc = models.CharField(
        "统一社会信用代码", max_length=18, null=True, blank=True, unique=True, validators=[validate_uscc]
    )
    head_count = models.PositiveIntegerField("职工人数", null=True, blank=True)
    is_demonstration = models.BooleanField("重点示范单位", default=False)
    industry_code = models.CharField("行业代码", max_length=8, blank=True, default="")
    is_active = models.BooleanField("启用", default=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "组织"
        ordering = ["pinyin", "name", "pk"]
        constraints = [
            CheckConstraint(
                name="organization_only_host_is_root",
                condition=Q(parent__isnull=False) | Q(level=Level.HOST),
                violation_error_message="只有主办单位可以没有上级组织，请选择上级组织。",
            ),
            CheckConstraint(
                name="organization_not_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                violation_error_message="上级组织不能是本组织自己。",
            ),
            CheckConstraint(
                name="organization_ownership_of_enterprise",
                condition=Q(ownership="") | Q(nature=Nature.ENTERPRISE),
                violation_error_message="只有企业才填写所有制，请清空所有制或把单位性质改为企业。",
            ),
            UniqueConstraint(
                name="organization_name_in_parent",
                fields=["parent", "name"],
                violation_error_message="该上级组织下已有同名组织，请换一个名称。",
            ),
            UniqueConstraint(
                name="organization_name_of_root",
                fields=["name"],
                condition=Q(parent__isnull=True),
                violation_error_message="已有同名的主办单位，请换一个名称。",
            ),
            CheckConstraint(name="organization_line_known", condition=Q(line__in=Line.values)),
            CheckConstraint(name="organization_level_known", condition=Q(level__in=Level.values)),
            CheckConstraint(name="organization_nature_known", condition=Q(nature__in=Nature.values)),
            CheckConstraint(name="organization_ownership_known", condition=Q(ownership__in=["", *Ownership.values])),
            CheckConstraint(name="organization_name_given", condition=~Q(name="")),
            CheckConstraint(name="organization_uscc_null_not_empty", condition=~Q(uscc="") | Q(uscc__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The short name where there is one: for tables and the navigation."""
        return self.short_name or self.name


class Alias(models.Model):
    """简称、曾用名: another way to write an organisation, said by a person; `same` False is her "not this one".

    `plain` is the name as names are compared (rules/names.py). Nothing is ever merged because it looks alike.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="aliases", verbose_name="组织"
    )
    name = models.CharField("写法", max_length=100)
    plain = models.CharField(max_length=100, db_index=True, editable=False)
    same = models.BooleanField("同一单位", default=True)
    confirmed_by = models.ForeignKey("User", on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(auto_now_add=True)

    objects = AliasQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "别名"
        ordering = ["name", "pk"]
        constraints = [
            UniqueConstraint(name="alias_once_an_organization", fields=["organization", "plain"]),
            CheckConstraint(name="alias_says_something", condition=~Q(plain="")),
        ]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person. What she may do comes from her memberships alone, never from Django's groups and permissions."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    display_name = models.CharField("姓名", max_length=50, validators=[MinLengthValidator(2)])
    pinyin = models.CharField("拼音", max_length=255, blank=True, default="", db_index=True, editable=False)
    phone = models.CharField("手机号", max_length=20, blank=True, default="")
    must_change_password = models.BooleanField("下次登录须修改密码", default=False)

    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = verbose_name_plural = "用户"
        constraints = [
            UniqueConstraint(
                Lower("username"),
                name="user_username_any_case",
                violation_error_message="该用户名已被使用（不区分大小写），请换一个。",
            ),
            CheckConstraint(
                name="user_display_name_length",
                condition=GreaterThanOrEqual(Length("display_name"), 2),
                violation_error_message="姓名至少 2 个字。",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name


class Membership(models.Model):
    """A hat: this person acts in this role for this organisation."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships", verbose_name="用户")
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="memberships", verbose_name="组织"
    )
    role = models.CharField("角色", max_length=16, choices=Role.choices)
    is_active = models.BooleanField("启用", default=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "身份"
        ordering = ["pk"]
        constraints = [
            UniqueConstraint(
                name="membership_once",
                fields=["user", "organization", "role"],
                violation_error_message="该用户在此组织已有这一身份。",
            ),
            CheckConstraint(name="membership_role_known", condition=Q(role__in=Role.values)),
        ]

    def __str__(self) -> str:
        return f"{self.organization.label} · {self.get_role_display()}"


class Employment(models.Model):
    """Where a person works or worked, for recusal: a node of the tree, or the name of a place outside it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="employments", verbose_name="用户")
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="employments", verbose_name="单位"
    )
    organization_name = models.CharField("单位名称", max_length=100, blank=True, default="")
    started_on = models.DateField("开始日期")
    ended_on = models.DateField("结束日期", null=True, blank=True)

    objects = EmploymentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任职经历"
        ordering = ["-started_on", "pk"]
        constraints = [
            CheckConstraint(
                name="employment_one_place",
                condition=Q(organization__isnull=False, organization_name="")
                | (Q(organization__isnull=True) & ~Q(organization_name="")),
                violation_error_message="请选择单位，或填写单位名称，二者填一项。",
            ),
            CheckConstraint(
                name="employment_dates_in_order",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.organization_name or str(self.organization)


class Studio(models.Model):
    """劳模（技能人才）创新工作室 (000 二, 001 六(五), 003): a leader and achievements of its own, year after year."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="studios", verbose_name="所在单位"
    )
    name = models.CharField("名称", max_length=100)
    leader_name = models.CharField("领衔人", max_length=50)
    level = models.CharField("级别", max_length=10, choices=StudioLevel.choices, default=StudioLevel.UNIT)
    named_on = models.DateField("命名日期", null=True, blank=True)
    document = models.CharField("命名文号", max_length=100, blank=True, default="")
    members = models.CharField("成员", max_length=500, blank=True, default="")
    closed_on = models.DateField("撤销日期", null=True, blank=True)

    objects = StudioQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "创新工作室"
        ordering = ["organization__pinyin", "name", "pk"]
        constraints = [
            UniqueConstraint(
                name="studio_name_in_organization",
                fields=["organization", "name"],
                violation_error_message="该单位已有同名的创新工作室，请换一个名称。",
            ),
            CheckConstraint(name="studio_name_given", condition=~Q(name="")),
            CheckConstraint(name="studio_leader_given", condition=~Q(leader_name="")),
            CheckConstraint(name="studio_level_known", condition=Q(level__in=StudioLevel.values)),
            CheckConstraint(
                name="studio_dates_in_order",
                condition=Q(closed_on__isnull=True) | Q(named_on__isnull=True) | Q(closed_on__gte=F("named_on")),
                violation_error_message="撤销日期不能早于命名日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.name
