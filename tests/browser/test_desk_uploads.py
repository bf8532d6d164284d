"""Attachments by hand: several at once, bad ones among them, a lost network, their order by keys and mouse."""

from __future__ import annotations

import io
import os
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import desk
from tests.cast import picture
from tests.servers import Portal

pytestmark = pytest.mark.browser
THREE_GB = 3 << 30
PDF = b"%%PDF-1.4\n%b\n%%%%EOF\n"


def files(folder: Path) -> dict[str, str]:
    """Good ones, a program that calls itself PDF, and three gigabytes of nothing (a sparse file)."""
    made = {name: folder / name for name in ("甲.pdf", "乙.pdf", "丙.png", "坏.pdf", "大.pdf")}
    for name in ("甲.pdf", "乙.pdf"):
        made[name].write_bytes(PDF % name.encode())
    made["丙.png"].write_bytes(picture("seagreen"))
    made["坏.pdf"].write_bytes(b"MZ\x90\x00")
    made["大.pdf"].touch()
    os.truncate(made["大.pdf"], THREE_GB)
    return {name: str(path) for name, path in made.items()}


def kept(page: Page) -> list[str]:
    return page.locator("[data-attachment]").evaluate_all("rows => rows.map(row => row.dataset.name)")


def going(page: Page, name: str) -> Locator:
    return page.locator("[data-uploading] li", has_text=name)


@pytest.mark.parametrize("screen", desk.SCREENS)
def test_files_come_in_side_by_side_and_in_her_order(
    portal: Portal, chromium: Browser, screen: str, tmp_path: Path
) -> None:
    made = files(tmp_path)
    with desk.at_desk(chromium, portal.url, screen) as mine:
        page = mine.tab(mine.begin(title=f"附件{screen}"))
        page.set_input_files("#files", [made["甲.pdf"], made["坏.pdf"], made["大.pdf"], made["丙.png"], made["乙.pdf"]])
        expect(page.locator("#s-proof")).to_contain_text("请先选择材料类型，选好后 5 个文件自动上传。")
        page.click("button[aria-label='移除 乙.pdf']")
        expect(page.locator("#s-proof")).to_contain_text("请先选择材料类型，选好后 4 个文件自动上传。")
        page.select_option("#id_attachment_kind", "other")
        expect(going(page, "大.pdf")).to_contain_text("3.0 GB，超过每个 20 MB 的上限")
        expect(going(page, "坏.pdf")).to_contain_text("“坏.pdf”的内容不属于其中任何一种")
        expect(page.locator("[data-attachment]")).to_have_count(2)
        assert kept(page) == ["甲.pdf", "丙.png"]
        again_after_the_network(mine, page, made["乙.pdf"])
        ordered(page)


def again_after_the_network(mine: desk.Desk, page: Page, file: str) -> None:
    mine.context.set_offline(True)
    page.select_option("#id_attachment_kind", "other")
    page.set_input_files("#files", file)
    stopped = going(page, "乙.pdf")
    expect(stopped).to_contain_text("网络中断")
    mine.context.set_offline(False)
    stopped.locator("button[aria-label='重新上传 乙.pdf']").click()
    expect(page.locator("[data-attachment]")).to_have_count(3)
    expect(stopped).to_have_count(0)


def test_the_photo_and_the_scan_go_once_more_after_the_network(portal: Portal, chromium: Browser) -> None:
    """What was cut is kept: it isn't chosen and cut again."""
    portrait = io.BytesIO()
    Image.new("RGB", (827, 1157), (200, 30, 40)).save(portrait, "PNG")
    with desk.at_desk(chromium, portal.url) as mine:
        address = mine.begin(title="再传一次")
        number = address.split("/")[2]
        assert mine.page.request.post(f"/papers/stamped/print/{number}/", headers=mine.headers).ok
        page = mine.tab(address)
        mine.context.set_offline(True)
        page.set_input_files("#photo", {"name": "相片.png", "mimeType": "image/png", "buffer": portrait.getvalue()})
        page.locator("#crop[open] [data-use]").click()
        expect(page.locator("#photo-said")).to_contain_text("网络中断")
        page.set_input_files("#scan", {"name": "扫描件.pdf", "mimeType": "application/pdf", "buffer": PDF % b"1"})
        expect(page.locator("#stamped-said")).to_contain_text("网络中断")
        mine.context.set_offline(False)
        page.click("button:has-text('重新上传相片')")
        expect(page.locator("[data-photo] img")).to_be_visible()
        page.click("button:has-text('重新上传扫描件')")
        expect(page.locator("#stamped")).to_contain_text("与现在的内容一致")
        expect(page.locator("#stamped-said")).to_have_text("")


def dragged(page: Page, name: str, before: str) -> None:
    """With the mouse; on a busy machine a drag that begins while the list is drawn anew falls, and is made again."""
    for _ in range(3):
        top = page.locator(f"[data-attachment][data-name='{before}']")
        page.locator(f"[data-attachment][data-name='{name}']").drag_to(top, target_position={"x": 60, "y": 4})
        with suppress(AssertionError):
            expect(page.locator("[data-attachment]").first).to_contain_text(name, timeout=5_000)
            return
    expect(page.locator("[data-attachment]").first).to_contain_text(name)


def ordered(page: Page) -> None:
    """By keys, by the button, by dragging; what is shown is what was saved."""
    page.locator("[data-attachment][data-name='乙.pdf']").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("[data-attachment]").nth(1)).to_contain_text("乙.pdf")
    expect(page.locator("[data-attachment][data-name='乙.pdf']")).to_be_focused()
    page.locator("button[aria-label='丙.png 上移']").click()
    expect(page.locator("[data-attachment]").nth(1)).to_contain_text("丙.png")
    page.wait_for_load_state("networkidle")
    desk.saved(page)
    dragged(page, "乙.pdf", "甲.pdf")
    desk.saved(page)
    page.reload()
    assert kept(page) == ["乙.pdf", "甲.pdf", "丙.png"]
