"""How sheets become a score where the notices are silent: fixed before the first score, printed with the result."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from scoring.rules import strict
from scoring.rules.strict import BadValue, refused_as

MEAN, TRIMMED_MEAN, MEDIAN = AGGREGATES = ("mean", "trimmed_mean", "median")
ROUNDINGS = ("half_up",)
MOST_SHEETS = 1000
MOST_DECIMALS = 12
_LEAST_TO_TRIM = 3  # with two sheets nothing would be left to count


class PolicyError(BadValue):
    """A policy refused, with the key and a Chinese reason."""


@dataclass(frozen=True)
class ScorePolicy:
    """`trim_from` and `minimum_sheets` are counts of sheets, `decimals` digits of the score, `outlier_gap` points.

    The defaults are rules.md, "From sheets to a score" (P). Construction checks nothing; `from_dict` does.
    """

    aggregate: str = TRIMMED_MEAN
    trim_from: int = 5
    minimum_sheets: int = 3
    decimals: int = 2
    rounding: str = "half_up"
    outlier_gap: int = 15

    @classmethod
    def from_dict(cls, section: object) -> "ScorePolicy":
        """Exactly the six keys of a season file's `policy`; raises PolicyError(key, reason)."""
        with refused_as(PolicyError):
            return cls._read(strict.table(section, "", tuple(cls.__dataclass_fields__)))

    def to_dict(self) -> dict[str, object]:
        return asdict(self)

    @classmethod
    def _read(cls, found: Mapping[str, object]) -> "ScorePolicy":
        policy = cls(
            aggregate=strict.one_of(found["aggregate"], "aggregate", AGGREGATES),
            trim_from=strict.whole(found["trim_from"], "trim_from", 1, MOST_SHEETS),
            minimum_sheets=strict.whole(found["minimum_sheets"], "minimum_sheets", 0, MOST_SHEETS),
            decimals=strict.whole(found["decimals"], "decimals", 0, MOST_DECIMALS),
            rounding=strict.one_of(found["rounding"], "rounding", ROUNDINGS),
            outlier_gap=strict.whole(found["outlier_gap"], "outlier_gap", 0, 1000),
        )
        if policy.aggregate == TRIMMED_MEAN and max(policy.trim_from, policy.minimum_sheets) < _LEAST_TO_TRIM:
            raise BadValue("trim_from", "去掉最高分和最低分后应有剩余，“去分起点”与“最少评分表数”至少一项不小于 3。")
        return policy
