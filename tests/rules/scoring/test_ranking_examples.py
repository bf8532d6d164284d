"""Worked examples that a jury member can follow with a pencil. Points stand as 创新 科技 效益 作用."""

from decimal import Decimal
from fractions import Fraction

import pytest

from scoring.rules.policy import ScorePolicy
from scoring.rules.ranking import Row, median, rank, round_half_up
from scoring.rules.season import ranking_csv
from scoring.rules.tiers import Tier, tier_for
from tests.rules.scoring.season_samples import OFFICIAL, TIERS, sheet, sheets

ONE_SHEET = ScorePolicy(minimum_sheets=1)


def ranked(table: str, policy: ScorePolicy = ONE_SHEET) -> list[Row]:
    return rank(sheets(table), policy, TIERS, OFFICIAL)


def lines(table: str, policy: ScorePolicy = ONE_SHEET) -> list[str]:
    return ranking_csv(ranked(table, policy)).splitlines()[1:]


@pytest.mark.parametrize(
    ("exact", "decimals", "rounded", "tier"),
    [
        ("94.99", 2, "94.99", "二等奖"),
        ("94.994", 2, "94.99", "二等奖"),
        ("94.995", 2, "95.00", "一等奖"),
        ("95.00", 2, "95.00", "一等奖"),
        ("94.50", 2, "94.50", "二等奖"),
        ("94.50", 0, "95", "一等奖"),
        ("94.4999", 0, "94", "二等奖"),
        ("89.995", 2, "90.00", "二等奖"),
        ("84.9949", 2, "84.99", "优秀奖"),
        ("80.00", 2, "80.00", "优秀奖"),
        ("79.994", 2, "79.99", ""),
        ("100", 2, "100.00", "一等奖"),
        ("25", 1, "25.0", ""),
    ],
)
def test_rounding_once_and_half_up_decides_the_tier(exact: str, decimals: int, rounded: str, tier: str) -> None:
    score = round_half_up(Fraction(exact), decimals)
    assert str(score) == rounded
    assert tier_for(score, TIERS) == tier


def test_thirds_are_exact_before_they_are_rounded() -> None:
    assert str(round_half_up(Fraction(200, 3), 2)) == "66.67"
    assert str(round_half_up(Fraction(190, 3), 2)) == "63.33"
    assert str(round_half_up(Fraction(1, 200), 2)) == "0.01"
    assert str(round_half_up(Fraction(0), 2)) == "0.00"


def test_94_995_reached_by_two_hundred_real_sheets_is_a_first_prize() -> None:
    team = [sheet("A", f"E{number:03}", "20 30 20 25") for number in range(199)] + [sheet("A", "E199", "20 30 20 24")]
    row = rank(team, ScorePolicy(aggregate="mean"), TIERS, OFFICIAL)[0]
    assert (str(row.score), row.tier, row.sheets_counted) == ("95.00", "一等奖", 200)


def test_a_social_entry_reaches_the_first_prize_only_with_full_marks() -> None:
    table = "A social E1: 20 30 20 25\nB social E1: 20 30 20 24"
    assert lines(table) == ["1,A,95.00,一等奖,1,", "2,B,94.00,二等奖,1,"]


FIVE = """
A economic E1: 20 30 25 25
A economic E2: 18 25 22 23
A economic E3: 18 25 22 24
A economic E4: 18 26 22 24
A economic E5: 15 20 20 20
"""


@pytest.mark.parametrize(
    ("aggregate", "line"),
    [
        ("trimmed_mean", "1,A,89.00,三等奖,3,gap:25"),  # 88, 89, 90
        ("mean", "1,A,88.40,三等奖,5,gap:25"),  # 100, 88, 89, 90, 75
        ("median", "1,A,89.00,三等奖,5,gap:25"),
    ],
)
def test_five_sheets(aggregate: str, line: str) -> None:
    assert lines(FIVE, ScorePolicy(aggregate=aggregate)) == [line]


def test_below_trim_from_the_plain_mean_counts() -> None:
    four = "\n".join(FIVE.strip().splitlines()[:4])
    assert lines(four, ScorePolicy()) == ["1,A,91.75,二等奖,4,"]


