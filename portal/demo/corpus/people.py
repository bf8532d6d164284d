"""The leader of an achievement (附件4): every field but the photo."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

from portal.demo.corpus import texts_people as texts
from portal.demo.corpus.names import invented_name, invented_phone
from portal.demo.corpus.places import Place

_SCHOOLING_WORDS = {
    "doctor": "博士研究生",
    "master": "硕士研究生",
    "bachelor": "大学本科",
    "junior_college": "大学专科",
    "secondary_vocational": "中专",
    "senior_high": "高中",
}
_POLITICAL_WORDS = {
    "party_member": "中共党员",
    "probationary": "中共预备党员",
    "league_member": "共青团员",
    "masses": "群众",
}
_WOMEN_IN_TEN = {"coal_mine": 1, "construction": 1, "hospital": 8, "silk": 7, "garment": 8, "service": 5}
_OLDEST_LEAGUE_MEMBER = 28
_OLDEST_PROBATIONARY = 45
_HONOURED_AFTER_YEARS = 8


@dataclass(frozen=True)
class Leader:
    """Keys of the fields `leader.*` but photo, bio, deeds; codes as in submissions.rules.codes, months as YYYY.MM."""

    name: str
    gender: str
    birth_month: str
    employer: str
    work_started: str
    political_status: str
    professional_title: str
    skill_level: str
    education_level: str
    phone: str
    top_honour: str


@dataclass(frozen=True)
class Told:
    """A leader with her 个人简介 and 主要事迹."""

    leader: Leader
    bio: str
    deeds: str


def told(rng: random.Random, place: Place, work: tuple[str, str], today: date) -> Told:
    """The one who did `work` (its kind and title), 26 to 57 years old on `today`."""
    family = texts.FAMILY.get(place.trade, "works")
    name = invented_name(rng, _WOMEN_IN_TEN.get(place.trade, 3))
    age = rng.randrange(26, 58)
    served = age - rng.randrange(18, 25)
    political = rng.choice(texts.POLITICAL)
    if political == "league_member" and age > _OLDEST_LEAGUE_MEMBER:
        political = "masses"
    if political == "probationary" and age > _OLDEST_PROBATIONARY:
        political = "party_member"
    born = f"{today.year - age}.{rng.randrange(1, 13):02d}"
    started = f"{today.year - served}.{rng.choice((3, 7, 8, 9)):02d}"
    schooling = rng.choice(texts.SCHOOLING[family])
    rank = rng.choice(texts.TITLES[family])
    who = Leader(
        name=name.name,
        gender=name.gender,
        birth_month=born,
        employer=place.name,
        work_started=started,
        political_status=political,
        professional_title=rank,
        skill_level=rng.choice(texts.SKILLS[family]),
        education_level=schooling,
        phone=invented_phone(rng),
        top_honour=rng.choice(texts.HONOURS) if served >= _HONOURED_AFTER_YEARS else "",
    )
    bio = _bio(rng, place, (name.gender, born, started), (political, schooling, rank), served)
    kind, title = work
    manner = "office" if family == "works" and kind == "small_suggestion" else family
    return Told(who, bio, _deeds(rng, manner, title))


def _bio(
    rng: random.Random, place: Place, dates: tuple[str, str, str], ranks: tuple[str, str, str], served: int
) -> str:
    gender, born, started = dates
    political, schooling, rank = ranks
    trait = rng.choice(texts.TRAITS).format(n=rng.randrange(3, 12), y=served)
    having = "" if rank == "无" else f"，具有{rank}职称"
    return (
        f"{'女' if gender == 'female' else '男'}，{_month(born)}出生，{_POLITICAL_WORDS[political]}，"
        f"{_SCHOOLING_WORDS[schooling]}文化程度，{_month(started)}参加工作，"
        f"现任{rng.choice(texts.POSTS[place.trade])}{having}。{trait}。"
    )


def _month(text: str) -> str:
    year, month = text.split(".")
    return f"{year}年{int(month)}月"


def _deeds(rng: random.Random, family: str, title: str) -> str:
    numbers = {
        "n": rng.randrange(3, 12),
        "p": rng.randrange(60, 420, 10),
        "q": rng.randrange(12, 48),
        "k": rng.randrange(4, 9),
        "m": rng.randrange(2, 4),
    }
    parts = (
        rng.choice(texts.OPENINGS[family]),
        rng.choice(texts.EFFORTS[family]),
        rng.choice(texts.RESULTS),
        rng.choice(texts.TEACHING[family]),
    )
    return "".join(part.format(title=_quoted(title), **numbers) for part in parts)


def _quoted(title: str) -> str:
    """A title inside “ ”: its own quotation marks become single ones."""
    return title.replace("“", "‘").replace("”", "’")
