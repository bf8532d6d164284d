"""What the office types about a season: an extension."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms

from accounts.actor import Actor
from contests import calendar
from contests.models import Contest, Enrolment, Extension


class ExtensionForm(forms.Form):
    """`until` becomes an instant: the named minute, or the last second of the day when only a day is given."""

    enrolment = forms.ModelChoiceField(
        Enrolment.objects.visible_to(None),
        label="单位",
        empty_label="请选择",
        error_messages={"required": "请选择单位。"},
    )
    covers = forms.ChoiceField(
        label="适用于", choices=Extension.Covers.choices, widget=forms.RadioSelect, initial=Extension.Covers.UNIT,
        help_text="对推荐单位批准“单位提交”，其所属单位一并延期。",
    )  # fmt: skip
    until_day = forms.DateField(
        label="延至（日期）",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请填写延至哪一天。", "invalid": "请按 2026-09-12 的格式填写日期。"},
    )
    until_time = forms.TimeField(
        label="时间",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="不填为当日 23:59:59。",
        error_messages={"invalid": "请按 17:00 的格式填写时间。"},
    )
    reason = forms.CharField(
        label="理由", required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="对所有参赛单位公开。"
    )

    def __init__(self, actor: Actor, contest: Contest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Enrolment.objects.visible_to(actor).filter(contest=contest, recommender__isnull=False)
        choice = self.fields["enrolment"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = rows.order_by("path")

    def until(self) -> datetime:
        day: date = self.cleaned_data["until_day"]
        minute: time | None = self.cleaned_data["until_time"]
        return calendar.closing_instant(datetime.combine(day, minute) if minute else day)
