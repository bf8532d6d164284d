"""From the tables of a file to the values of a Preset: one function a section."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from contests.rules.preset import values as v
from contests.rules.preset.checks import check
from contests.rules.preset.errors import PresetError
from contests.rules.preset.reader import Table
from contests.rules.preset.shift import FIRST_YEAR, LAST_YEAR
from contests.rules.settings import ContestSettings, SettingError

FORMAT = "wuxiao-preset/1"
RAW_SECTIONS = ("rubric", "policy")  # validated and loaded by scoring

LINES = ("union", "youth_league", "women_federation", "science_association", "science_technology_bureau")
HOST_LEVELS = ("city", "county")
NATURES = (
    "enterprise",
    "public_institution",
    "university",
    "vocational_college",
    "rural_e_station",
    "government",
    "other",
)
KINDS = (
    "small_invention",
    "small_creation",
    "small_renovation",
    "small_retrofit",
    "small_design",
    "small_suggestion",
)
CATEGORIES = ("product", "equipment", "process", "cost_management", "environment_energy", "other")
PHASES = ("mobilise", "organise", "submit", "audit", "review", "notice", "award", "showcase", "nominate")
PAPER_SUBJECTS = ("recommender", "achievement", "unit", "line", "host")
PERIODS = ("monthly", "half_year", "annual", "once")
BODIES = ("leading_group", "joint_conference", "liaison_group", "contest_office")
_SECTIONS = tuple("ABCDEFGHIJKLMNOPQRST")  # GB/T 4754
_DIVISIONS = tuple(f"{number:02d}" for number in range(1, 98))

_Row = TypeVar("_Row")


def build(file: str, data: Mapping[str, Any]) -> v.Preset:
    """The whole file, or PresetError at the first fault."""
    root = Table(file, "", data)
    if root.raw("format") != FORMAT:
        root.fail("format", f"应为“{FORMAT}”")
    root.year = root.table("contest").number("year", FIRST_YEAR, LAST_YEAR)
    preset = v.Preset(
        file=file,
        id=root.code("id"),
        **_contest(root.table("contest")),
        **_parts(root),
        sections={key: root.raw(key) for key in RAW_SECTIONS if root.has(key)},
        origin=data,
    )
    root.done()
    check(preset)
    return preset


def _parts(root: Table) -> dict[str, Any]:
    return {
        "source": _source(root.table("source")),
        "settings": _settings(root.table("settings")),
        "eligibility": _eligibility(root.table("eligibility")),
        "achievement_window": _span(root.table("achievement_window")),
        "statistics_period": _period(root.table("statistics_period")),
        "organizers": _rows(root, "organizers", _organizer, at_least=1),
        "kinds": _rows(root, "kinds", _kind, at_least=1),
        "categories": _rows(root, "categories", _category, at_least=1),
        "industries": _rows(root, "industries", _industry, at_least=1),
        "phases": _rows(root, "phases", _phase, at_least=1, code="kind"),
        "tiers": _rows(root, "tiers", _tier),
        "organizing_items": _rows(root, "organizing_items", _item),
        "winner_unit": _winner_unit(root.table("winner_unit")) if root.has("winner_unit") else None,
        "targets": _rows(root, "targets", _target),
        "papers": _rows(root, "papers", _paper),
        "returns": _rows(root, "returns", _return),
        "offices": _rows(root, "offices", _office, code=""),
        "clauses": _rows(root, "clauses", _clause),
        "grounds": _grounds(root.table("grounds")) if root.has("grounds") else {},
    }


def _rows(
    root: Table, key: str, read: Callable[[Table], _Row], *, at_least: int = 0, code: str = "code"
) -> tuple[_Row, ...]:
    rows = []
    for table in root.tables(key, at_least=at_least):
        rows.append(read(table))
        table.done()
    if code:
        root.once(key, [getattr(row, code) for row in rows], f".{code}")
    return tuple(rows)


def _contest(table: Table) -> dict[str, Any]:
    contest = {
        "year": table.number("year", FIRST_YEAR, LAST_YEAR),
        "label": table.text("label", most=40),
        "title": table.text("title", most=120),
        "host_name": table.text("host_name", most=100),
        "host_level": table.choice("host_level", HOST_LEVELS),
        "document_number": table.text("document_number", "", most=60),
    }
    table.done()
    return contest


def _source(table: Table) -> v.Source:
    issued_on = table.day("issued_on") if table.has("issued_on") else None
    source = v.Source(table.text("title"), table.text("number", ""), issued_on, table.text("note", ""))
    table.done()
    return source


def _settings(table: Table) -> ContestSettings:
    try:
        return ContestSettings.from_dict(table.everything())
    except SettingError as error:
        raise PresetError(table.file, table.at(error.key), error.reason) from error


def _eligibility(table: Table) -> v.Eligibility:
    eligibility = v.Eligibility(
        table.text("scope"), table.choices("natures", NATURES), table.choices("industry_sections", _SECTIONS)
    )
    table.done()
    return eligibility


def _span(table: Table) -> v.Span:
    span = v.Span(table.day("first"), table.day("last"))
    table.done()
    return span


def _period(table: Table) -> v.Period:
    period = v.Period(table.day("first"), table.day("last"), table.text("label", most=40))
    table.done()
    return period


def _organizer(table: Table) -> v.Organizer:
    return v.Organizer(
        code=table.code(),
        name=table.text("name", most=60),
        short_name=table.text("short_name", most=40),
        line=table.choice("line", LINES),
        is_lead=table.flag("is_lead", False),
        duties=table.text("duties", ""),
    )


def _kind(table: Table) -> v.Kind:
    return v.Kind(table.choice("code", KINDS), table.text("name", most=60))


def _category(table: Table) -> v.Category:
    return v.Category(
        table.choice("code", CATEGORIES),
        table.text("name", most=60),
        table.text("definition", ""),
        table.flag("needs_explanation", False),
    )


def _industry(table: Table) -> v.Industry:
    return v.Industry(
        table.code(),
        table.text("name", most=60),
        table.choices("sections", _SECTIONS) if table.has("sections") else (),
        table.choices("divisions", _DIVISIONS) if table.has("divisions") else (),
    )


def _phase(table: Table) -> v.Phase:
    return v.Phase(
        table.choice("kind", PHASES),
        table.text("name", most=40),
        table.moment("opens"),
        table.moment("closes"),
        table.text("text", ""),
    )


def _tier(table: Table) -> v.Tier:
    return v.Tier(
        table.code(),
        table.text("name", most=60),
        table.decimal("floor", 0, 100, None),
        table.decimal("prize_yuan", 0, 10_000_000),
        table.number("at_most", 1, 9999, None),
    )


def _item(table: Table) -> v.OrganizingItem:
    return v.OrganizingItem(
        table.code(), table.text("name", most=120), table.number("maximum", 1, 100), table.flag("countable", False)
    )


def _winner_unit(table: Table) -> v.WinnerUnit:
    unit = v.WinnerUnit(table.text("nominators"), table.choices("natures", NATURES), table.texts("opinions"))
    table.done()
    return unit


def _target(table: Table) -> v.Target:
    target = v.Target(
        table.code(),
        table.text("name", most=60),
        table.decimal("percent", 0, 100, None),
        table.flag("advisory", False),
    )
    if target.percent is None and not target.advisory:
        table.fail("percent", "没有数字的目标只能是参考目标（advisory = true）")
    return target


def _paper(table: Table) -> v.Paper:
    return v.Paper(
        code=table.code(),
        name=table.text("name", most=120),
        annex=table.text("annex", "", most=20),
        per=table.choice("per", PAPER_SUBJECTS),
        orientation=table.choice("orientation", ("portrait", "landscape"), "portrait"),
        copies=table.number("copies", 1, 20, 1),
        notes=table.texts("notes", ()),
    )


def _return(table: Table) -> v.Return:
    period = table.choice("period", PERIODS)
    monthly = period == "monthly"
    return v.Return(
        code=table.code(),
        name=table.text("name", most=60),
        period=period,
        due_day=table.number("due_day", 1, 28) if monthly else None,
        due_on=None if monthly else table.day("due_on"),
    )


def _office(table: Table) -> v.Office:
    return v.Office(table.choice("body", BODIES), table.text("role", most=40), table.text("position", most=120))


def _grounds(table: Table) -> dict[str, str]:
    return {line: table.text(line, most=40) for line in table.everything()}


def _clause(table: Table) -> v.Clause:
    return v.Clause(table.code(), table.text("place", most=40), table.text("heading", most=80), table.text("text"))
