"""The unit's desk in the browser: a work made quickly, and one run of each accident that may befall an editor.

A run fails when a word was lost or something came out twice. `turn` varies fields, texts and choices, so that no two
runs are the same and a failing one can be repeated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from random import Random
from types import SimpleNamespace
from typing import Any, cast
from zlib import crc32

from django.http import HttpResponse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.hands import values
from tests.browser.walk import PASSWORD
from tests.cast import picture
from tests.submissions.unit_desk import form_of

LONG = ["summary", "innovation", "benefit_basis", "leader__bio", "leader__deeds"]
SHORT = ["title", "leader__employer", "leader__professional_title", "leader__top_honour"]
SAVED = re.compile("已保存 ")
SCREENS: dict[str, Any] = {"desktop": {"width": 1366, "height": 768}, "phone": {"width": 390, "height": 844}}
RARE = "䶮𬭎·Ａ９%<b>“”\\"


@dataclass
class Desk:
    """One signed-in person at her desk."""

    context: BrowserContext
    url: str
    page: Page
    complaints: list[str] = field(default_factory=list)

    @property
    def _token(self) -> dict[str, str]:
        token = next(one["value"] for one in self.context.cookies() if one["name"] == "csrftoken")
        return {"X-CSRFToken": token}

    @property
    def headers(self) -> dict[str, str]:
        """As the page's script sends them."""
        return self._token | {"HX-Request": "true"}

    def begin(self, **typed: str) -> str:
        """The address of a new draft's editor, with these fields saved."""
        unit = self.page.request.get("/achievements/new/").text()
        choice = re.search(r'name="unit" value="(\d+)"', unit) or re.search(r'<option value="(\d+)"', unit)
        form = {"unit": choice[1]} if choice else {}
        made = self.page.request.post("/achievements/new/", form=form, headers=self._token)
        address = made.url.removeprefix(self.url)
        assert address.endswith("/edit/"), address
        if typed:
            self.send(address, **typed)
        return address

    def send(self, address: str, **typed: str) -> None:
        path = address.replace("/edit/", "/fields/")
        answer = self.page.request.post(path, form={"revision": "99", **typed}, headers=self.headers)
        assert answer.ok, answer.text()

    def complete(self, title: str) -> str:
        """A work that lacks nothing, led by somebody who leads no other (three are the most that one may lead)."""
        own = crc32(title.encode())
        leader = {"leader__name": f"欧阳{chr(0x4E00 + own % 20000)}", "leader__phone": f"139{own % 10**8:08}"}
        address = self.begin(**(values(date.today()) | leader | {"title": title}))  # noqa: DTZ011
        file = {"name": "现场.png", "mimeType": "image/png", "buffer": picture("seagreen")}
        sent = self.page.request.post(
            address.replace("/edit/", "/attachments/"),
            multipart={"attachment_kind": "photo", "files": file},
            headers=self.headers,
        )
        assert sent.ok, sent.text()
        return address

    def tab(self, address: str) -> Page:
        page = self.context.new_page()
        self.watch(page)
        page.goto(address)
        return page

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda said: self.complaints.append(said.text) if "Content Security Policy" in said.text else None,
        )

    def kept(self, address: str, name: str) -> str:
        """What the server would show in a tab opened now."""
        page = SimpleNamespace(content=self.page.request.get(address).body())
        return str(form_of(cast(HttpResponse, page))[name][0])

    def works_called(self, title: str) -> int:
        page = self.page.request.get(f"/achievements/?q={title}").text()
        return len(set(re.findall(r'href="/achievements/(\d+)/', page.partition("<main")[2])))


@contextmanager
def at_desk(browser: Browser, url: str, screen: str = "desktop", username: str = "unit") -> Iterator[Desk]:
    context = browser.new_context(
        base_url=url, locale="zh-CN", timezone_id="Asia/Shanghai", viewport=SCREENS[screen], has_touch=screen == "phone"
    )
    context.set_default_timeout(20_000)
    context.route("**/papers/preview/**", lambda route: route.fulfill(body=""))  # not what these runs are about
    desk = Desk(context, url, context.new_page())
    desk.watch(desk.page)
    sign_in(desk.page, username)
    yield desk
    context.close()
    assert desk.complaints == []


def sign_in(page: Page, username: str) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(re.compile(r"//[^/]+/$"))


def type_in(page: Page, name: str, text: str) -> None:
    """Types and leaves the field."""
    box = page.locator(f"#f [name='{name}']")
    box.fill(text)
    box.blur()


def saved(page: Page) -> None:
    expect(page.locator("#save-state")).to_contain_text(SAVED)
    expect(page.locator("#save-state")).not_to_have_class(re.compile("is-"))


def words(dice: Random, name: str, who: str) -> str:
    """A text that fits the field; in the long ones with lines, signs and rare characters."""
    stem = f"{who}{dice.randrange(10**6)}"
    return f"{stem}号改进\n第二行 {RARE}，年节约 {dice.randrange(500)} 万元" if name in LONG else f"{stem}改进装置"


# --- the runs -----------------------------------------------------------------------------------------------


