"""Before an expert reads a work: what the hand-in looks at, asked of this one pair."""

from __future__ import annotations

from accounts.actor import Actor
from accounts.models import Employment, Membership, Organization
from accounts.querysets import WayUp
from core.prepared import Prepared
from scoring import queries
from scoring.lifecycle import SheetState
from scoring.models import ScoreSheet
from scoring.rules import recusal
from submissions.models import Achievement, Member

_READ = (
    "leader__name",
    "unit__organization",
    "unit__is_team",
    "unit__recommender__organization",
    "unit__recommender__recommender__organization",
)
_WORK = Prepared(
    lambda pk: Achievement.objects.select_related("unit__recommender__recommender", "leader").only(*_READ).filter(pk=pk)
)
_PEOPLE = Prepared(lambda achievement: Member.objects.filter(achievement=achievement).values_list("name", flat=True))
_JOBS = Prepared(lambda user: Employment.objects.filter(user=user))
_HATS = Prepared(lambda user: Membership.objects.filter(user=user, is_active=True, role__in=queries.AT_WORK))


def kept_away(actor: Actor, sheet: ScoreSheet) -> bool:
    """Has a conflict arisen over a sheet of hers that she has not begun? One that she has begun is not asked about.

    What people said (declared, named by the office) has voided the sheet already. The organisations are read up from
    hers and the work's alone, so nothing grows with the season; two statements more where an employer is a text.
    """
    if sheet.revision or sheet.state != SheetState.OPEN:
        return False
    settings = sheet.round.contest.settings
    (achievement,) = _WORK(pk=sheet.entry.achievement_id)
    jobs, hats = _JOBS(user=actor.user_id), _HATS(user=actor.user_id)
    places = queries.placed(jobs, hats, settings.recusal_years)[actor.user_id]
    above = Organization.objects.filter(pk__in=WayUp(achievement.unit.organization_id, *places))
    parents = dict(above.order_by().values_list("pk", "parent"))
    judge = recusal.Judge(actor.user.display_name, queries.chains(places, parents))
    people = {achievement.leader.name, *_PEOPLE(achievement=achievement.pk)}
    work = recusal.Work(sheet.entry_id, *queries.road(achievement.unit, parents), frozenset(people))
    return recusal.conflict(work, judge, widen=settings.recusal_whole_recommender) is not None
