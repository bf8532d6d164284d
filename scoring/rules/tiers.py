"""Award tiers (002: 一等奖 95~100, 二等奖 90~94, 三等奖 85~89): an inclusive floor compared with the rounded score."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from scoring.rules import strict
from scoring.rules.strict import BadValue, refused_as


class TierError(BadValue):
    """A list of tiers refused, with the key and a Chinese reason."""


@dataclass(frozen=True)
class Tier:
    name: str
    floor: Decimal


def tier_for(score: Decimal, tiers: Sequence[Tier]) -> str:
    """The name of the first tier whose floor ≤ the rounded score; "" when none. (P) 94.50 is 二等奖."""
    return next((tier.name for tier in tiers if tier.floor <= score), "")


def tiers_from_list(listed: object) -> tuple[Tier, ...]:
    """`[{"name", "floor"}]`, floors strictly falling and names unique; may be empty. Raises TierError(key, reason)."""
    with refused_as(TierError):
        tiers = tuple(_tier(row, f"[{index}]") for index, row in enumerate(strict.rows(listed, "")))
        for index, (above, below) in enumerate(pairwise(tiers), start=1):
            if above.floor <= below.floor:
                raise BadValue(f"[{index}].floor", "下限应逐档递减。")
            if below.name in [tier.name for tier in tiers[:index]]:
                raise BadValue(f"[{index}].name", "等级名称重复。")
        return tiers


def tiers_to_list(tiers: Sequence[Tier]) -> list[dict[str, str]]:
    return [{"name": tier.name, "floor": f"{tier.floor:f}"} for tier in tiers]


def _tier(row: object, key: str) -> Tier:
    found = strict.table(row, key, ("name", "floor"))
    return Tier(strict.text(found["name"], f"{key}.name"), strict.decimal(found["floor"], f"{key}.floor"))
