"""How the official papers write what is neither plain text nor a number."""

from collections.abc import Iterable
from datetime import date

EMPTY_DATE = "年　月　日"
SEAL_AND_DATE = "(盖章)　　　年　月　日"


def sealed(day: date | None) -> str:
    """Seal and date under an opinion; the date is left to be written where there is none yet."""
    return f"(盖章)　　　{day.year}年{day.month}月{day.day}日" if day else SEAL_AND_DATE


def month(day: date | None) -> str:
    """2021.05"""
    return f"{day.year}.{day.month:02}" if day else ""


def dotted(day: date | None) -> str:
    """2019.05.07"""
    return f"{month(day)}.{day.day:02}" if day else ""


def period(first: date | None, last: date | None) -> str:
    """2020.03–2021.06, or one month, or 2020.03 至今 while there is no end."""
    if first is None or last is None:
        return f"{month(first)} 至今" if first else month(last)
    return month(first) if month(first) == month(last) else f"{month(first)}–{month(last)}"


def patent_lines(patents: Iterable[tuple[str, date | None]]) -> str:
    """One patent (number, 授权公告日) a line, "否" for none."""
    lines = [f"{number}（{dotted(granted)}）" if granted else number for number, granted in patents]
    return "\n".join(lines) or "否"
