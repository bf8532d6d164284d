"""The sections of a preset that scoring owns: the rubric and the score policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoring.models import Rubric
from scoring.rules.policy import ScorePolicy
from scoring.rules.rubric import rubric_from_dict, rubric_to_dict

SHEETS_TARGET = 5  # (P) experts an achievement, where the preset does not say


def ensure_rubric(section: Mapping[str, Any], name: str) -> Rubric:
    """The rubric of a preset as a row; the same code and version is loaded once. Raises RubricError."""
    rules = rubric_from_dict(section)
    rubric, _ = Rubric.objects.get_or_create(
        code=rules.id, version=rules.version, defaults={"name": name, "definition": rubric_to_dict(rules)}
    )
    return rubric


def policy_from_section(section: Mapping[str, Any]) -> tuple[ScorePolicy, int]:
    """The score policy and the number of experts an achievement, of a preset's [policy]. Raises PolicyError."""
    rules = ScorePolicy().to_dict() | {key: value for key, value in section.items() if key != "sheets_target"}
    return ScorePolicy.from_dict(rules), int(section.get("sheets_target", SHEETS_TARGET))
