"""Exact comparison of a text with those of the shortlist.

An n-gram that many texts of the shortlist share – the words of the trade, the phrases of such reports – counts by the
share of those texts: 1 when one of them has it, 1/20 when twenty do. So boilerplate is known as such without a list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from submissions.rules.duplicates import grams
from submissions.rules.duplicates.grams import Hashes
from submissions.rules.duplicates.texts import plain

ALIKE = 0.18  # calibrated, docs/proofs.md: changed, reordered, renamed
COPIED = 24.0  # rare n-grams in one passage: some 27 characters that no other text has
_UNEVEN = 0.5  # a text counts as at least half as long as the other: the short one is not "contained" by chance
_GAP = 12  # characters between two shared n-grams of one passage
_BAND = 16  # how far insertions and deletions may shift a passage against its original


@dataclass(frozen=True)
class Likeness:
    """`share`: 0…1 of the shorter text's n-grams, weighted; `alike` the same of comparable lengths; `passage`: weight."""

    key: int
    share: float
    alike: float
    passage: float

    @property
    def shown(self) -> bool:
        return self.alike >= ALIKE or self.passage >= COPIED


def compare(text: str, others: Mapping[int, str]) -> list[Likeness]:
    """Every one of `others` beside the text, the most alike first."""
    own = grams.hashes(plain(text), grams.COMPARED)
    theirs = {key: grams.hashes(plain(other), grams.COMPARED) for key, other in others.items()}
    crowd = _Crowd([np.unique(found) for found in theirs.values()])
    made = [_likeness(key, own, found, crowd) for key, found in theirs.items()]
    return sorted(made, key=lambda likeness: (-likeness.share, -likeness.passage, likeness.key))


class _Crowd:
    """How much an n-gram counts among the texts that are compared."""

    def __init__(self, texts: list[Hashes]) -> None:
        self.known, self.texts = np.unique(np.concatenate(texts or [np.zeros(0, np.uint64)]), return_counts=True)

    def weights(self, found: Hashes) -> NDArray[np.float64]:
        if not len(self.known):
            return np.ones(len(found))
        at = np.minimum(np.searchsorted(self.known, found), len(self.known) - 1)
        return np.asarray(np.where(self.known[at] == found, 1.0 / self.texts[at], 1.0))


def _likeness(key: int, own: Hashes, other: Hashes, crowd: _Crowd) -> Likeness:
    mine, theirs = np.unique(own), np.unique(other)
    shared = crowd.weights(np.intersect1d(mine, theirs, assume_unique=True)).sum()
    sizes = sorted((crowd.weights(mine).sum(), crowd.weights(theirs).sum()))
    if not shared:
        return Likeness(key, 0.0, 0.0, 0.0)
    alike = shared / max(sizes[0], _UNEVEN * sizes[1])
    return Likeness(key, float(shared / sizes[0]), float(alike), _best_passage(own, other, crowd))


def _best_passage(own: Hashes, other: Hashes, crowd: _Crowd) -> float:
    """The weight of the heaviest passage that stands in both in the same order, small changes allowed."""
    a, b = _pairs(own, other)
    weights = crowd.weights(own[a])
    return max(_heaviest(a, (b - a + phase) // _BAND, weights) for phase in (0, _BAND // 2))


def _pairs(own: Hashes, other: Hashes) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Places in both texts of every n-gram that stands in both; the first places only of one that is repeated."""
    found, first = np.unique(other, return_index=True)
    at = np.minimum(np.searchsorted(found, own), len(found) - 1)
    a = np.nonzero(found[at] == own)[0]
    return a, first[at[a]]


def _heaviest(a: NDArray[np.intp], bands: NDArray[np.intp], weights: NDArray[np.float64]) -> float:
    order = np.lexsort((a, bands))
    a, bands, weights = a[order], bands[order], weights[order]
    breaks = (np.diff(bands) != 0) | (np.diff(a) > _GAP)
    starts = np.concatenate(([0], np.nonzero(breaks)[0] + 1))
    return float(np.add.reduceat(weights, starts).max())
