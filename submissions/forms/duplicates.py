"""What an auditor says about a pair, and a unit about the work that it carries on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from submissions.models import Achievement, DuplicateVerdict
from submissions.querysets import AchievementQuerySet

_REASON = "审核各级和竞赛办公室都会看到，理由长期保存。"
_CHOOSE = {"verdict": "请选择：同一成果、延续改进或不相关。", "achievement": "请选择认定对象。"}


class VerdictForm(forms.Form):
    """`works`: those of the pair that the verdict may speak of; with one alone nothing is asked."""

    use_required_attribute = False
    achievement = forms.TypedChoiceField(label="认定对象（重复或延续的一项）", coerce=int)
    verdict = forms.ChoiceField(label="认定", choices=DuplicateVerdict.Verdict.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label="理由", help_text=_REASON, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    seen = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, works: Sequence[Achievement], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["achievement"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(work.pk, f"{work.contest.year}年“{work}”") for work in works]
        field.initial = works[0].pk
        if len(works) == 1:
            field.widget, field.disabled = forms.HiddenInput(), True
        for name, sentence in (
            ("verdict", "请选择：同一成果、延续改进或不相关。"),
            ("achievement", "请选择认定对象。"),
        ):
            self.fields[name].error_messages = {"required": sentence, "invalid_choice": sentence}


class _EarlierField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.contest.year}年 {obj}"


class ContinuesForm(forms.Form):
    use_required_attribute = False
    earlier: Any = _EarlierField(
        None,
        label="延续的以往成果",
        required=False,
        empty_label="不是延续申报",
        error_messages={"invalid_choice": "请从列出的本单位以往成果中选择一项。"},
    )
    note = forms.CharField(
        label="与原成果相比新在哪里",
        required=False,
        help_text="1500 字以内，随成果一并提交，审核员会看到。",
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, candidates: AchievementQuerySet, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["earlier"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = candidates.select_related("contest")
