"""How the tests fill in 附件5 and give the opinions."""

from __future__ import annotations

from typing import Any

from accounts.actor import Actor
from contests.models import Enrolment
from submissions.actions import nominating
from submissions.models import UnitNomination
from tests.cast import Cast

VALUES: dict[str, Any] = {
    "unit_name": "东山机械厂",
    "legal_representative": "何厂长",
    "nature_text": "民营企业",
    "phone": "0356-2025123",
    "head_count": 320,
    "participants": 280,
    "brief": "全年收集成果 46 项，用于生产 31 项，创效 820 万元。",
    "filled_by": "吴山",
    "responsible_person": "何厂长",
}


def filled(cast: Cast, actor: Actor | None = None, unit: Enrolment | None = None, **changes: Any) -> UnitNomination:
    row = nominating.start(actor or cast["unit_a"], unit or cast.enrolments["unit_a"])
    return nominating.save(actor or cast["unit_a"], row.pk, VALUES | changes, row.revision)


def handed_in(cast: Cast, actor: Actor | None = None, unit: Enrolment | None = None) -> UnitNomination:
    row = filled(cast, actor, unit)
    return nominating.give_opinion(actor or cast["unit_a"], row.pk, "同意申报。", seen="draft")
