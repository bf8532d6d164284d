"""评审组 as the chair looks at them: who sits where, what each judges, and the works that nobody takes yet."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from scoring.models import Appointment, Entry, Panel, Round
from scoring.queries import cockpit


@dataclass(frozen=True)
class PanelLine:
    panel: Panel
    industries: str
    categories: str
    experts: int
    works: int
    by_hand: int


@dataclass(frozen=True)
class SeatLine:
    appointment: Appointment
    industries: str
    categories: str


@dataclass(frozen=True)
class WorkLine:
    entry: Entry
    industry: str
    category: str


def lines(round_: Round) -> list[PanelLine]:
    industries, categories = cockpit.specialities(round_.contest)
    experts = dict(round_.appointments.values_list("panel").annotate(n=Count("pk")).order_by())
    works = dict(round_.entries.values_list("panel").annotate(n=Count("pk")).order_by())
    by_hand = dict(round_.entries.filter(placed_by_hand=True).values_list("panel").annotate(n=Count("pk")).order_by())
    return [
        PanelLine(
            panel,
            cockpit.words(panel.industries, industries),
            cockpit.words(panel.categories, categories),
            experts.get(panel.pk, 0),
            works.get(panel.pk, 0),
            by_hand.get(panel.pk, 0),
        )
        for panel in round_.panels.all()
    ]


def seats(round_: Round) -> list[SeatLine]:
    industries, categories = cockpit.specialities(round_.contest)
    rows = round_.appointments.select_related("expert__user", "panel").order_by("expert__user__pinyin", "pk")
    return [
        SeatLine(
            row, cockpit.words(row.expert.industries, industries), cockpit.words(row.expert.categories, categories)
        )
        for row in rows
    ]


def works(round_: Round, wanted: str) -> QuerySet[Entry]:
    """The works of one panel, of none (`none`), or all."""
    rows = round_.entries.select_related("panel", "version", "achievement").order_by("code")
    if wanted == "none":
        return rows.filter(panel=None)
    return rows.filter(panel=int(wanted)) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 19 else rows


def work_lines(round_: Round, page: list[Entry]) -> list[WorkLine]:
    industries, categories = cockpit.specialities(round_.contest)
    found = []
    for entry in page:
        content = entry.version.content
        industry, category = content["industry"], content["category"]
        found.append(WorkLine(entry, industries.get(industry, industry), categories.get(category, category)))
    return found
