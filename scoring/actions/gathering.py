"""The works of a round: which ones it judges, under neutral codes, in their panels."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from core import ledger
from core.errors import Refusal
from scoring import blinding
from scoring.actions.blind import carry_over, decided
from scoring.models import Entry, Recusal, Round, ScoreSheet
from scoring.queries.candidates import candidates
from scoring.rules import routing
from scoring.rules.entry_code import digits_for, entry_code
from scoring.rules.recusal import BY_PEOPLE
from submissions.models import Achievement

Judged = tuple[int, str, Decimal | None]


def judged(achievement: Achievement) -> Judged:
    """(version id, path, verified amount of the economic path) of a work as a round would judge it now."""
    versions = list(achievement.versions.all())
    if not versions:
        raise Refusal(f"“{achievement.title}”没有可供评审的提交内容；请先退回，由单位重新提交后再受理。")
    path = achievement.benefit_path
    return versions[-1].pk, path, achievement.verified_wan if path == "economic" else None


def collect(round_: Round) -> None:
    """The candidates under neutral codes in an order that tells nothing of unit or time."""
    rows = list(candidates(round_))
    rows.sort(key=lambda a: ledger.digest(f"{round_.pk}:{a.pk}"))
    digits = digits_for(len(rows))
    Entry.objects.bulk_create(
        entry_of(round_, achievement, entry_code(place, digits)) for place, achievement in enumerate(rows, start=1)
    )
    route(round_)
    blinding.write_packages(round_)


def entry_of(round_: Round, achievement: Achievement, code: str) -> Entry:
    version, path, amount = judged(achievement)
    return Entry(round=round_, achievement=achievement, version_id=version, code=code, path=path, benefit_wan=amount)


def collect_anew(round_: Round) -> None:
    """Everything computed is made again; what people said, decided and placed by hand follows its achievement."""
    named = list(round_.recusals.filter(reason__in=BY_PEOPLE).select_related("entry", "created_by"))
    placed = dict(round_.entries.filter(placed_by_hand=True).values_list("achievement", "panel"))
    common = dict(round_.entries.filter(common__isnull=False).values_list("achievement", "common"))
    decisions = decided(round_)
    discard_plan(round_)
    round_.recusals.all().delete()
    round_.entries.all().delete()
    collect(round_)
    carry_over(round_, decisions)
    for achievement, panel in placed.items():
        round_.entries.filter(achievement=achievement).update(panel=panel, placed_by_hand=True)
    for achievement, place in common.items():
        round_.entries.filter(achievement=achievement).update(common=place)
    places = dict(round_.entries.values_list("achievement", "pk"))
    Recusal.objects.bulk_create(
        Recusal(
            round=round_,
            entry_id=places[old.entry.achievement_id],
            appointment_id=old.appointment_id,
            reason=old.reason,
            evidence=old.evidence,
            created_by=old.created_by,
        )
        for old in named
        if old.entry.achievement_id in places
    )


def discard_plan(round_: Round) -> int:
    """The draft's assignment with all its sheets; how many sheets there were."""
    round_.plans.all().delete()
    count, _ = ScoreSheet.objects.filter(round=round_).delete()
    return count


def route(round_: Round) -> None:
    """Every work that nobody placed by hand goes to the panel of its industry and category, or to none."""
    fields = [
        routing.Field(panel.pk, frozenset(panel.industries), frozenset(panel.categories))
        for panel in round_.panels.all()
    ]
    changed = []
    for entry in round_.entries.filter(placed_by_hand=False).select_related("version"):
        content: dict[str, Any] = entry.version.content
        panel = routing.route(content["industry"], content["category"], fields)
        if entry.panel_id != panel:
            entry.panel_id = panel
            changed.append(entry)
    Entry.objects.bulk_update(changed, ["panel"], batch_size=500)
