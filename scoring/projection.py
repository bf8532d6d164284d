"""What an expert sees of a work: chosen pieces of the judged version, never who did it (blind review by default).

Only what is named here reaches the score sheet. Unit, leader, members, phones, recommender, the people who filled the
form in, file names and patent numbers are not; where the unit's own text names one of them, `××` stands instead.
Of the attachments only 成果图片 are shown: certificates and proofs carry seals and signatures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from submissions.rules import codes

MASK = "××"
PICTURE_KIND = "photo"
_SHORTEST = 2  # a name of one sign would blot out ordinary words
_UNIT_ENDINGS = ("工会委员会", "总工会", "工会", "有限责任公司", "股份有限公司", "有限公司", "公司")
_UNIT_SHORTEST = 4
_PATENT_KINDS, _PATENT_STATES = dict(codes.PATENT_TYPE), dict(codes.PATENT_STATUS)
_PATHS = dict(codes.BENEFIT_PATH)


@dataclass(frozen=True)
class Labels:
    """The contest's catalogues by code."""

    kinds: Mapping[str, str]
    categories: Mapping[str, str]
    industries: Mapping[str, str]


@dataclass(frozen=True)
class Heading:
    """How a work is named in a list of sheets."""

    title: str
    kind: str
    category: str
    industry: str


@dataclass(frozen=True)
class Patent:
    kind: str
    status: str
    year: str


@dataclass(frozen=True)
class Work:
    """One work as the expert reads it; texts are paragraphs, `benefit_wan` is the verified 万元/年 or None."""

    heading: Heading
    implemented: tuple[date | None, date | None]
    completed_on: date | None
    applied_from: date | None
    summary: tuple[str, ...]
    innovation: tuple[str, ...]
    path: str
    path_label: str
    benefit_wan: Decimal | None
    benefit_basis: tuple[str, ...]
    social_benefit: tuple[str, ...]
    patents: tuple[Patent, ...]
    pictures: int


def heading(content: Mapping[str, Any], labels: Labels) -> Heading:
    return Heading(
        _Masked(content)(content.get("title")),
        labels.kinds.get(content.get("kind", ""), ""),
        labels.categories.get(content.get("category", ""), ""),
        labels.industries.get(content.get("industry", ""), ""),
    )


def work(content: Mapping[str, Any], labels: Labels, path: str, benefit_wan: Decimal | None) -> Work:
    """`content` is a version's (submissions.queries.content); path and amount are the entry's, frozen with it."""
    masked = _Masked(content)
    return Work(
        heading=heading(content, labels),
        implemented=(_day(content.get("implemented_from")), _day(content.get("implemented_to"))),
        completed_on=_day(content.get("completed_on")),
        applied_from=_day(content.get("applied_from")),
        summary=masked.paragraphs(content.get("summary")),
        innovation=masked.paragraphs(content.get("innovation")),
        path=path,
        path_label=_PATHS.get(path, ""),
        benefit_wan=benefit_wan,
        benefit_basis=masked.paragraphs(content.get("benefit_basis")),
        social_benefit=masked.paragraphs(content.get("social_benefit")),
        patents=tuple(_patent(row) for row in content.get("patents", ())),
        pictures=len(picture_hashes(content)),
    )


def picture_hashes(content: Mapping[str, Any]) -> list[str]:
    """SHA-256 of the pictures of the work, in the order in which they are numbered for the expert."""
    return [row["sha256"] for row in content.get("attachments", ()) if row.get("kind") == PICTURE_KIND]


def _patent(row: Mapping[str, Any]) -> Patent:
    granted = row.get("granted_on") or ""
    status = str(row.get("status", ""))
    return Patent(_PATENT_KINDS.get(row.get("kind", ""), ""), _PATENT_STATES.get(status, ""), str(granted)[:4])


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else None


class _Masked:
    """Texts of one version with every name that the version itself knows blotted out, longest first."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        words = {word.strip() for word in _identifying(content)}
        known = sorted((word for word in words if len(word) >= _SHORTEST), key=len, reverse=True)
        self._known = re.compile(f"(?:{'|'.join(map(re.escape, known))})+") if known else None

    def __call__(self, text: object) -> str:
        written = text if isinstance(text, str) else ""
        return self._known.sub(MASK, written) if self._known else written

    def paragraphs(self, text: object) -> tuple[str, ...]:
        return tuple(line.strip() for line in self(text).splitlines() if line.strip())


def _identifying(content: Mapping[str, Any]) -> Iterator[str]:
    leader = content.get("leader") or {}
    members, patents = content.get("members") or (), content.get("patents") or ()
    yield from (str(content.get(key) or "") for key in ("filled_by", "responsible_person"))
    yield from (str(leader.get(key) or "") for key in ("name", "phone"))
    yield from (str(row.get("name") or "") for row in members)
    for row in patents:
        number = str(row.get("number") or "")
        yield from (number, number.removeprefix("ZL"))
    units = [content.get("unit_name"), leader.get("employer")]
    units += [row.get("organization_text") for row in members] + [row.get("owner") for row in patents]
    for unit in units:
        yield from _unit_names(str(unit or ""))


def _unit_names(name: str) -> Iterator[str]:
    """The name as registered and what is left of it in daily use: 东山机械厂工会, 东山机械厂."""
    yield name
    for ending in _UNIT_ENDINGS:
        shorter = name.removesuffix(ending)
        if shorter != name and len(shorter) >= _UNIT_SHORTEST:
            yield from _unit_names(shorter)
