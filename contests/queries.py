"""Reads of a season: its calendar, the extensions on a road, the contest in view."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet, Value

from accounts.actor import Actor
from contests import calendar
from contests.models import Category, Contest, Enrolment, Extension, Industry, Kind
from core.prepared import Prepared

_FOR_UNITS = (Extension.Covers.UNIT, Extension.Covers.BOTH)
_FOR_LISTS = (Extension.Covers.RECOMMENDER, Extension.Covers.BOTH)


def season_of(contest: Contest) -> calendar.Season:
    """The dates of a contest as the calendar wants them."""
    settings = contest.settings
    phases = [calendar.PhaseDates(p.kind, p.opens_at, p.closes_at) for p in contest.phases.all()]
    return calendar.Season(phases, settings.unit_closes_days_before, settings.upload_grace_minutes)


def extensions_for(
    unit: Enrolment, holder: Enrolment | None = None, granted: Iterable[Extension] | None = None
) -> calendar.Extensions:
    """The later closings granted to the unit or to anybody above it, and to the desk where its work lies.

    `granted`: all that stand in the contest, where a page of many works has read them once.
    """
    road = _ids(unit)
    later: dict[str, datetime] = {}
    if granted is None:
        granted = Extension.objects.standing().filter(enrolment__in=[*road, *([holder.pk] if holder else [])])
    for row in granted:
        for part in _parts(row, road, holder):
            later[part] = max(row.until, later.get(part, row.until))
    return calendar.Extensions(**later)


def _ids(enrolment: Enrolment) -> list[int]:
    """The ids on the road from the host down, itself included."""
    return [int(part) for part in enrolment.path.rstrip(".").split(".")] if enrolment.path else [enrolment.pk]


def _parts(row: Extension, road: list[int], holder: Enrolment | None) -> list[str]:
    """Which of the closings this extension puts off."""
    parts = ["unit"] if row.covers in _FOR_UNITS and row.enrolment_id in road else []
    if row.covers in _FOR_LISTS:
        parts += ["recommender"] if holder is not None and row.enrolment_id == holder.pk else []
        parts += ["above"] if row.enrolment_id in road else []
    return parts


def extension_shown(unit: Enrolment) -> Extension | None:
    """The extension that gives a unit its latest closing, to be told with its reason."""
    rows = Extension.objects.standing().filter(enrolment__in=_ids(unit), covers__in=_FOR_UNITS)
    latest: Extension | None = rows.select_related("enrolment").order_by("-until").first()
    return latest


def window(
    move: calendar.Move,
    now: datetime,
    contest: Contest,
    unit: Enrolment,
    holder: Enrolment | None = None,
    *,
    begun_at: datetime | None = None,
    granted: Iterable[Extension] | None = None,
) -> calendar.Window:
    later = extensions_for(unit, holder, granted)
    return calendar.open_for(move, now, season_of(contest), later, begun_at=begun_at)


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


def _catalogues(contest: int) -> QuerySet[Any, Any]:
    rows: list[QuerySet[Any, Any]] = [
        model.objects.filter(contest=contest).order_by().values_list(Value(model._meta.model_name), "code", "name")
        for model in (Kind, Category, Industry)
    ]
    return rows[0].union(*rows[1:], all=True)


_NAMED = Prepared(_catalogues)


def catalogue_names(contest_id: int) -> dict[str, dict[str, str]]:
    """{"kind", "category", "industry"} → {code: name}, in one query for a page that only names them."""
    names: dict[str, dict[str, str]] = {"kind": {}, "category": {}, "industry": {}}
    for catalogue, code, name in _NAMED(contest=contest_id):
        names[catalogue][code] = name
    return names


def enrolment_of(actor: Actor, contest: Contest) -> Enrolment | None:
    """The hat's own enrolment in a contest."""
    return Enrolment.objects.filter(contest=contest, organization=actor.organization.pk).first()


def road_up(enrolment: Enrolment) -> list[Enrolment]:
    """From an enrolment up to the host, in one query: the ids stand in `path`."""
    ids = _ids(enrolment)
    rows = Enrolment.objects.select_related("organization").in_bulk(ids)
    return [rows[pk] for pk in reversed(ids)]


def sending_window(now: datetime, desk: Enrolment) -> calendar.Window:
    """Until when a recommender's list may be completed: its own closing, and that of any unit below it that has more
    time, since such a unit's works are carried up to the host as well."""
    below = Extension.objects.standing().filter(
        enrolment__contest=desk.contest_id, enrolment__path__startswith=desk.path
    )
    latest = below.aggregate(latest=Max("until"))["latest"]
    return calendar.open_for(
        calendar.Move.RECOMMEND, now, season_of(desk.contest), calendar.Extensions(recommender=latest)
    )
