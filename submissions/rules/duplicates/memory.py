"""The index of a corpus in memory: the same rules as in the database, for whoever has only files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from submissions.rules.duplicates import grams
from submissions.rules.duplicates.shortlist import shortlist
from submissions.rules.duplicates.similarity import Likeness, compare, shown
from submissions.rules.duplicates.texts import plain


class Corpus:
    """Texts by their place in the sequence; two sorted arrays hold which n-gram stands in which of them."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        sampled = [grams.sampled(plain(text))[0] for text in texts] or [np.zeros(0, np.uint64)]
        found = np.concatenate(sampled)
        owners = np.repeat(np.arange(len(sampled), dtype=np.int32), [len(each) for each in sampled])
        order = np.argsort(found, kind="stable")
        self._grams, self._owners = found[order], owners[order]

    def like(self, text: str) -> list[Likeness]:
        """What an auditor would be shown beside the text, the most alike first."""
        keys = shortlist(plain(text), self._counts, self._postings)
        return shown(compare(text, {key: self._texts[key] for key in keys}))

    def _span(self, wanted: list[int]) -> Iterator[tuple[int, int, int]]:
        sought = np.array(wanted, np.uint64)
        starts = np.searchsorted(self._grams, sought, "left")
        ends = np.searchsorted(self._grams, sought, "right")
        return zip(wanted, starts.tolist(), ends.tolist(), strict=True)

    def _counts(self, wanted: list[int]) -> dict[int, int]:
        return {gram: end - start for gram, start, end in self._span(wanted)}

    def _postings(self, wanted: list[int]) -> Iterator[tuple[int, int]]:
        for gram, start, end in self._span(wanted):
            for owner in self._owners[start:end].tolist():
                yield gram, owner
