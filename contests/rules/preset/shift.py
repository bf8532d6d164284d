"""Moving a whole preset to another year, before it is read."""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Mapping
from datetime import date
from typing import Any

from contests.rules.preset.errors import PresetError

FIRST_YEAR, LAST_YEAR = 2000, 2099


def shift(file: str, data: Mapping[str, Any], year: int) -> dict[str, Any]:
    """Every date and time outside `[source]` moves by the same number of years, and `contest.year` is the new one."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise PresetError(file, "contest.year", f"年份应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间")
    years = year - data["contest"]["year"]
    moved = {key: value if key == "source" else _moved(value, years, key) for key, value in data.items()}
    moved["contest"] = {**moved["contest"], "year": year}
    if years:
        moved["contest"]["document_number"] = ""
    return moved


def _moved(value: Any, years: int, key: str = "") -> Any:
    if isinstance(value, date):
        return move_day(value, years, keeps_month_end=key in ("closes", "last"))
    if isinstance(value, Mapping):
        return {inner: _moved(item, years, inner) for inner, item in value.items()}
    if isinstance(value, list):
        return [_moved(item, years, key) for item in value]
    return value


def move_day(day: date, years: int, *, keeps_month_end: bool = False) -> date:
    """29 February becomes the 28th where there is none; the end of a February stays its end where that is asked."""
    year = day.year + years
    last = monthrange(year, day.month)[1]
    month_end = keeps_month_end and day.month == 2 and day.day == (29 if isleap(day.year) else 28)
    return day.replace(year=year, day=last if month_end else min(day.day, last))
