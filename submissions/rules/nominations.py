"""优胜单位: three opinions in order, 申报单位意见 → 县级(产业)意见 → 市级意见 (002 附件1 三, 附件5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    RECOMMENDED = "recommended"
    CONFIRMED = "confirmed"
    RETURNED = "returned"
    DECLINED = "declined"


class Step(StrEnum):
    UNIT = "unit"
    COUNTY = "county"
    CITY = "city"


STATUSES: dict[str, tuple[str, str]] = {
    Status.DRAFT: ("草稿", "none"),
    Status.SENT: ("待县级（产业）意见", "info"),
    Status.RECOMMENDED: ("待市级意见", "info"),
    Status.CONFIRMED: ("评为优胜单位", "ok"),
    Status.RETURNED: ("已退回", "bad"),
    Status.DECLINED: ("不同意", "bad"),
}
"""Words and tone."""
STEPS = {Step.UNIT: "申报单位意见", Step.COUNTY: "县级(产业)意见", Step.CITY: "市级意见"}
_NEXT = {Status.DRAFT: Step.UNIT, Status.RETURNED: Step.UNIT, Status.SENT: Step.COUNTY, Status.RECOMMENDED: Step.CITY}
_AGREED = {Step.UNIT: Status.SENT, Step.COUNTY: Status.RECOMMENDED, Step.CITY: Status.CONFIRMED}
EDITABLE = frozenset({Status.DRAFT, Status.RETURNED})


def next_step(status: str) -> Step | None:
    """Whose opinion comes next; None when all is said."""
    return _NEXT.get(Status(status))


def after(step: Step, agrees: bool) -> Status:
    return _AGREED[step] if agrees else Status.DECLINED


def participation_rate(participants: int | None, head_count: int | None) -> Decimal | None:
    """职工参与率 in percent, two decimals: computed, never typed; None without a head-count."""
    if not head_count or participants is None:
        return None
    return (Decimal(100 * participants) / head_count).quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True)
class Asked:
    """One field of 附件5 that must be filled before the unit gives its opinion."""

    key: str
    label: str


REQUIRED = (
    Asked("unit_name", "单位名称"),
    Asked("legal_representative", "法人代表"),
    Asked("nature_text", "单位性质"),
    Asked("phone", "联系电话"),
    Asked("head_count", "职工总数"),
    Asked("participants", "参赛职工数"),
    Asked("brief", "“五小”竞赛开展情况简介"),
    Asked("filled_by", "填报人"),
    Asked("responsible_person", "负责人"),
)


def missing(values: Mapping[str, Any]) -> list[Asked]:
    return [asked for asked in REQUIRED if values.get(asked.key) in (None, "")]
