"""Award tiers (002: 一等奖 95~100, 二等奖 90~94, 三等奖 85~89): an inclusive floor compared with the rounded score."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

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
    """`[{"name", "floor"}]` with unique names, in the order in which they are tried; may be empty.

    Raises TierError(key, reason). That a contest's floors fall is the preset's check.
    """
    with refused_as(TierError):
        tiers = tuple(_tier(row, f"[{index}]") for index, row in enumerate(strict.rows(listed, "")))
        for index, tier in enumerate(tiers):
            if tier.name in [earlier.name for earlier in tiers[:index]]:
                raise BadValue(f"[{index}].name", "等级名称重复。")
        return tiers


def tiers_to_list(tiers: Sequence[Tier]) -> list[dict[str, str]]:
    return [{"name": tier.name, "floor": f"{tier.floor:f}"} for tier in tiers]


def _tier(row: object, key: str) -> Tier:
    found = strict.table(row, key, ("name", "floor"))
    return Tier(strict.text(found["name"], f"{key}.name"), strict.decimal(found["floor"], f"{key}.floor"))
