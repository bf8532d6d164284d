"""The heaps of an auditor's desk: what waits, what she recommended and in which order, what she may take back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery

from accounts.actor import Actor
from contests.models import Contest, Enrolment, Quota
from submissions.lifecycle import ENDED, UNDO, UNDO_FOR, VERIFY, Status
from submissions.models import (
    Achievement,
    AchievementVersion,
    Attachment,
    Batch,
    BatchRow,
    DispatchEntry,
    Recommendation,
    StatusChange,
)
from submissions.querysets import AchievementQuerySet
from submissions.rules.quota import Tally

OVERDUE = timedelta(days=3)
"""A work that has waited longer than this is overdue on its desk (rules.md "When": units close three days earlier)."""


@dataclass(frozen=True)
class Tab:
    """One heap of an auditor's desk and how many works lie in it."""

    code: str
    label: str
    count: int = 0


def _heaps(actor: Actor, now: datetime) -> dict[str, tuple[str, Q]]:
    """The tabs of the queue by code: label and which of the visible works belong to it."""
    org_id = actor.organization.pk
    own = Recommendation.objects.filter(enrolment__organization=org_id).values("achievement")
    listed = ("已推荐", Q(pk__in=own) & ~Q(status__in=ENDED))
    accepted = ("已受理", Q(status__in=[Status.ACCEPTED, Status.FROZEN]))
    waits = Q(status=Status.SUBMITTED, holder__organization=org_id)
    return {
        "waiting": ("待审核", waits),
        "overdue": ("逾期", waits & Q(arrived_at__lt=now - OVERDUE)),
        "done": accepted if actor.is_office else listed,
        "returned": ("已退回", Q(status=Status.RETURNED)),
        "all": ("全部", Q()),
    }


def _audited(actor: Actor, contest: Contest) -> AchievementQuerySet:
    """What an auditing hat has to do with, each with `arrived_at`; a unit operator audits her teams' works only."""
    rows = Achievement.objects.visible_to(actor).filter(contest=contest)
    rows = rows.filter(unit__is_team=True) if actor.is_unit_operator else rows
    taken_back = Exists(BatchRow.objects.filter(change=OuterRef("pk"), undone__isnull=False))
    came = StatusChange.objects.filter(~taken_back, achievement=OuterRef("pk"))
    came = came.exclude(Q(verb__startswith=UNDO) | Q(verb=VERIFY))
    return rows.annotate(arrived_at=Subquery(came.order_by("-pk").values("at")[:1]))


def tabs(actor: Actor, contest: Contest, now: datetime) -> list[Tab]:
    found = _heaps(actor, now)
    counts = _audited(actor, contest).aggregate(**{code: Count("pk", filter=q) for code, (_, q) in found.items()})
    return [Tab(code, label, counts[code]) for code, (label, _) in found.items()]


def rows(actor: Actor, contest: Contest, now: datetime, heap: str = "waiting", words: str = "") -> AchievementQuerySet:
    """A heap in the order of work: waiting longest first, recommended as ranked, the others the newest first.

    Each row carries `arrived_at` (when it came where it lies; what was taken back never happened), `version`, `place`
    on the own list, `has_appraisal` and `is_sent`.
    """
    found = _audited(actor, contest).filter(_heaps(actor, now)[heap][1])
    for word in words.split():
        found = found.filter(Q(title__icontains=word) | Q(unit__name__icontains=word) | Q(leader__name__icontains=word))
    return _annotated(found, actor).for_list().order_by(*_ORDERS.get(heap, ("-arrived_at", "-pk")))


_ORDERS = {
    "waiting": ("arrived_at", "pk"),
    "overdue": ("arrived_at", "pk"),
    "done": ("place", "number", "pk"),
    "all": ("-pk",),
}


def _annotated(found: AchievementQuerySet, actor: Actor) -> AchievementQuerySet:
    here = {"achievement": OuterRef("pk")}
    listed = Recommendation.objects.filter(enrolment__organization=actor.organization.pk, **here)
    return found.annotate(
        version=Subquery(AchievementVersion.objects.filter(**here).order_by("-number").values("number")[:1]),
        place=Subquery(listed.values("order")[:1]),
        has_appraisal=Exists(Attachment.objects.filter(kind="appraisal_certificate", **here)),
        is_sent=sent_now(),
    )


