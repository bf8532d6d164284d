"""A rubric section that is wrong is refused with its key."""

import copy
import json
from typing import Any

import pytest

from scoring.rules.rubric import RubricError, rubric_from_dict, rubric_to_dict
from tests.rules.scoring.season_samples import OFFICIAL

DROP = object()


def test_a_rubric_survives_its_dict_and_json() -> None:
    assert rubric_from_dict(json.loads(json.dumps(rubric_to_dict(OFFICIAL)))) == OFFICIAL


def test_a_rubric_without_paths_or_amounts_is_possible() -> None:
    levels = [
        {"code": "good", "text": "好", "low": 6, "high": 10},
        {"code": "fair", "text": "一般", "low": 0, "high": 5},
    ]
    plain = {"id": "village", "version": 3, "criteria": [{"code": "use", "name": "实用", "tie": 1, "levels": levels}]}
    assert rubric_to_dict(rubric_from_dict(plain)) == plain


def changed(path: str, value: object) -> Any:
    """The official section with one place replaced; numbers in the path are list indexes."""
    section: Any = copy.deepcopy(rubric_to_dict(OFFICIAL))
    *way, last = (int(step) if step.isdigit() else step for step in path.split("."))
    spot = section
    for step in way:
        spot = spot[step]
    if value is DROP:
        del spot[last]
    else:
        spot[last] = value
    return section


ROAD = "criteria.2.paths.0"


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        ("id", "", "id"),
        ("id", 3, "id"),
        ("id", DROP, "id"),
        ("version", 0, "version"),
        ("version", "1", "version"),
        ("version", True, "version"),
        ("colour", "red", "colour"),
        ("criteria", [], "criteria"),
        ("criteria", {}, "criteria"),
        ("criteria.0", "x", "criteria[0]"),
        ("criteria.0.code", "role", "criteria"),
        ("criteria.0.name", " 创新", "criteria[0].name"),
        ("criteria.0.tie", 1, "criteria"),
        ("criteria.0.tie", 9, "criteria"),
        ("criteria.0.tie", DROP, "criteria[0].tie"),
        ("criteria.0.levels", [], "criteria[0].levels"),
        ("criteria.0.levels", DROP, "criteria[0].levels"),
        ("criteria.0.paths", [], "criteria[0].levels"),
        ("criteria.0.levels.0.low", 21, "criteria[0].levels[0].low"),
        ("criteria.0.levels.0.low", 14, "criteria[0].levels"),
        ("criteria.0.levels.0.high", 101, "criteria[0].levels[0].high"),
        ("criteria.0.levels.0.high", 20.0, "criteria[0].levels[0].high"),
        ("criteria.0.levels.0.code", "creative", "criteria[0].levels"),
        ("criteria.0.levels.0.amount_from", "5", "criteria[0].levels[0].amount_from"),
        ("criteria.2.paths.0.code", "green", "criteria[2].paths[0].code"),
        ("criteria.2.paths.1.code", "economic", "criteria[2].paths"),
        ("criteria.2.paths.1", DROP, "criteria[2].paths"),
        (f"{ROAD}.levels.0.amount_from", 100, "criteria[2].paths[0].levels[0].amount_from"),
        (f"{ROAD}.levels.0.amount_from", DROP, "criteria[2].paths[0].levels"),
        (f"{ROAD}.levels.0.amount_from", "50.0", "criteria[2].paths[0].levels"),
        (f"{ROAD}.levels.3.amount_from", "1", "criteria[2].paths[0].levels"),
    ],
)
def test_a_wrong_place_is_named(path: str, value: object, key: str) -> None:
    with pytest.raises(RubricError) as refused:
        rubric_from_dict(changed(path, value))
    assert refused.value.key == key
    assert refused.value.reason.endswith("。")


def test_a_rubric_is_a_table() -> None:
    with pytest.raises(RubricError):
        rubric_from_dict([])
