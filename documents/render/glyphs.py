"""Which characters no font of the papers can draw: they would print as boxes, so names are checked before."""

import subprocess
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

from .fonts import INSTALLED, STATIC, own_files


def missing_glyphs(text: str) -> list[str]:
    """The characters of `text` that no font of the papers covers, once each, in order."""
    drawn = _covered()
    return [mark for mark in dict.fromkeys(text) if not mark.isspace() and ord(mark) not in drawn]


@cache
def _covered() -> frozenset[int]:
    """Every character that one of the fonts draws."""
    own = [(STATIC / path, 0) for path in own_files().values()]
    codes: set[int] = set()
    for file, index in own + [font for family in INSTALLED for font in _installed(family)]:
        with TTFont(file, fontNumber=index, lazy=True) as font:
            codes |= font.getBestCmap().keys()
    return frozenset(codes)


def _installed(family: str) -> list[tuple[Path, int]]:
    """Files of a family's regular weight, with the place of the font in its collection."""
    query = ["fc-list", f"{family}:weight=80", "-f", "%{file}\t%{index}\n"]
    try:
        found = subprocess.run(query, capture_output=True, text=True, check=True, timeout=30).stdout
    except FileNotFoundError:
        return []
    fonts = (line.split("\t") for line in found.splitlines())
    return sorted({(Path(file), int(index) & 0xFFFF) for file, index in fonts})
