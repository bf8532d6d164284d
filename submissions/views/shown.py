"""The values of an achievement in words, by the sections of the form."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.actor import Actor
from contests.rules.identifiers import mask_phone
from core.templatetags import wording
from submissions import policies
from submissions.forms.achievement import FORM_KEYS, stored
from submissions.models import Achievement
from submissions.rules.fields import FIELDS, SECTIONS, code_label, in_section

NUMERALS = "一二三四五六七八九十"
TEXTS = frozenset(key for key, rule in FIELDS.items() if (rule.max_length or 0) >= 300)


@dataclass
class Part:
    """One section: `facts` are short (label, words), `texts` long (label, text)."""

    code: str
    numeral: str
    label: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)


def words(key: str, value: Any) -> str:
    """A value under a key of FIELDS as a person reads it; "" when there is none."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return wording.day(value)
    return wording.grouped(value, 2) if isinstance(value, Decimal) else code_label(key, str(value))


def in_words(achievement: Achievement, key: str) -> str:
    return words(key, stored(achievement, key))


def parts(achievement: Achievement, actor: Actor) -> list[Part]:
    """The whole achievement in the order of the form; the phone is masked outside the circle that needs it."""
    found = [Part(code, NUMERALS[place], label) for place, (code, label) in enumerate(SECTIONS.items())]
    full_phone = policies.sees_phone(actor, achievement)
    for part in found:
        for rule in in_section(part.code):
            if rule.key not in FORM_KEYS:
                continue
            words = in_words(achievement, rule.key)
            if rule.key == "leader.phone" and words and not full_phone:
                words = mask_phone(words)
            (part.texts if rule.key in TEXTS else part.facts).append((rule.label, words))
    return found
