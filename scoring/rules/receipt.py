"""The receipt of a handed-in sheet: SHA-256 over its canonical JSON, so that its expert can prove what she gave.

`wuxiao-sheet/1` is one JSON object without spaces, keys sorted, characters as they are, times in UTC with
microseconds, amounts as decimal text. Anybody can compute the hash again with nothing but the downloaded file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

FORMAT = "wuxiao-sheet/1"


@dataclass(frozen=True)
class HandedIn:
    """One sheet as it went in; `marks` are (level, points) by criterion, ids and codes are opaque texts."""

    sheet: int
    entry: str
    expert: str
    rubric: tuple[str, int]
    path: str
    benefit_wan: Decimal | None
    marks: Mapping[str, tuple[str, int]]
    total: Decimal
    comment: str
    doubt: str
    ineligible: str
    handed_in_at: datetime


def text(sheet: HandedIn) -> str:
    data = {
        "format": FORMAT,
        "sheet": sheet.sheet,
        "entry": sheet.entry,
        "expert": sheet.expert,
        "rubric": list(sheet.rubric),
        "path": sheet.path,
        "benefit_wan": None if sheet.benefit_wan is None else f"{sheet.benefit_wan:.2f}",
        "marks": {code: list(mark) for code, mark in sheet.marks.items()},
        "total": f"{sheet.total:.2f}",
        "comment": sheet.comment,
        "doubt": sheet.doubt,
        "ineligible": sheet.ineligible,
        "handed_in_at": sheet.handed_in_at.astimezone(UTC).isoformat(timespec="microseconds"),
    }
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def receipt(canonical: str) -> str:
    return hashlib.sha256(canonical.encode()).hexdigest()
