"""Recusals as they are typed."""

from __future__ import annotations

from typing import Any

from django import forms

from scoring.models import Appointment, Entry, Round

_WHY = {"required": "请写明回避的理由。", "max_length": "理由最多 200 字，请精简。"}


class DeclareForm(forms.Form):
    reason = forms.CharField(
        label="回避的理由", max_length=200, widget=forms.Textarea(attrs={"rows": 3}), error_messages=_WHY,
        help_text="如：本人曾参与该项目的鉴定。只有竞赛办公室看得到。",
    )  # fmt: skip
    sure = forms.BooleanField(label="我确认不评这一项，评分表随之作废", error_messages={"required": "请先勾选确认。"})


class BarForm(forms.Form):
    appointment: forms.ModelChoiceField[Appointment] = forms.ModelChoiceField(
        label="专家", queryset=None, empty_label="请选择",
        error_messages={"required": "请选择专家。", "invalid_choice": "所选专家不在本轮，请重新选择。"},
    )  # fmt: skip
    code = forms.CharField(
        label="成果的评审编号", max_length=12, help_text="如 A0012。", error_messages={"required": "请填写评审编号。"}
    )
    reason = forms.CharField(
        label="理由", max_length=200, widget=forms.Textarea(attrs={"rows": 2}), error_messages=_WHY
    )

    def __init__(self, round_: Round, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.round = round_
        sitting = round_.appointments.select_related("expert__user").order_by("expert__user__pinyin", "pk")
        field: Any = self.fields["appointment"]
        field.queryset = sitting
        field.label_from_instance = lambda one: one.expert.user.display_name

    def clean_code(self) -> Entry:
        entry = self.round.entries.filter(code__iexact=self.cleaned_data["code"].strip()).first()
        if entry is None:
            raise forms.ValidationError("本轮没有这个评审编号，请核对。")
        return entry


class LiftForm(forms.Form):
    reason = forms.CharField(label="撤销的理由", max_length=200, error_messages={"required": "请写明撤销的理由。"})
