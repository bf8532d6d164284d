"""The few things an auditor types: which heap she looks at, a verified amount, a reason, a place on the list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms

from submissions.forms import typed
from submissions.models import Achievement
from submissions.rules import codes

WAITING = "waiting"
OVERDUE = "overdue"
TABS = (WAITING, OVERDUE, "done", "returned", "all")


class HeapForm(forms.Form):
    """The query of the page; whatever is wrong in it falls back to the first heap without words."""

    tab = forms.ChoiceField(choices=[(code, code) for code in TABS], required=False)
    q = forms.CharField(max_length=50, required=False)

    def heap(self) -> tuple[str, str]:
        self.is_valid()
        return self.cleaned_data.get("tab") or WAITING, self.cleaned_data.get("q") or ""


class VerifyForm(forms.Form):
    benefit_path = forms.ChoiceField(label="计分效益", choices=codes.BENEFIT_PATH, widget=forms.RadioSelect)
    verified_wan = forms.DecimalField(
        label="核定年经济效益",
        required=False,
        max_digits=12,
        decimal_places=2,
        min_value=Decimal(0),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={
            "invalid": "请填写数字，如 86.40，单位是万元/年。",
            "max_decimal_places": "最多两位小数，如 86.40。",
            "max_digits": "金额太大，请核对单位是否为万元。",
            "max_whole_digits": "金额太大，请核对单位是否为万元。",
            "min_value": "核定金额须大于 0；没有经济效益的请改按社会效益计分。",
        },
    )
    verify_remark = forms.CharField(
        label="核定说明",
        required=False,
        max_length=300,
        help_text="与申报金额不一致时必填，申报单位会看到。",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "说明不超过 300 字，请删减。"},
    )

    @classmethod
    def of(cls, achievement: Achievement) -> VerifyForm:
        """The amount verified so far, else the declared one, so that agreeing is one press."""
        amount = achievement.verified_wan if achievement.verified_wan is not None else achievement.benefit_wan
        initial: dict[str, Any] = {
            "benefit_path": achievement.benefit_path,
            "verified_wan": amount,
            "verify_remark": achievement.verify_remark,
        }
        return cls(initial=initial)


class NoteForm(forms.Form):
    """The reason of a return or a refusal; the action judges it, so that the sentence is the same everywhere."""

    note = forms.CharField(required=False, strip=False, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, verb: str, label: str, data: dict[str, str] | None = None) -> None:
        super().__init__(data, auto_id=f"id_{verb}_%s")
        self.fields["note"].label = f"{label}的理由"


ON = "on."


def notes_of(data: Mapping[str, str]) -> dict[str, str]:
    """What was written at single fields, by their keys: the names `on.title`, `on.leader.bio` and so on."""
    found = {name.removeprefix(ON): typed.plain(text) for name, text in data.items() if name.startswith(ON)}
    return {key: text for key, text in found.items() if text.strip()}


def ids_of(values: Iterable[str]) -> list[int]:
    """The ids among what a page sent; anything else is passed over."""
    return [int(value) for value in values if value.isdecimal() and len(value) < 19]


def seen_of(values: Iterable[str]) -> dict[int, str]:
    """Work id → what the page had seen of it, from `12:345`."""
    pairs = [value.partition(":") for value in values]
    return {int(pk): seen for pk, _, seen in pairs if ids_of([pk]) and ids_of([seen])}


class OrderForm(forms.Form):
    achievement = forms.IntegerField(min_value=1)
    seen = forms.CharField(max_length=16, required=False)
    position = forms.IntegerField(
        label="移到第几位",
        min_value=1,
        max_value=9999,
        error_messages={
            "required": "请填写要移到第几位。",
            "invalid": "请填写整数，如 3。",
            "min_value": "名次从 1 开始。",
            "max_value": "名次不超过 9999。",
        },
    )
