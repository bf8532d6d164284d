"""Every page of the access matrix in the browser: nothing that axe calls grave, nothing wider than the screen.

The matrix names every URL and who may read it; its world (tests/access/world.py) holds an object for each. `make test`
looks with the first pair of eyes that may, and leaves out what the desk's own table looks at in the demo season
(tests/browser/desk_table.py); `make prove` looks at everything with every hat.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page

from tests.access.test_matrix import ROWS, WHO
from tests.browser import desk
from tests.browser.desk_table import PAGES
from tests.browser.look import barriers, glides, too_wide
from tests.servers import Portal

pytestmark = pytest.mark.browser
EYES = ("office", "expert1", "auditor_a", "unit_a", "supervisor")
IN_THE_DEMO = {name for name, *_ in PAGES}
BUILD = """
import json
from tests.access.world import build
from tests.cast import assemble
made = build(assemble())
print("WORLD " + json.dumps([made.ids, made.sessions], default=str))
"""
SHOTS = os.environ.get("SHOTS", "")


@dataclass(frozen=True)
class Served:
    portal: Portal
    ids: dict[str, Any]
    sessions: dict[str, str]

    def url(self, name: str, arguments: list[str]) -> str:
        return reverse(name, args=[self.ids.get(argument, argument) for argument in arguments])


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The matrix's world on SQLite in one process, with everybody signed in."""
    portal = Portal(tmp_path_factory.mktemp("every"))
    try:
        portal.migrate()
        told = portal.manage("shell", "-c", BUILD)
        (line,) = [line for line in told.splitlines() if line.startswith("WORLD ")]
        ids, sessions = json.loads(line.removeprefix("WORLD "))
        portal.start("web")
        yield Served(portal, ids, sessions)
    finally:
        portal.stop()


def pages_of(person: str, *, everything: bool) -> list[tuple[str, list[str]]]:
    """URL name and arguments of what `person` looks at."""
    found = []
    for method, name, arguments, _, answers in ROWS:
        allowed = [who for who in EYES if answers[WHO.index(who)] == "200"]
        looks = allowed if everything else [] if name in IN_THE_DEMO else allowed[:1]
        if method == "GET" and person in looks:
            found.append((name, arguments))
    return found


def context_of(chromium: Browser, world: Served, person: str) -> BrowserContext:
    context = chromium.new_context(base_url=world.portal.url, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.add_cookies([{"name": "sessionid", "value": world.sessions[person], "url": world.portal.url}])
    context.set_default_timeout(20_000)
    return context


def is_page(context: BrowserContext, address: str) -> bool:
    """Not a file, not a piece of a page."""
    answer = context.request.get(address)
    assert answer.ok, f"{address}: {answer.status}"
    return answer.headers["content-type"].startswith("text/html") and "<html" in answer.text()


def faults(page: Page, address: str, shot: str) -> list[str]:
    wrong = []
    page.goto(address)
    for screen, size in desk.SCREENS.items():
        page.set_viewport_size(size)
        wrong += [f"{address} {screen}: {what}" for what in barriers(page) + too_wide(page) + glides(page)]
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{shot}-{screen}.png", full_page=True)
    return wrong


@pytest.mark.parametrize("person", EYES)
def test_no_page_has_a_grave_barrier(world: Served, chromium: Browser, person: str, at_full_length: bool) -> None:
    context = context_of(chromium, world, person)
    page, wrong, looked = context.new_page(), [], 0
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    for number, (name, arguments) in enumerate(pages_of(person, everything=at_full_length)):
        address = world.url(name, arguments)
        if is_page(context, address):
            wrong += faults(page, address, f"{person}-{number:02}-{name.replace(':', '-')}")
            looked += 1
    context.close()
    assert wrong + complaints == []
    assert looked or person == "supervisor"
