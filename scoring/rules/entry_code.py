"""评审编号: the neutral number of a work in its round. Lists are in the order of the codes, so they sort as numbers."""

from __future__ import annotations

from collections.abc import Iterable

_FEWEST = 4


def digits_for(works: int) -> int:
    """Room for a tenth more than the round begins with: late works stand behind the others."""
    return max(_FEWEST, len(str(works + works // 10)))


def entry_code(place: int, digits: int) -> str:
    """`place` from 1."""
    return f"A{place:0{digits}d}"


def last_of(codes: Iterable[str]) -> tuple[int, int]:
    """(highest place, digits) of a round's codes; (0, fewest) of none."""
    known = list(codes)
    return max((int(code[1:]) for code in known), default=0), max((len(code) - 1 for code in known), default=_FEWEST)
