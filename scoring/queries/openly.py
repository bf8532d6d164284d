"""Who stands behind a work, for a round that the chair decided not to judge blind (明评)."""

from __future__ import annotations

from dataclasses import dataclass

from scoring.models import ScoreSheet


@dataclass(frozen=True)
class Names:
    unit: str
    leader: str
    members: tuple[str, ...]


def names(sheet: ScoreSheet) -> Names | None:
    """Of the judged version; None in a blind round, and nothing is looked up for it."""
    if sheet.round.blind:
        return None
    content = sheet.entry.version.content
    leader = (content.get("leader") or {}).get("name") or ""
    members = tuple(str(row.get("name") or "") for row in content.get("members") or ())
    return Names(sheet.entry.achievement.unit.name, str(leader), members)
