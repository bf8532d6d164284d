"""What a person's hands do on a page, and what the unit of the walk types."""

from __future__ import annotations

from datetime import date, timedelta

from playwright.sync_api import Page, expect

TITLE = "矿井主排水泵自动轮换与䶮𬭎记录装置"  # two rare signs come along into the papers
# Of each criterion the highest or the lowest open level, with its most points.
CHOOSE = """best => {
  for (const criterion of document.querySelectorAll('[data-criterion]')) {
    const levels = [...criterion.querySelectorAll('input.wx-lv-i:not([disabled])')];
    const level = best ? levels[0] : levels[levels.length - 1];
    level.click();
    const points = criterion.querySelectorAll('input[id^="p-' + level.id.slice(2) + '-"]');
    points[points.length - 1].click();
  }
}"""


def values(today: date) -> dict[str, str]:
    """What the unit types, by the names of the page's controls."""

    def day(before: int) -> str:
        return (today - timedelta(days=before)).isoformat()

    return {
        "title": TITLE, "kind": "small_invention", "category": "equipment", "industry": "coal",
        "implemented_from": day(300), "implemented_to": day(200), "completed_on": day(190), "applied_from": day(180),
        "leader__name": "欧阳䶮", "leader__gender": "male", "leader__birth_month": "1985.06",
        "leader__employer": "常岭机电公司", "leader__work_started": "2007.07",
        "leader__political_status": "party_member", "leader__professional_title": "工程师",
        "leader__skill_level": "technician", "leader__education_level": "bachelor", "leader__phone": "13900000001",
        "leader__bio": "从事机电维修 18 年。", "leader__deeds": "主持技改 7 项，累计创效 300 万元。",
        "summary": "在主排水泵上加装自动轮换装置，并记录每台泵的运行时间。",
        "innovation": "以运行时间决定轮换次序，不需人工判断。",
        "benefit_path": "economic", "benefit_wan": "126.50", "benefit_basis": "每小时停泵损失 2.75 万元。",
        "filled_by": "吴山", "responsible_person": "何厂长", "government_project": "no", "dedicated_funds": "no",
        "research_centre_topic": "no", "classified": "no", "truth_declared": "on",
    }  # fmt: skip


def put(page: Page, name: str, value: str) -> None:
    """Types, chooses or ticks, whatever the control is."""
    control = page.locator(f"main [name='{name}']")
    kind = control.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
    if kind == "select":
        control.select_option(value)
    elif kind == "radio":
        tick(page, f"main [name='{name}'][value='{value}']")
    elif kind == "checkbox":
        tick(page, f"main [name='{name}']")
    else:
        control.fill(value)


def tick(page: Page, selector: str) -> None:
    """By its label, as people do: the control itself may be drawn over."""
    control = page.locator(selector).first
    if not control.is_checked():
        page.locator(f"label[for='{control.get_attribute('id')}']").first.click()
    expect(control).to_be_checked()


def press(page: Page, words: str) -> None:
    """The visible button with exactly these words."""
    page.locator(f"button:visible:text-is('{words}')").first.click()
