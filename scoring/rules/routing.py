"""Which panel (评审组) a work belongs to: like is compared with like (001 五(一), domain.md F8).

A panel names industries and categories; an empty list stands for all of them. A work goes where its industry is named,
and among those where its category is named; of panels that fit equally well the first one in the office's order.
"""

from collections.abc import Sequence
from dataclasses import dataclass

_NAMED_INDUSTRY, _NAMED_CATEGORY = 2, 1


@dataclass(frozen=True)
class Field:
    """What a panel judges. `id` is any plain value."""

    id: int
    industries: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()


def route(industry: str, category: str, panels: Sequence[Field]) -> int | None:
    """The id of the panel for a work, or None where no panel takes it and a person must decide."""
    fitting = [(fit, panel) for panel in panels if (fit := _fit(industry, category, panel)) is not None]
    return max(fitting, key=lambda pair: pair[0])[1].id if fitting else None


def _fit(industry: str, category: str, panel: Field) -> int | None:
    if panel.industries and industry not in panel.industries:
        return None
    if panel.categories and category not in panel.categories:
        return None
    return _NAMED_INDUSTRY * bool(panel.industries) + _NAMED_CATEGORY * bool(panel.categories)
