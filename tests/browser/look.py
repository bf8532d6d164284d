"""Looking closer at a page: barriers that axe finds, whether it is wider than the screen, whether it glides."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.servers import ROOT

AXE = (ROOT / "static" / "vendor" / "axe.min.js").read_text(encoding="utf-8")
GRAVE = {"serious", "critical"}
RUN = "axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)"
TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const clipped = (e) => {
    for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) {
      if (getComputedStyle(p).overflowX !== 'visible') return true;
    }
    return false;
  };
  return [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > room + 1 && !clipped(e))
    .slice(0, 3).map(e => e.tagName.toLowerCase() + '.' + e.className);
}"""


def barriers(page: Page) -> list[str]:
    """What axe calls serious or critical: rule and first element."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate(RUN)
    grave = [violation for violation in found if violation["impact"] in GRAVE]
    return [f"{violation['id']}: {violation['nodes'][0]['html'][:160]}" for violation in grave]


def too_wide(page: Page) -> list[str]:
    """The elements that make the page scroll sideways; a table that scrolls in its own box is none."""
    return list(page.evaluate(TOO_WIDE))


def glides(page: Page) -> list[str]:
    """A page that scrolls on by itself carries a button away between the press and the release of a hand."""
    return [] if page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto" else ["glides"]
