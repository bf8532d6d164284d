"""The jury at work: agreement, leaning, patterns, gaps and voided sheets, in a fixed number of queries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from scoring.actions import panels, results, rounds, sheets
from scoring.models import Round, ScoreSheet
from scoring.queries import assignment
from scoring.queries import jury as reads
from submissions.models import Member
from tests.cast import Cast, accepted, scene
from tests.results.jury import client_of, give, hand_in, judging
from tests.scoring.judging import posted

TOTALS = {"A0001": 98, "A0002": 90, "A0003": 84}


@pytest.fixture
def round_(cast: Cast) -> Round:
    for _ in TOTALS:
        accepted(cast)
    judging.to_review(cast)
    return judging.opened(cast, k=4)


def judge(cast: Cast, round_: Round) -> None:
    """expert1 gives four points less than the others, expert4 has not begun."""
    for name in ("expert1", "expert2", "expert3"):
        less = 4 if name == "expert1" else 0
        hand_in(cast, name, round_, {code: total - less for code, total in TOTALS.items()})


def test_who_is_late_and_who_leans(cast: Cast, round_: Round) -> None:
    judge(cast, round_)
    found = reads.jury(round_)
    lines = {line.name: line for line in found.lines}
    severe, late = lines["蒋一"], lines["杨四"]
    assert (severe.done, severe.total, severe.deviation) == (3, 3, -4.0)
    assert severe.leaning.effect == pytest.approx(-8 / 3)
    assert lines["沈二"].deviation == 2.0
    assert (late.done, late.total, late.leaning) == (0, 3, None)
    assert 0.8 < found.alpha < 1
    assert found.agreement == ("一致性好", "ok")


def test_nothing_is_said_before_anybody_handed_in(cast: Cast, round_: Round) -> None:
    found = reads.jury(round_)
    assert (found.alpha, found.icc, found.patterns, found.agreement[0]) == (None, None, [], "评分不足")
    assert "评分不足" in client_of(cast, "office").get(reverse("scoring:jury", args=[round_.pk])).content.decode()


def test_the_page_names_no_mark_of_one_expert_on_one_work(cast: Cast, round_: Round) -> None:
    judge(cast, round_)
    for who in ("office", "supervisor"):
        text = client_of(cast, who).get(reverse("scoring:jury", args=[round_.pk])).content.decode()
        assert "蒋一" in text
        assert [p for p in round_.appointments.values_list("pseudonym", flat=True) if p in text] == []
        assert "-4.0<" in text


def test_a_quick_hand_is_noticed(cast: Cast, round_: Round) -> None:
    """Opened and saved within seconds: through the page, as she works."""
    expert = client_of(cast, "expert1")
    for sheet in ScoreSheet.objects.visible_to(cast["expert1"]).filter(round=round_):
        url = reverse("scoring:sheet", args=[sheet.pk])
        expert.get(url)
        assert expert.post(url, posted(judging.filled(sheet), sheet.revision)).status_code == 302
    first = ScoreSheet.objects.visible_to(cast["expert1"]).filter(round=round_)
    assert all(sheet.first_opened_at <= sheet.last_saved_at for sheet in first)
    sheets.hand_in(cast["expert1"], [sheet.pk for sheet in first])
    (words,) = reads.jury(round_).patterns
    assert words.startswith("蒋一：3 份中有 3 份从打开到最后保存不足半分钟")


def test_a_slow_hand_is_not(cast: Cast, round_: Round) -> None:
    judge(cast, round_)
    now = timezone.now()
    ScoreSheet.objects.update(first_opened_at=now - timedelta(minutes=5), last_saved_at=now)
    assert reads.jury(round_).patterns == []


def test_works_whose_tier_hangs_on_the_reading(cast: Cast, round_: Round) -> None:
    """94, 94, 94 and 99: the mean 95.25 is 一等奖, the median 94 二等奖; 84 and 100 are the same whatever one reads."""
    for name, total in (("expert1", 94), ("expert2", 94), ("expert3", 94), ("expert4", 99)):
        hand_in(cast, name, round_, {"A0001": total, "A0002": 84, "A0003": 100})
    closed = results.close_round(cast["office"], round_.pk)
    (one,), count = reads.readings(closed)
    assert count == 1
    assert reads.readings(closed, most=0) == ([], 1)
    assert one.entry.code == "A0001"
    assert [tier for _, tier in one.readings] == ["一等奖", "二等奖", "二等奖", "一等奖"]
    text = client_of(cast, "office").get(reverse("scoring:jury", args=[round_.pk])).content.decode()
    assert "换一种读法等次不同的成果" in text


def test_gaps_and_voided_sheets_are_told(cast: Cast, round_: Round) -> None:
    achievement = round_.entries.get(code="A0001").achievement
    marked = give(cast, "expert2", round_, TOTALS)
    Member.objects.create(achievement=achievement, order=1, name="沈二")
    hand_in(cast, "expert1", round_, TOTALS)
    sheets.hand_in(cast["expert2"], marked)
    hand_in(cast, "expert3", round_, dict.fromkeys(TOTALS, 78))
    text = client_of(cast, "office").get(reverse("scoring:jury", args=[round_.pk])).content.decode()
    assert "分差 20 分" in text
    assert "没有可以加派的专家" in text
    assert "专家是项目成员" in text
    home = client_of(cast, "office").get(reverse("portal:home")).content.decode()
    waiting = assignment.not_handed_in(round_)
    assert waiting > 0
    assert f"还有 {waiting} 份评分表未提交，因回避作废 1 份" in home


def test_the_page_costs_the_same_with_one_work_and_with_three(cast: Cast) -> None:
    counts = []
    for works in (1, 3):
        with scene():
            for _ in range(works):
                accepted(cast)
            judging.to_review(cast)
            round_ = judging.opened(cast, k=4)
            hand_in(cast, "expert1", round_, 100)
            hand_in(cast, "expert2", round_, 80)
            office = client_of(cast, "office")
            with CaptureQueriesContext(connection) as seen:
                assert office.get(reverse("scoring:jury", args=[round_.pk])).status_code == 200
            counts.append(len(seen))
    assert counts == [17, 17]


def test_the_panels_progress_and_the_one_far_off(cast: Cast) -> None:
    """Two panels of two experts: the second gives 12 points less and has one sheet to go, after the closing."""
    for number in range(4):
        accepted(cast, industry=cast.contest.industry_set.get(code="coal" if number % 2 else "machinery"))
    judging.to_review(cast)
    round_ = judging.created(cast, k=2)
    for name, industry, experts in (("一组", "coal", (1, 2)), ("二组", "machinery", (3, 4))):
        panel = panels.save_panel(cast["office"], round_.pk, name=name, industries=[industry], categories=[])
        seats = round_.appointments.filter(expert__user__username__in=[f"expert{n}" for n in experts])
        panels.seat(cast["office"], round_.pk, {seat.pk: panel.pk for seat in seats})
    rounds.plan_assignment(cast["office"], round_.pk, seed=7)
    round_ = rounds.open_round(cast["office"], round_.pk)
    for name, total in (("expert1", 95), ("expert2", 95), ("expert3", 83)):
        hand_in(cast, name, round_, total)
    sheets.hand_in(cast["expert4"], give(cast, "expert4", round_, 83)[:1])
    first, second = reads.jury(round_).panels
    assert (first.name, first.done, first.total, first.ready, first.standing) == ("一组", 4, 4, 2, ("已收齐", "ok"))
    assert (second.done, second.total, second.ready, second.far) == (3, 4, 1, -12)
    assert second.standing == ("还差 1 份", "info")
    assert second.last > round_.opened_at
    office = client_of(cast, "office")
    text = office.get(reverse("scoring:jury", args=[round_.pk])).content.decode()
    assert "二组：平均分比其他评审组低约 12 分" in text
    ended = timezone.now() - timedelta(minutes=5)
    cast.contest.phases.filter(kind="review").update(closes_at=ended)
    _, second = reads.jury(Round.objects.get(pk=round_.pk)).panels
    assert second.standing == ("逾期 1 份", "bad")
    assert [line.standing[0] for line in reads.jury(round_).lines].count("逾期") == 1
