"""The worker inside the web process, on SQLite and with no server: nothing that was asked for is lost."""

import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import Portal

SITE = (
    "gunicorn tests.house.embedded_site:application --bind 127.0.0.1:$PORT --worker-class gthread --workers 1"
    " --threads 4 --no-control-socket"
)
ASK = "from core import jobs; jobs.start('tests.house.embedded_site.count', '{key}', {params}, '数数', None)"

pytestmark = pytest.mark.sqlite


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Portal]:
    portal = Portal(tmp_path, DATABASE_URL="", CELERY_BROKER_URL="memory://", SECRET_KEY="")
    portal.migrate()
    yield portal
    portal.stop()


def ask(site: Portal, key: str, **params: float) -> None:
    """Ask in a process of its own, whose broker dies with it: the message is lost, the row stays."""
    site.manage("shell", "--no-imports", "-c", ASK.format(key=key, params=params))


def row(site: Portal, key: str) -> tuple[str, int, int, int]:
    """(state, done, total, attempts)"""
    with sqlite3.connect(site.root / "var" / "wuxiao.sqlite3") as database:
        found = database.execute("SELECT state, done, total, attempts FROM core_job WHERE key = ?", [key]).fetchone()
    return tuple(found)


def wait_for(site: Portal, key: str, state: str, done: int = 0) -> tuple[str, int, int, int]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and site.processes["web"].poll() is None:
        found = row(site, key)
        if found[0] == state and found[1] >= done:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{row(site, key)}\n{site.log('web')}")


def test_a_job_whose_message_was_lost_is_done_at_the_next_start(site):
    ask(site, "lost", steps=3, pause=0.0)
    assert row(site, "lost") == ("queued", 0, 0, 0)
    site.start_command("web", SITE)
    assert wait_for(site, "lost", "done") == ("done", 3, 3, 1)


def test_a_job_of_a_killed_process_is_taken_up_and_done_once(site):
    ask(site, "long", steps=40, pause=0.05)
    ask(site, "next", steps=1, pause=0.0)
    site.start_command("web", SITE)
    wait_for(site, "long", "running", done=5)
    site.kill("web")
    assert row(site, "long")[0] == "running"
    site.start_command("web", SITE)
    assert wait_for(site, "long", "done") == ("done", 40, 40, 2)
    assert wait_for(site, "next", "done")[:3] == ("done", 1, 1)


def test_two_jobs_run_side_by_side_and_show_how_far_they_are(site):
    ask(site, "one", steps=30, pause=0.1)
    ask(site, "two", steps=30, pause=0.1)
    site.start_command("web", SITE)
    wait_for(site, "one", "running", done=1)
    assert row(site, "two")[0] == "running"
    wait_for(site, "one", "done")
    wait_for(site, "two", "done")


def test_the_process_ends_at_once_when_it_is_told_to(site):
    ask(site, "endless", steps=1000, pause=0.1)
    site.start_command("web", SITE)
    wait_for(site, "endless", "running", done=1)
    web = site.processes["web"]
    began = time.monotonic()
    site.stop("web", signal.SIGINT)
    assert web.returncode == 0
    assert time.monotonic() - began < 15
    assert row(site, "endless")[0] == "running"
