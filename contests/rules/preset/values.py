"""What a preset is, as plain values. Order in every tuple is the order of the notice. Texts are already of the year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from contests.rules.settings import ContestSettings


@dataclass(frozen=True)
class Source:
    """The notice that the preset was written from. It does not move with the year."""

    title: str
    number: str
    issued_on: date | None
    note: str


@dataclass(frozen=True)
class Organizer:
    code: str
    name: str
    short_name: str
    line: str
    is_lead: bool
    duties: str


@dataclass(frozen=True)
class Eligibility:
    """Who may take part: words for the page, codes for the check. An empty `industry_sections` bars no industry."""

    scope: str
    natures: tuple[str, ...]
    industry_sections: tuple[str, ...]


@dataclass(frozen=True)
class Kind:
    code: str
    name: str


@dataclass(frozen=True)
class Category:
    code: str
    name: str
    definition: str
    needs_explanation: bool


@dataclass(frozen=True)
class Industry:
    """`sections` (A–T) or `divisions` (two digits) of GB/T 4754 that the everyday name stands for."""

    code: str
    name: str
    sections: tuple[str, ...]
    divisions: tuple[str, ...]


@dataclass(frozen=True)
class Span:
    """Two days, both included."""

    first: date
    last: date


@dataclass(frozen=True)
class Period(Span):
    """The span that the statistics count, with the words for it on 附件6 (`2020-2021`)."""

    label: str


@dataclass(frozen=True)
class Phase:
    """A date means the whole day; a naive datetime is a minute of Asia/Shanghai (contests.calendar turns both)."""

    kind: str
    name: str
    opens: date | datetime
    closes: date | datetime
    text: str


@dataclass(frozen=True)
class Tier:
    """`floor` None: never by score, the committee gives it by hand. `at_most` None: no limit. Prize in yuan."""

    code: str
    name: str
    floor: Decimal | None
    prize_yuan: Decimal
    at_most: int | None

    @property
    def automatic(self) -> bool:
        return self.floor is not None


@dataclass(frozen=True)
class OrganizingItem:
    """`countable`: the portal proposes the points from its own figures; else the office gives them."""

    code: str
    name: str
    maximum: int
    countable: bool


@dataclass(frozen=True)
class WinnerUnit:
    """优胜单位: the road of a nomination: who nominates (words), which natures, the opinions in order."""

    nominators: str
    natures: tuple[str, ...]
    opinions: tuple[str, ...]


@dataclass(frozen=True)
class Target:
    """A participation rate to reach, in percent; `advisory`: shown, never counted as missed."""

    code: str
    name: str
    percent: Decimal | None
    advisory: bool


@dataclass(frozen=True)
class Paper:
    """An official form; `per` says of what there is one: recommender, achievement, unit or line."""

    code: str
    name: str
    annex: str
    per: str
    orientation: str
    copies: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Return:
    """A periodic return: monthly ones are due on `due_day` of the next month, the others on `due_on`."""

    code: str
    name: str
    period: str
    due_day: int | None
    due_on: date | None


@dataclass(frozen=True)
class Office:
    """A seat in the contest's own bodies, by position: names change, positions are in the notice."""

    body: str
    role: str
    position: str


@dataclass(frozen=True)
class Clause:
    """Words of the notice that a page shows beside the rule: where they stand, heading, text."""

    code: str
    place: str
    heading: str
    text: str


@dataclass(frozen=True)
class Preset:
    """A whole season as data. `sections` holds, raw and where present, what scoring reads: `rubric`, `policy`.

    `grounds`: line of the checklist → the place of this notice that asks for it; a line that is left out is our own.
    """

    file: str
    id: str
    year: int
    label: str
    title: str
    host_name: str
    host_level: str
    document_number: str
    source: Source
    achievement_window: Span
    statistics_period: Period
    settings: ContestSettings
    organizers: tuple[Organizer, ...]
    eligibility: Eligibility
    kinds: tuple[Kind, ...]
    categories: tuple[Category, ...]
    industries: tuple[Industry, ...]
    phases: tuple[Phase, ...]
    tiers: tuple[Tier, ...]
    organizing_items: tuple[OrganizingItem, ...]
    winner_unit: WinnerUnit | None
    targets: tuple[Target, ...]
    papers: tuple[Paper, ...]
    returns: tuple[Return, ...]
    offices: tuple[Office, ...]
    clauses: tuple[Clause, ...]
    grounds: Mapping[str, str]
    sections: Mapping[str, Any]
    origin: Mapping[str, Any] = field(repr=False, compare=False)

    def shifted(self, year: int) -> Preset:
        """The same rules in another year: every date moves by whole years, every text is rendered anew.

        The number of the notice belongs to its own year and is left empty. Raises PresetError as `load` does.
        """
        from contests.rules.preset.parse import build
        from contests.rules.preset.shift import shift

        return build(self.file, shift(self.file, self.origin, year))
