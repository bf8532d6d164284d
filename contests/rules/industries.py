"""Sections of GB/T 4754-2017 《国民经济行业分类》: `B0610`, `B` and `06` are all mining."""

from __future__ import annotations

import re

_CODE = re.compile(r"([A-T]?)(\d{2})?\d{0,2}")
_LAST_DIVISION = {
    "A": 5, "B": 12, "C": 43, "D": 46, "E": 50, "F": 52, "G": 60, "H": 62, "I": 65, "J": 69, "K": 70, "L": 72,
    "M": 75, "N": 79, "O": 82, "P": 83, "Q": 85, "R": 90, "S": 96, "T": 97,
}  # fmt: skip


def section_of(code: str) -> str:
    """The letter that a code names or that its division lies in; empty for no such code, or one against itself."""
    found = _CODE.fullmatch(code.strip().upper())
    if found is None:
        return ""
    letter, division = found[1], int(found[2] or 0)
    of_division = next((section for section, last in _LAST_DIVISION.items() if 0 < division <= last), "")
    return (letter or of_division) if not (letter and of_division) or letter == of_division else ""
