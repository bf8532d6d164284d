"""The score sheet in the browser: twenty sheets by keyboard alone; on a phone with the network cut nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.look import barriers, too_wide
from tests.servers import Portal

pytestmark = pytest.mark.browser
PASSWORD = "Wuxiao-desk-2026"
FEWEST = 20
WORKS, EACH = 34, 3  # three sheets a work among five experts: twenty or twenty-one for each
SET_PASSWORDS = f"""
from accounts.models import User
for number in (1, 2, 3):
    user = User.objects.get(username=f"expert{{number}}")
    user.set_password("{PASSWORD}")
    user.save()
"""
TAKE_OVER = "kept => Object.entries(JSON.parse(kept)).forEach(([key, value]) => localStorage.setItem(key, value))"
LEVEL, POINTS = ".wx-lv-i:not([disabled]) + label", ".wx-lv-i:checked + label + .wx-pts label"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A simulated season with some twenty untouched sheets for each of five experts, on SQLite in one process."""
    root: Path = tmp_path_factory.mktemp("desk")
    served = Portal(root)
    try:
        served.migrate()
        season = ("--units", "12", "--achievements", str(WORKS), "--experts", "6", "--sheets", str(EACH))
        served.manage("simulate", *season, "--open-sheets", str(WORKS * EACH))
        served.manage("shell", "-c", SET_PASSWORDS)
        served.start("web")
        yield served
    finally:
        served.stop()