def two_tabs(desk: Desk, turn: int) -> None:
    """Both write the same field: both texts are shown, her choice stands, and another field is saved beside it."""
    dice = Random(turn)
    contested, other = dice.choice(LONG), dice.choice(SHORT)
    address = desk.begin(title=f"两页{turn}")
    first, second = desk.tab(address), desk.tab(address)
    theirs, mine, aside = words(dice, contested, "甲"), words(dice, contested, "乙"), words(dice, other, "丙")
    type_in(first, contested, theirs)
    saved(first)
    second.locator(f"#f [name='{contested}']").fill(mine)
    type_in(second, other, aside)
    clash = second.locator(".wx-clash")
    expect(clash).to_contain_text(mine.splitlines()[0])
    expect(clash).to_contain_text(theirs.splitlines()[0])
    own = dice.random() < 0.5
    clash.locator(f"button:has-text('{'用我写的' if own else '用对方的'}')").click()
    saved(second)
    for page in (first, second):
        page.close()
    assert desk.kept(address, contested) == (mine if own else theirs)
    assert desk.kept(address, other) == aside


def double_click(desk: Desk, turn: int) -> None:
    """Submit pressed twice at once: handed in once, as typed a moment before."""
    dice = Random(turn)
    title, name = f"双击{turn}号装置", dice.choice(LONG)
    address, text = desk.complete(title), words(dice, name, "末")
    page = desk.tab(address)
    page.locator(f"#f [name='{name}']").fill(text)
    page.locator("button[name=do][value=submit]:visible").first.dblclick()
    handed_in_once(desk, page, address, text)
    assert desk.works_called(title) == 1


def back_button(desk: Desk, turn: int) -> None:
    """Back after the submit: the page tells what it is now, and pressing again changes nothing."""
    dice = Random(turn)
    name = dice.choice(LONG)
    title, text = f"后退{turn}号装置", words(dice, name, "末")
    address = desk.complete(title)
    page = desk.tab(address)
    type_in(page, name, text)
    saved(page)
    page.locator("button[name=do][value=submit]:visible").first.click()
    expect(page.locator("body")).to_contain_text("已提交")
    page.go_back()
    again = page.locator("button[name=do][value=submit]:visible")
    if again.count():
        again.first.click()
        expect(page.locator("body")).to_contain_text("待审核")
    handed_in_once(desk, page, address, text)
    assert desk.works_called(title) == 1


def handed_in_once(desk: Desk, page: Page, address: str, text: str) -> None:
    detail = address.removesuffix("edit/")
    expect(page.locator("body")).to_contain_text("待审核")
    page.goto(detail)
    body = page.locator("main")
    for line in text.splitlines():
        expect(body).to_contain_text(line)
    expect(page.locator(".wx-history b:text-is('提交')")).to_have_count(1)
    page.close()


def offline(desk: Desk, turn: int) -> None:
    offline_together(desk, [turn], 0.3)


def offline_together(desk: Desk, turns: Iterable[int], seconds: float) -> None:
    """The network goes while she types in several fields of several works, and comes back after `seconds`."""
    cut = [_Cut(desk, turn) for turn in turns]
    desk.context.set_offline(True)
    for one in cut:
        one.type_on()
    cut[0].page.wait_for_timeout(seconds * 1000)
    for one in cut:
        one.type_last()
    desk.context.set_offline(False)
    for one in cut:
        one.all_kept()


class _Cut:
    """One work whose fields are typed into without a network."""

    def __init__(self, desk: Desk, turn: int) -> None:
        self.desk, self.dice = desk, Random(turn)
        self.address = desk.begin(title=f"断网{turn}")
        self.page = desk.tab(self.address)
        names = self.dice.sample(LONG, 2) + [self.dice.choice(SHORT)]
        self.typed = {name: words(self.dice, name, "断") for name in names}

    def type_on(self) -> None:
        self.page.bring_to_front()
        for name, text in self.typed.items():
            type_in(self.page, name, text)
        expect(self.page.locator("#save-state")).to_contain_text("离线")

    def type_last(self) -> None:
        """Without leaving the field."""
        self.page.bring_to_front()
        first = next(iter(self.typed))
        self.typed[first] = words(self.dice, first, "续")
        self.page.locator(f"#f [name='{first}']").fill(self.typed[first])

    def all_kept(self) -> None:
        saved(self.page)
        self.page.close()
        for name, text in self.typed.items():
            assert self.desk.kept(self.address, name) == text


def session_expiry(desk: Desk, turn: int) -> None:
    """The session ends in mid-form: signed in again in place, everything is saved."""
    dice = Random(turn)
    address = desk.begin(title=f"过期{turn}")
    page = desk.tab(address)
    page.wait_for_load_state("networkidle")
    before, after = dice.choice(LONG), dice.choice(SHORT)
    typed = {name: words(dice, name, "期") for name in (before, after)}
    desk.context.clear_cookies(name="sessionid")
    type_in(page, before, typed[before])
    dialog = page.locator("#sign-in-again[open]")
    expect(dialog).to_be_visible()
    dialog.locator("[name=password]").fill(PASSWORD)
    dialog.locator("[name=password]").press("Enter")
    expect(dialog).to_have_count(0)
    saved(page)
    type_in(page, after, typed[after])
    expect(page.locator("#save-state")).not_to_contain_text("稍候")
    saved(page)
    page.close()
    for name, text in typed.items():
        assert desk.kept(address, name) == text


RUNS = {run.__name__: run for run in (two_tabs, double_click, back_button, offline, session_expiry)}
