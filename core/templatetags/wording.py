"""How figures, times and phone numbers are written on every page. Plain functions: no clock, no settings."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import TypeAlias

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
MISSING = "–"

Figure: TypeAlias = Decimal | int | float


def grouped(value: Figure | None, places: int = 0) -> str:
    """A figure with thousands separators; a missing one is a dash, never 0."""
    return MISSING if value is None else f"{value:,.{places}f}"


def percent(ratio: Figure | None, places: int = 1) -> str:
    """A ratio such as 0.905 as 90.5%."""
    return MISSING if ratio is None else f"{ratio * 100:.{places}f}%"


def beijing(moment: datetime) -> datetime:
    """A naive moment is taken to be Beijing time already."""
    return moment.astimezone(BEIJING) if moment.tzinfo else moment.replace(tzinfo=BEIJING)


def day(moment: date | None) -> str:
    if moment is None:
        return MISSING
    local = beijing(moment) if isinstance(moment, datetime) else moment
    return f"{local.year}年{local.month}月{local.day}日"


def day_and_minute(moment: datetime | None) -> str:
    return MISSING if moment is None else f"{day(moment)} {beijing(moment):%H:%M}"


def short(moment: datetime | None) -> str:
    if moment is None:
        return MISSING
    local = beijing(moment)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def closing(moment: datetime | None) -> str:
    """A closing time is written down to the second: 9月7日 23:59:59."""
    if moment is None:
        return MISSING
    local = beijing(moment)
    return f"{local.month}月{local.day}日 {local:%H:%M:%S}"


def time_left(due: datetime | None, now: datetime) -> str:
    """The two largest units that are left until ``due``; the closing second itself is still open."""
    if due is None:
        return MISSING
    left = int((beijing(due) - beijing(now)).total_seconds())
    if beijing(now) > beijing(due):
        return "已截止"
    days, hours, minutes = left // 86400, left // 3600 % 24, left // 60 % 60
    if days:
        return f"还有 {days} 天 {hours} 小时" if hours else f"还有 {days} 天"
    if hours:
        return f"还有 {hours} 小时 {minutes} 分"
    return f"还有 {minutes} 分" if minutes else "还有不到 1 分钟"


def masked_phone(phone: str | None) -> str:
    """The first three and the last four figures; a number too short to hide that way is hidden whole."""
    if not phone:
        return MISSING
    digits = "".join(sign for sign in phone if sign.isdigit())
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 10 else "****"
