"""One whole walk on SQLite with the worker inside the web process, as `make demo` serves it; no script runs."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser

from tests.browser.hands import TITLE
from tests.browser.walk import Walk
from tests.servers import ROOT, Portal, free_port

pytestmark = pytest.mark.sqlite
SITE = "gunicorn wuxiao.wsgi --bind 127.0.0.1:$PORT --worker-class gthread --workers 1 --threads 8 --no-control-socket"


SEEDING_SECONDS = 300
A_SERVERS = {
    "DATABASE_URL": "postgres://wuxiao@127.0.0.1:1/wuxiao",
    "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "smtp://127.0.0.1:1",
    "SECRET_KEY": "short",
    "HTTPS": "1",
    "STATIC_COLLECTED": "1",
    "ALLOWED_HOSTS": "wuxiao.example.cn",
}


class Demo:
    """`scripts/demo.sh` in a folder of its own, started among a server's variables; `said` is its standard output."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said = ""

    @contextmanager
    def run(self) -> Iterator[str]:
        """Its address. At the end it gets Ctrl-C, as from a terminal."""
        port, log = free_port(), self.folder.with_suffix(".log")
        environment = os.environ | A_SERVERS | {"DEMO_DIR": str(self.folder), "PORT": str(port)}
        with log.open("wb") as out:
            process = subprocess.Popen(
                ["sh", "scripts/demo.sh"], cwd=ROOT, env=environment, stdout=out, stderr=out, start_new_session=True
            )
        try:
            end = time.monotonic() + SEEDING_SECONDS
            while process.poll() is None and not answers(port) and time.monotonic() < end:
                time.sleep(0.1)
            assert process.poll() is None, log.read_text()
            yield f"http://127.0.0.1:{port}"
        finally:
            self.status = ended(process)
            self.said = log.read_text()
        with socket.socket() as closed:
            assert closed.connect_ex(("127.0.0.1", port)) != 0

    def ask(self, question: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(self.folder / "wuxiao.sqlite3") as database:
            return database.execute(question).fetchall()


def ended(process: subprocess.Popen[bytes]) -> int:
    """By Ctrl-C; what does not end by it is no reason to leave it behind."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
    try:
        return process.wait(timeout=60)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def sign_in(url: str, username: str) -> str:
    """The home that the sign-in leads to."""
    opener = build_opener(HTTPCookieProcessor())
    form = opener.open(f"{url}/accounts/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token
    data = {"username": username, "password": "Wuxiao-demo-2021", "csrfmiddlewaretoken": token[1]}
    return opener.open(f"{url}/accounts/login/", urlencode(data).encode()).read().decode()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Started once, with its season seeded, and ended."""
    demo = Demo(tmp_path_factory.mktemp("demo") / "var")
    with demo.run() as url:
        assert "推荐" in sign_in(url, "county")
    return demo


def test_the_demo_starts_ends_by_ctrl_c_and_keeps_its_data(demo: Demo) -> None:
    first, works = demo.said, demo.ask("SELECT count(*) FROM submissions_achievement")
    assert demo.status == 0
    assert "正在装入演示数据" in first
    names = (
        "office  office2",
        "supervisor",
        "county",
        "group",
        "partner",
        "unit  direct  direct2",
        "expert1 … expert9",
    )
    assert [words for words in (*names, "Wuxiao-demo-2021") if words not in first] == []
    seen = demo.ask("SELECT last_login FROM accounts_user WHERE username = 'county'")
    assert seen[0][0]
    with demo.run() as url:
        assert "草稿" in sign_in(url, "unit")
    assert demo.status == 0
    assert "正在装入演示数据" not in demo.said
    assert demo.ask("SELECT last_login FROM accounts_user WHERE username = 'county'") == seen
    assert demo.ask("SELECT count(*) FROM submissions_achievement") == works == [(120,)]


@pytest.fixture
def site(tmp_path: Path, demo: Demo) -> Iterator[Portal]:
    """The demo's folder once more, so that it is seeded once."""
    shutil.copytree(demo.folder, tmp_path / "var")
    portal = Portal(tmp_path, DATABASE_URL="", CELERY_BROKER_URL="memory://", SECRET_KEY="")
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
