"""The way of a season through the pages, as persons walk it: with or without scripts, on whatever server.

`visit(page, what)` is called on every page that was reached, so that a test can look closer at it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.hands import CHOOSE, TITLE, press, put, tick, values
from tests.cast import picture

PASSWORD = "Wuxiao-demo-2021"
RETURNED_WITH = "请补充实施前后的对比数据。"
MENDED = "实施前每班人工切换 3 次，实施后自动轮换，年减少停泵 46 小时，节约 126.50 万元。"
WHY_SPECIAL = "解决了本行业长期存在的难题，评审委员会一致同意。"
PATIENCE_SECONDS = 60
Visit = Callable[[Page, str], None]


@dataclass
class Walk:
    browser: Browser
    url: str
    files: Path
    visit: Visit
    scripts: bool = True
    viewport: Any = field(default_factory=lambda: {"width": 1366, "height": 768})
    complaints: list[str] = field(default_factory=list)

    @contextmanager
    def person(self, username: str) -> Iterator[Page]:
        """Signs in in a browser of her own, and keeps what scripts or the content policy complain about."""
        context = self.browser.new_context(
            base_url=self.url, locale="zh-CN", timezone_id="Asia/Shanghai", viewport=self.viewport,
            java_script_enabled=self.scripts, accept_downloads=True,
        )  # fmt: skip
        context.set_default_timeout(20_000)
        page = self._watched(context)
        page.goto("/accounts/login/")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(self.url + "/")
        yield page
        context.close()

    def _watched(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda said: self.complaints.append(said.text) if "Content Security Policy" in said.text else None,
        )
        return page

    # --- the work ------------------------------------------------------------------------------------

    def unit_fills_and_submits(self) -> None:
        with self.person("unit") as page:
            self.visit(page, "home of the unit")
            page.goto("/achievements/")
            self.visit(page, "list of the unit")
            page.goto("/achievements/new/")
            self.visit(page, "new achievement")
            page.click("main button:has-text('新建成果')")
            for name, value in values(date.today()).items():  # noqa: DTZ011
                put(page, name, value)
            self._attach(page)
            self.visit(page, "editor")
            press(page, "提交")
            expect(page.locator("h1")).to_contain_text(TITLE)
            expect(page.locator("body")).to_contain_text("待审核")
            self.visit(page, "detail, submitted")

    def _attach(self, page: Page) -> None:
        file = self.files / "现场.png"
        file.write_bytes(picture("seagreen"))
        page.select_option("[name=attachment_kind]", "photo")
        page.set_input_files("[name=files]", str(file))
        if self.scripts:
            expect(page.locator("#attachments [data-list]")).to_contain_text("现场")

    def county_returns(self) -> None:
        with self.person("county") as page:
            self.visit(page, "home of the auditor")
            self._open_in_queue(page)
            self.visit(page, "audit queue")
            page.click("details[data-verb=return] summary")
            page.fill("details[data-verb=return] textarea", RETURNED_WITH)
            page.click("button:has-text('确认退回修改')")
            expect(page.locator("body")).to_contain_text("已退回修改")

    def _open_in_queue(self, page: Page) -> None:
        page.goto(f"/audit/?q={TITLE}")
        expect(page.locator("#detail")).to_contain_text(TITLE)

    def unit_mends(self) -> None:
        with self.person("unit") as page:
            page.goto(f"/achievements/?q={TITLE}")
            page.click(f"main a:has-text('{TITLE}')")
            expect(page.locator("body")).to_contain_text(RETURNED_WITH)
            self.visit(page, "detail or editor of a returned work")
            if "/edit/" not in page.url:
                page.click("main a:has-text('修改'), .wx-ctx a:has-text('修改')")
            put(page, "summary", MENDED)
            press(page, "重新提交")
            expect(page.locator("body")).to_contain_text("待审核")

    def county_verifies_and_recommends(self) -> None:
        with self.person("county") as page:
            self._open_in_queue(page)
            expect(page.locator("#detail")).to_contain_text("年减少停泵 46 小时")
            self.visit(page, "audit queue, comparing versions")
            page.click("#verify button:has-text('保存核定')")
            expect(page.locator("body")).to_contain_text("效益核定已保存")
            page.click("form[data-verb=go] button")
            expect(page.locator("body")).to_contain_text("已推荐")
            page.goto("/audit/?tab=done")
            expect(page.locator("main")).to_contain_text(TITLE)
            self.visit(page, "recommendation list")
            self._send_list(page)

    def _send_list(self, page: Page) -> None:
        """The whole list with its report to the host, which accepts nothing before."""
        page.goto("/sending/")
        self.visit(page, "sending")
        report = self.files / "总结报告.pdf"
        report.write_bytes(b"%PDF-1.4\n%%EOF\n")
        page.set_input_files("[name=report]", str(report))
        page.click("#report button[type=submit]")
        expect(page.locator("#report")).to_contain_text("总结报告.pdf")
        page.click("form[action$='/sending/send/'] button")
        expect(page.locator("h1")).to_have_text("报送回执")
        expect(page.locator("main")).to_contain_text(TITLE)
        self.visit(page, "receipt of the sending")

    def office_accepts(self) -> None:
        with self.person("office") as page:
            self.visit(page, "home of the office")
            self._open_in_queue(page)
            page.click("form[data-verb=go] button")
            expect(page.locator("body")).to_contain_text("已受理")

    # --- the judgement -------------------------------------------------------------------------------

    def office_moves_on_to_the_review(self) -> None:
        with self.person("office") as page:
            page.click("a:has-text('前移日程')")
            self.visit(page, "moving the phases on")
            for _ in range(20):
                button = page.locator("main form button[type=submit]")
                # The review opens one second after the recommenders' closing: one press reaches both.
                begins = "推荐单位审核截止" in button.inner_text() or "考核评选开始" in button.inner_text()
                button.click()
                page.wait_for_url(self.url + "/")
                if begins:
                    return
                page.click("a:has-text('前移日程')")
        raise AssertionError("no review phase on the way")

    def office_opens_a_round(self) -> None:
        with self.person("office") as page:
            page.goto("/rounds/")
            self.visit(page, "rounds")
            page.goto("/rounds/new/")
            self.visit(page, "new round")
            put(page, "name", "综合评审")
            put(page, "sheets_per_achievement", "3")
            for box in page.locator("[name=experts]").all():
                tick(page, f"#{box.get_attribute('id')}")
            page.click("main button:has-text('新建轮次')")
            page.click("button:has-text('分配专家')")
            expect(page.locator("body")).to_contain_text("分配完成")
            self.visit(page, "round, assigned")
            self._make_blind(page)
            tick(page, "main [name=sure]")
            page.click("button:has-text('开始评审')")
            expect(page.locator("body")).to_contain_text("评审已经开始")
            self.visit(page, "round, open")

    def _make_blind(self, page: Page) -> None:
        """The worker writes the documents anew; what may still give a work away is blotted out by the office."""
        address, deadline = page.url, time.monotonic() + PATIENCE_SECONDS
        while "没有改写成匿名材料" in page.locator("main").inner_text():
            assert time.monotonic() < deadline, page.locator("main").inner_text()
            time.sleep(0.5)
            page.goto(address)
        page.click("main a:has-text('查看匿名材料')")
        self.visit(page, "blind material")
        while page.locator("main button:has-text('全部隐去')").count():
            page.click("main button:has-text('全部隐去')")
        expect(page.locator("main")).to_contain_text("没有待处理的位置")
        page.goto(address)

    def expert_scores(self, username: str, *, by_hand: bool = True) -> int:
        """All her sheets: the walked work gets the most, the others something less. Returns how many she handed in.

        `by_hand`: every level and point is clicked; else they are chosen on the page at one go, which is quicker.
        """
        with self.person(username) as page:
            page.goto("/sheets/")
            self._commit(page)
            self.visit(page, "list of the expert")
            sheets = page.locator("table a.wx-desk")
            count = sheets.count()
            sheets.first.click()
            for place in range(count):
                expect(page.locator("h1")).to_contain_text(f"第 {place + 1} 份")
                best = TITLE in page.locator("main").inner_text()
                self._score(page, best=best) if by_hand else page.evaluate(CHOOSE, best)
                if self.scripts:
                    expect(page.locator("#missing")).to_contain_text("已评完")
                if place == 0:
                    self.visit(page, "score sheet")
                page.click("button[name=then][value=next]")
            page.wait_for_url("**/sheets/?round=*")
            return self._hand_in(page)

    def _commit(self, page: Page) -> None:
        """Before her first sheet of the season she reads and accepts the commitment."""
        if "/commitment/" not in page.url:
            return
        self.visit(page, "commitment")
        tick(page, "main [name=sure]")
        page.click("main button:has-text('确认承诺')")
        page.wait_for_url("**/sheets/**")

    def _score(self, page: Page, *, best: bool) -> None:
        for criterion in page.locator("[data-criterion]").all():
            open_levels = criterion.locator("input.wx-lv-i:not([disabled])")
            level = open_levels.nth(0 if best else open_levels.count() - 1)
            if not level.is_checked():
                criterion.locator(f"label[for='{level.get_attribute('id')}']").click()
            ident = (level.get_attribute("id") or "").removeprefix("l-")
            criterion.locator(f"label[for^='p-{ident}-']").last.click()

    def _hand_in(self, page: Page) -> int:
        if not page.locator("#hand-in form").count():
            return 0
        tick(page, "#hand-in [name=sure]")
        page.click("#hand-in button[type=submit]")
        expect(page.locator("body")).to_contain_text("份评分表，谢谢您")
        said = re.search(r"已交 (\d+) 份", page.locator("body").inner_text())
        return int(said[1]) if said else 0

    def office_closes_and_awards(self) -> None:
        with self.person("office") as page:
            page.goto("/rounds/")
            page.click("main a:has-text('综合评审') >> nth=0")
            tick(page, "main [name=sure]")
            page.click("button:has-text('截止评分')")
            expect(page.locator("body")).to_contain_text("排名已经生成")
            page.click("a:has-text('排名与定奖')")
            self.visit(page, "ranking, closed")
            first = page.locator("table.wx-rk tbody tr:not(.wx-cut)").first
            expect(first).to_contain_text(TITLE)
            expect(first).to_contain_text("100.00")
            self._award(page)
            self.visit(page, "ranking, awarded")

    def _award(self, page: Page) -> None:
        """One person proposes 特等奖 with votes and reason, a second one approves it, then the result is locked."""
        ranking = page.url
        code = page.locator("table.wx-rk tbody tr:not(.wx-cut) th").first.inner_text().split()[0]
        page.click("main a:has-text('评定与核准')")
        form = page.locator("form[action$='/propose/']")
        form.locator("[name=code]").fill(code)
        form.locator("[name=tier]").select_option(label="特等奖")
        form.locator("[name=votes_for]").fill("5")
        form.locator("[name=reason]").fill(WHY_SPECIAL)
        form.locator("button[type=submit]").click()
        expect(page.locator("main")).to_contain_text("须由另一人核准")
        self.visit(page, "committee")
        with self.person("office2") as second:
            second.goto(page.url)
            second.click("main button:has-text('核准') >> nth=0")
            expect(second.locator("main")).to_contain_text("已核准")
        page.goto(ranking)
        expect(page.locator(".wx-comm")).to_contain_text(WHY_SPECIAL)
        tick(page, "form[action$='/confirm/'] [name=sure]")
        page.click("form[action$='/confirm/'] button")
        expect(page.locator("body")).to_contain_text("结果已锁定")

    # --- the papers ----------------------------------------------------------------------------------

    def paper(self, username: str, annex: str, file_format: str) -> Path:
        """Asks for a paper, waits for the worker, takes it away."""
        with self.person(username) as page:
            page.goto("/papers/")
            self.visit(page, "papers")
            page.click(f"main label:has-text('{annex}')")
            tick(page, f"main [name=file_format][value={file_format}]")
            page.click("main button:has-text('开始生成')")
            self._wait_until_made(page)
            self.visit(page, "paper, made")
            with page.expect_download() as download:
                page.click("main a:has-text('下载')")
            target = self.files / f"{username}-{annex}.{file_format}"
            download.value.save_as(target)
            return target

    def _wait_until_made(self, page: Page) -> None:
        """With scripts the page tells by itself; without, she looks again."""
        if self.scripts:
            expect(page.locator("#progress")).to_contain_text("文件已生成", timeout=PATIENCE_SECONDS * 1000)
            return
        deadline = time.monotonic() + PATIENCE_SECONDS
        while "文件已生成" not in page.locator("#progress").inner_text():
            assert time.monotonic() < deadline, page.locator("#progress").inner_text()
            time.sleep(0.5)
            page.reload()
