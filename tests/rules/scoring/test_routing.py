"""Works find their panel by industry, then by category (domain.md F8)."""

import pytest

from scoring.rules.routing import Field, route


def field(number: int, industries: str = "", categories: str = "") -> Field:
    return Field(number, frozenset(industries.split()), frozenset(categories.split()))


COAL, POWER, REST = field(1, "coal"), field(2, "power chemical"), field(3)
COAL_EQUIPMENT = field(4, "coal", "equipment")
ALL_EQUIPMENT = field(5, "", "equipment")


@pytest.mark.parametrize(
    ("industry", "category", "panels", "chosen"),
    [
        ("coal", "process", [COAL, POWER], 1),
        ("chemical", "process", [COAL, POWER], 2),
        ("health", "process", [COAL, POWER], None),
        ("health", "process", [COAL, REST], 3),
        ("coal", "process", [REST, COAL], 1),  # whoever names the industry goes before whoever takes all
        ("coal", "equipment", [COAL, COAL_EQUIPMENT], 4),
        ("coal", "process", [COAL_EQUIPMENT], None),
        ("coal", "equipment", [ALL_EQUIPMENT, COAL], 1),  # the industry counts more than the category
        ("health", "equipment", [REST, ALL_EQUIPMENT], 5),
        ("coal", "equipment", [field(8, "coal"), field(7, "coal")], 8),  # the office's order decides
        ("", "", [COAL], None),
        ("coal", "equipment", [], None),
    ],
)
def test_where_a_work_goes(industry, category, panels, chosen):
    assert route(industry, category, panels) == chosen
