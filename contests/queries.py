"""Reads of a season: its calendar, the extensions on a road, the contest in view."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max

from accounts.actor import Actor
from contests import calendar
from contests.models import Contest, Enrolment, Extension


def season_of(contest: Contest) -> calendar.Season:
    """The dates of a contest as the calendar wants them."""
    settings = contest.settings
    phases = [calendar.PhaseDates(p.kind, p.opens_at, p.closes_at) for p in contest.phases.all()]
    return calendar.Season(phases, settings.unit_closes_days_before, settings.upload_grace_minutes)


def extensions_for(unit: Enrolment, holder: Enrolment | None = None) -> calendar.Extensions:
    """The later closings granted to the unit and to the desk where its work lies."""
    ids = [unit.pk] + ([holder.pk] if holder else [])
    granted: dict[int, datetime] = {}
    for row in Extension.objects.filter(enrolment__in=ids):
        granted[row.enrolment_id] = max(row.until, granted.get(row.enrolment_id, row.until))
    return calendar.Extensions(granted.get(unit.pk), granted.get(holder.pk) if holder else None)


def window(
    move: calendar.Move, now: datetime, contest: Contest, unit: Enrolment, holder: Enrolment | None = None
) -> calendar.Window:
    return calendar.open_for(move, now, season_of(contest), extensions_for(unit, holder))


def windows(
    now: datetime, contest: Contest, unit: Enrolment, holder: Enrolment | None = None
) -> dict[calendar.Move, calendar.Window]:
    """Every window at once, for a page with several buttons."""
    return calendar.windows(now, season_of(contest), extensions_for(unit, holder))


def contest_in_view(actor: Actor, wanted: str | None = None) -> Contest | None:
    """The contest that a page is about: the one asked for when the hat may see it, else the newest."""
    contests = Contest.objects.visible_to(actor).newest_first()
    if wanted and wanted.isascii() and wanted.isdecimal() and len(wanted) < 12:
        chosen = contests.filter(pk=int(wanted)).first()
        if chosen:
            return chosen
    return contests.first()


def enrolment_of(actor: Actor, contest: Contest) -> Enrolment | None:
    """The hat's own enrolment in a contest."""
    return Enrolment.objects.filter(contest=contest, organization=actor.organization.pk).first()


def road_up(enrolment: Enrolment) -> list[Enrolment]:
    """From an enrolment up to the host, in one query: the ids stand in `path`."""
    ids = [int(part) for part in enrolment.path.rstrip(".").split(".")]
    rows = Enrolment.objects.select_related("organization").in_bulk(ids)
    return [rows[pk] for pk in reversed(ids)]


def sending_window(now: datetime, desk: Enrolment) -> calendar.Window:
    """Until when a recommender's list may be completed: its own closing, and that of any unit below it that has more
    time, since such a unit's works are carried up to the host as well."""
    below = Extension.objects.filter(enrolment__contest=desk.contest_id, enrolment__path__startswith=desk.path)
    latest = below.aggregate(latest=Max("until"))["latest"]
    return calendar.open_for(
        calendar.Move.RECOMMEND, now, season_of(desk.contest), calendar.Extensions(recommender=latest)
    )
