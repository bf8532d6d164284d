"""What changed between two texts, as pieces to be read one after the other: kept, taken out, put in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, DEL, INS = "same", "del", "ins"
_TOKEN = re.compile(r"[0-9A-Za-z.,%/+-]+|\s+|.", re.DOTALL)
_ISLAND = 2  # so few kept characters between two changes are read as part of the change
_STRANGERS = 0.3  # texts less alike than this are shown as one taken out and one put in


@dataclass(frozen=True)
class Piece:
    kind: str
    text: str


@dataclass
class _Hunk:
    """What was kept, and the change that follows it."""

    same: str = ""
    old: str = ""
    new: str = ""


def pieces(old: str, new: str) -> list[Piece]:
    """By words of Latin letters and figures, and by single characters of everything else; a change is never split."""
    if old == new:
        return [Piece(SAME, new)] if new else []
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    hunks = [_Hunk(old=old, new=new)] if matcher.ratio() < _STRANGERS else _hunks(matcher, a, b)
    return [piece for hunk in _without_islands(hunks) for piece in _read(hunk)]


def _hunks(matcher: SequenceMatcher[str], a: list[str], b: list[str]) -> list[_Hunk]:
    hunks = [_Hunk()]
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            hunks.append(_Hunk(same="".join(a[i1:i2])))
        else:
            hunks[-1].old += "".join(a[i1:i2])
            hunks[-1].new += "".join(b[j1:j2])
    return hunks


def _without_islands(hunks: list[_Hunk]) -> list[_Hunk]:
    """A figure of which one digit is kept, or two words around a kept 的, are one change to a reader."""
    joined = [hunks[0]]
    for hunk in hunks[1:]:
        last, changes = joined[-1], bool(hunk.old or hunk.new)
        if (last.old or last.new) and changes and len(hunk.same) <= _ISLAND:
            last.old += hunk.same + hunk.old
            last.new += hunk.same + hunk.new
        else:
            joined.append(hunk)
    return joined


def _read(hunk: _Hunk) -> list[Piece]:
    found = (Piece(SAME, hunk.same), Piece(DEL, hunk.old), Piece(INS, hunk.new))
    return [piece for piece in found if piece.text]
