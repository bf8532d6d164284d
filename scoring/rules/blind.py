"""Who a work would give away: the words by which its unit, people, phones and patents are known, and where they stand.

Words that stand as they are registered are masked without asking. What is left in another spelling (spaces between the
signs, full-width digits, a dash in a phone number) is a finding that a person decides (rules.md, blind review).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

MASK = "××"
AROUND = 18  # signs of the text before and after a finding
SHORTEST = 2  # a name of one sign would blot out ordinary words
_UNIT_SHORTEST = 4
_UNIT_ENDINGS = ("工会委员会", "总工会", "工会", "有限责任公司", "股份有限公司", "有限公司", "公司")
_PLACE = re.compile(r"^(?:[一-鿿]{2,5}?(?:省|自治区|市|县|区|旗|盟|州))+|^[省市县区]")
_BETWEEN = set("·•・‧-‐‑–—_")
_MOST_DIGITS = 7  # a word with so many figures is a number: there every sign between the figures is passed over


class Kind(StrEnum):
    UNIT = "unit"
    PERSON = "person"
    PHONE = "phone"
    PATENT = "patent"
    UNREADABLE = "unreadable"  # a scan: nobody but a person can tell what stands in it


KINDS = {
    Kind.UNIT: "单位名称",
    Kind.PERSON: "人员姓名",
    Kind.PHONE: "电话",
    Kind.PATENT: "专利号",
    Kind.UNREADABLE: "扫描件",
}


@dataclass(frozen=True)
class Found:
    """`raw` is what stands in the text, `excerpt` the text around it."""

    kind: Kind
    raw: str
    excerpt: str


def known(content: Mapping[str, Any], organizations: Iterable[str] = ()) -> dict[str, Kind]:
    """Word → kind of one version; `organizations` are the names of its unit and of those above it, aliases included."""
    leader = content.get("leader") or {}
    members, patents = content.get("members") or (), content.get("patents") or ()
    words: dict[str, Kind] = {}
    units = [content.get("unit_name"), leader.get("employer"), *organizations]
    units += [row.get("organization_text") for row in members] + [row.get("owner") for row in patents]
    words |= {name: Kind.UNIT for unit in units for name in unit_names(str(unit or "").strip())}
    people = [leader.get("name"), content.get("filled_by"), content.get("responsible_person")]
    words |= {str(name or ""): Kind.PERSON for name in [*people, *(row.get("name") for row in members)]}
    words[str(leader.get("phone") or "")] = Kind.PHONE
    for row in patents:
        number = str(row.get("number") or "")
        words |= dict.fromkeys((number, number.removeprefix("ZL")), Kind.PATENT)
    return {word.strip(): kind for word, kind in words.items() if len(word.strip()) >= SHORTEST}


def unit_names(name: str) -> Iterator[str]:
    """As registered, and what is left of it in daily use: 高平市丹河机械厂工会, 高平市丹河机械厂, 丹河机械厂."""
    yield name
    shorter = [name.removesuffix(ending) for ending in _UNIT_ENDINGS] + [_PLACE.sub("", name)]
    for one in shorter:
        if one != name and len(one) >= _UNIT_SHORTEST:
            yield from unit_names(one)


class Mask:
    """Texts with every known word blotted out, longest first; neighbours leave one mark, so that nobody counts them."""

    def __init__(self, words: Iterable[str]) -> None:
        ordered = sorted(set(words), key=lambda word: (-len(word), word))
        self._known = re.compile(f"(?:{'|'.join(map(re.escape, ordered))})+") if ordered else None

    def __call__(self, text: object) -> str:
        written = text if isinstance(text, str) else ""
        return self._known.sub(MASK, written) if self._known else written


def find(text: str, words: Mapping[str, Kind]) -> list[Found]:
    """Where a known word stands in the text in whatever spelling; each spelling once."""
    found: dict[tuple[Kind, str], Found] = {}
    for numbers in (False, True):
        wanted = {_squeezed(word, numbers)[0]: kind for word, kind in words.items() if _is_number(word) == numbers}
        wanted = {word: kind for word, kind in wanted.items() if len(word) >= SHORTEST}
        if not wanted:
            continue
        squeezed, places = _squeezed(text, numbers)
        for hit in re.finditer("|".join(map(re.escape, sorted(wanted, key=len, reverse=True))), squeezed):
            first, last = places[hit.start()], places[hit.end() - 1] + 1
            one = Found(wanted[hit[0]], text[first:last], _excerpt(text, first, last))
            found.setdefault((one.kind, one.raw), one)
    return list(found.values())


def _is_number(word: str) -> bool:
    return sum(sign.isdigit() for sign in word) >= _MOST_DIGITS


def _squeezed(text: str, numbers: bool) -> tuple[str, list[int]]:
    """The text in plain signs without spaces and dashes, and where each sign stood; for numbers letters and figures."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for plain in _plain(sign, numbers):
            signs.append(plain)
            places.append(place)
    return "".join(signs), places


@lru_cache(maxsize=20_000)
def _plain(sign: str, numbers: bool) -> str:
    if sign in _BETWEEN or unicodedata.category(sign)[0] in "ZC":
        return ""
    plain = unicodedata.normalize("NFKC", sign).casefold()
    return "".join(filter(str.isalnum, plain)) if numbers else plain


def _excerpt(text: str, first: int, last: int) -> str:
    around = text[max(0, first - AROUND) : last + AROUND]
    return " ".join(around.split())
