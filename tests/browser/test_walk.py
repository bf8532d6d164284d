"""Proof 2: the whole season in the browser, against web, worker, PostgreSQL and Redis of their own.

Unit, county, office and nine experts walk it page by page; on every page axe looks for barriers.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page

from tests.browser.hands import TITLE
from tests.browser.look import barriers, too_wide
from tests.browser.walk import RETURNED_WITH, WHY_SPECIAL, Walk
from tests.conftest import own_redis
from tests.seeded import demo_portal
from tests.servers import ROOT, Portal

pytestmark = pytest.mark.browser
EXPERTS = [f"expert{number}" for number in range(1, 10)]
PHONE = {"width": 390, "height": 844}


@dataclass
class Walked:
    walk: Walk
    barriers: dict[str, list[str]] = field(default_factory=dict)
    handed_in: int = 0
    papers: dict[str, Path] = field(default_factory=dict)


@pytest.fixture(scope="module")
def portal(services: dict[str, str], worker_id: str) -> Iterator[Portal]:
    """Its own: the walk moves this year's phases on, others still submit."""
    with demo_portal(services["DATABASE_URL"], own_redis(services, worker_id, further=1)) as served:
        served.start("web", "worker", "beat")
        yield served


@pytest.fixture(scope="module")
def season(portal: Portal, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """The walk itself; a step that does not lead where it should fails here."""
    seen: dict[str, list[str]] = {}

    def visit(page: Page, what: str) -> None:
        if what not in seen:
            seen[what] = barriers(page)

    walked = Walked(Walk(chromium, portal.url, tmp_path_factory.mktemp("walk"), visit), seen)
    enter(walked.walk)
    walked.handed_in = judge(walked.walk)
    for username, annex, file_format in (
        ("county", "附件2", "xlsx"),
        ("office", "附件2", "pdf"),
        ("office", "附件3", "pdf"),
    ):
        walked.papers[f"{annex}.{file_format}"] = walked.walk.paper(username, annex, file_format)
    return walked


def enter(walk: Walk) -> None:
    walk.unit_fills_and_submits()
    walk.county_returns()
    walk.unit_mends()
    walk.county_verifies_and_recommends()
    walk.office_accepts()


def judge(walk: Walk) -> int:
    walk.office_moves_on_to_the_review()
    walk.office_opens_a_round()
    handed_in = sum(walk.expert_scores(expert, by_hand=expert == EXPERTS[0]) for expert in EXPERTS)
    walk.office_closes_and_awards()
    return handed_in


def text_of(paper: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", str(paper), "-"], capture_output=True, text=True, check=True)
    return "".join(done.stdout.split())


def test_every_sheet_was_handed_in(season: Walked) -> None:
    assert season.handed_in > 30
    assert season.handed_in % 3 == 0


def test_the_recommendation_table_holds_the_work(season: Walked) -> None:
    text = text_of(season.papers["附件2.pdf"])
    assert "优秀成果推荐表" in text
    assert TITLE[:12] in text


def test_the_brief_holds_what_was_mended(season: Walked) -> None:
    text = text_of(season.papers["附件3.pdf"])
    assert TITLE in text
    assert "年减少停泵46小时" in text


def test_the_workbook_opens_and_holds_the_work(season: Walked) -> None:
    sheet = load_workbook(season.papers["附件2.xlsx"]).worksheets[0]
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert TITLE in cells
    assert any("推荐表" in cell for cell in cells)


def test_the_story_stands_on_the_page(season: Walked) -> None:
    """Return, second version, award: whoever opens the work later can read how it came."""
    with season.walk.person("supervisor") as page:
        page.goto(f"/achievements/?q={TITLE}")
        page.click(f"main a:has-text('{TITLE}')")
        text = page.locator("main").inner_text()
    for past in ("登记入库", "提交", "退回修改", "审核推荐", "受理", "进入评审", RETURNED_WITH):
        assert past in text
    assert WHY_SPECIAL not in text


def test_the_ledger_is_whole_and_the_replay_agrees(season: Walked, portal: Portal, tmp_path: Path) -> None:
    portal.manage("verify_ledger")
    with season.walk.person("supervisor") as page:
        page.goto("/rounds/")
        page.click("main a:has-text('综合评审') >> nth=0")
        page.goto(page.url + "ranking/")
        ranking = page.request.get(page.url.removesuffix("/") + ".csv").body()
        file = tmp_path / "season.json"
        file.write_bytes(page.request.get(page.url.removesuffix("ranking/") + "season.json").body())
    command = [sys.executable, "-m", "scoring.replay", str(file)]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout == ranking


def test_no_script_broke_and_the_content_policy_was_kept(season: Walked) -> None:
    assert season.walk.complaints == []


def test_no_page_has_a_grave_barrier(season: Walked) -> None:
    assert len(season.barriers) > 20
    assert {what: found for what, found in season.barriers.items() if found} == {}


ON_THE_PHONE = {
    "unit": ("/", "/achievements/", "/achievements/new/", "/papers/"),
    "county": ("/", "/audit/", "/audit/?tab=done", "/achievements/", "/papers/"),
    "office": ("/", "/audit/", "/rounds/", "/rounds/new/", "/papers/"),
    "supervisor": ("/", "/rounds/", "/achievements/"),
    "expert1": ("/", "/sheets/"),
}


@pytest.mark.parametrize("username", ON_THE_PHONE)
def test_nothing_is_wider_than_a_phone(season: Walked, username: str) -> None:
    """390 × 844: no page scrolls sideways, and what opens from a list does not either."""
    phone = Walk(season.walk.browser, season.walk.url, season.walk.files, season.walk.visit, viewport=PHONE)
    found = {}
    with phone.person(username) as page:
        for path in ON_THE_PHONE[username]:
            page.goto(path)
            found[path] = too_wide(page)
        for link in ("table a[href^='/sheets/']", "main a[href^='/achievements/']", "main a[href^='/rounds/']"):
            if page.locator(f"{link}:visible").count():
                with page.expect_navigation():
                    page.locator(f"{link}:visible").first.click()
                found[page.url] = too_wide(page)
    assert {where: what for where, what in found.items() if what} == {}
