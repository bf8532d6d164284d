"""The auditor's desk in the browser: by keys alone, a reason that outlives network and session, one deed per deed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from playwright.sync_api import Browser, Error, Locator, Page, expect

from tests.browser import desk
from tests.browser.walk import PASSWORD
from tests.servers import Portal

pytestmark = pytest.mark.browser
REASON = "请补充技术鉴定书，并写明节约金额的计算依据。"


def handed_in(chromium: Browser, portal: Portal, title: str) -> int:
    """A unit's complete work, submitted to its county."""
    with desk.at_desk(chromium, portal.url) as unit:
        address = unit.complete(title)
        page = unit.tab(address)
        page.locator("button[name=do][value=submit]:visible").first.click()
        expect(page.locator("body")).to_contain_text("已提交")
    return int(re.findall(r"/(\d+)/edit/", address)[0])


@contextmanager
def county(chromium: Browser, portal: Portal, screen: str = "desktop") -> Iterator[Page]:
    with desk.at_desk(chromium, portal.url, screen, "county") as mine:
        yield mine.page


def chosen(page: Page) -> str:
    return str(page.locator("#detail").get_attribute("data-work"))


def test_the_queue_by_keys_alone(portal: Portal, chromium: Browser) -> None:
    handed_in(chromium, portal, "按键审核的装置")
    with county(chromium, portal) as page:
        page.goto("/audit/")
        first = chosen(page)
        page.keyboard.press("j")
        expect(page.locator("#detail")).not_to_have_attribute("data-work", first)
        page.keyboard.press("k")
        expect(page.locator("#detail")).to_have_attribute("data-work", first)
        for key, verb in (("t", "return"), ("x", "decline")):
            page.keyboard.press(key)
            ask = page.locator(f"[data-verb={verb}]")
            expect(ask.locator("textarea")).to_be_focused()
            page.keyboard.type("j，k。")  # while she writes, the keys are letters
            expect(page.locator("#detail")).to_have_attribute("data-work", first)
            page.keyboard.press("Escape")
            expect(ask.locator("textarea")).to_be_hidden()
            page.locator("#detail h1").focus()
        page.keyboard.press("r")
        expect(page.locator("[data-verb=go] button")).to_be_focused()
        page.locator("#detail h1").focus()
        page.keyboard.press("/")
        expect(page.locator(".wx-q-tools input[type=search]")).to_be_focused()


@pytest.mark.parametrize("screen", desk.SCREENS)
def test_a_reason_outlives_the_network_and_the_session(portal: Portal, chromium: Browser, screen: str) -> None:
    work = handed_in(chromium, portal, f"退回补正的装置{screen}")
    with county(chromium, portal, screen) as page:
        page.goto(f"/audit/{work}/")
        note = page.locator("#return-f textarea")
        page.click("[data-verb=return] > summary")
        note.fill(REASON)
        page.context.set_offline(True)
        with suppress(Error):
            page.click("#return-f button[type=submit]")
        page.context.set_offline(False)
        page.goto(f"/audit/{work}/")
        page.click("[data-verb=return] > summary")
        expect(note).to_have_value(REASON)
        page.context.clear_cookies(name="sessionid")
        page.click("#return-f button[type=submit]")
        expect(page.locator("main")).to_contain_text(REASON)
        page.fill("[name=username]", "county")
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.click("button:has-text('继续')")
        expect(page.locator("body")).to_contain_text("已退回")
        page.goto(f"/achievements/{work}/")
        expect(page.locator(".wx-history b:text-is('退回修改')")).to_have_count(1)
        expect(page.locator(".wx-history")).to_contain_text(REASON)


def test_recommended_twice_at_once_stands_once(portal: Portal, chromium: Browser) -> None:
    work = handed_in(chromium, portal, "双击推荐的装置")
    with county(chromium, portal) as page:
        page.goto(f"/audit/{work}/")
        page.locator("[data-verb=go] button").dblclick()
        page.wait_for_load_state("networkidle")
        page.goto(f"/achievements/{work}/")
        expect(page.locator(".wx-history b:text-is('审核推荐')")).to_have_count(1)
        page.goto("/audit/?tab=done")
        expect(page.locator("ol[data-order] li", has_text="双击推荐的装置")).to_have_count(1)


def test_the_order_of_recommendation_by_arrows_and_by_dragging(portal: Portal, chromium: Browser) -> None:
    for title in ("排序甲装置", "排序乙装置"):
        work = handed_in(chromium, portal, title)
        with county(chromium, portal) as page:
            page.goto(f"/audit/{work}/")
            page.locator("[data-verb=go] button").click()
            expect(page.locator("body")).to_contain_text("已推荐")
    with county(chromium, portal) as page:
        page.goto("/audit/?tab=done")
        assert titles(page)[-2:] == ["排序甲装置", "排序乙装置"]
        grip(page, "排序乙装置").focus()
        page.keyboard.press("ArrowUp")
        expect(page.locator("[data-order-said]")).to_contain_text("“排序乙装置”现在排第")
        expect(grip(page, "排序乙装置")).to_be_focused()
        page.reload()
        assert titles(page)[-2:] == ["排序乙装置", "排序甲装置"]
        drag_below(page, "排序乙装置", "排序甲装置")
        page.reload()
        assert titles(page)[-2:] == ["排序甲装置", "排序乙装置"]


def titles(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("ol[data-order] li a[href^='/audit/'][hx-get]").all_inner_texts()]


def grip(page: Page, title: str) -> Locator:
    return page.locator("ol[data-order] li", has_text=title).locator(".wx-grip")


def drag_below(page: Page, title: str, other: str) -> None:
    """By the grip, with the mouse."""
    grip(page, title).scroll_into_view_if_needed()
    line, below = grip(page, title).bounding_box(), page.locator("ol[data-order] li", has_text=other).bounding_box()
    assert line
    assert below
    page.mouse.move(line["x"] + line["width"] / 2, line["y"] + line["height"] / 2)
    page.mouse.down()
    page.mouse.move(line["x"] + 4, below["y"] + below["height"] - 2, steps=12)
    page.mouse.up()
    expect(page.locator("[data-order-said]")).to_contain_text(f"“{title}”现在排第")
