"""What is still missing, section by section, with a link to each place: the list beside the editor."""

from __future__ import annotations

from dataclasses import dataclass, field

from submissions import queries
from submissions.forms.achievement import name_of
from submissions.models import Achievement
from submissions.queries import continuing
from submissions.rules import eligibility
from submissions.rules.fields import FIELDS, SECTIONS, FieldRule
from submissions.views.shown import NUMERALS

_PLACES = {
    "members": ("leader", "成员人数", "#members"),
    "attachments": ("proof", "成果图片", "#attachments"),
    "commendations": ("proof", "基层表彰", "#commendations"),
    "stamped": ("pledge", "盖章扫描件", "#stamped"),
}
_STILL_TO_COME = ("photo", "base_award", "stamped")
_ALWAYS_TOLD = ("complete", "leader", "in_use", "truth")  # red only where a field is missing, which is listed anyway


@dataclass
class Item:
    label: str
    href: str
    tone: str = "warn"


@dataclass
class Section:
    code: str
    numeral: str
    label: str
    items: list[Item] = field(default_factory=list)
    begun: bool = False

    @property
    def tone(self) -> str:
        if not self.items:
            return "ok"
        worst = "bad" if any(item.tone == "bad" for item in self.items) else "warn"
        return worst if self.begun or worst == "bad" else "none"


@dataclass
class Completeness:
    """`total` required things, `filled` of them there; `missing` are the names of empty fields in the page.

    `repeats`: the unit's own works that this one may repeat.
    """

    sections: list[Section]
    missing: list[str]
    total: int
    content: eligibility.Content = field(default_factory=dict)
    repeats: list[Achievement] = field(default_factory=list)

    @property
    def items(self) -> list[Item]:
        return [item for section in self.sections for item in section.items]

    @property
    def left(self) -> int:
        return len(self.items)

    @property
    def filled(self) -> int:
        return max(0, self.total - self.left)


def of(achievement: Achievement) -> Completeness:
    data, season = queries.content(achievement), queries.season(achievement.contest)
    missing = eligibility.missing(data, season)
    sections = {code: Section(code, NUMERALS[n], label) for n, (code, label) in enumerate(SECTIONS.items())}
    for rule in missing:
        sections[rule.section].items.append(Item(rule.label, f"#id_{name_of(rule.key)}"))
    for finding in (each for each in queries.judged(achievement, data) if each.state == "red"):
        _add(sections, finding, {rule.key for rule in missing})
    for rule in _asked(data):
        sections[rule.section].begun |= eligibility.value(data, rule.key) not in (None, "", False)
    total = len(_asked(data)) + 1  # and the picture
    names = [name_of(rule.key) for rule in missing]
    return Completeness(list(sections.values()), names, total, data, continuing.repeats(achievement, data))


def _asked(data: eligibility.Content) -> list[FieldRule]:
    path = data.get("benefit_path")
    return [rule for rule in FIELDS.values() if rule.required and rule.only_path in ("", path)]


def _add(sections: dict[str, Section], finding: eligibility.Finding, missing: set[str]) -> None:
    """A red finding that no missing field explains: something filled in that may not stay so."""
    if finding.code in _ALWAYS_TOLD or finding.field in missing:
        return
    if finding.code == "benefit" and "benefit_path" in missing:
        return
    if finding.field in _PLACES:
        code, label, href = _PLACES[finding.field]
        tone = "warn" if finding.code in _STILL_TO_COME else "bad"
        sections[code].items.append(Item(label, href, tone))
        return
    rule = FIELDS.get(finding.field)
    if rule is None:  # about the work as a whole (an earlier prize, a ban): the checklist tells it
        return
    sections[rule.section].items.append(Item(f"{rule.label}：须改正", f"#id_{name_of(rule.key)}", "bad"))
