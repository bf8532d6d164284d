"""Issue 3, Proof: two tabs, double click, back button, lost network, expired session: nothing lost, nothing doubled.

Ten runs of each in `make test`, a hundred in `make prove`.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser import desk
from tests.servers import Portal

pytestmark = pytest.mark.browser
RUNS, RUNS_PROVED = 10, 100
OFFLINE_SECONDS, TABS = 30, 10


def turns(at_full_length: bool) -> range:
    return range(RUNS_PROVED if at_full_length else RUNS)


@pytest.mark.parametrize("name", [name for name in desk.RUNS if name != "offline"])
def test_nothing_is_lost_and_nothing_doubled(
    portal: Portal, chromium: Browser, at_full_length: bool, name: str
) -> None:
    with desk.at_desk(chromium, portal.url) as mine:
        for turn in turns(at_full_length):
            desk.RUNS[name](mine, turn)


def test_thirty_seconds_without_a_network(portal: Portal, chromium: Browser, at_full_length: bool) -> None:
    """Ten works at a time, each in a tab of its own."""
    with desk.at_desk(chromium, portal.url) as mine:
        for first in turns(at_full_length)[::TABS]:
            desk.offline_together(mine, range(first, first + TABS), OFFLINE_SECONDS)


def test_on_the_phone_too(portal: Portal, chromium: Browser) -> None:
    with desk.at_desk(chromium, portal.url, "phone") as mine:
        for run in desk.RUNS.values():
            run(mine, 2000)
