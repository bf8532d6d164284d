"""A paper score sheet as it is typed: the expert's own form, with what only paper has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from scoring.actions.sheets import Given
from scoring.forms import CriterionChoice, SheetForm
from scoring.models import ScoreSheet
from scoring.queries.papers import Difference
from scoring.rules import paper
from scoring.rules.readings import CHOICES, WORDS, Reading
from scoring.rules.rubric import Rubric as Rules


class CodeForm(forms.Form):
    """The code as it was typed, or the address that a scanner read from the QR; cleaned to the stored form."""

    code = forms.CharField(
        label="表码",
        max_length=200,
        error_messages={"required": paper.fault("")},
    )

    def clean_code(self) -> str:
        code = paper.normal(self.cleaned_data["code"])
        if fault := paper.fault(code):
            raise forms.ValidationError(fault)
        return code


class PaperForm(SheetForm):
    """`shown` is the reading that the page begins with: the typist's own; for the checker only its words."""

    on_paper = forms.IntegerField(
        label="纸面合计",
        required=False,
        min_value=0,
        max_value=100,
        help_text="照抄纸面的合计，与各项之和核对；纸面没有写或误算的，留空。",
        error_messages={"invalid": "请填写整数。", "min_value": "请填写 0–100。", "max_value": "请填写 0–100。"},
    )
    signed = forms.BooleanField(
        label="纸面有专家本人的签名和日期",
        error_messages={"required": "没有本人签名的不能录入；请退专家补签，或勾选确认。"},
    )

    def __init__(self, sheet: ScoreSheet, rules: Rules, shown: Reading, *args: Any) -> None:
        super().__init__(sheet, rules, *args)
        del self.fields["revision"]
        self.shown = shown
        self.initial = {word: getattr(shown, word) for word in WORDS}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        given = self.given()
        for criterion in self.rules.criteria:
            one = given.get(criterion.code)
            if one is None or one.points is None:
                self.faults.setdefault(criterion.code, "请照纸面录入档次和得分。")
        total, written = sum(one.points or 0 for one in given.values()), data.get("on_paper")
        if not self.faults and written is not None and written != total:
            self.add_error("on_paper", f"纸面合计 {written} 分，录入的各项之和是 {total} 分，请核对。")
        return data

    def reading(self) -> Reading:
        marks = {code: (one.level, one.points) for code, one in self.given().items() if one.points is not None}
        return Reading(marks, *(self.cleaned_data[word].strip() for word in WORDS))

    def panel(self) -> list[CriterionChoice]:
        shown = {code: Given(*mark) for code, mark in self.shown.marks.items()}
        given = self.given() if self.is_bound else shown
        return [self._choice(criterion, given.get(criterion.code)) for criterion in self.rules.criteria]


class SettleForm(forms.Form):
    """Of each place that two persons read otherwise, whose reading stands; fields `place-<key>`."""

    def __init__(self, found: Sequence[Difference], *args: Any) -> None:
        super().__init__(*args)
        self.found = found
        for one in found:
            self.fields[f"place-{one.key}"] = forms.ChoiceField(
                label=one.label,
                choices=list(zip(CHOICES, (one.first, one.second), strict=True)),
                widget=forms.RadioSelect,
                error_messages={"required": f"请选择“{one.label}”以哪一次录入为准。"},
            )

    def chosen(self) -> dict[str, str]:
        return {one.key: self.cleaned_data[f"place-{one.key}"] for one in self.found}

    def rows(self) -> list[tuple[Difference, Any]]:
        return [(one, self[f"place-{one.key}"]) for one in self.found]
