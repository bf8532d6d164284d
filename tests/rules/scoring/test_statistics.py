"""Agreement, severity and patterns, held against a reference library, published tables and a direct solution."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.rules import statistics
from scoring.rules.statistics import Rating

# Shrout and Fleiss 1979, table 2: six targets, four judges.
SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
JURY = [
    [85, 82, 85, 87, 81],
    [85, 81, 83, 81, 86],
    [80, 84, 84, 83, 76],
    [79, 80, 81, 76, 79],
    [80, 80, 86, 80, 83],
    [83, 78, 80, 80, 80],
    [82, 86, 89, 81, 88],
    [92, 90, 98, 94, 88],
    [83, 84, 82, 85, 82],
    [84, 86, 80, 83, 81],
    [88, 84, 86, 87, 90],
    [90, 83, 84, 89, 81],
]
# Krippendorff 2011, "Computing Krippendorff's alpha-reliability": three observers, fifteen units, gaps.
GAPS = [
    [0, 0, 0, 0, 0, 3, 4, 1, 2, 1, 1, 3, 3, 0, 3],
    [1, 0, 2, 1, 3, 3, 4, 3, 0, 0, 0, 0, 0, 0, 0],
    [0, 0, 2, 1, 3, 4, 4, 0, 2, 1, 1, 3, 3, 0, 4],
]


def works_of(observers: list[list[int]]) -> list[list[int]]:
    return [[value for value in column if value] for column in zip(*observers, strict=True)]


# --- agreement -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("works", "alpha"),
    [
        (JURY, 0.5685737423780488),
        (SHROUT_FLEISS, 0.14730785039046446),
        (works_of(GAPS), 0.8108448928121059),
        ([[90, 90], [80, 80]], 1.0),
    ],
)
def test_alpha_of_published_tables(works: list[list[int]], alpha: float) -> None:
    found = statistics.krippendorff_alpha(works)
    assert found is not None
    assert float(found) == pytest.approx(alpha, abs=1e-9)


@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.integers(25, 100)), min_size=5, max_size=5), min_size=2, max_size=20
    ).filter(lambda rows: len({p for row in rows for p in row if p and sum(x is not None for x in row) > 1}) > 1)
)
def test_alpha_equals_the_reference_library(rows: list[list[int | None]]) -> None:
    """With missing marks, to 1e-6."""
    matrix = np.array([[np.nan if p is None else p for p in row] for row in rows], dtype=float).T
    found = statistics.krippendorff_alpha([[p for p in row if p is not None] for row in rows])
    assert found is not None
    assert float(found) == pytest.approx(krippendorff.alpha(matrix, level_of_measurement="interval"), abs=1e-6)


@pytest.mark.parametrize(("works", "expected"), [(SHROUT_FLEISS, 0.165742), (JURY, 0.585705172244578)])
def test_icc_equals_pingouin(works: list[list[int]], expected: float) -> None:
    """ICC(1,1) of pingouin 0.7.0; Shrout and Fleiss print .17 for their table."""
    found = statistics.icc(works)
    assert found is not None
    assert float(found) == pytest.approx(expected, abs=1e-6)


def test_nothing_can_be_said_without_two_ratings() -> None:
    for works in ([], [[90]], [[90], [80]], [[90, 90]]):
        assert statistics.krippendorff_alpha(works) is None
        assert statistics.icc(works) is None
    assert statistics.krippendorff_alpha([[90, 80], [90]]) is not None


def test_works_with_one_rating_change_nothing() -> None:
    assert statistics.krippendorff_alpha([*JURY, [25]]) == statistics.krippendorff_alpha(JURY)
    assert statistics.icc([*JURY, [25]]) == statistics.icc(JURY)


# --- severity --------------------------------------------------------------------------------------------


def table(rows: dict[str, dict[str, int]]) -> list[Rating]:
    return [Rating(work, expert, points) for work, row in rows.items() for expert, points in row.items()]


SEVERE = table(
    {
        "A1": {"E1": 90, "E2": 94, "E3": 92},
        "A2": {"E1": 80, "E2": 84},
        "A3": {"E2": 88, "E3": 86},
    }
)


def test_deviation_is_from_the_others_on_the_same_work() -> None:
    one, two, three = statistics.leanings(SEVERE)
    assert (one.expert, one.sheets, one.mean) == ("E1", 2, Fraction(85))
    assert one.deviation == Fraction(-7, 2)  # −3 on A1, −4 on A2
    assert two.deviation == (3 + 4 + 2) / Fraction(3)
    assert three.deviation == Fraction(0 - 2, 2)
    assert one.effect < three.effect < two.effect
    assert one.spread == pytest.approx(5.0)


def test_who_judged_alone_has_no_deviation() -> None:
    (alone,) = statistics.leanings([Rating("A1", "E1", 90)])
    assert alone.deviation is None
    assert alone.effect == 0


def test_typical_values_stand_beside_each_other() -> None:
    ratings = table({"A1": {"E1": 100, "E2": 90, "E3": 89, "E4": 60}, "A2": {"E1": 80, "E2": 81}})
    first, second = statistics.typicals(ratings)
    assert (first.mean, first.median, first.trimmed) == (Fraction(339, 4), Fraction(179, 2), Fraction(179, 2))
    assert (second.mean, second.median, second.trimmed) == (Fraction(161, 2),) * 3


@given(st.dictionaries(st.tuples(st.integers(1, 6), st.integers(1, 5)), st.integers(25, 100), min_size=1, max_size=30))
def test_the_additive_model_is_the_least_squares_of_the_full_design(marks: dict[tuple[int, int], int]) -> None:
    """Works eliminated or not: the fitted points are the same, and the effects have mean 0 in each component."""
    ratings = [Rating(f"A{work}", f"E{expert}", points) for (work, expert), points in marks.items()]
    works = sorted({rating.work for rating in ratings})
    experts = sorted({rating.expert for rating in ratings})
    design = np.zeros((len(ratings), len(works) + len(experts)))
    for at, rating in enumerate(ratings):
        design[at, works.index(rating.work)] = design[at, len(works) + experts.index(rating.expert)] = 1
    points = np.array([rating.points for rating in ratings], dtype=float)
    fitted = design @ np.linalg.lstsq(design, points, rcond=None)[0]
    effects = {leaning.expert: leaning.effect for leaning in statistics.leanings(ratings)}
    adjusted = {typical.work: typical.adjusted for typical in statistics.typicals(ratings)}
    assert [adjusted[r.work] + effects[r.expert] for r in ratings] == pytest.approx(list(fitted), abs=1e-6)
    for group in statistics.components(ratings):
        assert sum(effects[expert] for expert in group) == pytest.approx(0, abs=1e-6)


def test_panels_that_share_nobody_cannot_be_compared() -> None:
    apart = table({"A1": {"E1": 90, "E2": 80}, "A2": {"E3": 70, "E4": 75}})
    assert statistics.components(apart) == [frozenset({"E1", "E2"}), frozenset({"E3", "E4"})]
    common = [*apart, Rating("A9", "E2", 88), Rating("A9", "E3", 85)]
    assert len(statistics.components(common)) == 1


# --- patterns --------------------------------------------------------------------------------------------


def test_the_same_total_again_and_again() -> None:
    ratings = [Rating(f"A{n}", "E1", 88 if n else 70) for n in range(5)]
    ratings += [Rating(f"A{n}", "E2", 80 + n) for n in range(5)]
    ratings += [Rating(f"A{n}", "E3", 90) for n in range(4)]  # too few to say anything
    (found,) = statistics.patterns(ratings, {}, {})
    assert found == statistics.Pattern("constant", "E1", 4, 5, 88)


def test_sheets_under_half_a_minute() -> None:
    begun = datetime(2026, 9, 1, 12, tzinfo=UTC)

    def took(*seconds: int) -> list[tuple[datetime, datetime]]:
        return [(begun, begun + timedelta(seconds=second)) for second in seconds]

    found = statistics.patterns([], {"E1": took(29, 31, 600), "E2": took(30, 30)}, {})
    assert found == [statistics.Pattern("quick", "E1", 1, 3, 220)]


def test_a_panel_far_from_the_others() -> None:
    panels = {"E1": "一组", "E2": "二组", "E3": "三组"}
    ratings = [Rating(f"A{n}{e}", e, p) for n in range(3) for e, p in (("E1", 90), ("E2", 89), ("E3", 78))]
    (found,) = statistics.patterns(ratings, {}, panels)
    assert (found.kind, found.who, found.count, found.points) == ("far_off", "三组", 3, -12)
    assert statistics.patterns(ratings, {}, {}) == []


def season_of_panels(chance: random.Random, shift: int = 0, panels: int = 4, works: int = 30) -> list[Rating]:
    """Panels of five experts; works of every worth, experts who lean, noise. The last panel gives `shift` more."""
    found = []
    for panel in range(panels):
        leaning = {f"{panel}.{n}": chance.gauss(0, 2) for n in range(5)}
        for work in range(works):
            worth = chance.gauss(80, 6)
            for expert, leans in leaning.items():
                points = round(worth + leans + chance.gauss(0, 3) + (shift if panel == panels - 1 else 0))
                found.append(Rating(f"{panel}.{work}", expert, min(100, max(25, points))))
    return found


@pytest.mark.parametrize(("shift", "least", "most"), [(0, 0, 0.03), (9, 0.95, 1), (-9, 0.95, 1)])
def test_a_panel_far_off_is_found_and_honest_noise_is_not(shift: int, least: float, most: float) -> None:
    """In 200 simulated seasons: nobody is named for luck, and whoever is nine points off nearly always."""
    chance, named = random.Random(7), 0
    for _ in range(200):
        ratings = season_of_panels(chance, shift)
        found = statistics.patterns(ratings, {}, {rating.expert: rating.expert[0] for rating in ratings})
        named += any(one.kind == "far_off" and (not shift or one.who == "3") for one in found)
    assert least <= named / 200 <= most


def test_few_works_of_very_different_worth_name_no_panel() -> None:
    ratings = [Rating(f"A{n}", "E1", p) for n, p in enumerate((60, 95, 97))]
    ratings += [Rating(f"B{n}", "E2", p) for n, p in enumerate((70, 75, 80))]
    assert statistics.patterns(ratings, {}, {"E1": "一组", "E2": "二组"}) == []
