"""A round's own arrangements, as they are typed."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from scoring.models import Expert, Round
from scoring.queries import cockpit


class ExpertsForm(forms.Form):
    experts: forms.ModelMultipleChoiceField[Expert] = forms.ModelMultipleChoiceField(
        label="专家",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择专家。", "invalid_choice": "所选专家已不可用，请重新选择。"},
    )

    def __init__(self, round_: Round, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"experts": list(round_.appointments.values_list("expert", flat=True))}
        super().__init__(*args, **kwargs)
        self.fields["experts"].queryset = cockpit.experts(round_.contest)  # type: ignore[attr-defined]


class RecommendForm(forms.Form):
    recommend = forms.IntegerField(
        label="按名次推荐前",
        min_value=0,
        error_messages={"required": "请填写推荐多少项。", "invalid": "请填写整数。", "min_value": "不能小于 0。"},
    )
    sure = forms.BooleanField(
        label="我确认评审结果，推荐后由上一级审核", error_messages={"required": "请先核对并勾选确认。"}
    )

    def __init__(self, most: int, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"recommend": most}
        super().__init__(*args, **kwargs)


@dataclass(frozen=True)
class LevelFields:
    text: BoundField
    low: BoundField
    high: BoundField


@dataclass(frozen=True)
class CriterionFields:
    """One criterion, or one road of it, with the fields of its levels."""

    name: str
    road: str
    levels: list[LevelFields]


class RubricForm(forms.Form):
    """Words and points of every level; criteria, levels and the amounts that bind them stay as they are."""

    affected = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="修订理由",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="写明依据，如通知或会议决定；存入评审记录。",
        error_messages={"required": "请写明修订的理由。"},
    )

    def __init__(self, definition: Mapping[str, Any], affected: int, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"affected": affected}
        super().__init__(*args, **kwargs)
        self.old = definition
        for key, level in _levels(definition):
            self.fields[f"text-{key}"] = forms.CharField(
                label="档次", max_length=100, initial=level["text"], error_messages={"required": "请填写档次说明。"}
            )
            self.fields[f"low-{key}"] = _points("最低分", level["low"])
            self.fields[f"high-{key}"] = _points("最高分", level["high"])

    def definition(self) -> dict[str, Any]:
        """The old one with what was typed."""
        found = copy.deepcopy(dict(self.old))
        for key, level in _levels(found):
            level["text"] = self.cleaned_data[f"text-{key}"].strip()
            level["low"], level["high"] = self.cleaned_data[f"low-{key}"], self.cleaned_data[f"high-{key}"]
        return found

    def criteria(self) -> list[CriterionFields]:
        found = []
        for i, criterion in enumerate(self.old["criteria"]):
            for j, road in enumerate(criterion.get("paths") or [criterion]):
                rows = [self._level(f"{i}-{j}-{k}") for k in range(len(road["levels"]))]
                found.append(CriterionFields(criterion["name"], road["name"] if "paths" in criterion else "", rows))
        return found

    def _level(self, key: str) -> LevelFields:
        return LevelFields(self[f"text-{key}"], self[f"low-{key}"], self[f"high-{key}"])


def _points(label: str, initial: int) -> forms.IntegerField:
    wrong = {"required": "请填写分数。", "invalid": "请填写整数。", "min_value": "不能小于 0。"}
    return forms.IntegerField(label=label, min_value=0, max_value=100, initial=initial, error_messages=wrong)


def _levels(definition: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(place as criterion-road-level, the level itself)."""
    for i, criterion in enumerate(definition["criteria"]):
        for j, road in enumerate(criterion.get("paths") or [criterion]):
            for k, level in enumerate(road["levels"]):
                yield f"{i}-{j}-{k}", level
