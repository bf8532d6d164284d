"""Settings: strict in, JSON out, each with its words and its clause."""

import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contests.rules.settings import ContestSettings, SettingError


def test_every_setting_says_what_it_is_and_where_it_stands() -> None:
    for item in fields(ContestSettings):
        assert item.metadata["label"], item.name
        assert item.metadata["clause"], item.name


def test_defaults_of_the_design() -> None:
    settings = ContestSettings()
    assert (settings.unit_closes_days_before, settings.max_members, settings.max_leads_per_person) == (3, 5, 3)
    assert (settings.require_local_award, settings.require_stamped_copy) == (False, False)
    assert (settings.blind_review, settings.notice_working_days) == (True, 5)


@given(st.integers(0, 60), st.booleans(), st.sampled_from(["circulate", "commend"]))
def test_there_and_back_through_json(days: int, award: bool, word: str) -> None:
    settings = ContestSettings(unit_closes_days_before=days, require_local_award=award, commendation_word=word)
    assert ContestSettings.from_dict(json.loads(json.dumps(settings.to_dict()))) == settings


def test_what_is_not_named_takes_its_default() -> None:
    assert ContestSettings.from_dict({}) == ContestSettings()


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("colour", 1, "没有这一项设置"),
        ("max_members", True, "应为整数"),
        ("max_members", 5.0, "应为整数"),
        ("max_members", None, "应为整数"),
        ("max_members", 0, "应在 1 到 50 之间"),
        ("max_members", 51, "应在 1 到 50 之间"),
        ("blind_review", 0, "应为 true 或 false"),
        ("commendation_word", "表彰", "只能是 circulate、commend 之一"),
        ("commendation_word", {}, "只能是 circulate、commend 之一"),
    ],
)
def test_what_is_wrong_is_refused(key: str, value: object, reason: str) -> None:
    with pytest.raises(SettingError) as refusal:
        ContestSettings.from_dict({key: value})
    assert str(refusal.value) == f"竞赛设置“{key}”有误：{reason}。"


@pytest.mark.parametrize("item", fields(ContestSettings), ids=lambda item: item.name)
def test_every_default_is_within_its_own_bounds(item: object) -> None:
    name, default = item.name, item.default  # type: ignore[attr-defined]
    assert getattr(ContestSettings.from_dict({name: default}), name) == default
