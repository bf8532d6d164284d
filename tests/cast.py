"""The fixed cast of the tests: two parallel counties, a group, a direct unit, a team, and one person for each role.

Everything is made by the real actions; states of achievements are reached by running the real moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from PIL import Image

from accounts.actions import create_organization, create_user, grant_membership
from accounts.actor import Actor
from accounts.models import Level, Line, Nature, Organization, Ownership, Role
from contests.actions.dates import shift_phases
from contests.actions.enrol import enrol
from contests.models import Contest, Enrolment
from contests.rules import preset as presets
from core import files
from portal.actions.contests import create_contest
from scoring.actions import experts
from scoring.models import Expert
from scoring.rules.commitment import CURRENT
from submissions.actions import drafting, moves
from submissions.models import Achievement
from tests import kept

PASSWORD = "Wuxiao-test-2026"

_ORGANISATIONS = {  # key: (parent, name, short name, level, nature, ownership)
    "county_a": ("host", "东山县总工会", "东山县", Level.COUNTY, Nature.UNION_BODY, ""),
    "county_b": ("host", "西河县总工会", "西河县", Level.COUNTY, Nature.UNION_BODY, ""),
    "group": ("host", "太行煤业集团工会", "太行煤业", Level.INDUSTRY_GROUP, Nature.UNION_BODY, ""),
    "direct": ("host", "市第三人民医院工会", "市三院", Level.DIRECT, Nature.PUBLIC_INSTITUTION, ""),
    "unit_a": ("county_a", "东山机械厂工会", "东山机械", Level.GRASSROOTS, Nature.ENTERPRISE, Ownership.NON_PUBLIC),
    "unit_b": ("county_b", "西河化工厂工会", "西河化工", Level.GRASSROOTS, Nature.ENTERPRISE, Ownership.STATE),
    "mine": ("group", "太行二矿工会", "太行二矿", Level.GRASSROOTS, Nature.ENTERPRISE, Ownership.STATE),
    "mine_3": ("group", "太行三矿工会", "太行三矿", Level.GRASSROOTS, Nature.ENTERPRISE, Ownership.STATE),
    "team": ("mine", "太行二矿综采一队", "综采一队", Level.TEAM, Nature.ENTERPRISE, Ownership.STATE),
}
_PEOPLE = {  # user name: (name, organisation, role)
    "office": ("王敏", "host", Role.OFFICE),
    "office2": ("李建", "host", Role.OFFICE),
    "supervisor": ("赵清", "host", Role.SUPERVISOR),
    "auditor_a": ("孙东", "county_a", Role.AUDITOR),
    "auditor_b": ("钱西", "county_b", Role.AUDITOR),
    "auditor_group": ("周太", "group", Role.AUDITOR),
    "unit_a": ("吴山", "unit_a", Role.UNIT_OPERATOR),
    "unit_b": ("郑河", "unit_b", Role.UNIT_OPERATOR),
    "mine": ("冯煤", "mine", Role.UNIT_OPERATOR),
    "team": ("陈采", "team", Role.UNIT_OPERATOR),
    "direct": ("褚医", "direct", Role.UNIT_OPERATOR),
    "direct2": ("卫护", "direct", Role.AUDITOR),
    "expert1": ("蒋一", "host", Role.EXPERT),
    "expert2": ("沈二", "host", Role.EXPERT),
    "expert3": ("韩三", "host", Role.EXPERT),
    "expert4": ("杨四", "host", Role.EXPERT),
}


@contextmanager
def stage(blocker: Any, files_root: Path) -> Iterator[None]:
    """A transaction for a whole test module: what it builds once is rolled back with it.

    `blocker` is pytest-django's; tests on a stage take no `db` fixture, whose end would close the connection.
    """
    quick = override_settings(MEDIA_ROOT=files_root, PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    with blocker.unblock(), quick, scene():
        yield


@contextmanager
def scene() -> Iterator[None]:
    """What happens in here leaves no trace in the database; objects in memory are stale afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass
class Cast:
    contest: Contest
    organizations: dict[str, Organization]
    enrolments: dict[str, Enrolment]
    actors: dict[str, Actor]

    def __getitem__(self, username: str) -> Actor:
        return self.actors[username]


def assemble(preset: str = "jincheng-2021", now: datetime | None = None) -> Cast:
    """A contest whose submission phase opened yesterday, with the whole cast enrolled."""
    return _assembled(preset, now) if now else kept.built(lambda: _assembled(preset, None), "cast", preset)


def _assembled(preset: str, now: datetime | None) -> Cast:
    chosen = presets.named(preset).shifted((now or timezone.now()).year)
    contest = create_contest(None, chosen)
    _open_submission(contest, now or timezone.now())
    organizations = {"host": contest.host}
    enrolments = {"host": Enrolment.objects.get(contest=contest, recommender__isnull=True)}
    for key, (parent, name, short, level, *kind) in _ORGANISATIONS.items():
        barred = level == Level.DIRECT and kind[0] not in contest.sections["natures"]
        nature, ownership = (Nature.ENTERPRISE, Ownership.STATE) if barred else kind
        organizations[key] = create_organization(
            None, organizations[parent], name, level, nature, short_name=short, ownership=ownership, line=Line.UNION,
            industry_code="C3511" if nature == Nature.ENTERPRISE else "",
        )  # fmt: skip
        audits = True if key == "mine" else None
        enrolments[key] = enrol(None, contest, organizations[key], enrolments[parent], audits=audits)
    return Cast(contest, organizations, enrolments, _people(contest, organizations))


