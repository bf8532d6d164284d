"""The values of an achievement in words, by the sections of the form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils import timezone

from accounts.actor import Actor
from contests.rules.identifiers import mask_phone
from core.templatetags import wording
from submissions import policies, queries
from submissions.forms.achievement import FORM_KEYS, stored
from submissions.models import Achievement, Attachment, Commendation, Member, Patent
from submissions.queries import duplicates, submitted
from submissions.rules.comparison import text_of
from submissions.rules.eligibility import Finding
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


@dataclass
class Shown:
    """An achievement as one hat reads it: the unit as it stands, everybody else as it was last handed in."""

    title: str
    parts: list[Part]
    members: list[Member]
    patents: list[Patent]
    commendations: list[Commendation]
    checklist: list[Finding]
    has_photo: bool
    attachments: list[Attachment] | None = None  # None: as they stand
    stamped: str = ""  # the number of the form whose scan is there


def of(achievement: Achievement, actor: Actor) -> Shown:
    live = policies.works_for_unit(actor, achievement)
    content, sent = ({}, False) if live else queries.read_content(achievement)
    if not sent:
        return Shown(
            str(achievement),
            parts(achievement, actor, partial(in_words, achievement)),
            list(achievement.members.all()),
            list(achievement.patents.all()),
            list(achievement.commendations.all()),
            queries.checklist(achievement, for_unit=live),
            bool(achievement.leader.photo_id),
            stamped=submitted.last_scan(achievement),
        )
    names = queries.names_of(achievement.contest)
    content = content | queries.late_stamp(achievement, content)
    day = timezone.localdate(achievement.submitted_at) if achievement.submitted_at else None
    return Shown(
        content["title"],
        parts(achievement, actor, lambda key: text_of(content, key, names)),
        submitted.members(content),
        submitted.patents(content),
        submitted.commendations(content),
        queries.judged(achievement, content, for_unit=not duplicates.audits(actor), day=day),
        bool(content["leader"].get("photo")),
        submitted.attachments(content),
        content.get("stamped_copy", ""),
    )


def parts(achievement: Achievement, actor: Actor, said: Callable[[str], str]) -> list[Part]:
    """The whole achievement in the order of the form; the phone is masked outside the circle that needs it."""
    found = [Part(code, NUMERALS[place], label) for place, (code, label) in enumerate(SECTIONS.items())]
    full_phone = policies.sees_phone(actor, achievement)
    for part in found:
        for rule in in_section(part.code):
            if rule.key not in FORM_KEYS:
                continue
            words = said(rule.key)
            if rule.key == "leader.phone" and words and not full_phone:
                words = mask_phone(words)
            (part.texts if rule.key in TEXTS else part.facts).append((rule.label, words))
    return found