@pytest.mark.parametrize(("values", "middle"), [([3], "3"), ([4, 1], "5/2"), ([9, 1, 5], "5"), ([1, 9, 2, 5], "7/2")])
def test_median(values: list[int], middle: str) -> None:
    assert median(values) == Fraction(middle)


def test_among_equal_totals_the_expert_whose_id_sorts_last_is_left_out() -> None:
    row = ranked(
        """
        A economic E2: 20 30 20 20
        A economic E10: 19 30 20 21
        A economic E9: 20 29 20 21
        A economic E1: 15 20 20 20
        A economic E3: 16 20 20 19
        """,
        ScorePolicy(),
    )[0]
    assert row.left_out == ("E9", "E3")  # "E9" > "E2" > "E10", "E3" > "E1", by code point


def test_when_all_totals_are_equal_the_last_two_ids_are_left_out() -> None:
    row = rank([sheet("A", f"E{n}", "18 25 22 23") for n in range(1, 6)], ScorePolicy(), TIERS, OFFICIAL)[0]
    assert row.left_out == ("E5", "E4")


def test_which_sheet_is_left_out_matters_in_a_tie() -> None:
    """A and B have the same totals; only A's last-sorting highest sheet is poor in technology."""
    table = """
A economic E1: 15 30 20 25
A economic E2: 20 25 20 25
A economic E3: 18 25 22 23
A economic E4: 18 25 22 23
A economic E5: 15 20 20 20
B economic E1: 20 25 20 25
B economic E2: 15 30 20 25
B economic E3: 18 25 22 23
B economic E4: 18 25 22 23
B economic E5: 15 20 20 20
"""
    rows = ranked(table, ScorePolicy())
    assert [(row.rank, row.achievement, row.means["technology"]) for row in rows] == [
        (1, "A", 80 / Fraction(3)),
        (2, "B", 25),
    ]


def test_too_few_sheets_stand_last_without_rank_score_and_tier() -> None:
    table = "Z economic E1: 20 30 25 25\nC economic E1: 20 30 25 25\nC economic E2: 15 20 20 20\n"
    enough = "M economic E1: 5 10 5 5\nM economic E2: 5 10 5 5\nM economic E3: 5 10 5 5"
    assert lines(table + enough, ScorePolicy()) == [
        "1,M,25.00,,3,",
        ",C,,,2,too_few_sheets;gap:25",
        ",Z,,,1,too_few_sheets",
    ]


def test_sheets_counted_is_what_trimming_left_even_without_a_score() -> None:
    four = "\n".join(FIVE.strip().splitlines()[:4])
    assert lines(four, ScorePolicy(trim_from=3, minimum_sheets=5)) == [",A,,,2,too_few_sheets"]


@pytest.mark.parametrize(("gap", "remark"), [(12, ""), (11, "gap:11"), (10, "gap:11")])
def test_the_gap_is_remarked_from_the_threshold_on(gap: int, remark: str) -> None:
    table = "A economic E1: 20 30 25 25\nA economic E2: 20 30 25 14"
    assert ranked(table, ScorePolicy(minimum_sheets=1, outlier_gap=gap))[0].remark == remark


TIES = """
科技含量 decides                  | A economic E1: 18 25 22 23 | B economic E1: 17 26 22 23 | 1 B, 2 A
科技含量 equal, 创新思路 decides    | A economic E1: 17 25 22 24 | B economic E1: 18 25 22 23 | 1 B, 2 A
then 创造效益                      | A economic E1: 18 25 21 24 | B economic E1: 18 25 22 23 | 1 B, 2 A
on the social path too            | A social E1: 18 25 16 24   | B social E1: 18 25 17 23   | 1 B, 2 A
all equal: the place is shared    | A economic E1: 18 25 22 23 | B economic E1: 18 25 22 23 | 1 A, 1 B
both paths: 创造效益 passed over    | A social E1: 18 25 20 23   | B economic E1: 18 25 21 22 | 1 A, 2 B
both paths and 发挥作用 equal       | A social E1: 18 25 20 23   | B economic E1: 18 25 20 23 | 1 A, 1 B
"""


