"""What was decided about a work: its versions, the history of its moves, the recommenders' lists."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import Membership, User
from contests.models import Contest, Enrolment
from submissions import lifecycle
from submissions.models.work import Achievement, Attachment
from submissions.querysets import BatchQuerySet, OwnedQuerySet
from submissions.rules import fields


class AchievementVersion(models.Model):
    """The immutable snapshot of a submit: auditors compare it, experts read its blind projection, papers print it."""

    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("版次")
    content = models.JSONField("内容")
    content_hash = models.CharField("SHA-256", max_length=64)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["achievement", "number"], name="version_number_once")]

    def __str__(self) -> str:
        return f"{self.achievement_id} v{self.number}"


class StatusChange(models.Model):
    """The history of every move."""

    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="history")
    verb = models.CharField(max_length=20)
    from_status = models.CharField(max_length=20, choices=lifecycle.STATUS_CHOICES)
    to_status = models.CharField(max_length=20, choices=lifecycle.STATUS_CHOICES)
    from_holder = models.ForeignKey(Enrolment, models.PROTECT, null=True, related_name="+")
    to_holder = models.ForeignKey(Enrolment, models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    version = models.ForeignKey(AchievementVersion, models.PROTECT, null=True, related_name="+")
    note = models.TextField("说明", max_length=1000, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.achievement_id} {self.verb}"

    @property
    def past(self) -> str:
        return lifecycle.past(self.verb)


class FieldNote(models.Model):
    """What a return says about one field; who said it and when stands in its `change`, the reading in `version`."""

    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="field_notes")
    change = models.ForeignKey(StatusChange, models.PROTECT, related_name="field_notes")
    version = models.ForeignKey(AchievementVersion, models.PROTECT, null=True, related_name="+")
    key = models.CharField("字段", max_length=40)
    note = models.TextField("意见", max_length=500)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["change", "key"], name="fieldnote_once_a_return"),
            models.CheckConstraint(condition=~Q(note=""), name="fieldnote_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.achievement_id} {self.key}"

    @property
    def label(self) -> str:
        return fields.label(self.key)


class Recommendation(models.Model):
    """A recommender's ranked list: one row an achievement and enrolment; `order` is 序号 on 附件2."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="recommendations")
    achievement = models.ForeignKey(Achievement, models.CASCADE, related_name="recommendations")
    order = models.PositiveIntegerField("序号")
    recommended_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recommended_at = models.DateTimeField(auto_now_add=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "achievement"], name="recommended_once_a_level"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} #{self.order}"


class AttachmentCheck(models.Model):
    """A desk has looked at an attachment and found it in order (002 附件1 一(一)5): one tick a desk."""

    achievement = models.ForeignKey(Achievement, models.CASCADE, related_name="attachment_checks")
    attachment = models.ForeignKey(Attachment, models.CASCADE, related_name="checks")
    desk = models.ForeignKey(Enrolment, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["attachment", "desk"], name="attachmentcheck_once_a_desk")]

    def __str__(self) -> str:
        return f"{self.attachment_id} {self.desk_id}"


class Batch(models.Model):
    """One move made of many works at once. `token` is the page's own, so that a second press makes no second batch."""

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="batches")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    verb = models.CharField(max_length=20)
    note = models.TextField("说明", max_length=1000, blank=True)
    token = models.CharField(max_length=32)
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["membership", "token"], name="batch_once_a_page")]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.verb}"

    @property
    def label(self) -> str:
        return lifecycle.MOVES[self.verb].label


class BatchRow(models.Model):
    """What became of one work: moved (`change`), or left as it was with the reason (`refusal`).

    `left_at` is the work's `updated_at` after the move: an undo finds it untouched or refuses. `listed` keeps the
    places that a return took from it, as [enrolment id, order, user id].
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows")
    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="+")
    change = models.ForeignKey(StatusChange, models.PROTECT, null=True, related_name="+")
    refusal = models.CharField("未办理的原因", max_length=400, blank=True)
    left_at = models.DateTimeField(null=True)
    listed = models.JSONField(default=list)
    undone = models.ForeignKey(StatusChange, models.PROTECT, null=True, related_name="+")
    undo_refusal = models.CharField("未撤销的原因", max_length=400, blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "achievement"], name="batchrow_once_a_batch"),
            models.CheckConstraint(
                condition=Q(change__isnull=True, left_at__isnull=True) & ~Q(refusal="")
                | Q(change__isnull=False, left_at__isnull=False, refusal=""),
                name="batchrow_moved_or_refused",
            ),
            models.CheckConstraint(
                condition=Q(undone__isnull=True) | Q(change__isnull=False, undo_refusal=""),
                name="batchrow_undone_once_moved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.achievement_id}"
