"""What the marks on the common entries say of each expert: exact, and silent where too little is known."""

from __future__ import annotations

from fractions import Fraction

from scoring.rules import common, statistics
from scoring.rules.statistics import Rating


def table(marks: dict[str, dict[str, int]]) -> list[Rating]:
    return [Rating(work, expert, points) for work, own in marks.items() for expert, points in own.items()]


MARKS = {
    "C1": {"E1": 90, "E2": 88, "E3": 80, "E4": 96, "E5": 90},
    "C2": {"E1": 80, "E2": 82, "E3": 75, "E4": 74, "E5": 81},
}


def test_medians_and_distances() -> None:
    assert statistics.medians(table(MARKS)) == {"C1": 90, "C2": 80}
    lines = {line.expert: line for line in statistics.calibrations(table(MARKS))}
    assert lines["E1"].severity == 0
    assert (lines["E3"].apart, lines["E3"].severity) == ({"C1": -10, "C2": -5}, Fraction(-15, 2))
    assert {name: line.deviates for name, line in lines.items() if line.deviates} == {
        "E3": ("severe",),
        "E4": ("uneven",),  # +6 and −6: neither severe nor mild
    }


def test_five_points_on_the_average_are_far_and_less_is_not() -> None:
    for away, deviates in ((5, ("mild",)), (4, ()), (-5, ("severe",)), (-4, ())):
        marks = {work: {"E1": 80, "E2": 80, "E3": 80, "E4": 80 + away} for work in ("C1", "C2")}
        assert statistics.calibrations(table(marks))[3].deviates == deviates


def test_one_work_or_two_experts_say_nothing() -> None:
    (first, *_) = statistics.calibrations(table({"C1": {"E1": 99, "E2": 70, "E3": 70}}))
    assert (first.severity, first.deviates) == (29, ())
    (alone, _) = statistics.calibrations(table({"C1": {"E1": 99, "E2": 70}, "C2": {"E1": 99, "E2": 70}}))
    assert (alone.apart, alone.severity, alone.points) == ({}, None, {"C1": 99, "C2": 99})


def test_ratings_beside_tell_of_the_experts_and_change_no_mean() -> None:
    """Two panels that share nobody: with two common works the additive model tells severe experts from poor works."""
    apart = table({"A1": {"E1": 90, "E2": 90}, "A2": {"E3": 80, "E4": 80}})
    beside = table({w: {"E1": 85, "E2": 85, "E3": 75, "E4": 75} for w in ("C1", "C2")})
    alone = {one.work: one for one in statistics.typicals(apart)}
    joined = {one.work: one for one in statistics.typicals(apart, beside)}
    assert [alone[w].mean for w in alone] == [joined[w].mean for w in joined] == [90, 80]
    assert (round(alone["A1"].adjusted), round(alone["A2"].adjusted)) == (90, 80)
    assert (round(joined["A1"].adjusted), round(joined["A2"].adjusted)) == (85, 85)
    assert (len(statistics.components(apart)), len(statistics.components([*apart, *beside]))) == (2, 1)


def test_none_two_or_three() -> None:
    assert [bool(common.why_not(count)) for count in range(5)] == [False, True, False, False, True]