def sent_now() -> Exists:
    """For works: was the version that lies here sent to the host, and not taken back (002 四(二))?"""
    newer = AchievementVersion.objects.filter(
        achievement=OuterRef("achievement"), number__gt=OuterRef("version__number")
    )
    standing = DispatchEntry.objects.filter(achievement=OuterRef("pk"), dispatch__taken_back_at__isnull=True)
    return Exists(standing.filter(~Exists(newer)))


def following(actor: Actor, achievement: Achievement, now: datetime, heap: str, words: str = "") -> int | None:
    """The work to turn to after this one: the next that waits, at the end the first again; None: the desk is empty."""
    heap = heap if heap in ("waiting", "overdue") else "waiting"
    waiting = list(rows(actor, achievement.contest, now, heap, words).values_list("pk", flat=True))
    at = waiting.index(achievement.pk) if achievement.pk in waiting else -1
    return next((pk for pk in waiting[at + 1 :] + waiting[: max(at, 0)]), None)


def own_list(enrolment: Enrolment) -> QuerySet[Recommendation]:
    """A recommender's list as it will stand on 附件2."""
    return enrolment.recommendations.exclude(achievement__status__in=ENDED).order_by("order", "pk")


def order_token(achievement_ids: Iterable[int]) -> str:
    """What a page has seen of the order of a list."""
    return hashlib.sha256(",".join(map(str, achievement_ids)).encode()).hexdigest()[:16]


def list_token(enrolment: Enrolment) -> str:
    return order_token(own_list(enrolment).values_list("achievement", flat=True))


def tally(enrolment: Enrolment) -> Tally:
    """What the list of a recommender has used of its quotas. Only who sends to the host itself has any.

    The recommender's own numbers stand in the place of the contest's.
    """
    if enrolment.is_host:
        return Tally(0, 0)
    settings, own = enrolment.contest.settings, _own_quotas(enrolment)
    total = own.pop(Quota.Scope.TOTAL, settings.quota_per_recommender)
    own.pop(Quota.Scope.WINNER_UNIT, None)
    limited = total or settings.quota_per_category or any(own.values())
    if not limited or enrolment.recommender is None or not enrolment.recommender.is_host:
        return Tally(0, 0)
    used = own_list(enrolment).values_list("achievement__category__code", "achievement__category__name")
    return Tally(total, settings.quota_per_category, used, own)


def _own_quotas(enrolment: Enrolment) -> dict[str, int]:
    """Scope, or the code of a category → number."""
    rows = Quota.objects.filter(enrolment=enrolment).values_list("scope", "category__code", "limit")
    return {code or scope: limit for scope, code, limit in rows}


def winner_unit_limit(enrolment: Enrolment) -> int:
    """How many 优胜单位 a recommender may put forward; 0: no limit (domain.md I-c)."""
    return _own_quotas(enrolment).get(Quota.Scope.WINNER_UNIT, enrolment.contest.settings.quota_winner_units)


def category_of(achievement: Achievement) -> tuple[str, str]:
    """The category as a tally counts it."""
    return (achievement.category.code, achievement.category.name) if achievement.category else ("", "未选类型")


def last_changes(works: Iterable[Achievement]) -> dict[int, int]:
    """What a page of many works has seen: the id of each one's last change (see actions.moves.seen_token)."""
    rows = StatusChange.objects.filter(achievement__in=[work.pk for work in works]).order_by()
    return dict(rows.values_list("achievement").annotate(last=Max("pk")))


def undoable_batch(actor: Actor, contest: Contest, now: datetime) -> Batch | None:
    """The hat's last batch, while it may still be taken back."""
    moved = Batch.objects.filter(membership=actor.membership, contest=contest, rows__change__isnull=False)
    last = moved.order_by("-pk").first()
    return last if last and last.undone_at is None and now - last.at <= UNDO_FOR else None
