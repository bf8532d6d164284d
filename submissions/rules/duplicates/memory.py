"""The index of a corpus in memory: the same rules as in the database, for whoever has only files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from submissions.rules.duplicates import grams
from submissions.rules.duplicates.shortlist import shortlist
from submissions.rules.duplicates.similarity import COMMON, Likeness, compare, shown
from submissions.rules.duplicates.texts import plain


@dataclass(frozen=True)
class Work:
    title: str
    text: str

    @property
    def whole(self) -> str:
        return f"{self.title}\n{self.text}"


class Corpus:
    """Works by their place in the sequence; two sorted arrays hold which n-gram stands in which of them."""

    def __init__(self, works: Sequence[Work]) -> None:
        self._works = works
        self._titled: dict[str, list[int]] = {}
        for key, work in enumerate(works):
            self._titled.setdefault(plain(work.title), []).append(key)
        sampled = [grams.sampled(plain(work.whole))[0] for work in works] or [np.zeros(0, np.uint64)]
        found = np.concatenate(sampled)
        owners = np.repeat(np.arange(len(sampled), dtype=np.int32), [len(each) for each in sampled])
        order = np.argsort(found, kind="stable")
        self._grams, self._owners = found[order], owners[order]

    def like(self, work: Work) -> list[Likeness]:
        """What an auditor would be shown beside the work, the most alike first."""
        titled = self._same_title(work)
        keys = {*titled, *shortlist(plain(work.whole), self._counts, self._postings)}
        return shown(compare(work.whole, {key: self._works[key].whole for key in sorted(keys)}), titled)

    def _same_title(self, work: Work) -> list[int]:
        title = plain(work.title)
        found = self._titled.get(title, []) if title else []
        return found if len(found) <= COMMON else []

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
