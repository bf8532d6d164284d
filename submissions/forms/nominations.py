"""附件5 as its unit types it."""

from __future__ import annotations

from typing import Any

from django import forms

from submissions.forms import typed
from submissions.models import UnitNomination

_COUNT = {"invalid": "请填写整数，如 320。", "min_value": "不能小于 0。", "max_value": "数字太大，请核对。"}


class NominationForm(forms.Form):
    """A draft is saved with gaps; what is missing is asked for when the unit gives its opinion."""

    use_required_attribute = False

    unit_name = typed.Text(label="单位名称", max_length=100, required=False)
    legal_representative = typed.Name(label="法人代表", max_length=50, required=False)
    nature_text = typed.Text(
        label="单位性质", max_length=40, required=False, help_text="如 国有企业、民营企业、事业单位。"
    )
    phone = typed.Phone(label="联系电话", max_length=20, required=False)
    head_count = forms.IntegerField(
        label="职工总数", required=False, min_value=1, max_value=9_999_999, error_messages=_COUNT,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    participants = forms.IntegerField(
        label="参赛职工数", required=False, min_value=0, max_value=9_999_999, error_messages=_COUNT,
        help_text="参与率由系统计算：参赛职工数 ÷ 职工总数。",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    brief = typed.Text(
        label="“五小”竞赛开展情况简介", max_length=3000, required=False, widget=forms.Textarea(attrs={"rows": 10})
    )
    filled_by = typed.Name(label="填报人", max_length=50, required=False)
    responsible_person = typed.Name(label="负责人", max_length=50, required=False)

    @classmethod
    def of(cls, row: UnitNomination, data: Any = None) -> NominationForm:
        return cls(data, initial={name: getattr(row, name) for name in cls.base_fields})
