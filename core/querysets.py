from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

if TYPE_CHECKING:
    from core.models import Event, Job, Outbox  # noqa: F401

LIVE = ("queued", "running")


class EventQuerySet(QuerySet["Event"]):
    def of_chain(self, chain: str) -> EventQuerySet:
        return self.filter(chain=chain).order_by("seq")

    def about(self, subject: str) -> EventQuerySet:
        return self.filter(subject=subject).order_by("pk")


class JobQuerySet(QuerySet["Job"]):
    def visible_to(self, actor: Any) -> JobQuerySet:
        """A job and what it made belong to the person who asked for it."""
        if actor is None or actor.user is None:
            return self.none()
        return self.filter(requested_by=actor.user.pk)

    def live(self) -> JobQuerySet:
        return self.filter(state__in=LIVE)

    def takeable(self, stale_before: datetime) -> JobQuerySet:
        """Waiting, or begun by a worker that has not been heard of since `stale_before`."""
        return self.filter(Q(state="queued") | Q(state="running", heartbeat_at__lt=stale_before))


class OutboxQuerySet(QuerySet["Outbox"]):
    def visible_to(self, actor: Any) -> OutboxQuerySet:
        """What was written to her on the site."""
        if actor is None or actor.user is None:
            return self.none()
        return self.filter(recipient=actor.user.pk, channel="site")

    def unread(self) -> OutboxQuerySet:
        return self.filter(read_at__isnull=True)

    def waiting(self) -> OutboxQuerySet:
        return self.filter(channel="mail", state="queued")
