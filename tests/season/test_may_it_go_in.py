"""What blocks a submit: each red finding, one at a time (002 附件1 一(一), 五(七)), and what does not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.errors import Refusal
from submissions.actions import drafting, moves
from submissions.rules.fields import FIELDS
from tests.cast import Cast, draft, scene
from tests.season.situations import everything

OPTIONAL = {"category_note", "leader.top_honour", "leader.photo", "social_benefit"}
REQUIRED = [key for key in FIELDS if key not in OPTIONAL]
EMPTY: dict[str, Any] = {"truth_declared": False, "leader.gender": "", "benefit_path": ""}


def empty(key: str) -> Any:
    field = key.removeprefix("leader.")
    texts = {"title", "summary", "innovation", "benefit_basis", "filled_by", "responsible_person"}
    return EMPTY.get(key, "" if key.startswith("leader.") or field in texts else None)


def refusal_of(cast: Cast, changes: dict[str, Any], **more: Any) -> Refusal:
    """The refusal of a submit of an otherwise complete work; nothing is written by it."""
    pk = moves.register(cast["unit_a"], draft(cast, **more).pk).pk
    drafting.save_fields(cast["unit_a"], pk, changes, 99)
    before = everything()
    with pytest.raises(Refusal) as refused, scene():
        moves.submit(cast["unit_a"], pk)
    assert everything() == before
    assert refused.value.code == "blocked"
    assert refused.value.message.startswith("还不能提交：")
    return refused.value


@pytest.mark.parametrize("key", REQUIRED)
def test_each_required_field(cast: Cast, key: str) -> None:
    refused = refusal_of(cast, {key: empty(key)})
    assert FIELDS[key].label in refused.message
    assert refused.field == key


def test_many_missing_fields_are_counted(cast: Cast) -> None:
    keys = [key for key in REQUIRED if key.startswith("leader.") and key != "leader.name"]
    assert f"等 {len(keys)} 项" in refusal_of(cast, dict.fromkeys(keys, "")).message


@pytest.mark.parametrize(("days", "blocked"), [(-1, True), (0, False), (1, False)])
def test_the_first_day_of_the_achievement_window(cast: Cast, days: int, blocked: bool) -> None:
    day = cast.contest.window_start + timedelta(days=days)
    check_window(cast, day, blocked)


@pytest.mark.parametrize(("days", "blocked"), [(-1, False), (0, False), (1, True)])
def test_the_last_day_of_the_achievement_window(cast: Cast, days: int, blocked: bool) -> None:
    end = cast.contest.window_end
    cast.contest.window_end = timezone.localdate() - timedelta(days=10)
    cast.contest.save()
    check_window(cast, cast.contest.window_end + timedelta(days=days), blocked)
    cast.contest.window_end = end


@pytest.mark.parametrize("key", ["completed_on", "applied_from"])
def test_a_day_that_has_not_come_yet(cast: Cast, key: str) -> None:
    today = timezone.localdate()
    refused = refusal_of(cast, {key: today + timedelta(days=1)})
    assert "还没有到" in refused.message
    assert refused.field == key
    pk = moves.register(cast["unit_a"], draft(cast, **{key: today}).pk).pk
    assert moves.submit(cast["unit_a"], pk).status == "submitted"


def check_window(cast: Cast, day: Any, blocked: bool) -> None:
    if blocked:
        refused = refusal_of(cast, {"completed_on": day})
        assert "完成日期须在" in refused.message
        assert refused.field == "completed_on"
    else:
        pk = moves.register(cast["unit_a"], draft(cast, completed_on=day).pk).pk
        assert moves.submit(cast["unit_a"], pk).status == "submitted"


# government project, dedicated funds, research-centre topic → blocked? (002 五(七), domain.md F5)
@pytest.mark.parametrize(("project", "funds", "topic", "field"), [
    (False, False, False, ""),
    (True, False, False, ""),
    (False, True, False, ""),
    (True, True, False, "government_project"),
    (False, False, True, "research_centre_topic"),
    (True, True, True, "government_project"),
])  # fmt: skip
def test_projects_with_funds_of_their_own(cast: Cast, project: bool, funds: bool, topic: bool, field: str) -> None:
    answers = {"government_project": project, "dedicated_funds": funds, "research_centre_topic": topic}
    if field:
        refused = refusal_of(cast, answers)
        assert refused.field == field
        assert "不得申报" in refused.message
    else:
        pk = moves.register(cast["unit_a"], draft(cast, **answers).pk).pk
        assert moves.submit(cast["unit_a"], pk).status == "submitted"


@pytest.mark.parametrize("amount", ["0", "0.00"])
def test_an_economic_benefit_of_nothing(cast: Cast, amount: str) -> None:
    assert "大于 0" in refusal_of(cast, {"benefit_wan": amount}).message


def test_the_social_path_asks_for_its_own_words(cast: Cast) -> None:
    refused = refusal_of(cast, {"benefit_path": "social", "benefit_wan": None, "benefit_basis": ""})
    assert "“社会效益”" in refused.message
    assert "年经济效益" not in refused.message


def test_a_social_work_goes_in(cast: Cast) -> None:
    pk = draft(cast, benefit_path="social", benefit_wan=None, benefit_basis="", social_benefit="消除隐患。").pk
    moves.register(cast["unit_a"], pk)
    assert moves.submit(cast["unit_a"], pk).status == "submitted"


def test_the_category_other_must_be_explained(cast: Cast) -> None:
    other = cast.contest.category_set.get(code="other")
    assert refusal_of(cast, {"category": other}).field == "category_note"


def test_a_picture_is_needed(cast: Cast) -> None:
    work = draft(cast)
    moves.register(cast["unit_a"], work.pk)
    drafting.detach(cast["unit_a"], work.pk, work.attachments.get().pk)
    with pytest.raises(Refusal, match="至少一张成果图片") as refused, scene():
        moves.submit(cast["unit_a"], work.pk)
    assert refused.value.field == "attachments"


def test_too_many_members_after_the_rule_was_tightened(cast: Cast) -> None:
    """The form stops at the contest's maximum; a maximum lowered later stops the submit."""
    work = draft(cast)
    moves.register(cast["unit_a"], work.pk)
    with pytest.raises(Refusal, match="合计不超过 5 人"), scene():
        drafting.set_members(cast["unit_a"], work.pk, [("成员", "")] * 5, 99)
    drafting.set_members(cast["unit_a"], work.pk, [("成员甲", ""), ("成员乙", "")], 99)
    cast.contest.settings_data |= {"max_members": 2}
    cast.contest.save()
    with pytest.raises(Refusal, match="合计不超过 2 人") as refused, scene():
        moves.submit(cast["unit_a"], work.pk)
    assert refused.value.field == "members"
    cast.contest.settings_data |= {"max_members": 5}


def test_all_faults_are_told_at_once(cast: Cast) -> None:
    late = timezone.localdate() + timedelta(days=100)
    text = refusal_of(cast, {"completed_on": late, "truth_declared": False, "leader.name": ""}).message
    for part in ("“姓名”", "还没有到", "真实性承诺"):
        assert part in text