@contextmanager
def signed_in(
    chromium: Browser, desk: Portal, who: str, width: int, height: int, *, touch: bool = False
) -> Iterator[tuple[BrowserContext, Page]]:
    """By keyboard: name, Tab, password, Enter."""
    context = chromium.new_context(
        base_url=desk.url, locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=touch,
        viewport={"width": width, "height": height},
    )  # fmt: skip
    context.set_default_timeout(15_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/accounts/login/")
    page.locator("[name=username]").focus()
    page.keyboard.type(who)
    page.locator("[name=password]").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(desk.url + "/")
    yield context, page
    assert complaints == []
    context.close()


def tab_to(page: Page, selector: str) -> None:
    """Tab after Tab until the focus is there; a person who has no mouse does the same."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"no way to {selector} by Tab")


def score_by_keys(page: Page, place: int) -> int:
    """One sheet: digits for the points, arrows for level and points, Enter for the next criterion. The total."""
    for points in (str(15 + place % 6), str(10 + place % 21)):
        page.keyboard.type(points)
        page.keyboard.press("Enter")
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "Enter", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    for _ in range(place % 4):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#missing")).to_have_text("已评完")
    return int(page.locator("#total").inner_text())


def totals(page: Page) -> list[int]:
    page.goto("/sheets/")
    return [int(text) for text in page.locator("td[data-t=总分]").all_inner_texts() if text.strip().isdigit()]


def test_twenty_sheets_by_keyboard_alone(chromium: Browser, desk: Portal) -> None:
    with signed_in(chromium, desk, "expert1", 1366, 768) as (_, page):
        page.goto("/sheets/")
        assert barriers(page) == []
        sheets = page.locator("table a.wx-desk").count()
        assert sheets >= FEWEST
        tab_to(page, "table a.wx-desk")
        page.keyboard.press("Enter")
        given = []
        for place in range(sheets):
            expect(page.locator("h1")).to_have_text(f"第 {place + 1} 份，共 {sheets} 份")
            if place == 0:
                assert barriers(page) == []
                assert too_wide(page) == []
            given.append(score_by_keys(page, place))
            page.keyboard.press("n")
        page.wait_for_url("**/sheets/?round=*")
        assert totals(page) == given
        assert len(set(given)) > 5
        hand_in_by_keys(page)
        expect(page.locator("body")).to_contain_text(f"已交 {sheets} 份评分表")
        check_a_receipt(page)


def hand_in_by_keys(page: Page) -> None:
    tab_to(page, "#hand-in [name=sure]")
    page.keyboard.press("Space")
    tab_to(page, "#hand-in button[type=submit]")
    page.keyboard.press("Enter")


def check_a_receipt(page: Page) -> None:
    tab_to(page, "table a[href$='/receipt/']")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("的评分与提交时完全相同")
    assert barriers(page) == []


# --- on a phone, the network gone ---------------------------------------------------------------------------------


def open_first(page: Page, place: int = 0) -> str:
    """The address of one of her sheets, opened by a tap."""
    page.goto("/sheets/")
    page.locator("table a.wx-desk").nth(place).tap()
    page.wait_for_url(re.compile(r"/sheets/\d+/$"))
    return page.url


def score_by_touch(page: Page) -> int:
    for criterion in page.locator("[data-criterion]").all():
        if not criterion.locator(".wx-lv-i:checked").count():
            criterion.locator(LEVEL).first.tap()
        criterion.locator(POINTS).last.tap()
    expect(page.locator("#missing")).to_have_text("已评完")
    return int(page.locator("#total").inner_text())


def test_ten_minutes_without_network_on_a_phone(chromium: Browser, desk: Portal) -> None:
    with signed_in(chromium, desk, "expert2", 390, 844, touch=True) as (context, page):
        page.clock.install()
        sheet = open_first(page)
        assert barriers(page) == []
        assert too_wide(page) == []
        context.set_offline(True)
        total = score_by_touch(page)
        page.fill("[name=comment]", "断网时写的评语")
        expect(page.locator("#save-state")).to_contain_text("离线")
        page.clock.fast_forward("10:00")
        expect(page.locator("#save-state")).to_contain_text("离线 10 分钟，已存在本机")
        assert barriers(page) == []
        context.set_offline(False)
        page.clock.fast_forward("00:20")
        expect(page.locator("#save-state")).to_contain_text("已保存")
        page.goto(sheet)
        assert page.locator("#total").inner_text() == str(total)
        assert page.locator("[name=comment]").input_value() == "断网时写的评语"
        assert page.evaluate("Object.keys(localStorage).filter(key => key.includes('/save/')).length") == 0


def test_a_tab_closed_without_network_is_made_good_later(chromium: Browser, desk: Portal) -> None:
    with signed_in(chromium, desk, "expert2", 390, 844, touch=True) as (context, page):
        open_first(page, place=1)
        context.set_offline(True)
        total = score_by_touch(page)
        expect(page.locator("#save-state")).to_contain_text("离线")
        page.close()
        context.set_offline(False)
        later = context.new_page()
        later.goto("/sheets/")
        expect(later.locator("td[data-t=总分]").nth(1)).to_have_text(str(total))


def test_another_person_on_the_same_device_neither_sends_nor_loses_it(chromium: Browser, desk: Portal) -> None:
    with signed_in(chromium, desk, "expert2", 390, 844, touch=True) as (context, page):
        sheet = open_first(page, place=2)
        context.set_offline(True)
        total = score_by_touch(page)
        expect(page.locator("#save-state")).to_contain_text("离线")
        context.set_offline(False)
        kept = page.evaluate("JSON.stringify(localStorage)")
        with signed_in(chromium, desk, "expert3", 390, 844, touch=True) as (_, other):
            other.evaluate(
                "kept => Object.entries(JSON.parse(kept)).forEach(([k, v]) => localStorage.setItem(k, v))", kept
            )
            other.goto("/sheets/")
            other.wait_for_load_state("networkidle")
            assert other.evaluate("Object.keys(localStorage).filter(key => key.includes('/save/')).length") == 1
            expect(other.locator("#pending")).to_be_hidden()
        page.goto(sheet)
        expect(page.locator("#save-state")).to_contain_text("已保存")
        assert page.locator("#total").inner_text() == str(total)


def test_five_sheets_by_touch_with_the_network_cut_in_the_middle(chromium: Browser, desk: Portal) -> None:
    """The third sheet is begun with a network, finished without one, and goes in when it is back; none is lost."""
    with signed_in(chromium, desk, "expert2", 390, 844, touch=True) as (context, page):
        first = 3  # the sheets before are those of the other tests
        open_first(page, place=first)
        given = []
        for place in range(5):
            expect(page.locator("h1")).to_contain_text(f"第 {first + place + 1} 份")
            if place == 2:
                page.locator("[data-criterion]").first.locator(LEVEL).first.tap()
                context.set_offline(True)
            given.append(score_by_touch(page) - lowered(page, place))
            if place == 2:
                expect(page.locator("#save-state")).to_contain_text("离线")
                context.set_offline(False)
                expect(page.locator("#save-state")).to_contain_text("已保存")
            page.locator("button[value=next]").tap()
        expect(page.locator("h1")).to_contain_text(f"第 {first + 6} 份")
        assert totals(page)[-5:] == given
        assert len(set(given)) > 1


def lowered(page: Page, by: int) -> int:
    """So many points less on the first criterion, by a tap: no two neighbours are alike."""
    row = page.locator("[data-criterion]").first.locator(POINTS)
    low, high = sorted(int(text) for text in (row.first.inner_text(), row.last.inner_text()))
    less = min(by, high - low)
    row.nth(row.count() - 1 - less).tap()
    return less


def test_two_windows_show_both_sides(chromium: Browser, desk: Portal) -> None:
    with signed_in(chromium, desk, "expert3", 1366, 768) as (context, first):
        first.goto("/sheets/")
        address = first.locator("table a.wx-desk").first.get_attribute("href") or ""
        first.goto(address)
        second = context.new_page()
        second.goto(address)
        score_by_keys(first, 3)
        expect(first.locator("#save-state")).to_contain_text("已保存")
        second.fill("[name=comment]", "第二个窗口的评语")
        expect(second.locator("#conflict")).to_be_visible()
        expect(second.locator("#conflict")).to_contain_text("第二个窗口的评语")
        expect(second.locator("#conflict")).to_contain_text("有原创价值，18 分")
        assert barriers(second) == []
        second.locator("[data-keep=theirs]").click()
        expect(second.locator("#missing")).to_have_text("已评完")
        assert second.locator("[name=comment]").input_value() == ""
