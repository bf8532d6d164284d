"""What an expert sees of a work: chosen pieces of the judged version, never who did it (blind review by default).

`blinded` and `named` make the content of a package from a version once; the pages read the package alone. Only what is
named here reaches a score sheet. In a blind round certificates and proofs are not shown: they carry seals and
signatures; their number is told, since the auditors have checked them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from scoring.rules.blind import Mask
from submissions.rules import codes

PICTURE_KIND = "photo"
SHOWN_BLIND = (PICTURE_KIND, "drawing_spec", "other")
TEXTS = {
    "title": "项目名称",
    "summary": "项目成果简介",
    "innovation": "创新点",
    "benefit_basis": "测算依据",
    "social_benefit": "社会效益",
}
_PLAIN = ("kind", "category", "industry", "implemented_from", "implemented_to", "completed_on", "applied_from")
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
    checked: tuple[tuple[str, int], ...]
    who: tuple[tuple[str, str], ...]


# --- the package's content, made once ------------------------------------------------------------------


def blinded(content: Mapping[str, Any], mask: Mask, media: Mapping[str, str]) -> dict[str, Any]:
    """Of a version's content (submissions.queries.content) what may be read, every known word blotted out.

    `media` tells the type of each file by its hash; a file that is no longer stored is left out.
    """
    made = _common(content, mask)
    hidden = [row for row in content.get("attachments") or () if row.get("kind") not in SHOWN_BLIND]
    kinds = [codes.ATTACHMENT_KINDS[row["kind"]] for row in hidden if row["kind"] in codes.ATTACHMENT_KINDS]
    labels = Counter(kind.label for kind in kinds)
    return made | {"files": _files(content, SHOWN_BLIND, media), "checked": sorted(labels.items())}


def named(content: Mapping[str, Any], media: Mapping[str, str]) -> dict[str, Any]:
    """The same in a round that is not blind: unmasked, with unit and people, and all files."""
    leader, members = content.get("leader") or {}, content.get("members") or ()
    who = [
        ("完成单位", str(content.get("unit_name") or "")),
        ("项目带头人", str(leader.get("name") or "")),
        ("主要完成人", "、".join(str(row.get("name") or "") for row in members)),
    ]
    made = _common(content, Mask(())) | {"files": _files(content, tuple(codes.ATTACHMENT_KINDS), media)}
    return made | {"who": [pair for pair in who if pair[1]]}


def _common(content: Mapping[str, Any], mask: Callable[[object], str]) -> dict[str, Any]:
    made: dict[str, Any] = {key: content.get(key) for key in _PLAIN}
    made |= {key: mask(content.get(key)) for key in TEXTS}
    made["patents"] = [
        {"kind": row.get("kind", ""), "status": row.get("status", ""), "year": str(row.get("granted_on") or "")[:4]}
        for row in content.get("patents") or ()
    ]
    return made


def _files(content: Mapping[str, Any], kinds: tuple[str, ...], media: Mapping[str, str]) -> list[dict[str, str]]:
    return [
        {"sha256": row["sha256"], "kind": row["kind"], "media": media[row["sha256"]]}
        for row in content.get("attachments") or ()
        if row.get("kind") in kinds and row["sha256"] in media
    ]


# --- reading a package -----------------------------------------------------------------------------------


NAMED = ("title", "kind", "category", "industry")
"""What of a package `heading` reads."""


def heading(content: Mapping[str, Any], labels: Labels) -> Heading:
    return Heading(
        content.get("title") or "",
        labels.kinds.get(content.get("kind") or "", ""),
        labels.categories.get(content.get("category") or "", ""),
        labels.industries.get(content.get("industry") or "", ""),
    )


def work(content: Mapping[str, Any], labels: Labels, path: str, benefit_wan: Decimal | None) -> Work:
    """`content` is a package's; path and amount are the entry's, frozen with it."""
    return Work(
        heading=heading(content, labels),
        implemented=(_day(content.get("implemented_from")), _day(content.get("implemented_to"))),
        completed_on=_day(content.get("completed_on")),
        applied_from=_day(content.get("applied_from")),
        summary=_paragraphs(content.get("summary")),
        innovation=_paragraphs(content.get("innovation")),
        path=path,
        path_label=_PATHS.get(path, ""),
        benefit_wan=benefit_wan,
        benefit_basis=_paragraphs(content.get("benefit_basis")),
        social_benefit=_paragraphs(content.get("social_benefit")),
        patents=tuple(_patent(row) for row in content.get("patents", ())),
        pictures=len(picture_hashes(content)),
        checked=tuple((label, count) for label, count in content.get("checked", ())),
        who=tuple((label, text) for label, text in content.get("who", ())),
    )


def picture_hashes(content: Mapping[str, Any]) -> list[str]:
    """SHA-256 of the pictures of the work, in the order in which they are numbered for the expert."""
    return [row["sha256"] for row in content.get("files", ()) if row["media"] in codes.PICTURES]


def document_hashes(content: Mapping[str, Any]) -> list[str]:
    return [row["sha256"] for row in content.get("files", ()) if row["media"] not in codes.PICTURES]


def _patent(row: Mapping[str, Any]) -> Patent:
    return Patent(_PATENT_KINDS.get(row["kind"], ""), _PATENT_STATES.get(str(row["status"]), ""), row["year"])


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else None


def _paragraphs(text: object) -> tuple[str, ...]:
    return tuple(line.strip() for line in str(text or "").splitlines() if line.strip())
