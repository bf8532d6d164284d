"""One whole walk on SQLite with the worker inside the web process, as `make demo` serves it; no script runs."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser

from tests.browser.hands import TITLE
from tests.browser.walk import Walk
from tests.servers import Portal

pytestmark = pytest.mark.sqlite
SITE = "gunicorn wuxiao.wsgi --bind 127.0.0.1:$PORT --worker-class gthread --workers 1 --threads 8 --no-control-socket"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Portal]:
    portal = Portal(tmp_path, DATABASE_URL="", CELERY_BROKER_URL="memory://", SECRET_KEY="")
    portal.migrate()
    portal.manage("seed_demo")
    portal.start_command("web", SITE)
    portal.wait_for_web()
    yield portal
    portal.stop()


def test_from_the_empty_form_to_the_papers(site: Portal, chromium: Browser, tmp_path: Path) -> None:
    walk = Walk(chromium, site.url, tmp_path, lambda page, what: None, scripts=False)
    walk.unit_fills_and_submits()
    walk.county_returns()
    walk.unit_mends()
    walk.county_verifies_and_recommends()
    walk.office_accepts()
    walk.office_moves_on_to_the_review()
    walk.office_opens_a_round()
    assert sum(walk.expert_scores(f"expert{number}", by_hand=number == 1) for number in range(1, 10)) > 30
    walk.office_closes_and_awards()
    check_papers(walk)
    assert "账本完整" in site.manage("verify_ledger")
    with sqlite3.connect(site.root / "var" / "wuxiao.sqlite3") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def check_papers(walk: Walk) -> None:
    table = load_workbook(walk.paper("county", "附件2", "xlsx")).worksheets[0]
    assert TITLE in [cell.value for row in table.iter_rows() for cell in row]
    brief = walk.paper("office", "附件3", "pdf")
    text = subprocess.run(["pdftotext", str(brief), "-"], capture_output=True, text=True, check=True).stdout
    assert TITLE in "".join(text.split())