def _open_submission(contest: Contest, now: datetime) -> None:
    submit = contest.phases.get(kind="submit")
    shift_phases(None, contest, now - timedelta(days=1) - submit.opens_at)
    contest.window_start = now.date() - timedelta(days=700)
    contest.window_end = now.date() + timedelta(days=30)
    contest.settings_data |= {"require_dispatch": False}  # tests of the sending switch it on
    contest.save()


def _people(contest: Contest, organizations: dict[str, Organization]) -> dict[str, Actor]:
    actors = {}
    for username, (name, key, role) in _PEOPLE.items():
        user = create_user(None, username, name, PASSWORD)
        actors[username] = Actor(user, grant_membership(None, user, organizations[key], role))
        if role == Role.EXPERT:
            expert = Expert.objects.create(user=user, industries=["coal", "machinery"], categories=["equipment"])
            experts.engage(None, contest, [expert.pk])
            experts.commit(actors[username], contest, CURRENT.version)
    return actors


def picture(colour: str = "steelblue") -> bytes:
    out = BytesIO()
    Image.new("RGB", (320, 240), colour).save(out, "PNG")
    return out.getvalue()


def fields(cast: Cast, title: str = "井下皮带机自动纠偏装置", **changes: Any) -> dict[str, Any]:
    """A complete achievement by the keys of submissions.rules.fields.FIELDS."""
    contest, today = cast.contest, timezone.localdate()
    values = {
        "title": title,
        "kind": contest.kind_set.get(code="small_invention"),
        "category": contest.category_set.get(code="equipment"),
        "industry": contest.industry_set.get(code="coal"),
        "implemented_from": today - timedelta(days=400),
        "implemented_to": today - timedelta(days=300),
        "completed_on": today - timedelta(days=290),
        "applied_from": today - timedelta(days=280),
        "summary": f"{title}：在主运皮带上加装纠偏装置后，跑偏停机由每月 12 次降到 1 次，年节约 126.50 万元。",
        "innovation": "以机械反馈代替人工调偏，不需外接电源。",
        "benefit_path": "economic",
        "benefit_wan": Decimal("126.50"),
        "benefit_basis": "每次停机损失 0.96 万元，年减少 132 次。",
        "filled_by": "吴山",
        "responsible_person": "何厂长",
        "government_project": False,
        "dedicated_funds": False,
        "research_centre_topic": False,
        "classified": False,
        "truth_declared": True,
        "leader.name": "欧阳技",
        "leader.gender": "male",
        "leader.birth_month": "1985.06",
        "leader.employer": "东山机械厂",
        "leader.work_started": "2007.07",
        "leader.political_status": "party_member",
        "leader.professional_title": "工程师",
        "leader.skill_level": "technician",
        "leader.education_level": "bachelor",
        "leader.phone": "13900000001",
        "leader.bio": "从事机电维修 18 年。",
        "leader.deeds": "主持技改 7 项，累计创效 300 万元。",
    }
    return values | changes


def _leader(count: int) -> str:
    """Nobody leads more works than a contest allows (domain.md F4)."""
    return f"欧阳技{'甲乙丙丁戊己庚辛壬癸'[count // 3 % 10] * (count // 30 + 1) if count > 3 else ''}"


def draft(cast: Cast, who: str = "unit_a", unit: str | None = None, **changes: Any) -> Achievement:
    """A complete draft with a picture attached."""
    actor = cast[who]
    achievement = drafting.start_draft(actor, cast.enrolments[unit or who])
    count = Achievement.objects.count()
    values = fields(cast, **({"title": f"皮带机纠偏装置（第{count}项）", "leader.name": _leader(count)} | changes))
    drafting.save_fields(actor, achievement.pk, values, 0)
    file = files.store_bytes(picture(), "现场.png", "image/png")
    drafting.attach(actor, achievement.pk, "photo", file, "现场.png")
    return achievement


def registered(cast: Cast, who: str = "unit_a", **changes: Any) -> Achievement:
    return moves.register(cast[who], draft(cast, who, **changes).pk)


def submitted(cast: Cast, who: str = "unit_a", **changes: Any) -> Achievement:
    return moves.submit(cast[who], registered(cast, who, **changes).pk)


def at_host(cast: Cast, who: str = "unit_a", auditor: str = "auditor_a", **changes: Any) -> Achievement:
    """Submitted, its benefit verified, and recommended to the host."""
    achievement = submitted(cast, who, **changes)
    if achievement.benefit_path == "economic":
        moves.verify_benefit(cast[auditor], achievement.pk, achievement.benefit_wan, "economic", "")
    return moves.recommend(cast[auditor], achievement.pk)


def accepted(cast: Cast, who: str = "unit_a", auditor: str = "auditor_a", **changes: Any) -> Achievement:
    return moves.accept(cast["office"], at_host(cast, who, auditor, **changes).pk)
