"""The index by which repeated works are found, and what was decided about a pair (domain.md O2)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.models import Membership, Organization, User
from submissions.models.work import Achievement
from submissions.querysets import OwnedQuerySet


class Fingerprint(models.Model):
    """One n-gram of the sample that the index keeps of a work's text; the works of a host are one index."""

    pk = models.CompositePrimaryKey("host_id", "gram", "achievement_id")
    host = models.ForeignKey(Organization, models.CASCADE, related_name="+", db_index=False)
    gram = models.BigIntegerField()
    achievement = models.ForeignKey(Achievement, models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"{self.achievement_id} {self.gram:x}"


class DuplicateMark(models.Model):
    """What two works may have in common exactly; `detail` is the whole of what `value` is a part of (a picture)."""

    class Kind(models.TextChoices):
        TITLE = "title", "名称相同"
        PATENT = "patent", "专利号相同"
        FILE = "file", "附件相同"
        PICTURE = "picture", "图片相同"
        LEADER = "leader", "带头人相同"

    host = models.ForeignKey(Organization, models.CASCADE, related_name="+", db_index=False)
    achievement = models.ForeignKey(Achievement, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    value = models.CharField(max_length=300)
    detail = models.CharField(max_length=16, blank=True)

    class Meta:
        indexes = [models.Index(fields=["host", "kind", "value"], name="duplicatemark_value")]
        constraints = [
            models.UniqueConstraint(fields=["achievement", "kind", "value", "detail"], name="duplicatemark_once"),
            models.CheckConstraint(condition=~Q(value=""), name="duplicatemark_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.achievement_id} {self.kind} {self.value}"


class PictureHash(models.Model):
    """The difference hash of a stored picture, computed once; empty when the picture shows next to nothing."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    value = models.CharField(max_length=16, blank=True)

    def __str__(self) -> str:
        return f"{self.sha256[:12]} {self.value}"


class DuplicateVerdict(models.Model):
    """What an auditor decided about a work and an earlier one. The newest of a pair counts, none is overwritten."""

    class Verdict(models.TextChoices):
        SAME = "same", "同一成果"
        CONTINUED = "continued", "延续改进"
        UNRELATED = "unrelated", "不相关"

    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="duplicate_verdicts")
    other = models.ForeignKey(Achievement, models.PROTECT, related_name="+")
    verdict = models.CharField("认定", max_length=10, choices=Verdict.choices)
    reason = models.TextField("理由", max_length=1000)
    judged_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(auto_now_add=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(achievement=F("other")), name="duplicateverdict_of_two_works"),
            models.CheckConstraint(condition=~Q(reason=""), name="duplicateverdict_has_a_reason"),
            models.CheckConstraint(
                condition=Q(verdict__in=["same", "continued", "unrelated"]), name="duplicateverdict_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.achievement_id} {self.verdict} {self.other_id}"
