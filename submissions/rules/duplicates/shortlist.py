"""Which of the indexed texts are worth reading: those that share the rarest n-grams, on the whole or in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import log

import numpy as np
from numpy.typing import NDArray

from submissions.rules.duplicates import grams

POSTINGS = 1000  # an n-gram of so many texts tells nothing: the index stops listing it
READ = 40  # texts that are read and compared
STRETCH = 400  # characters of the text that are looked up together …
RAREST = 24  # … by so many of their rarest n-grams
WINDOW = 200  # a copied section shows as many shared n-grams within so many characters

Counts = Callable[[list[int]], Mapping[int, int]]
Postings = Callable[[list[int]], Iterable[tuple[int, int]]]


def shortlist(plain: str, counts: Counts, postings: Postings) -> list[int]:
    """Keys of at most `READ` texts, the most promising first.

    `counts` tells how many texts an n-gram stands in (absent ones may be left out), `postings` which ones, as pairs
    of n-gram and key. What is asked for depends on the length of the text, not on the size of the index.
    """
    found, places = grams.sampled(plain)
    place_of = dict(zip(found.tolist(), places.tolist(), strict=True))
    common = {gram: n for gram, n in counts(list(place_of)).items() if 0 < n < POSTINGS}
    chosen = _rarest(place_of, common)
    hits = [(key, place_of[gram], log(2 * POSTINGS / common[gram])) for gram, key in postings(chosen)]
    return _ranked(hits) if hits else []


def _rarest(place_of: Mapping[int, int], counts: Mapping[int, int]) -> list[int]:
    """Of every stretch the rarest, so that a copied paragraph of a long text is looked for like a short text."""
    taken: dict[int, int] = {}
    chosen = []
    for gram in sorted(counts, key=lambda gram: (counts[gram], gram)):
        stretch = place_of[gram] // STRETCH
        if taken.setdefault(stretch, 0) < RAREST:
            taken[stretch] += 1
            chosen.append(gram)
    return chosen


def _ranked(hits: list[tuple[int, int, float]]) -> list[int]:
    """In turn the next best on the whole and the next best in one window."""
    hits.sort()
    keys, places = np.array([h[0] for h in hits]), np.array([h[1] for h in hits])
    weights = np.array([h[2] for h in hits])
    owners, starts = np.unique(keys, return_index=True)
    total = np.add.reduceat(weights, starts)
    dense = np.maximum.reduceat(_within_window(keys, places, weights), starts)
    both = zip(_best(owners, total), _best(owners, dense), strict=True)
    return list(dict.fromkeys(key for pair in both for key in pair))[:READ]


def _within_window(
    keys: NDArray[np.int_], places: NDArray[np.int_], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """For every hit the weight of the same text's hits from its place on, as far as a window reaches."""
    line = keys.astype(np.float64) * 2**24 + places  # one line for all texts; no text is 16 million characters long
    ends = np.searchsorted(line, line + WINDOW)
    sums = np.concatenate(([0.0], np.cumsum(weights)))
    return np.asarray(sums[ends] - sums[:-1])


def _best(owners: NDArray[np.int_], scores: NDArray[np.float64]) -> list[int]:
    best = np.argsort(-scores, kind="stable")[:READ]
    return [int(key) for key in owners[best]]