@pytest.mark.parametrize("case", TIES.strip().splitlines())
def test_ties(case: str) -> None:
    _, first, second, wanted = (cell.strip() for cell in case.split("|"))
    assert ", ".join(f"{row.rank} {row.achievement}" for row in ranked(f"{first}\n{second}")) == wanted


def test_in_a_mixed_group_benefit_is_passed_over_for_all_so_that_the_order_stays_transitive() -> None:
    """In pairs P beats R by 创造效益, R beats Q and Q beats P by 发挥作用: a circle. As a group 发挥作用 decides."""
    table = "P economic E1: 15 25 22 18\nQ social E1: 15 25 20 20\nR economic E1: 15 25 18 22"
    assert [(row.rank, row.achievement) for row in ranked(table)] == [(1, "R"), (2, "Q"), (3, "P")]
    without_q = [line for line in table.splitlines() if line[0] != "Q"]
    assert [(row.rank, row.achievement) for row in ranked("\n".join(without_q))] == [(1, "P"), (2, "R")]


def test_only_the_group_tied_so_far_is_looked_at() -> None:
    """The social S falls out by technology; the two economic ones left are told apart by 创造效益."""
    table = "S social E1: 20 24 20 24\nA economic E1: 18 25 21 24\nB economic E1: 18 25 22 23"
    assert [(row.rank, row.achievement) for row in ranked(table)] == [(1, "B"), (2, "A"), (3, "S")]


def test_a_benefit_passed_over_is_not_taken_up_again() -> None:
    """After 发挥作用 only A and B are left, both economic, but 创造效益 was passed over: they share the place."""
    table = """
A economic E1: 18 25 22 23
A economic E2: 18 25 22 23
A economic E3: 18 25 22 23
B economic E1: 18 25 22 23
B economic E2: 18 25 22 23
B economic E3: 18 25 21 23
S social   E1: 18 25 20 25
"""
    rows = ranked(table, ScorePolicy(minimum_sheets=1, decimals=0))
    assert [(row.rank, row.achievement) for row in rows] == [(1, "S"), (2, "A"), (2, "B")]


def test_shared_ranks_leave_a_gap_behind_them() -> None:
    table = """
A economic E1: 15 20 22 20
B economic E1: 18 25 22 23
C economic E1: 18 25 22 23
D economic E1: 20 30 25 25
"""
    assert [f"{row.rank} {row.achievement}" for row in ranked(table)] == ["1 D", "2 B", "2 C", "4 A"]


def test_equal_after_rounding_is_tied_although_the_exact_means_differ() -> None:
    """A: 94.666…, B: 95. In whole numbers both are 95, and B's poorer technology puts it behind."""
    table = """
A economic E1: 15 30 25 25
A economic E2: 15 30 25 25
A economic E3: 15 30 25 24
B economic E1: 20 29 25 21
B economic E2: 20 29 25 21
B economic E3: 20 29 25 21
"""
    assert lines(table, ScorePolicy(decimals=0)) == ["1,A,95,一等奖,3,", "2,B,95,一等奖,3,"]


def test_a_score_between_the_tiers_takes_the_first_whose_floor_it_reaches() -> None:
    tiers = [Tier("甲", Decimal("90.5")), Tier("乙", Decimal("60"))]
    assert [tier_for(Decimal(score), tiers) for score in ("90.50", "90.49", "60", "59.99")] == ["甲", "乙", "乙", ""]


def test_ids_with_commas_and_quotes_are_quoted() -> None:
    rows = rank([sheet('A,"1"', "E1", "18 25 22 23")], ONE_SHEET, TIERS, OFFICIAL)
    assert ranking_csv(rows).splitlines()[1] == '1,"A,""1""",88.00,三等奖,1,'


def test_no_sheets_no_rows() -> None:
    assert ranking_csv(ranked("")) == "rank,achievement,score,tier,sheets_counted,remark\n"
