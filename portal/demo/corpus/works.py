"""One invented achievement for any number: text, person, dates, patents, drawn from the words it is asked for."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from portal.demo.corpus import names
from portal.demo.corpus.dice import dice
from portal.demo.corpus.places import Place
from portal.demo.corpus.template import Template, filled
from portal.demo.corpus.texts import ALL

_GENERAL = "service"  # a place whose trade has no text of its own takes one of these


@dataclass(frozen=True)
class Patent:
    """`number` is canonical with its right check digit; `granted_on` is a day inside the work's own time."""

    kind: str
    number: str
    granted_on: date


@dataclass(frozen=True)
class Work:
    """Fields by the names of submissions.rules.fields; codes of the preset."""

    title: str
    kind: str
    category: str
    category_note: str
    industry: str
    summary: str
    innovation: str
    benefit_path: str
    benefit_wan: Decimal | None
    benefit_basis: str
    social_benefit: str
    implemented_from: date
    implemented_to: date
    completed_on: date
    applied_from: date
    leader: names.Person
    bio: str
    deeds: str
    members: tuple[str, ...]
    patents: tuple[Patent, ...]


@cache
def _by_trade() -> dict[str, tuple[Template, ...]]:
    found: dict[str, list[Template]] = defaultdict(list)
    for template in ALL:
        for trade in template.trades:
            found[trade].append(template)
    return {trade: tuple(templates) for trade, templates in found.items()}


def work(number: int, place: Place, seed: object, window: tuple[date, date]) -> Work:
    """The same work for the same arguments. `window` is the achievement window, both days included."""
    rng = dice("work", seed, number)
    templates = _by_trade().get(place.trade) or _by_trade()[_GENERAL]
    template = templates[number % len(templates)]
    words, wan = filled(template, rng)
    begun, ended, completed, applied = _dates(rng, window)
    leader = names.person(seed, number)
    return Work(
        title=template.title.format(**words),
        kind=template.kind,
        category=template.category,
        category_note=template.note.format(**words),
        industry=place.industry,
        summary=template.summary.format(**words),
        innovation=template.innovation.format(**words),
        benefit_path=template.path,
        benefit_wan=wan,
        benefit_basis=template.basis.format(**words),
        social_benefit=template.social.format(**words),
        implemented_from=begun,
        implemented_to=ended,
        completed_on=completed,
        applied_from=applied,
        leader=leader,
        bio=_bio(rng, leader),
        deeds=_deeds(rng, template.title.format(**words)),
        members=tuple(names.person(seed, number, i).name for i in range(rng.randint(0, 4))),
        patents=_patents(rng, applied),
    )


def _dates(rng: random.Random, window: tuple[date, date]) -> tuple[date, date, date, date]:
    """Begun, ended, completed inside the window, in use soon after."""
    first, last = window
    completed = first + timedelta(days=rng.randint(60, max(61, (last - first).days - 90)))
    ended = completed - timedelta(days=rng.randint(3, 25))
    return ended - timedelta(days=rng.randint(40, 240)), ended, completed, completed + timedelta(days=rng.randint(1, 20))


def _bio(rng: random.Random, leader: names.Person) -> str:
    years = rng.randint(8, 30)
    title = f"，{leader.professional_title}" if leader.professional_title != "无" else ""
    return (
        f"参加工作以来一直在生产一线{title}，从事本专业{years}年，熟悉设备原理和现场工艺，"
        f"带徒{rng.randint(2, 9)}人，参加技术攻关{rng.randint(4, 20)}项。"
    )


def _deeds(rng: random.Random, title: str) -> str:
    return (
        f"主持“{title}”，从现场测量、方案比选到试制安装全程负责，先后改进图纸{rng.randint(3, 12)}版，"
        f"组织试验{rng.randint(5, 40)}次。近三年提出合理化建议{rng.randint(6, 40)}条，采纳{rng.randint(3, 20)}条，"
        f"累计为单位节约费用{rng.randint(20, 300)}万元。"
    )


def _patents(rng: random.Random, applied: date) -> tuple[Patent, ...]:
    """One work in five has a patent; the numbers are invented, their check digits right."""
    if rng.random() > 0.2:
        return ()
    kind, digit = rng.choice((("invention", 1), ("utility_model", 2), ("utility_model", 2)))
    digits = f"{applied.year}{digit}{rng.randint(0, 9_999_999):07d}"
    weights = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
    check = sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11
    return (Patent(kind, f"ZL{digits}.{'X' if check == 10 else check}", applied + timedelta(days=rng.randint(0, 15))),)
