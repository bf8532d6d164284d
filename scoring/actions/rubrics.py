"""The sections of a preset that scoring owns: the rubric and the score policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoring.models import Rubric
from scoring.rules import strict
from scoring.rules.policy import PolicyError, ScorePolicy
from scoring.rules.rubric import PATHS, RubricError, bounds, rubric_from_dict, rubric_to_dict
from scoring.rules.rubric import Rubric as Rules

SHEETS_TARGET = 5  # (P) experts an achievement, where the preset does not say
MOST_SHEETS = 100
HIGHEST_TOTAL = 100  # 百分制 (002 附件1 一(二))
_CODE = 30
_RUBRIC_CODE = 60
_HIGHEST_VERSION = 32767


def rubric_from_section(section: Mapping[str, Any]) -> Rules:
    """The rubric of a preset's [rubric], if score sheets can hold it. Raises RubricError."""
    rules = rubric_from_dict(section)
    with strict.refused_as(RubricError):
        strict.whole(rules.version, "version", 1, _HIGHEST_VERSION)
        _refuse_long(rules.id, "id", _RUBRIC_CODE)
        for place, criterion in enumerate(rules.criteria):
            key = f"criteria[{place}]"
            _refuse_long(criterion.code, f"{key}.code", _CODE)
            for level in (*criterion.levels, *(level for road in criterion.paths for level in road.levels)):
                _refuse_long(level.code, f"{key}.levels", _CODE)
        _refuse_high(max(bounds(rules, path)[1] for path in PATHS))
    return rules


def _refuse_long(code: str, key: str, most: int) -> None:
    if len(code) > most:
        raise strict.BadValue(key, f"代码不超过 {most} 个字符。")


def _refuse_high(total: int) -> None:
    if total > HIGHEST_TOTAL:
        raise strict.BadValue("criteria", f"各项最高分合计应为 {HIGHEST_TOTAL} 以内，现为 {total}。")


def ensure_rubric(section: Mapping[str, Any], name: str) -> Rubric:
    """The rubric of a preset as a row; the same code and version is loaded once. Raises RubricError."""
    rules = rubric_from_section(section)
    rubric, _ = Rubric.objects.get_or_create(
        code=rules.id, version=rules.version, defaults={"name": name, "definition": rubric_to_dict(rules)}
    )
    return rubric


def policy_from_section(section: Mapping[str, Any]) -> tuple[ScorePolicy, int]:
    """The score policy and the number of experts an achievement, of a preset's [policy]. Raises PolicyError."""
    rules = ScorePolicy().to_dict() | {key: value for key, value in section.items() if key != "sheets_target"}
    with strict.refused_as(PolicyError):
        target = strict.whole(section.get("sheets_target", SHEETS_TARGET), "sheets_target", 1, MOST_SHEETS)
    return ScorePolicy.from_dict(rules), target
