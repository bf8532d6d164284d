"""Second persons, extra experts, honours: what the committee and the office decide beside the computed result."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from contests.models import AwardTier, Contest, Enrolment, OrganizingItem
from scoring.lifecycle import APPROVAL_LABELS, ApprovalState
from scoring.models.rounds import Entry
from scoring.models.sheets import ScoreSheet
from scoring.querysets import ContestPartQuerySet, EntryPartQuerySet


class Honour(models.Model):
    """An honour of an organisation, a team or a person: 优秀组织奖, 优胜单位奖, 班组与个人 (000), 经费补助 (001)."""

    KINDS = (
        ("organizing", "优秀组织奖"),
        ("unit", "优胜单位奖"),
        ("team", "先进班组"),
        ("person", "先进个人"),
        ("subsidy", "经费补助"),
    )
    contest = models.ForeignKey(Contest, models.PROTECT, related_name="honours")
    kind = models.CharField("奖项", max_length=20, choices=KINDS)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="honours")
    person = models.CharField("姓名", max_length=50, blank=True)
    amount_yuan = models.DecimalField("金额（元）", max_digits=10, decimal_places=2, default=0)
    given = models.BooleanField("已定", default=False)

    objects = ContestPartQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "kind", "enrolment", "person"], name="honour_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["organizing", "unit", "team", "person", "subsidy"]), name="honour_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="person") & ~Q(person="") | ~Q(kind="person") & Q(person=""),
                name="honour_person_has_a_name",
            ),
            models.CheckConstraint(condition=Q(amount_yuan__gte=0), name="honour_amount_not_negative"),
            models.CheckConstraint(
                condition=~Q(kind="subsidy") | Q(amount_yuan__gt=0), name="honour_subsidy_has_an_amount"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} → {self.enrolment_id}"


class Approval(models.Model):
    """What one person proposes and another approves: an award away from the computed tier, or an honour.

    `tier` empty stands for no award. Votes are the committee's (赞成、反对、弃权).
    """

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="approvals")
    entry = models.ForeignKey(Entry, models.CASCADE, null=True, blank=True, related_name="approvals")
    honour = models.ForeignKey(Honour, models.CASCADE, null=True, blank=True, related_name="approvals")
    kind = models.CharField(
        "事项", max_length=10, choices=[("special", "评选"), ("cut", "同分表决"), ("tier", "调整"), ("honour", "荣誉")]
    )
    tier = models.ForeignKey(AwardTier, models.PROTECT, null=True, blank=True, related_name="+")
    computed = models.CharField("计算等次", max_length=60, blank=True)
    reason = models.CharField("理由", max_length=500)
    votes_for = models.PositiveSmallIntegerField("赞成")
    votes_against = models.PositiveSmallIntegerField("反对", default=0)
    votes_abstained = models.PositiveSmallIntegerField("弃权", default=0)
    state = models.CharField(
        max_length=10,
        choices=[(s.value, label[0]) for s, label in APPROVAL_LABELS.items()],
        default=ApprovalState.PROPOSED,
    )
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField("说明", max_length=500, blank=True)

    objects = ContestPartQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in ApprovalState]), name="approval_state_known"
            ),
            models.CheckConstraint(
                condition=Q(entry__isnull=False, honour__isnull=True) | Q(entry__isnull=True, honour__isnull=False),
                name="approval_of_one_thing",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="approval_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "rejected"])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="approval_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | ~Q(decided_by=F("proposed_by")), name="approval_by_another_person"
            ),
            models.UniqueConstraint(
                fields=["entry"], condition=Q(state__in=["proposed", "approved"]), name="approval_one_standing_a_work"
            ),
            models.UniqueConstraint(
                fields=["honour"],
                condition=Q(state__in=["proposed", "approved"]),
                name="approval_one_standing_an_honour",
            ),
            models.CheckConstraint(condition=Q(votes_for__gte=1), name="approval_has_a_vote"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.entry_id or self.honour_id} ({self.state})"

    @property
    def state_label(self) -> tuple[str, str, str]:
        return APPROVAL_LABELS[ApprovalState(self.state)]

    @property
    def present(self) -> int:
        return self.votes_for + self.votes_against + self.votes_abstained


class ExtraCall(models.Model):
    """分差过大，加派专家: one a work (rules.md "From sheets to a score"). Without a sheet nobody was free."""

    entry = models.OneToOneField(Entry, models.CASCADE, related_name="extra_call")
    sheet = models.OneToOneField(ScoreSheet, models.SET_NULL, null=True, blank=True, related_name="+")
    gap = models.PositiveSmallIntegerField("分差")
    called_at = models.DateTimeField(auto_now_add=True)

    objects = EntryPartQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(gap__gte=1), name="extra_call_has_a_gap")]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.gap}"


class OrganizingMark(models.Model):
    """One item of 优秀组织奖 of one organisation (002 附件1 二). `maximum` is copied: the database holds the points.

    `proposed` is what the portal's own figures say, with `counts` to show how; other points need a reason.
    """

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="organizing_marks")
    item = models.ForeignKey(OrganizingItem, models.PROTECT, related_name="marks")
    maximum = models.PositiveSmallIntegerField()
    points = models.DecimalField("得分", max_digits=4, decimal_places=1)
    proposed = models.DecimalField("建议分", max_digits=4, decimal_places=1, null=True, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    reason = models.CharField("理由", max_length=300, blank=True)
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["item__order"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "item"], name="organizing_mark_once_an_item"),
            models.CheckConstraint(
                condition=Q(points__gte=0, points__lte=F("maximum")), name="organizing_mark_within_its_maximum"
            ),
            models.CheckConstraint(
                condition=Q(proposed__isnull=True) | Q(points=F("proposed")) | ~Q(reason=""),
                name="organizing_mark_overruled_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.item_id}: {self.points}"
