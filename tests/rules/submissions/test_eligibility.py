"""The checklist line by line over plain contents: what each paper and each date makes of its line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from contests.rules.preset import load
from contests.rules.preset.files import SHIPPED
from submissions.rules.eligibility import Finding, Season, findings

TODAY = date(2021, 9, 5)
SEASON = Season(date(2019, 10, 1), date(2021, 9, 30), frozenset({"other"}), today=TODAY)
COMPLETE: dict[str, Any] = {
    "completed_on": "2021-03-01",
    "applied_from": "2021-04-01",
    "benefit_path": "economic",
    "benefit_wan": "126.50",
    "category": "equipment",
    "summary": "停机由每月 12 次降到 1 次。",
    "attachments": [],
}


def line(code: str, **changes: Any) -> Finding | None:
    return next((each for each in findings(COMPLETE | changes, SEASON) if each.code == code), None)


def papers(*kinds: str) -> dict[str, Any]:
    return {"attachments": [{"kind": kind} for kind in kinds]}


PERSON, GREEN = "person", "green"


# line, what the content says, state: None is no line at all (rules.md "What may enter" 6, 7; domain.md D, F3, G)
@pytest.mark.parametrize(("code", "changes", "state"), [
    ("benefit_proof", {}, PERSON),
    ("benefit_proof", papers("benefit_proof"), GREEN),
    ("benefit_proof", {"verified_wan": "120.00"}, GREEN),
    ("benefit_proof", {"benefit_path": "social"}, None),
    ("pledge", {"truth_declared": True}, PERSON),
    ("pledge", papers("pledge"), GREEN),
    ("category", {}, None),
    ("category", {"category": "other", "category_note": "五类均不含。"}, PERSON),
    ("adopted", {}, None),
    ("adopted", {"category": "cost_management"}, PERSON),
    ("adopted", {"category": "cost_management"} | papers("application_proof"), GREEN),
    ("figures", {}, GREEN),
    ("figures", {"summary": "停机次数大幅下降。"}, PERSON),
    ("figures", {"summary": "停机次数下降９０％。"}, GREEN),
    ("photo", {}, "red"),
    ("window", {"completed_on": "2021-09-05"}, GREEN),
    ("window", {"completed_on": "2021-09-06"}, "red"),
    ("in_use", {"applied_from": "2021-09-05"}, GREEN),
    ("in_use", {"applied_from": "2099-01-01"}, "red"),
])  # fmt: skip
def test_each_line_of_the_papers_and_the_dates(code: str, changes: dict[str, Any], state: str | None) -> None:
    found = line(code, **changes)
    assert (found and found.state) == state


def test_a_day_that_has_not_come_is_told_as_such() -> None:
    for code, field in (("window", "completed_on"), ("in_use", "applied_from")):
        found = line(code, **{field: "2021-09-06"})
        assert found is not None
        assert "2021-09-06 还没有到" in found.sentence
        assert (found.field, "请核对" in found.sentence) == (field, True)


def test_what_the_office_may_set_aside_says_so() -> None:
    for answers in ({"government_project": True, "dedicated_funds": True}, {"research_centre_topic": True}):
        found = line("not_funded", **answers)
        assert found is not None
        assert found.sentence.endswith("请先登记入库，再向竞赛办公室申请准予。")


EVERY_LINE = COMPLETE | {"category": "other", "attachments": []}
ASKS = {"require_local_award": True, "require_county_award": True, "stamped_copy": "submit", "block_classified": True}


def lines_of(preset: str) -> dict[str, Finding]:
    """Every line that a content may get, in a season of this preset."""
    season = replace(SEASON, grounds=load(SHIPPED / f"{preset}.toml").grounds, **ASKS)
    both = findings(EVERY_LINE, season) + findings(COMPLETE | {"category": "cost_management"}, season)
    return {found.code: found for found in both}


def test_the_city_cites_its_own_notice() -> None:
    """Our rules were found in 002, and this is its season: each line that stands on it names its place."""
    found = lines_of("jincheng-2021")
    for line in found.values():
        assert line.cited == line.ground.replace("(", "（").replace(")", "）") or line.cited == "本届规则"
        assert bool(line.ground) == line.clause.startswith("002 "), line.code
        assert line.clause.removeprefix("002 ").startswith(line.ground)
    assert found["complete"].cited == "附件1 一（一）5"
    assert found["base_award"].cited == "本届规则"  # 阳泉's notice is no ground of the contests that this portal ships


def test_the_county_cites_no_clause_of_another_city() -> None:
    """000 has one 附件, the form, and no rules of admission: what it does not say is the contest's own rule."""
    cited = {code: line.cited for code, line in lines_of("xinxiang-2015").items()}
    assert {code: place for code, place in cited.items() if place != "本届规则"} == {
        "complete": "附件",
        "in_use": "二（一）",
    }
    assert {"photo", "window", "not_funded", "pledge", "adopted"} <= set(cited)


@pytest.mark.parametrize("preset", ["jincheng-2021", "xinxiang-2015"])
def test_a_ground_belongs_to_a_line_that_exists(preset: str) -> None:
    assert set(load(SHIPPED / f"{preset}.toml").grounds) <= set(lines_of(preset))
