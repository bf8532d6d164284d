"""Exact comparison of a text with those of the shortlist.

An n-gram that many texts of the shortlist share – the words of the trade, the phrases of such reports – counts by the
share of those texts: 1 when one of them has it, 1/20 when twenty do. So boilerplate is known as such without a list.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from submissions.rules.duplicates import grams
from submissions.rules.duplicates.grams import Hashes
from submissions.rules.duplicates.texts import plain

Places = NDArray[np.intp]
Weights = NDArray[np.float64]

# Calibrated on planted pairs, docs/proofs.md "Duplicates".
SAME = 0.7  # of all n-grams: the same text, however many others have it too
ALIKE = 0.22  # of the weighted n-grams: changed, reordered, renamed …
ALIKE_OUT = 2.0  # … and so many times what the crowd shares
COPIED = 28.0  # weight of one passage: some 30 characters that no other text has …
COPIED_OUT = 2.6  # … and so many times what the crowd shares
SHORT = 30  # n-grams: at so many twice the likeness is asked for, at a hundred 30 % more
FAMILY = 4  # so many duplicates of one work are told from the crowd
COMMON = 10  # a title, file or picture of more works than that tells nothing
RARE = 3  # a title of so many other works names this one; what more of them bear is a name of the trade
BRIEF = 60  # characters: little more than a title
AT_MOST = 5  # pairs that are shown for one work
_UNEVEN = 0.5  # a text counts as at least half as long as the other: the short one is not "contained" by chance
_GAP = 12  # characters between two shared n-grams of one passage
_BAND = 16  # how far insertions and deletions may shift a passage against its original


@dataclass(frozen=True)
class Likeness:
    """What two texts share, 0…1: `common` of all n-grams, `alike` of the weighted ones; `passage`: a weight."""

    key: int
    common: float
    alike: float
    passage: float
    size: int  # n-grams of the shorter of the two

    @property
    def similarity(self) -> float:
        return max(self.common, self.alike)


def compare(text: str, others: Mapping[int, str]) -> list[Likeness]:
    """Every one of `others` beside the text, the most alike first."""
    read = {key: _read(other) for key, other in others.items()}
    crowd = _Crowd([other.known for other in read.values()])
    own = _read(text)
    weights = crowd.weights(own.known)
    made = [_likeness(key, own, weights, other, crowd) for key, other in read.items()]
    return sorted(made, key=lambda likeness: (-likeness.alike, -likeness.passage, likeness.key))


def shown(found: list[Likeness], titled: Collection[int] = (), led: Collection[int] = ()) -> list[Likeness]:
    """What an auditor is shown of all that were compared: the same text, or what stands out of the crowd.

    The same title (`titled`) is a sign of its own as long as few works bear it; with more of them, and with the same
    leader (`led`), half the likeness is enough. Where there is hardly any text, the title alone is.
    """
    alike = max(ALIKE, ALIKE_OUT * _din(each.alike for each in found))
    copied = max(COPIED, COPIED_OUT * _din(each.passage for each in found))

    def stands_out(each: Likeness) -> bool:
        enough = alike * (1 + SHORT / max(each.size, 1))
        if each.key in titled or each.key in led:
            enough /= 2
        return each.common >= SAME or each.alike >= enough or each.passage >= copied

    own_title = set(titled) if len(titled) <= RARE else {each.key for each in found if each.size < BRIEF} & set(titled)
    out = [each for each in found if stands_out(each) and each.key not in own_title]
    named = [each for each in found if each.key in own_title]
    return (named + out)[:AT_MOST]


def _din(values: Iterable[float]) -> float:
    """How much works of one trade share anyway: the value of the first that is no duplicate even of a busy family."""
    ordered = sorted(values, reverse=True)
    return ordered[FAMILY] if len(ordered) > FAMILY else 0.0


@dataclass(frozen=True)
class _Read:
    """The n-grams of a text in their order, and each once, sorted, with its first place."""

    hashes: Hashes
    known: Hashes
    first: Places


def _read(text: str) -> _Read:
    found = grams.hashes(plain(text), grams.COMPARED)
    return _Read(found, *np.unique(found, return_index=True))


class _Crowd:
    """How much an n-gram counts among the texts that are compared."""

    def __init__(self, texts: list[Hashes]) -> None:
        self._known, self._texts = np.unique(np.concatenate(texts or [np.zeros(0, np.uint64)]), return_counts=True)

    def weights(self, known: Hashes) -> Weights:
        here, at = _where(self._known, known)
        weights = np.ones(len(known))
        weights[here] /= self._texts[at[here]]
        return weights


def _where(known: Hashes, sought: Hashes) -> tuple[NDArray[np.bool_], Places]:
    """Which of the sought stand in `known`, sorted, and where."""
    if not len(known):
        return np.zeros(len(sought), np.bool_), np.zeros(len(sought), np.intp)
    at = np.minimum(np.searchsorted(known, sought), len(known) - 1)
    return known[at] == sought, at


def _likeness(key: int, own: _Read, weights: Weights, other: _Read, crowd: _Crowd) -> Likeness:
    here, _ = _where(other.known, own.known)
    size = min(len(own.known), len(other.known))
    if not here.any():
        return Likeness(key, 0.0, 0.0, 0.0, size)
    common = _share(int(here.sum()), len(own.known), len(other.known))
    alike = _share(weights[here].sum(), weights.sum(), crowd.weights(other.known).sum())
    return Likeness(key, common, alike, _best_passage(own, weights, other), size)


def _share(shared: float, one: float, two: float) -> float:
    return float(shared / max(min(one, two), _UNEVEN * max(one, two)))


def _best_passage(own: _Read, weights: Weights, other: _Read) -> float:
    """The weight of the heaviest passage that stands in both in the same order, small changes allowed.

    Single words of a passage may be common: it is their order that is rare, hence the square root.
    """
    here, at = _where(other.known, own.hashes)
    a, b = np.nonzero(here)[0], other.first[at[here]]
    each = np.sqrt(weights[np.searchsorted(own.known, own.hashes[a])])
    return max(_heaviest(a, (b - a + phase) // _BAND, each) for phase in (0, _BAND // 2))


def _heaviest(a: Places, bands: Places, weights: Weights) -> float:
    order = np.lexsort((a, bands))
    a, bands, weights = a[order], bands[order], weights[order]
    breaks = (np.diff(bands) != 0) | (np.diff(a) > _GAP)
    starts = np.concatenate(([0], np.nonzero(breaks)[0] + 1))
    return float(np.add.reduceat(weights, starts).max())
