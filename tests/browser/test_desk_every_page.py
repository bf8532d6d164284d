"""Issue 3, Proof: every page of the desk at both sizes, nothing that axe calls grave, nothing wider than the screen."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import resolve
from playwright.sync_api import Browser, Page, expect

from tests.browser import desk
from tests.browser.desk_table import PAGES
from tests.browser.look import barriers, too_wide
from tests.servers import Portal
from tests.submissions import books

pytestmark = pytest.mark.browser
ROLES = sorted({role for _, role, _ in PAGES})
SHOTS = os.environ.get("SHOTS", "")
"""A folder that takes a picture of every page, for whoever wants to look herself."""


def workbook(page: Page) -> None:
    """One row right, one wrong."""
    page.goto("/achievements/import/")
    content = books.book([books.row("矿灯充电架自动断电装置"), books.row("", _3="去年")])
    page.set_input_files("[name=file]", {"name": "成果.xlsx", "mimeType": books.XLSX, "buffer": content})
    page.click("main form button[type=submit]")
    expect(page.locator("main")).to_contain_text("不正确")


def nomination(page: Page) -> None:
    page.goto("/nominations/")
    page.click("button:has-text('填写申报表')")
    expect(page.locator("main form [name=head_count]")).to_be_visible()


def bulk(page: Page) -> None:
    page.goto("/audit/")
    page.locator("input[name=work]").first.check()
    page.click("#bulk button[value=return]")
    expect(page.locator("h1")).to_contain_text("批量退回")


def batch(page: Page) -> None:
    """Undone at once: the season is also that of other tests."""
    page.fill("[name=note]", "请补充现场照片。")
    page.click("main form button.btn-primary")
    page.click("button:has-text('撤销')")
    expect(page.locator("main")).to_contain_text("撤销")


def paper(page: Page) -> None:
    page.goto("/papers/?code=recommendation_table")
    page.click("main button:has-text('开始生成')")
    expect(page.locator("#progress")).to_contain_text("文件已生成", timeout=60_000)


DEEDS: dict[str, Callable[[Page], None]] = {deed.__name__: deed for deed in (workbook, nomination, bulk, batch, paper)}


def come_to(page: Page, way: str) -> None:
    if way.startswith("!"):
        DEEDS[way[1:]](page)
        return
    address, *links = way.split(" >> ")
    page.goto(address)
    for link in links:
        page.goto(str(page.locator(link).first.get_attribute("href")))


def looked_at(page: Page, shot: str) -> list[str]:
    """What is wrong with it on either screen."""
    wrong = []
    for screen, size in desk.SCREENS.items():
        page.set_viewport_size(size)
        wrong += [f"{screen}: {what}" for what in barriers(page) + too_wide(page)]
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{shot}-{screen}.png", full_page=True)
    page.set_viewport_size(desk.SCREENS["desktop"])
    return wrong


@pytest.mark.parametrize("role", ROLES)
def test_no_page_has_a_grave_barrier(portal: Portal, chromium: Browser, role: str) -> None:
    found: dict[str, list[str]] = {}
    with desk.at_desk(chromium, portal.url, username=role) as mine:
        mine.context.unroute("**/papers/preview/**")
        for number, (name, _, way) in enumerate([row for row in PAGES if row[1] == role]):
            come_to(mine.page, way)
            assert resolve(mine.page.url.removeprefix(portal.url).partition("?")[0]).view_name == name, way
            wrong = looked_at(mine.page, f"{role}-{number:02}-{name.replace(':', '-')}")
            if wrong:
                found[f"{name} {way}"] = wrong
    assert found == {}
