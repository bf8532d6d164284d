"""The blind package: what an expert reads in place of the version, and what the office decided about it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import User
from core.models import PrivateFile
from scoring.lifecycle import FINDING_LABELS, FindingState
from scoring.models.rounds import Entry, Round
from scoring.querysets import EntryPartQuerySet, RoundPartQuerySet
from scoring.rules.blind import KINDS


class BlindPackage(models.Model):
    """One entry as its experts read it: masked texts, pictures and documents by hash (projection.py).

    `prepared_at` is set when every document was written anew and searched; `withheld` are documents nobody is shown.
    """

    entry = models.OneToOneField(Entry, models.CASCADE, related_name="package")
    content = models.JSONField("材料")
    withheld = models.JSONField("不展示的文件", default=list)
    blind = models.BooleanField("盲评", default=True)
    prepared_at = models.DateTimeField(null=True, blank=True)
    open_findings = models.PositiveIntegerField(default=0)

    objects = EntryPartQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.entry_id}"

    @property
    def is_ready(self) -> bool:
        return self.prepared_at is not None and not self.open_findings


class CleanFile(models.Model):
    """A document written anew, once for all entries that hold it; `text` is what can be read in it."""

    source_sha256 = models.CharField(max_length=64, unique=True)
    file = models.ForeignKey(PrivateFile, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(blank=True)
    readable = models.BooleanField(default=True)
    fault = models.CharField("未能改写的原因", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(file__isnull=True) & ~Q(fault="") | Q(file__isnull=False, fault=""),
                name="clean_file_or_a_reason",
            )
        ]

    def __str__(self) -> str:
        return self.source_sha256[:12]


class BlindFinding(models.Model):
    """A place that may give the work away. `place` is a field's key or `file:` and the document's hash."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="findings")
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="findings")
    place = models.CharField("位置", max_length=80)
    label = models.CharField("位置名称", max_length=60)
    kind = models.CharField("疑似内容", max_length=12, choices=[(kind.value, words) for kind, words in KINDS.items()])
    raw = models.CharField("原文", max_length=200, blank=True)
    excerpt = models.CharField("上下文", max_length=300, blank=True)
    state = models.CharField(
        max_length=10,
        choices=[(s.value, label[0]) for s, label in FINDING_LABELS.items()],
        default=FindingState.OPEN,
    )
    reason = models.CharField("理由", max_length=300, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = RoundPartQuerySet.as_manager()

    class Meta:
        ordering = ["entry__code", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "place", "kind", "raw"], name="finding_once_a_place"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in FindingState]), name="finding_state_known"),
            models.CheckConstraint(
                condition=Q(state=FindingState.OPEN, decided_by__isnull=True, decided_at__isnull=True)
                | ~Q(state=FindingState.OPEN) & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="finding_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=FindingState.PASSED) | ~Q(reason=""), name="finding_passed_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.place} {self.kind}"

    @property
    def is_file(self) -> bool:
        return self.place.startswith("file:")

    @property
    def state_label(self) -> tuple[str, str, str]:
        return FINDING_LABELS[FindingState(self.state)]
