"""What opens on the unit's desk, at both sizes: nothing that axe calls grave, nothing wider than the screen.

The pages themselves are looked at in test_desk_every_page.py.
"""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser import desk
from tests.browser.hands import press
from tests.browser.look import barriers, too_wide
from tests.servers import Portal

pytestmark = pytest.mark.browser


def portrait(folder: Path) -> str:
    """Larger than the frame, on red."""
    picture = Image.new("RGB", (1600, 1200), (200, 30, 40))
    picture.paste((240, 200, 170), (600, 250, 1000, 750))
    picture.save(folder / "相片.jpg")
    return str(folder / "相片.jpg")


def looked_at(page: Page, found: dict[str, list[str]], what: str) -> None:
    found[what] = barriers(page) + too_wide(page)


@pytest.mark.parametrize("screen", desk.SCREENS)
def test_the_desk_has_no_grave_barrier(portal: Portal, chromium: Browser, screen: str, tmp_path: Path) -> None:
    found: dict[str, list[str]] = {}
    with desk.at_desk(chromium, portal.url, screen) as mine:
        page = mine.page
        address = mine.complete(f"无障碍{screen}")
        page.goto(mine.begin())
        looked_at(page, found, "empty editor")
        page.goto(address)
        page.click("button:has-text('加一项表彰')")
        page.click("button:has-text('加一项专利')")
        page.click("button:has-text('加一名成员')")
        looked_at(page, found, "editor")
        cropped(page, found, portrait(tmp_path))
        stamped(mine, page, found)
        page.goto(address)
        mine.context.clear_cookies(name="sessionid")
        desk.type_in(page, "innovation", "过期之后写的")
        expect(page.locator("#sign-in-again[open]")).to_be_visible()
        looked_at(page, found, "signing in again")
    assert len(found) == 5
    assert {what: wrong for what, wrong in found.items() if wrong} == {}


def cropped(page: Page, found: dict[str, list[str]], photo: str) -> None:
    """By keys alone, as somebody without a mouse does."""
    page.set_input_files("#photo", photo)
    frame = page.locator("#crop[open]")
    expect(frame.locator("[data-said]")).to_contain_text("背景为红色")
    looked_at(page, found, "cropping the photo")
    for key in ("ArrowUp", "ArrowLeft", "+", "-"):
        page.keyboard.press(key)
    frame.locator("[data-use]").focus()
    page.keyboard.press("Enter")
    kept = page.locator("[data-photo] img")
    expect(kept).to_be_visible()
    picture = Image.open(io.BytesIO(page.request.get(str(kept.get_attribute("src"))).body()))
    assert abs(picture.width / picture.height - 35 / 49) < 0.01
    assert picture.width >= 413


def stamped(mine: desk.Desk, page: Page, found: dict[str, list[str]]) -> None:
    """Printed, brought back, and shown beside the form."""
    with mine.context.expect_page() as opened:
        press(page, "打印盖章表")
    paper = opened.value
    expect(paper.locator("body")).to_contain_text("文件已生成", timeout=60_000)
    with paper.expect_download() as download:
        paper.click("main a:has-text('下载')")
    paper.close()
    page.reload()
    scan = Path(str(download.value.path())).read_bytes()
    page.set_input_files("#scan", {"name": "扫描件.pdf", "mimeType": "application/pdf", "buffer": scan})
    expect(page.locator("#stamped")).to_contain_text("与现在的内容一致")
    page.goto(str(page.locator("#stamped a").first.get_attribute("href")))
    expect(page.locator("main")).to_contain_text("这一份与现在的内容一致")
    looked_at(page, found, "form and scan")


@pytest.mark.parametrize("screen", desk.SCREENS)
def test_a_hand_that_lets_go_slowly_hands_in_too(portal: Portal, chromium: Browser, screen: str) -> None:
    """Pressing the button leaves the field, so the save begins and ends under the finger; the press still counts."""
    with desk.at_desk(chromium, portal.url, screen) as mine:
        address = mine.complete(f"慢手{screen}装置")
        page = mine.tab(address)
        page.locator("#f [name='leader__deeds']").fill("松手以前保存的文字")
        page.locator("button[name=do][value=submit]:visible").first.hover()
        page.mouse.down()
        desk.saved(page)
        page.mouse.up()
        desk.handed_in_once(mine, page, address, "松手以前保存的文字")


def test_a_pdf_is_drawn_by_the_viewer_of_the_browser(portal: Portal, whole_chromium: Browser) -> None:
    """A red sheet is red on the screen: the answer's own policy lets the viewer draw."""
    red = io.BytesIO()
    Image.new("RGB", (600, 800), (204, 0, 0)).save(red, "PDF")
    with desk.at_desk(whole_chromium, portal.url) as mine:
        address = mine.begin(title="PDF 直接查看")
        file = {"name": "红页.pdf", "mimeType": "application/pdf", "buffer": red.getvalue()}
        form = {"attachment_kind": "other", "files": file}
        path = address.replace("/edit/", "/attachments/")
        assert mine.page.request.post(path, multipart=form, headers=mine.headers).ok
        mine.page.goto(address)
        mine.page.goto(str(mine.page.locator("[data-attachment] b a").get_attribute("href")))
        mine.page.wait_for_timeout(2500)
        shown = Image.open(io.BytesIO(mine.page.screenshot())).convert("RGB")
    colours = shown.getcolors(1 << 24) or []
    assert sum(count for count, (r, g, b) in colours if r > 180 and g < 60 and b < 60) > 20_000  # type: ignore[misc]
