"""What-if and the sensitivity report on a judged round: reads only, in a fixed number of queries."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contests.actions.extending import extend
from contests.models import AwardTier
from core.errors import Refusal
from core.models import ChainHead, Event, Job
from scoring import queries
from scoring.actions import results, robustness, sheets
from scoring.models import Award, Entry, Result, Round, SensitivityReport
from scoring.tasks import compute_sensitivity
from tests.cast import Cast
from tests.scoring import judging
from tests.scoring.judging import client_of, marks, own
from tests.season.judging import special

pytestmark = pytest.mark.django_db


def closed(works: int = 3) -> tuple[Cast, Round]:
    """A0001 and A0003 with 88, A0002 with 100 from every expert."""
    cast, round_ = judging.season(works, k=4)
    for username in judging.EXPERTS:
        for sheet in own(cast, username):
            step = 0 if int(sheet.entry.code[1:]) % 2 == 0 else 3
            sheets.save_marks(cast[username], sheet.pk, marks(sheet, step=step), revision=sheet.revision)
        sheets.hand_in(cast[username], [sheet.pk for sheet in own(cast, username)])
    return cast, results.close_round(cast["office"], round_.pk)


@pytest.fixture
def season() -> tuple[Cast, Round]:
    return closed()


@pytest.fixture
def office(season: tuple[Cast, Round]) -> Client:
    return client_of(season[0], "office")


@pytest.fixture
def round_(season: tuple[Cast, Round]) -> Round:
    return season[1]


def own_rules(page) -> dict[str, object]:
    """What the untouched form would send."""
    form = page.context["form"]
    return {name: form[name].value() for name in form.fields if form[name].value() is not None}


def asked(office: Client, round_: Round, **changes: object):
    url = reverse("scoring:whatif", args=[round_.pk])
    return office.get(url, own_rules(office.get(url)) | changes)


def test_it_starts_at_the_rounds_own_rules(office, round_):
    page = office.get(reverse("scoring:whatif", args=[round_.pk]))
    assert page.status_code == 200
    assert page.context["found"].flip_count == 0
    assert not page.context["changed"]
    assert [line.after for line in page.context["found"].lines] == [0, 1, 0, 2, 0]
    assert not asked(office, round_).context["changed"]


def test_a_higher_floor_names_the_works_that_fall(office, round_):
    page = asked(office, round_, floor_third="88.5")
    found = page.context["found"]
    assert [(shown.entry.code, shown.flip.before, shown.flip.after, shown.up) for shown in found.flips] == [
        ("A0001", "三等奖", "优秀奖", False),
        ("A0003", "三等奖", "优秀奖", False),
    ]
    text = page.content.decode()
    assert "东山机械厂工会" in text
    assert "2 项" in text


def test_money_against_the_budget(season, office, round_):
    contest = season[0].contest
    AwardTier.objects.filter(contest=contest, code="third").update(prize_yuan=Decimal(1000))
    contest.settings_data = contest.settings_data | {"prize_budget_yuan": 1500}
    contest.save()
    page = asked(office, round_, quota_third="1")
    found = page.context["found"]
    assert (found.money_before, found.money, found.over) == (2000, 0, 0)
    assert [(cut.places, [entry.code for entry in entries]) for cut, entries in found.cuts] == [(1, ["A0001", "A0003"])]
    assert "余 1 个名额，2 项同分" in page.content.decode()
    over = asked(office, round_)
    assert over.context["found"].over == 500
    assert "超出" in over.content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"floor_second": "96"}, "应低于上一等次的下限"),
        ({"trim_from": "2"}, "请填写 3 到 1000 的整数"),
        ({"floor_first": "abc"}, "请填写 0 到 100 的分数"),
        ({"quota_first": "-1"}, "请填写 0 到 9999 的整数"),
        ({"tie": "nothing"}, "选择"),
    ],
)
def test_what_cannot_be_is_said_and_kept(office, round_, typed, sentence):
    page = asked(office, round_, **typed)
    assert page.status_code == 400
    assert sentence in page.content.decode()
    assert str(next(iter(typed.values()))) in page.content.decode() or "tie" in typed
    assert page.context["found"].flip_count == 0


def test_nothing_is_written(season, office, round_):
    before = (Event.objects.count(), list(Result.objects.values()), list(Award.objects.values()))
    asked(office, round_, floor_third="99", decimals="0", aggregate="median", tie="none")
    office.get(reverse("scoring:sensitivity", args=[round_.pk]))
    assert before == (Event.objects.count(), list(Result.objects.values()), list(Award.objects.values()))


def test_a_hand_made_award_takes_no_place(season, office, round_):
    top = Entry.objects.get(code="A0002")
    special(season[0], top.pk)
    found = asked(office, round_).context["found"]
    assert [line.after for line in found.lines] == [1, 0, 0, 2, 0]


def computed(office: Client, round_: Round) -> None:
    """As a worker computes it, after the button was pressed."""
    office.post(reverse("scoring:sensitivity_compute", args=[round_.pk]))
    compute_sensitivity.run(Job.objects.filter(key=f"sensitivity:{round_.pk}").latest("pk").pk)


def test_the_report_is_computed_in_a_job_and_kept(season, office, round_):
    url = reverse("scoring:sensitivity", args=[round_.pk])
    assert "还没有计算" in office.get(url).content.decode()
    for _ in range(2):
        office.post(reverse("scoring:sensitivity_compute", args=[round_.pk]))
    job = Job.objects.get(key=f"sensitivity:{round_.pk}")
    assert "正在计算" in office.get(url).content.decode()
    compute_sensitivity.run(job.pk)
    job.refresh_from_db()
    report, head = SensitivityReport.objects.get(), ChainHead.objects.get(chain=round_.contest.chain)
    assert (job.state, job.done, job.done) == ("done", job.total, len(report.content))
    assert (report.head_seq, report.head_hash) == (head.seq, head.hash)
    assert office.get(url, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert f"第 {head.seq} 条" in client_of(season[0], "supervisor").get(url).content.decode()


def test_a_report_is_stale_when_its_ground_moved_and_not_before(season, office, round_):
    cast, url = season[0], reverse("scoring:sensitivity", args=[round_.pk])
    computed(office, round_)
    extend(cast["office"], cast.enrolments["unit_a"], timezone.now() + timedelta(days=20), "停电。")
    assert not office.get(url).context["stale"]
    special(cast, Entry.objects.get(code="A0002").pk)
    assert office.get(url).context["stale"]
    computed(office, round_)
    assert not office.get(url).context["stale"]


def test_the_report_names_what_would_flip(office, round_):
    computed(office, round_)
    page = office.get(reverse("scoring:sensitivity", args=[round_.pk]))
    text = page.content.decode()
    assert page.context["moved"] == []
    assert "没有一种会改变等次" in text
    assert "先四舍五入到整数" in text


def test_the_report_finds_the_award_that_one_expert_makes():
    cast, round_ = judging.season(1, k=4)
    for place, username in enumerate(judging.EXPERTS):
        (sheet,) = own(cast, username)
        sheets.save_marks(cast[username], sheet.pk, marks(sheet, step=0 if place else 5), revision=sheet.revision)
        sheets.hand_in(cast[username], [sheet.pk])
    results.close_round(cast["office"], round_.pk)
    computed(client_of(cast, "office"), round_)
    page = client_of(cast, "office").get(reverse("scoring:sensitivity", args=[round_.pk]))
    generous = queries.counting_sheets(round_).order_by("-total").first()
    moved = {change["words"]: change["flips"] for change in page.context["moved"]}
    ((flip, entry),) = moved[f"去掉专家 {generous.appointment.pseudonym} 的评分"]
    assert (entry.code, flip.before, flip.after, str(flip.score_after)) == ("A0001", "一等奖", "二等奖", "93.33")
    assert len([words for words in moved if words.startswith("去掉专家")]) == 3


def test_an_open_round_shows_nothing_yet():
    cast, round_ = judging.season(1)
    judging.score_all(cast)
    for name in ("whatif", "sensitivity"):
        page = client_of(cast, "office").get(reverse(f"scoring:{name}", args=[round_.pk]))
        assert "还没有排名" in page.content.decode()
    with pytest.raises(Refusal, match="还没有截止"):
        robustness.start_report(cast["office"], round_.pk)


@pytest.mark.parametrize("works", [1, 3])
def test_the_pages_cost_the_same_with_one_work_and_with_three(works):
    cast, round_ = closed(works)
    office, counts = client_of(cast, "office"), []
    computed(office, round_)
    for name in ("whatif", "sensitivity"):
        url = reverse(f"scoring:{name}", args=[round_.pk])
        office.get(url)
        with CaptureQueriesContext(connection) as seen:
            assert office.get(url).status_code == 200
        counts.append(len(seen))
    assert counts == [12, 10]
