"""A list page asks the database as often for three rows as for one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils import timezone

from accounts.actions import create_organization, grant_membership, keep_studio, record_employment
from accounts.actor import Actor
from accounts.models import Level, Nature, Role, Studio
from contests.actions.demonstration import name_demonstration
from contests.actions.enrol import enrol
from contests.actions.extending import extend
from core import outbox
from core.models import Outbox
from core.outbox import Letter
from documents.actions import request_paper
from documents.tasks import make_paper
from scoring.actions import experts, paper
from scoring.actions.experts import Knowledge
from scoring.models import Expert, ScoreSheet
from scoring.rules.readings import Reading
from submissions.actions import cases, drafting, helping, moves
from submissions.models import Achievement, Case, Dispatch
from tests.access.test_matrix import ROWS
from tests.access.world import overlap_review
from tests.cast import Cast, accepted, at_host, draft, registered, scene, submitted
from tests.season import judging
from tests.submissions import nominations, sending

Grow = Callable[[Cast], Any]


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.WUXIAO_DEMO = True


@pytest.fixture
def season(cast: Cast) -> Iterator[Cast]:
    with scene():
        overlap_review(cast)
        yield cast


def full_draft(cast: Cast) -> None:
    """With every part that a page could look up one by one."""
    work = draft(cast)
    drafting.set_members(cast["unit_a"], work.pk, [("成员甲", "一车间"), ("成员乙", "二车间")], 99)


def one_round(cast: Cast) -> None:
    accepted(cast)
    judging.close(cast, scored_round(cast))


def scored_round(cast: Cast, works: int = 0) -> Any:
    for _ in range(works):
        accepted(cast)
    round_ = judging.opened(cast, k=4, name=f"第{cast.contest.rounds.count() + 1}轮")
    judging.score(cast)
    return round_


def one_open_round(cast: Cast) -> None:
    """One more round at a time whose sheets wait."""
    accepted(cast)
    judging.opened(cast, k=4, name=f"第{cast.contest.rounds.count() + 1}轮")


def listed_in_papers(cast: Cast) -> None:
    at_host(cast)
    for file_format in ("xlsx", "pdf"):
        asked = request_paper(cast["auditor_a"], "recommendation_table", file_format, cast.enrolments["county_a"])
        if file_format == "xlsx":
            make_paper(asked.job_id)


def one_expert(cast: Cast) -> None:
    """One more of the register, with an employer written as a text."""
    count = Expert.objects.count()
    knows = Knowledge(("coal",), ("equipment",), 60)
    expert = experts.register(cast["office"], cast.contest, f"newcomer{count}", "钱新", knows, "Fresh-Person-01")
    record_employment(None, expert.user, f"某煤矿{count}", date(2015, 7, 1))
    experts.engage(cast["office"], cast.contest, [expert.pk])


def all_roads(cast: Cast) -> None:
    """One more work of each unit at each stage."""
    full_draft(cast)
    submitted(cast)
    at_host(cast)
    accepted(cast)
    moves.return_for_changes(cast["auditor_a"], submitted(cast).pk, "请补充。")
    at_host(cast, "unit_b", "auditor_b")


def one_message(cast: Cast) -> None:
    outbox.post(f"note:{Outbox.objects.count()}", [Letter(cast["unit_a"].user, "提醒", "请核对。")], None)


def a_full_ledger(cast: Cast) -> None:
    """More decisions than the supervisor's home shows."""
    all_roads(cast)
    all_roads(cast)


def sent_once_more(cast: Cast) -> None:
    at_host(cast)
    sending.send_list(cast)


def one_nomination(cast: Cast) -> None:
    number = cast.contest.nominations.count()
    org = create_organization(
        None, cast.organizations["county_a"], f"东山{number}厂工会", Level.GRASSROOTS, Nature.ENTERPRISE
    )
    row = enrol(None, cast.contest, org, cast.enrolments["county_a"])
    operator = Actor(cast["unit_a"].user, grant_membership(None, cast["unit_a"].user, org, Role.UNIT_OPERATOR))
    nominations.handed_in(cast, operator, row)


def one_studio(cast: Cast) -> None:
    number = Studio.objects.count()
    made = keep_studio(None, cast.organizations["unit_a"], name=f"第{number}工作室", leader_name="何工")
    drafting.set_studio(cast["unit_a"], draft(cast).pk, made.pk, 99)


def one_of_the_studio(cast: Cast) -> None:
    """One more work of the only studio; its page is asked by its id."""
    made = Studio.objects.first() or keep_studio(None, cast.organizations["unit_a"], name="何工室", leader_name="何工")
    work = registered(cast)
    drafting.set_studio(cast["unit_a"], work.pk, made.pk, 99)
    moves.submit(cast["unit_a"], work.pk)


