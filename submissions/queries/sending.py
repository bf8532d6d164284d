"""The recommender's list on its way to the host: what it holds, what was sent of it, who has not sent yet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.actor import Actor
from contests.models import Contest, Enrolment
from contests.queries import enrolment_of
from submissions.lifecycle import Status
from submissions.models import (
    Achievement,
    AchievementVersion,
    Dispatch,
    DispatchEntry,
    Recommendation,
    SendingReport,
)
from submissions.queries import heaps

_UNSENT = "{}还没有报送这项成果，报送后才能受理；可以提醒推荐单位在“报送”页办理。"
_AT_HOST = (Status.SUBMITTED, Status.ACCEPTED, Status.FROZEN)


@dataclass(frozen=True)
class Line:
    """One work of the list at its place; `sent` is the place at which its present version was sent last, or 0."""

    work: Achievement
    version: AchievementVersion
    number: int
    sent: int

    @property
    def has_moved(self) -> bool:
        return bool(self.sent) and self.sent != self.number


def sender_of(actor: Actor, contest: Contest) -> Enrolment | None:
    """The hat's own enrolment when nobody but the host is above it; only such a one sends."""
    own = enrolment_of(actor, contest)
    if own is None or own.recommender is None or not own.recommender.is_host:
        return None
    own.contest = contest
    return own


def works(desk: Enrolment) -> list[Achievement]:
    """The list as it stands: as recommended and ranked; of a unit without an audit what it handed in itself."""
    rows = Achievement.objects.with_row_data()
    if desk.audits:
        ids = list(heaps.own_list(desk).values_list("achievement", flat=True))
        found = rows.in_bulk(ids)
        return [found[pk] for pk in ids]
    own = rows.filter(unit=desk, status__in=_AT_HOST, holder__recommender__isnull=True)
    return list(own.order_by("submitted_at", "pk"))


def standing(desk: Enrolment) -> Dispatch | None:
    """The dispatch that counts: the newest that was not taken back."""
    found: Dispatch | None = desk.dispatches.standing().select_related("report__file").order_by("-number").first()
    return found


def lines(desk: Enrolment) -> list[Line]:
    listed, sent = works(desk), standing(desk)
    versions = _latest(work.pk for work in listed)
    places = {entry.achievement_id: entry for entry in sent.entries.all()} if sent else {}
    found = []
    for number, work in enumerate(listed, start=1):
        version, entry = versions[work.pk], places.get(work.pk)
        is_same = entry is not None and entry.version_id == version.pk
        found.append(Line(work, version, number, entry.order if entry and is_same else 0))
    return found


def _latest(ids: Iterable[int]) -> dict[int, AchievementVersion]:
    rows = AchievementVersion.objects.filter(achievement__in=list(ids)).defer("content").order_by("number")
    return {row.achievement_id: row for row in rows}


def report_of(desk: Enrolment) -> SendingReport | None:
    """The newest report: it goes with the next dispatch."""
    found: SendingReport | None = desk.sending_reports.select_related("file", "uploaded_by").first()
    return found


def token(desk: Enrolment, listed: Iterable[Line], report: SendingReport | None) -> str:
    """What a page has seen: the list in its order, the versions, the report, and how often was sent."""
    last = desk.dispatches.order_by("-number").first()
    seen = [last.number if last else 0, report.pk if report else 0, bool(last and last.taken_back_at)]
    seen += [number for line in listed for number in (line.work.pk, line.version.pk)]
    return heaps.order_token(seen)


def waiting_below(desk: Enrolment) -> int:
    """Works that still lie on this desk or on one below it, or went back to a unit: the list is not complete yet."""
    rows = Achievement.objects.filter(contest=desk.contest_id, unit__path__startswith=desk.path)
    return rows.filter(status__in=[Status.SUBMITTED, Status.RETURNED], holder__path__startswith=desk.path).count()


def history(desk: Enrolment) -> QuerySet[Dispatch]:
    return desk.dispatches.select_related("sent_by", "report__file", "taken_back_by").prefetch_related("entries")


def is_sent(achievement: Achievement) -> bool:
    return Achievement.objects.filter(heaps.sent_now(), pk=achievement.pk).exists()


