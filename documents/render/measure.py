"""How much room a text takes, by counting characters: good enough for row heights and blank rows, not for drawing."""

import unicodedata
from math import ceil

POINTS_A_MM = 72 / 25.4
TEXT_PT, NARROW_PT = 12.0, 10.5
_LINE = 1.35
_PADDING_MM = 2.4


def text_height_mm(text: str, width_mm: float, *, narrow: bool = False, indent: bool = False) -> float:
    """The height of `text` in a cell that is `width_mm` wide, its padding included."""
    size = NARROW_PT if narrow else TEXT_PT
    room = max(1.0, (width_mm - _PADDING_MM) * POINTS_A_MM / size)
    lines = sum(max(1, ceil((_ems(paragraph) + 2 * indent) / room)) for paragraph in text.split("\n"))
    return lines * size * _LINE / POINTS_A_MM + 1.6


def _ems(text: str) -> float:
    """Han characters are one em wide, the others about half of it."""
    return sum(1 if unicodedata.east_asian_width(mark) in "WFA" else 0.55 for mark in text)
