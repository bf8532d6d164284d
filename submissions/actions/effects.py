"""What a move does to an achievement besides lifting it to its next desk."""

from __future__ import annotations

from django.db.models import Max
from django.utils import timezone

from accounts.actor import Actor
from contests.models import Enrolment
from core.errors import Refusal
from submissions import queries
from submissions.actions import stamping
from submissions.lifecycle import Move
from submissions.models import Achievement, AchievementVersion, Recommendation
from submissions.queries import heaps


def make(actor: Actor, achievement: Achievement, move: Move) -> AchievementVersion | None:
    """The effects of a verb; the new version when it makes one."""
    if move.verb == "submit":
        achievement.submitted_by, achievement.submitted_at = actor.user, timezone.now()
        achievement.verified_wan, achievement.verify_remark = None, ""
        version = _snapshot(actor, achievement)
        stamping.tie(achievement, version)
        return version
    if move.verb == "recommend":
        _list_recommendation(actor, achievement)
    if move.verb == "return":
        Recommendation.objects.filter(achievement=achievement).delete()
    if move.verb == "bar":
        achievement.held_for = ""
    if move.verb == "accept":
        achievement.number = achievement.number or f"{achievement.contest.year}-{achievement.pk:05d}"
    return None


def _snapshot(actor: Actor, achievement: Achievement) -> AchievementVersion:
    data = queries.content(achievement)
    last = queries.latest_version(achievement)
    return AchievementVersion.objects.create(
        achievement=achievement,
        number=last.number + 1 if last else 1,
        content=data,
        content_hash=queries.content_hash(data),
        created_by=actor.user,
    )


def _list_recommendation(actor: Actor, achievement: Achievement) -> None:
    """At the end of the list of the desk that recommends; its order is 序号 on 附件2, no two alike.

    Counted under the lock of the desk, so that two at once do not both take the last place.
    """
    own = Enrolment.objects.select_for_update(no_key=True)
    enrolment = own.get(contest=achievement.contest_id, organization=actor.organization.pk)
    enrolment.contest = achievement.contest
    reason = heaps.tally(enrolment).refusal(heaps.category_of(achievement))
    if reason:
        raise Refusal(reason, code="quota")
    Recommendation.objects.get_or_create(
        enrolment=enrolment,
        achievement=achievement,
        defaults={"order": last_place(enrolment) + 1, "recommended_by": actor.user},
    )


def last_place(enrolment: Enrolment) -> int:
    """The highest 序号 of a list; 0 when it is empty."""
    return enrolment.recommendations.aggregate(last=Max("order"))["last"] or 0
