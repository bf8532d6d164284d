"""One plain form of a text: width, case, spaces and punctuation make no difference; digits and letters do."""

from __future__ import annotations

import unicodedata
from functools import cache


class _Fold(dict[int, str]):
    """For str.translate: NFKC and lower case of each character, letters, ideographs and digits only."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKC", chr(code)).lower()
        self[code] = "".join(c for c in plain if c.isalnum())
        return self[code]


@cache
def _fold() -> _Fold:
    return _Fold()


def plain(text: str) -> str:
    """`ＤＴＬ１２０型，带式 输送机` is `dtl120型带式输送机`."""
    return text.translate(_fold())


def positions(text: str) -> list[int]:
    """For every character of `plain(text)` the place in `text` that it comes from."""
    fold = _fold()
    return [at for at, char in enumerate(text) for _ in fold[ord(char)]]