def one_of_the_shown_unit(cast: Cast) -> None:
    name_demonstration(cast["office"], cast.enrolments["unit_a"])
    submitted(cast)


def one_shown_unit(cast: Cast) -> None:
    named = cast.contest.enrolments.filter(is_demonstration=True).count()
    name_demonstration(cast["office"], cast.enrolments[("unit_a", "unit_b", "mine")[named]])


def one_help(cast: Cast) -> None:
    helping.ask(cast["unit_a"], submitted(cast).pk, "想申请专利。")


def one_extension(cast: Cast) -> None:
    extend(cast["office"], cast.enrolments["unit_a"], timezone.now() + timedelta(days=20), "停电。")


def alike(cast: Cast) -> None:
    """Two works that resemble each other."""
    for _ in range(2):
        submitted(cast)


def in_case(cast: Cast) -> None:
    """One more case, and one more person on the register."""
    number = Case.objects.count()
    leader = {"leader.name": f"被查{number}", "leader.phone": f"1380000{number:04}"}
    case = cases.open_case(cast["office"], submitted(cast, **leader).pk, "theft", "仿制。")
    ruling = cases.propose(cast["office"], case.pk, upheld=True, reason="查实。", barred=["leader"])
    cases.answer(cast["office2"], ruling.pk, agree=True)
    cases.open_case(cast["office"], submitted(cast, "unit_b").pk, "theft", "仿制。")


# path, who looks, what makes one more row, and the most queries that the page may ask, at one row and at three
LISTS: list[tuple[str, str, Grow, int]] = [
    ("/achievements/", "unit_a", full_draft, 16),
    ("/achievements/", "auditor_a", submitted, 15),
    ("/achievements/", "office", at_host, 15),
    ("/achievements/", "supervisor", at_host, 15),
    ("/audit/", "auditor_a", submitted, 40),
    ("/audit/?tab=done", "auditor_a", at_host, 40),
    ("/audit/?tab=all", "office", at_host, 40),
    ("/audit/bulk/?verb=recommend&{works}", "auditor_a", submitted, 30),
    ("/audit/bulk/?verb=return&{works}", "auditor_a", submitted, 30),
    ("/audit/bulk/?verb=accept&{works}", "office", at_host, 30),
    ("/duplicates/", "auditor_a", alike, 14),
    ("/duplicates/", "office", alike, 14),
    ("/cases/", "office", in_case, 12),
    ("/cases/", "unit_a", in_case, 12),
    ("/sending/", "auditor_a", sent_once_more, 30),
    ("/sending/", "office", sent_once_more, 18),
    ("/sending/", "supervisor", sent_once_more, 18),
    ("/sending/{dispatch}/", "auditor_a", sent_once_more, 14),
    ("/sending/{dispatch}/", "office", sent_once_more, 14),
    ("/ip-help/", "office", one_help, 12),
    ("/ip-help/", "unit_a", one_help, 12),
    ("/extensions/", "office", one_extension, 14),
    ("/extensions/", "unit_a", one_extension, 12),
    ("/nominations/", "office", one_nomination, 12),
    ("/nominations/", "auditor_a", one_nomination, 14),
    ("/studios/", "office", one_studio, 10),
    ("/studios/{studio}/", "office", one_of_the_studio, 10),
    ("/demonstrations/{unit}/", "auditor_a", one_of_the_shown_unit, 11),
    ("/demonstrations/", "office", one_shown_unit, 14),
    ("/demonstrations/", "unit_a", one_shown_unit, 12),
    ("/quotas/", "office", at_host, 16),
    ("/affairs/", "office", all_roads, 12),
    ("/papers/", "auditor_a", listed_in_papers, 14),
    ("/papers/", "office", listed_in_papers, 14),
    ("/rounds/", "office", one_round, 9),
    ("/rounds/", "supervisor", one_round, 9),
    ("/experts/", "office", one_expert, 22),
    ("/experts/", "supervisor", one_expert, 22),
    ("/experts/aliases/", "office", one_expert, 14),
    ("/", "office", all_roads, 21),
    ("/", "office", one_open_round, 23),
    ("/", "expert1", one_open_round, 12),
    ("/", "supervisor", a_full_ledger, 21),
    ("/", "auditor_a", all_roads, 21),
    ("/", "unit_a", all_roads, 21),
    ("/messages/", "unit_a", one_message, 10),
]
ELSEWHERE = {
    "portal:ledger",  # tests/results/test_ledger_page.py
    "scoring:honours",  # tests/results/test_honours.py
    "scoring:sheets",  # the pages of a round, below
}
WITHOUT_ROWS = {
    "accounts:hat", "accounts:login", "accounts:no_membership", "accounts:password", "portal:healthz",
    "scoring:commitment", "scoring:expert_import", "scoring:expert_new", "scoring:expert_template",
    "scoring:receipt_check", "scoring:round_new", "submissions:import", "submissions:new", "submissions:studio_new",
    "submissions:template",
}  # fmt: skip


