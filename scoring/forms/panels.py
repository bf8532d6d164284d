"""Panels of a draft, as they are typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from scoring.models import Panel, Round
from scoring.queries import cockpit

NOBODY = "none"


def _several(label: str, help_text: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=help_text,
        error_messages={"invalid_choice": "所选内容不在本届目录中，请重新选择。"},
    )


class PanelForm(forms.Form):
    name = forms.CharField(
        label="名称", max_length=40, help_text="如“煤炭组”。", error_messages={"required": "请填写评审组名称。"}
    )
    industries = _several("行业", "一个都不选，表示各行业都评。")
    categories = _several("项目类型", "一个都不选，表示各类型都评。")

    def __init__(self, round_: Round, panel: Panel | None, *args: Any, **kwargs: Any) -> None:
        if panel:
            kwargs["initial"] = {
                "name": panel.name, "industries": panel.industries, "categories": panel.categories
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        industries, categories = cockpit.specialities(round_.contest)
        self.fields["industries"].choices = list(industries.items())  # type: ignore[attr-defined]
        self.fields["categories"].choices = list(categories.items())  # type: ignore[attr-defined]


def number(text: str) -> int | None:
    """A row's number as a page sends it; None for whatever is no such number."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def seats(data: Mapping[str, str]) -> dict[int, int | None]:
    """`seat-<appointment>` = a panel's number, or empty for a reserve."""
    found = {}
    for key, value in data.items():
        appointment = number(key.removeprefix("seat-")) if key.startswith("seat-") else None
        if appointment is not None:
            found[appointment] = number(value)
    return found
