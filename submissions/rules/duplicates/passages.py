"""The passages that stand word for word in both of two texts, with their places in the texts as they were written."""

from __future__ import annotations

from dataclasses import dataclass

from submissions.rules.duplicates.texts import plain, positions

LEAST = 8  # plain characters; what is shorter is a word of the trade
_SEED = 6
_TRIED = 20  # places of one seed that are followed up


@dataclass(frozen=True)
class Passage:
    """`text[start:end]` and `other[other_start:other_end]` are the same but for width, case and punctuation."""

    start: int
    end: int
    other_start: int
    other_end: int


def common(text: str, other: str, least: int = LEAST) -> list[Passage]:
    """In the order of `text`, without overlap there; at every place the longest that begins there."""
    a, b = plain(text), plain(other)
    here, there = positions(text), positions(other)
    return [
        Passage(here[at], here[at + size - 1] + 1, there[seen], there[seen + size - 1] + 1)
        for at, seen, size in _runs(a, b, least)
    ]


def _runs(a: str, b: str, least: int) -> list[tuple[int, int, int]]:
    seeds = _places(b)
    runs: list[tuple[int, int, int]] = []
    at = 0
    while at <= len(a) - least:
        size, seen = max(
            ((_length(a, b, at, seen), -seen) for seen in seeds.get(a[at : at + _SEED], ())), default=(0, 0)
        )
        if size >= least:
            runs.append((at, -seen, size))
        at += size if size >= least else 1
    return runs


def _places(plain_text: str) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for at in range(len(plain_text) - _SEED + 1):
        found = places.setdefault(plain_text[at : at + _SEED], [])
        if len(found) < _TRIED:
            found.append(at)
    return places


def _length(a: str, b: str, at: int, seen: int) -> int:
    size = _SEED
    longest = min(len(a) - at, len(b) - seen)
    while size < longest and a[at + size] == b[seen + size]:
        size += 1
    return size
