from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.querysets import LIVE, EventQuerySet, JobQuerySet, OutboxQuerySet

HASH_LENGTH = 64


class Event(models.Model):
    """One decision in the ledger. Written by `core.ledger.record` alone, never changed.

    `actor_id` and `membership_id` are plain numbers, not foreign keys: the ledger outlives what it speaks of.
    """

    chain = models.CharField(max_length=64)
    seq = models.PositiveBigIntegerField()
    actor_id = models.PositiveBigIntegerField(null=True, blank=True)
    membership_id = models.PositiveBigIntegerField(null=True, blank=True)
    verb = models.CharField(max_length=64)
    subject = models.CharField(max_length=120)
    payload = models.TextField()
    at = models.DateTimeField()
    prev_hash = models.CharField(max_length=HASH_LENGTH)
    hash = models.CharField(max_length=HASH_LENGTH)

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain", "seq"], name="event_seq_once_a_chain"),
            models.CheckConstraint(condition=Q(seq__gte=1), name="event_seq_from_one"),
        ]
        indexes = [models.Index(fields=["subject"], name="event_subject")]

    def __str__(self) -> str:
        return f"{self.chain}#{self.seq} {self.verb} {self.subject}"


class ChainHead(models.Model):
    """The last link of a chain: the lock of its writers, and the witness of a cut-off tail."""

    chain = models.CharField(max_length=64, primary_key=True)
    seq = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=HASH_LENGTH)

    def __str__(self) -> str:
        return f"{self.chain}#{self.seq}"


class PrivateFile(models.Model):
    """One stored file. Rows are many, content is one: equal bytes share one file on disk.

    `reduced_from` and `max_side` (pixels) mark a picture made smaller from another one.
    """

    sha256 = models.CharField(max_length=HASH_LENGTH, db_index=True)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    original_name = models.CharField(max_length=200)
    reduced_from = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="reduced")
    max_side = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reduced_from", "max_side"], name="file_reduced_once_a_size"),
            models.CheckConstraint(
                condition=Q(reduced_from=None, max_side=None)
                | Q(reduced_from__isnull=False, max_side__isnull=False, max_side__gte=1),
                name="file_reduced_has_size",
            ),
        ]

    def __str__(self) -> str:
        return self.original_name

    @property
    def path(self) -> Path:
        return Path(settings.MEDIA_ROOT) / self.sha256[:2] / self.sha256[2:4] / self.sha256

    @property
    def is_image(self) -> bool:
        return self.media_type in ("image/jpeg", "image/png")

    def open(self) -> BinaryIO:
        return self.path.open("rb")


class Job(models.Model):
    """A piece of background work: the truth about it, whatever the broker remembers.

    `key` names what it makes, so that pressing twice makes it once; `attempts` counts the workers that took it and
    is the fence: what an older attempt still writes is ignored.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "等待中"
        RUNNING = "running", "进行中"
        DONE = "done", "已完成"
        FAILED = "failed", "未完成"

    key = models.CharField(max_length=200)
    task = models.CharField(max_length=120)
    params = models.JSONField(default=dict, blank=True)
    label = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField()
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    result = models.ForeignKey(PrivateFile, models.PROTECT, null=True, blank=True, related_name="+")
    result_name = models.CharField(max_length=200, blank=True)
    error = models.CharField(max_length=500, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="jobs"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=Q(state__in=LIVE), name="job_one_live_a_key"),
            models.CheckConstraint(condition=Q(state__in=[*LIVE, "done", "failed"]), name="job_state_known"),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="job_done_within_total"),
            models.CheckConstraint(
                condition=Q(state__in=LIVE, finished_at=None) | ~Q(state__in=LIVE) & Q(finished_at__isnull=False),
                name="job_finished_has_time",
            ),
            models.CheckConstraint(condition=Q(result=None) | Q(state="done"), name="job_result_only_when_done"),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(error=""), name="job_failed_says_why"),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(heartbeat_at__isnull=False), name="job_runs_alive"
            ),
        ]
        indexes = [models.Index(fields=["state", "sent_at"], name="job_state_sent")]

    def __str__(self) -> str:
        return self.label

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def percent(self) -> int:
        return self.done * 100 // self.total if self.total else 0


class Outbox(models.Model):
    """One message to one person over one channel. The row is there before anything is sent, and exactly once a key.

    Mail goes out at most once: a row is `sending` before the server is spoken to, and what died there is `unsure`,
    never sent again by itself. A message on the site is delivered by being written.
    """

    class Channel(models.TextChoices):
        SITE = "site", "站内消息"
        MAIL = "mail", "电子邮件"

    class State(models.TextChoices):
        QUEUED = "queued", "等待发送"
        SENDING = "sending", "正在发送"
        SENT = "sent", "已发送"
        FAILED = "failed", "发送失败"
        UNSURE = "unsure", "是否送达不明"

    key = models.CharField(max_length=120)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="messages")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    subject = models.CharField(max_length=120)
    body = models.TextField(max_length=4000)
    link = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["key", "recipient", "channel"], name="outbox_once_a_key_and_person"),
            models.CheckConstraint(condition=Q(channel__in=["site", "mail"]), name="outbox_channel_known"),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "sending", "sent", "failed", "unsure"]), name="outbox_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="outbox_sent_has_a_time"
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(error=""), name="outbox_failed_says_why"),
        ]
        indexes = [
            models.Index(fields=["recipient", "channel", "read_at"], name="outbox_inbox"),
            models.Index(fields=["channel", "state"], name="outbox_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.key} → {self.recipient_id} ({self.channel})"
