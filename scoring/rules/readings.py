"""Two readings of one paper score sheet, and what stands where they differ."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

WORDS = ("comment", "doubt", "ineligible")
FIRST, SECOND = CHOICES = ("first", "second")


@dataclass(frozen=True)
class Reading:
    """What one person read: (level, points) by criterion, and the words as they stand on the paper."""

    marks: Mapping[str, tuple[str, int]]
    comment: str = ""
    doubt: str = ""
    ineligible: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {"marks": {code: list(mark) for code, mark in self.marks.items()}} | {w: getattr(self, w) for w in WORDS}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Reading:
        marks = {code: (level, points) for code, (level, points) in stored["marks"].items()}
        return cls(marks, *(stored[word] for word in WORDS))


def differing(first: Reading, second: Reading) -> list[str]:
    """The criteria and words that were read otherwise; width of characters and spaces make no difference."""
    codes = [code for code in {**first.marks, **second.marks} if first.marks.get(code) != second.marks.get(code)]
    return codes + [word for word in WORDS if _plain(getattr(first, word)) != _plain(getattr(second, word))]


def settle(first: Reading, second: Reading, chosen: Mapping[str, str]) -> Reading:
    """The second reading, but the first one where it was chosen; `chosen` is FIRST or SECOND by place."""
    of = {FIRST: first, SECOND: second}
    marks = {code: of[chosen.get(code, SECOND)].marks[code] for code in second.marks}
    return Reading(marks, *(getattr(of[chosen.get(word, SECOND)], word) for word in WORDS))


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
