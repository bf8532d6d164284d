"""When an expert opened a sheet, kept in her session: looking writes nothing, her first save carries it along."""

from __future__ import annotations

from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any

KEY = "sheets_opened"
_MOST = 300  # of the newest; an expert's batch is smaller


def note(session: MutableMapping[str, Any], sheet: int, now: datetime) -> None:
    """The first time counts."""
    known: dict[str, int] = dict(session.get(KEY, {}))
    if str(sheet) not in known:
        known[str(sheet)] = int(now.timestamp())
        session[KEY] = dict(list(known.items())[-_MOST:])


def of(session: MutableMapping[str, Any], sheet: int) -> datetime | None:
    at = session.get(KEY, {}).get(str(sheet))
    return None if at is None else datetime.fromtimestamp(at, tz=UTC)
