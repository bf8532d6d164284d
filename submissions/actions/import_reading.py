"""What an uploaded workbook says: the contest's own words and the house's ways of writing, given to the rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.utils import timezone

from contests.models import Contest, Enrolment
from contests.rules import identifiers
from core.errors import Refusal
from core.workbook_read import Line, Table, read_table
from submissions.models import Achievement
from submissions.queries.overriding import passed_patents
from submissions.rules import codes, importing
from submissions.rules.cells import Column, Patent, Readers

CATALOGUES = ("kind", "category", "industry")


@dataclass(frozen=True)
class Content:
    """The rows of a workbook in heaps, and the columns of the template that it does not have."""

    heaps: importing.Sorted
    absent: list[str]


def choices(contest: Contest) -> dict[str, dict[str, str]]:
    """Key of the column → word → code, as the drop-downs offer them."""
    found = {key: dict(getattr(contest, f"{key}_set").values_list("name", "code")) for key in CATALOGUES}
    listed = {"leader.gender": codes.GENDER, "benefit_path": codes.BENEFIT_PATH}
    return found | {key: {word: code for code, word in pairs} for key, pairs in listed.items()}


def read(unit: Enrolment, content: BinaryIO) -> Content:
    """Raises Refusal for a file that is no such table; wrong rows are no reason to refuse it."""
    table = read_table(content, known=importing.COLUMNS["title"].label, sheet=importing.SHEET)
    places, wrong = importing.match_head(table.head)
    if wrong:
        raise Refusal("".join(wrong[:5]), "file", "head")
    readers = _readers(unit)
    rows = [_row(line, places, readers) for line in _filled(table, places)]
    if not rows:
        raise Refusal("列名下面没有内容（示例行不算），请逐行填写后再上传。", "file", "empty")
    return Content(importing.sort_out(rows, _pool(unit)), importing.absent(places))


def _readers(unit: Enrolment) -> Readers:
    contest, let_pass = unit.contest, passed_patents(unit)
    return Readers(
        choices(contest),
        identifiers.validate_name,
        identifiers.validate_leader,
        identifiers.normalise_phone,
        lambda text: _patent(text, let_pass),
        timezone.localdate(),
        contest.settings.max_members,
    )


def _patent(text: str, let_pass: frozenset[str]) -> Patent:
    number = identifiers.parse_patent(text, check=False)
    if number.canonical not in let_pass:
        number = identifiers.parse_patent(text)
    return Patent(number.canonical, codes.PATENT_TYPE_BY_DIGIT[number.type_digit], number.year)


def _filled(table: Table, places: dict[int, Column]) -> Iterator[Line]:
    """Lines that say something: numbering alone is nothing, and the template's example is nobody's work."""
    number = table.head.index(importing.NUMBER) if importing.NUMBER in table.head else None
    for line in table.lines:
        is_example = number is not None and line.at(number) == importing.EXAMPLE
        if not is_example and any(line.at(place) is not None or place in line.faults for place in places):
            yield line


def _row(line: Line, places: dict[int, Column], readers: Readers) -> importing.Row:
    cells = {column.key: line.at(place) for place, column in places.items()}
    unreadable = {places[place].key: reason for place, reason in line.faults.items() if place in places}
    return importing.parse_row(line.number, cells, unreadable, readers)


def _pool(unit: Enrolment) -> dict[str, str]:
    """What the unit has this season, in whatever state: drafts and withdrawn works are not brought in again."""
    known = Achievement.objects.filter(unit=unit).values_list("title", "leader__name", "completed_on")
    return {importing.identity(title, leader or "", day): title for title, leader, day in known}
