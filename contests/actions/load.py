"""A preset becomes the rows of one contest. The caller (portal's create_contest) holds the transaction."""

from __future__ import annotations

from typing import Any

from accounts.actor import Actor
from accounts.models import Organization
from contests import calendar
from contests.models import (
    AwardTier,
    Category,
    Contest,
    Industry,
    Kind,
    Organizer,
    OrganizingItem,
    PaperKind,
    Phase,
    Target,
)
from contests.rules.preset import Preset
from core import ledger
from core.errors import Refusal

_CATALOGUES: dict[str, tuple[type[Any], tuple[str, ...]]] = {
    "kinds": (Kind, ()),
    "categories": (Category, ("definition", "needs_explanation")),
    "industries": (Industry, ()),
    "tiers": (AwardTier, ("floor", "prize_yuan", "at_most")),
    "organizers": (Organizer, ("line", "is_lead")),
    "organizing_items": (OrganizingItem, ("maximum",)),
    "targets": (Target, ("percent",)),
    "papers": (PaperKind, ("annex", "copies")),
}


def load_contest(actor: Actor | None, preset: Preset, host: Organization) -> Contest:
    """Contest, phases and catalogues; one contest a host and year. Ledger: `create_contest`."""
    if Contest.objects.filter(host=host, year=preset.year).exists():
        raise Refusal(f"{host.name}已有 {preset.year} 年度的竞赛，不能重复建立。", code="exists")
    contest = Contest.objects.create(
        host=host,
        preset=preset.id,
        year=preset.year,
        label=preset.label,
        title=preset.title,
        document_number=preset.document_number,
        window_start=preset.achievement_window.first,
        window_end=preset.achievement_window.last,
        settings_data=preset.settings.to_dict(),
        sections=_sections(preset),
    )
    _load_phases(contest, preset)
    _load_catalogues(contest, preset)
    ledger.record(actor, "create_contest", f"contest:{contest.pk}", {"preset": preset.id, "year": preset.year},
                  chain=contest.chain)  # fmt: skip
    return contest


def _sections(preset: Preset) -> dict[str, Any]:
    """What pages and papers quote but nothing computes with, as JSON."""
    return {
        "source": {"title": preset.source.title, "number": preset.source.number},
        "scope": preset.eligibility.scope,
        "natures": list(preset.eligibility.natures),
        "industry_sections": list(preset.eligibility.industry_sections),
        "statistics_period": [preset.statistics_period.first.isoformat(), preset.statistics_period.last.isoformat()],
        "clauses": [{"code": c.code, "place": c.place, "heading": c.heading, "text": c.text} for c in preset.clauses],
        "grounds": dict(preset.grounds),
        "offices": [{"body": o.body, "role": o.role, "position": o.position} for o in preset.offices],
        "winner_unit": _winner_unit(preset),
        "rubric": preset.sections.get("rubric", {}).get("id", ""),
        "policy": preset.sections.get("policy", {}),
    }


def _winner_unit(preset: Preset) -> dict[str, Any]:
    """优胜单位奖: who nominates, who may be nominated, the opinions in order (002 附件1 三); {} where there is none."""
    found = preset.winner_unit
    if found is None:
        return {}
    return {"nominators": found.nominators, "natures": list(found.natures), "opinions": list(found.opinions)}


def _load_phases(contest: Contest, preset: Preset) -> None:
    Phase.objects.bulk_create(
        Phase(
            contest=contest,
            kind=phase.kind,
            name=phase.name,
            opens_at=calendar.opening_instant(phase.opens),
            closes_at=calendar.closing_instant(phase.closes),
            order=order,
        )
        for order, phase in enumerate(preset.phases, start=1)
    )


def _load_catalogues(contest: Contest, preset: Preset) -> None:
    for section, (model, extra) in _CATALOGUES.items():
        model._default_manager.bulk_create(
            model(
                contest=contest, code=row.code, name=row.name, order=order, **{key: getattr(row, key) for key in extra}
            )
            for order, row in enumerate(getattr(preset, section), start=1)
        )