def name_of(path: str) -> str:
    return resolve(path.partition("?")[0].format(studio=1, unit=1, works="", dispatch=1)).view_name


def test_every_page_that_is_not_of_one_thing_is_a_list_here_or_none() -> None:
    """A page of the matrix without a number in its address."""
    pages = {name for method, name, arguments, *_ in ROWS if method == "GET" and not arguments}
    counted = {name_of(path) for path, *_ in LISTS} | ELSEWHERE
    assert pages - counted == WITHOUT_ROWS


def queries(cast: Cast, who: str, path: str) -> int:
    client = Client()
    client.force_login(cast[who].user, "accounts.backends.PasswordBackend")
    studio = Studio.objects.first()
    works = "&".join(f"work={pk}" for pk in Achievement.objects.values_list("pk", flat=True))
    dispatch = Dispatch.objects.order_by("pk").last()
    path = path.format(
        studio=studio.pk if studio else 0,
        unit=cast.enrolments["unit_a"].pk,
        works=works,
        dispatch=dispatch.pk if dispatch else 0,
    )
    with CaptureQueriesContext(connection) as counted:
        response = client.get(path)
    assert response.status_code == 200
    return len([q for q in counted if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))])


GROWTHS = list(dict.fromkeys(grow for _, _, grow, _ in LISTS))


@pytest.mark.parametrize("grow", GROWTHS, ids=lambda grow: grow.__name__)
def test_one_row_and_three(season: Cast, grow: Grow) -> None:
    """All the lists that show such a row."""
    lists = {(path, who): allowed for path, who, growing, allowed in LISTS if growing is grow}
    grow(season)
    at_one = {(path, who): queries(season, who, path) for path, who in lists}
    grow(season)
    grow(season)
    at_three = {(path, who): queries(season, who, path) for path, who in lists}
    assert at_one == at_three
    assert {page: asked for page, asked in at_three.items() if asked > lists[page]} == {}


def judged_pages(cast: Cast, works: int) -> dict[str, int]:
    """The pages of one round with so many works, each with its number of queries."""
    with scene():
        round_ = scored_round(cast, works)
        sheet = ScoreSheet.objects.visible_to(cast["expert1"]).filter(round=round_).first()
        found = {
            "cockpit": queries(cast, "office", f"/rounds/{round_.pk}/"),
            "panels": queries(cast, "office", f"/rounds/{round_.pk}/panels/"),
            "assignment": queries(cast, "office", f"/rounds/{round_.pk}/assignment/"),
            "recusals": queries(cast, "office", f"/rounds/{round_.pk}/recusals/"),
            "rubric": queries(cast, "office", f"/rounds/{round_.pk}/rubric/"),
            "sheets": queries(cast, "expert1", "/sheets/"),
            "sheet": queries(cast, "expert1", f"/sheets/{sheet.pk}/"),
        }
        judging.close(cast, round_)
        return found | {"ranking": queries(cast, "office", f"/rounds/{round_.pk}/ranking/")}


def test_the_pages_of_a_round(season: Cast) -> None:
    """With four experts, each has a sheet of every work."""
    at_one, at_three = judged_pages(season, 1), judged_pages(season, 3)
    assert at_one == at_three
    allowed = {
        "panels": 20,
        "assignment": 26,
        "recusals": 14,
        "rubric": 14,
        "cockpit": 22,
        "sheets": 13,
        "sheet": 13,
        "ranking": 24,
    }
    assert {page: count for page, count in at_three.items() if count > allowed[page]} == {}


def test_the_papers_of_a_round(season: Cast) -> None:
    """As many typed sheets as works."""
    found = []
    for works in (1, 3):
        with scene():
            for _ in range(works):
                accepted(season)
            round_ = judging.opened(season, k=4)
            for one in paper.issue(season["office"], round_.pk)[:works]:
                given = {code: (mark.level, mark.points) for code, mark in judging.filled(one.sheet).items()}
                paper.type_in(season["office"], one.code, Reading(given))
            found.append(queries(season, "office", f"/rounds/{round_.pk}/paper/"))
    assert found[0] == found[1] <= 18


def test_an_achievement_with_a_long_story(season: Cast) -> None:
    """The page of a work is as quick after three returns as after one."""
    work, found = submitted(season), []
    for returns in (1, 2):
        for _ in range(returns):
            moves.return_for_changes(season["auditor_a"], work.pk, "请补充。")
            moves.submit(season["unit_a"], work.pk)
        found.append([queries(season, "auditor_a", f"{page}{work.pk}/") for page in ("/achievements/", "/audit/")])
    assert found[0] == found[1]
    assert max(found[1]) <= 38
