"""Hashes of character n-grams.

An index keeps a sample of a text's n-grams: those whose hash lies below a bound. The choice looks at nothing but the
n-gram itself, so a passage leaves the same sample wherever it is copied to and whatever stands around it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

INDEXED = 5  # characters of an n-gram in the index: rare enough to lead to few texts
COMPARED = 4  # of one in the comparison: enough of them survive when 30 % of the words are changed
SAMPLED = 6  # one in so many is kept …
AT_LEAST = 64  # … but so many of a short text, or all it has
_BITS = 63  # a hash fits a signed column of 64 bits
_MIX = np.uint64(0x9E3779B97F4A7C15)
_FOLD = np.uint64(29)


def hashes(plain: str, size: int) -> Hashes:
    """The hash of the n-gram at every place; the same on every machine."""
    codes = np.frombuffer(plain.encode("utf-32-le"), dtype="<u4").astype(np.uint64)
    count = max(0, len(codes) - size + 1)
    made = np.zeros(count, np.uint64)
    for offset in range(size):
        made = (made ^ codes[offset : offset + count]) * _MIX
        made ^= made >> _FOLD
    return made >> np.uint64(64 - _BITS)


def sampled(plain: str) -> tuple[Hashes, NDArray[np.intp]]:
    """The hashes that an index keeps, each once, and the first place of each."""
    found, places = np.unique(hashes(plain, INDEXED), return_index=True)
    if not len(found):
        return found, places
    share = max(1 / SAMPLED, min(1.0, AT_LEAST / len(found)))
    kept = found < np.uint64(min(2**_BITS - 1, int(2**_BITS * share)))
    return found[kept], places[kept]
