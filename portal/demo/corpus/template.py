"""A hand-written achievement with blanks, and the small language of its blanks.

    where=主斜井|西翼大巷      one of these words
    days=20..90/5             a number from 20 to 90 in steps of 5 (1 when no step is given); 3 alone is always 3
    saved:=days*wage/10000    computed from earlier numbers with + - * /, rounded to two places

An economic template computes `wan`, the yearly 万元, so that its 测算依据 always adds up.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

CENT = Decimal("0.01")
_TERM = re.compile(r"([+-]?)([^+-]+)")
_NUMBERS = re.compile(r"[\d.]+(/[\d.]+)?")
_FACTOR = re.compile(r"([*/]?)([^*/]+)")

Factors = tuple[tuple[str, str], ...]  # ("*" or "/", a name or a number)
Terms = tuple[tuple[str, Factors], ...]  # ("+" or "-", factors)


@dataclass(frozen=True)
class Template:
    """`trades`: the kinds of unit it suits; `basis` makes it economic, `social` social; `note`: 类型说明 of 其它."""

    key: str
    kind: str
    category: str
    trades: tuple[str, ...]
    title: str
    blanks: str
    summary: str
    innovation: str
    basis: str = ""
    social: str = ""
    note: str = ""

    @property
    def path(self) -> str:
        return "economic" if self.basis else "social"


@dataclass(frozen=True)
class Words:
    options: tuple[str, ...]

    @property
    def size(self) -> int:
        return len(self.options)


@dataclass(frozen=True)
class Span:
    low: Decimal
    step: Decimal
    size: int


@dataclass(frozen=True)
class Formula:
    terms: Terms


Blank = Words | Span | Formula


@cache
def blanks_of(source: str) -> tuple[tuple[str, Blank], ...]:
    """The blanks in their order; ValueError when one is written wrongly."""
    parts = (part.strip() for part in source.split(";"))
    return tuple(_blank(part) for part in parts if part)


def _blank(part: str) -> tuple[str, Blank]:
    name, sign, text = part.partition("=")
    if not sign or not text:
        raise ValueError(f"not a blank: {part!r}")
    if name.endswith(":"):
        return name[:-1], Formula(_terms(text))
    return name, _span(text) if _NUMBERS.fullmatch(text) else Words(tuple(text.split("|")))


def _span(text: str) -> Span:
    bounds, _, step = text.partition("/")
    low, high = map(Decimal, bounds.split("..") if ".." in bounds else (bounds, bounds))
    each = Decimal(step or 1)
    return Span(low, each, int((high - low) / each) + 1)


def _terms(text: str) -> Terms:
    return tuple(
        (sign or "+", tuple((op or "*", name) for op, name in _FACTOR.findall(factors)))
        for sign, factors in _TERM.findall(text.replace(" ", ""))
    )


def filled(template: Template, rng: random.Random) -> tuple[dict[str, str], Decimal | None]:
    """The words for every blank, and the yearly 万元 (None on the social path)."""
    words: dict[str, str] = {}
    numbers: dict[str, Decimal] = {}
    for name, blank in blanks_of(template.blanks):
        if isinstance(blank, Words):
            words[name] = blank.options[rng.randrange(blank.size)]
            continue
        number = _drawn(blank, rng) if isinstance(blank, Span) else _computed(blank.terms, numbers)
        numbers[name] = number
        words[name] = shown(number)
    return words, numbers["wan"].quantize(CENT) if template.basis else None


def _drawn(span: Span, rng: random.Random) -> Decimal:
    return span.low + span.step * rng.randrange(span.size)


def _computed(terms: Terms, numbers: Mapping[str, Decimal]) -> Decimal:
    total = Decimal(0)
    for sign, factors in terms:
        product = Decimal(1)
        for op, name in factors:
            value = numbers[name] if name in numbers else Decimal(name)
            product = product * value if op == "*" else product / value
        total += product if sign == "+" else -product
    return total.quantize(CENT, ROUND_HALF_UP)


def shown(number: Decimal) -> str:
    """Without idle zeros: 12.50 is 12.5, 12.00 is 12."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