def not_sent(achievement: Achievement) -> str:
    """Why the host does not take the work on yet, or "": its recommender has not sent it (002 四(二)).

    What the host itself reopened was on nobody's list and needs no dispatch.
    """
    return not_sent_of(achievement.contest, [achievement]).get(achievement.pk, "")


def not_sent_of(contest: Contest, works: Iterable[Achievement]) -> dict[int, str]:
    """The same of many works of a contest in three queries: id → sentence, of those alone that were not sent."""
    if not contest.settings.require_dispatch:
        return {}
    roads = {work.pk: work.unit.path.rstrip(".").split(".") for work in works}
    under = {pk: int(road[1]) for pk, road in roads.items() if len(road) > 1}
    tops = Enrolment.objects.in_bulk(set(under.values()))
    listed = set(Recommendation.objects.filter(achievement__in=under).values_list("enrolment", "achievement"))
    sent = set(Achievement.objects.filter(heaps.sent_now(), pk__in=under).values_list("pk", flat=True))
    owed = {pk: tops[top] for pk, top in under.items() if pk not in sent}
    return {pk: _UNSENT.format(top.name) for pk, top in owed.items() if not top.audits or (top.pk, pk) in listed}


# --- who has sent -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sender:
    """One recommender as the office sees it: how many are on its list, how many were sent, and what is missing."""

    enrolment: Enrolment
    listed: int
    unsent: int
    dispatch: Dispatch | None
    is_closed: bool = False

    @property
    def state(self) -> tuple[str, str]:
        """Words and tone of the row."""
        if self.dispatch is None:
            late = "逾期未报送" if self.is_closed else "未报送"
            return (late, "bad") if self.listed else ("尚无推荐", "none")
        return ("有新增未报送", "warn") if self.unsent else ("已报送", "ok")

    @property
    def is_owing(self) -> bool:
        return bool(self.unsent)


def senders(contest: Contest, *, is_closed: bool = False) -> list[Sender]:
    """Every recommender next to the host; who owes something comes first. A fixed number of queries."""
    found = list(
        contest.enrolments.filter(recommender__recommender__isnull=True, recommender__isnull=False).select_related(
            "organization"
        )
    )
    last = _standing_of(found)
    listed, unsent = _counts(contest, found)
    rows = [Sender(row, listed[row.pk], unsent[row.pk], last.get(row.pk), is_closed) for row in found]
    rows = [row for row in rows if row.enrolment.audits or row.listed or row.dispatch]
    return sorted(rows, key=lambda row: (-row.unsent, row.dispatch is None, row.enrolment.organization.pinyin))


def _standing_of(desks: list[Enrolment]) -> dict[int, Dispatch]:
    rows = Dispatch.objects.standing().filter(enrolment__in=desks).select_related("report", "sent_by")
    return {row.enrolment_id: row for row in rows.prefetch_related("entries").order_by("number")}


def _counts(contest: Contest, desks: list[Enrolment]) -> tuple[Counter[int], Counter[int]]:
    """How many works each has at the host, and how many of those it has not sent as they are now."""
    tops = {row.path: row.pk for row in desks}
    rows = Achievement.objects.filter(contest=contest, status__in=_AT_HOST, holder__recommender__isnull=True)
    listed, unsent = Counter[int](), Counter[int]()
    for path, is_sent in rows.annotate(is_sent=heaps.sent_now()).values_list("unit__path", "is_sent"):
        top = tops.get(".".join(path.split(".")[:2]) + ".")
        if top is not None:
            listed[top] += 1
            unsent[top] += not is_sent
    return listed, unsent


def places_sent(contest: Contest) -> dict[int, int]:
    """Work id → its place in the dispatch that counts: the order of 附件2 as the host received it."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    rows = DispatchEntry.objects.filter(dispatch__enrolment__contest=contest, dispatch__taken_back_at__isnull=True)
    numbers: dict[int, int] = {}
    values: Any = rows.order_by("dispatch__number").values_list(
        "dispatch__enrolment", "dispatch__number", "achievement", "order"
    )
    for desk, number, work, order in values:
        if numbers.get(desk) != number:
            numbers[desk], found[desk] = number, {}
        found[desk][work] = order
    return {work: order for places in found.values() for work, order in places.items()}
