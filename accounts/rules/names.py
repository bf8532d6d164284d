"""Names of organisations side by side: one plain form, and how alike two of them are.

Likeness proposes and never decides: 晋城二矿 and 晋城三矿 are nearly the same word and two different mines, so a person
confirms every alias (简称、曾用名). Two names are one without a person only when their plain forms are equal.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_ENDINGS = ("工会委员会", "总工会", "工会", "有限责任公司", "股份有限公司", "有限公司", "公司")
LIKE_ENOUGH = 0.5


@dataclass(frozen=True)
class Likeness:
    """An organisation that a text may mean; `share` from 0 to 1."""

    id: int
    share: float


def plain(name: str) -> str:
    """`晋城煤业（集团） 二矿` is `晋城煤业集团二矿`: width, case, blanks and punctuation make no difference."""
    return "".join(c for c in unicodedata.normalize("NFKC", name).lower() if c.isalnum())


def core_of(name: str) -> str:
    """The plain form without the ending that says what kind of body it is."""
    found = plain(name)
    for ending in _ENDINGS:
        if found.endswith(ending) and len(found) > len(ending) + 1:
            return core_of(found.removesuffix(ending))
    return found


def share(one: str, other: str) -> float:
    """How much of two names is alike: pairs of neighbouring characters in common (Dice), endings left out."""
    pairs, others = _pairs(core_of(one)), _pairs(core_of(other))
    if not pairs or not others:
        return 0.0
    inside = core_of(one) in core_of(other) or core_of(other) in core_of(one)
    return max(2 * len(pairs & others) / (len(pairs) + len(others)), LIKE_ENOUGH if inside else 0.0)


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


def alike(text: str, names: Mapping[int, Iterable[str]], most: int = 3) -> list[Likeness]:
    """The organisations whose names are most like the text, the likest first."""
    shares = {pk: max((share(text, name) for name in known if name), default=0.0) for pk, known in names.items()}
    near = [Likeness(pk, found) for pk, found in shares.items() if found >= LIKE_ENOUGH]
    return sorted(near, key=lambda one: (-one.share, one.id))[:most]
