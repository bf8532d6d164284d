"""How many works a recommender may send up, in all and of each category (rules.md (P) "Quotas"); 0 is no limit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Share:
    """One line of a page: what it limits, how many are used, of how many."""

    label: str
    used: int
    limit: int

    @property
    def is_full(self) -> bool:
        return self.used >= self.limit


class Tally:
    """What a recommender's list has used of its quotas: `used` holds the category (code, name) of each work on it."""

    def __init__(
        self,
        limit: int,
        category_limit: int,
        used: Iterable[tuple[str, str]] = (),
        own: Mapping[str, int] | None = None,
    ) -> None:
        self.limit, self.category_limit = limit, category_limit
        self.used, self.own = Counter(used), dict(own or {})

    def limit_of(self, code: str) -> int:
        """A category's number: the recommender's own where it has one."""
        return self.own.get(code, self.category_limit)

    def refusal(self, category: tuple[str, str]) -> str:
        """Why one more work of this category has no place, or ""."""
        if self.limit and self.used.total() >= self.limit:
            return f"本单位的推荐名额 {self.limit} 项已用完；确需增加的，请联系竞赛办公室。"
        most = self.limit_of(category[0])
        if most and self.used[category] >= most:
            return f"“{category[1]}”的推荐名额 {most} 项已用完；确需增加的，请联系竞赛办公室。"
        return ""

    def take(self, category: tuple[str, str]) -> str:
        """Count one more work, or say why it has no place."""
        reason = self.refusal(category)
        if not reason:
            self.used[category] += 1
        return reason

    def shares(self) -> list[Share]:
        """What is limited, the whole first; categories only as far as they are on the list."""
        whole = [Share("推荐名额", self.used.total(), self.limit)] if self.limit else []
        limited = [(code, name, count) for (code, name), count in sorted(self.used.items()) if self.limit_of(code)]
        return whole + [Share(name, count, self.limit_of(code)) for code, name, count in limited]
