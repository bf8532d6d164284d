"""Recusal, exactly: a group with two mines, a county, a direct unit; who is kept from what, and why."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.rules.recusal import Conflict, Judge, Reason, Work, branch, conflict, conflicts, still_counts

GROUP = ("group", "host")
MINE_2, MINE_3 = ("mine2", *GROUP), ("mine3", *GROUP)
SHOP_2 = ("shop2", *MINE_2)
TEAM_A, TEAM_B = ("teamA", *SHOP_2), ("teamB", *MINE_2)
PLANT, MILL = ("plant", "county", "host"), ("mill", "county", "host")
DIRECT = ("hospital", "host")

WORKS = {
    "of mine 2": Work("w", MINE_2, "group", frozenset({"li", "wang"})),
    "of team A": Work("w", TEAM_A, "group"),
    "of the plant": Work("w", PLANT, "county"),
    "of the hospital": Work("w", DIRECT, "hospital"),
    "of the hospital, by the host": Work("w", DIRECT, "host"),
}

TABLE = [
    # work, her employers, widened, reason, evidence
    ("of mine 2", [MINE_2], False, Reason.UNIT, ("mine2", "mine2")),
    ("of mine 2", [TEAM_B], False, Reason.UNIT, ("teamB", "mine2")),
    ("of mine 2", [MINE_3], False, None, ()),
    ("of mine 2", [MINE_3], True, Reason.RECOMMENDER, ("mine3", "group")),
    ("of mine 2", [GROUP], False, None, ()),
    ("of mine 2", [GROUP], True, Reason.RECOMMENDER, ("group", "group")),
    ("of mine 2", [PLANT], True, None, ()),
    ("of mine 2", [("host",)], True, None, ()),
    ("of mine 2", [PLANT, TEAM_A], False, Reason.UNIT, ("teamA", "mine2")),
    ("of mine 2", [], True, None, ()),
    ("of team A", [TEAM_A], False, Reason.UNIT, ("teamA", "teamA")),
    ("of team A", [TEAM_B], False, Reason.BRANCH, ("teamB", "mine2")),
    ("of team A", [MINE_2], False, Reason.BRANCH, ("mine2", "mine2")),
    ("of team A", [SHOP_2], False, Reason.BRANCH, ("shop2", "mine2")),
    ("of team A", [MINE_3], False, None, ()),
    ("of the plant", [PLANT], False, Reason.UNIT, ("plant", "plant")),
    ("of the plant", [MILL], False, None, ()),
    ("of the plant", [MILL], True, Reason.RECOMMENDER, ("mill", "county")),
    ("of the hospital", [DIRECT], False, Reason.UNIT, ("hospital", "hospital")),
    ("of the hospital", [PLANT], True, None, ()),
    ("of the hospital, by the host", [DIRECT], True, Reason.UNIT, ("hospital", "hospital")),
    ("of the hospital, by the host", [PLANT], True, None, ()),
    ("of the hospital, by the host", [("host",)], True, None, ()),
]


@pytest.mark.parametrize(("work", "employers", "widen", "reason", "evidence"), TABLE)
def test_employers(work: str, employers: list, widen: bool, reason: Reason | None, evidence: tuple) -> None:
    wanted = Conflict(reason, evidence) if reason else None
    assert conflict(WORKS[work], Judge("zhao", tuple(employers)), widen=widen) == wanted


@pytest.mark.parametrize(
    ("judge", "wanted"),
    [
        (Judge("li"), Conflict(Reason.MEMBER, ("li",))),
        (Judge("zhao", declared=frozenset({"w"})), Conflict(Reason.DECLARED, ("w",))),
        (Judge("zhao", declared=frozenset({"other"})), None),
        (Judge("zhao", barred=frozenset({"w"})), Conflict(Reason.OFFICE, ("w",))),
        (Judge("li", (MINE_2,), frozenset({"w"}), frozenset({"w"})), Conflict(Reason.OFFICE, ("w",))),
        (Judge("li", (MINE_2,), frozenset({"w"})), Conflict(Reason.DECLARED, ("w",))),
        (Judge("li", (MINE_2,)), Conflict(Reason.MEMBER, ("li",))),
    ],
)
def test_membership_declaration_and_the_office(judge: Judge, wanted: Conflict | None) -> None:
    assert conflict(WORKS["of mine 2"], judge) == wanted


def test_the_branch_of_a_unit_that_is_not_under_its_recommender_is_the_unit() -> None:
    assert branch(PLANT, "youth-league") == "plant"


def test_numbers_serve_as_ids() -> None:
    assert conflict(Work(1, (7, 3, 1), 3), Judge(1, ((12, 7, 3, 1),))) == Conflict(Reason.UNIT, (12, 7))


CHAINS = st.sampled_from([GROUP, MINE_2, MINE_3, SHOP_2, TEAM_A, TEAM_B, PLANT, MILL, DIRECT, ("host",)])


@given(st.sampled_from(sorted(WORKS)), st.lists(CHAINS, max_size=4), CHAINS, st.randoms())
def test_more_employers_or_a_wider_rule_never_free_an_expert(work: str, employers: list, more: tuple, lot) -> None:
    found = conflict(WORKS[work], Judge("zhao", tuple(employers)))
    shuffled = lot.sample([*employers], len(employers))
    assert conflict(WORKS[work], Judge("zhao", tuple(shuffled))) == found
    if found:
        assert conflict(WORKS[work], Judge("zhao", (*employers, more)))
        assert conflict(WORKS[work], Judge("zhao", tuple(employers)), widen=True)


PEOPLE = st.sampled_from(["li", "wang", "zhao"])
JUDGES = st.builds(
    Judge,
    PEOPLE,
    st.lists(CHAINS, max_size=3).map(tuple),
    st.frozensets(st.integers(0, 4), max_size=2),
    st.frozensets(st.integers(0, 4), max_size=1),
)


@given(st.lists(st.sampled_from(sorted(WORKS)), max_size=5), st.lists(JUDGES, max_size=4), st.booleans())
def test_all_conflicts_of_a_season_are_those_of_every_single_pair(names: list, judges: list, widen: bool) -> None:
    works = [replace(WORKS[name], id=place) for place, name in enumerate(names)]
    pairs = [
        (p, w, conflict(work, judge, widen=widen)) for p, judge in enumerate(judges) for w, work in enumerate(works)
    ]
    assert list(conflicts(works, judges, widen=widen)) == [pair for pair in pairs if pair[2]]


@pytest.mark.parametrize(
    ("until", "on", "years", "counts"),
    [
        (None, date(2021, 9, 11), 3, True),
        (date(2018, 9, 11), date(2021, 9, 11), 3, True),
        (date(2018, 9, 10), date(2021, 9, 11), 3, False),
        (date(2021, 9, 10), date(2021, 9, 11), 0, False),
        (date(2021, 9, 11), date(2021, 9, 11), 0, True),
        (date(2030, 1, 1), date(2021, 9, 11), 0, True),
        (date(2021, 2, 28), date(2024, 2, 29), 3, True),
        (date(2021, 2, 27), date(2024, 2, 29), 3, False),
        (date(2024, 2, 28), date(2024, 2, 29), 0, False),
    ],
)
def test_former_employers_count_for_some_years(until: date | None, on: date, years: int, counts: bool) -> None:
    assert still_counts(until, on, years) is counts
