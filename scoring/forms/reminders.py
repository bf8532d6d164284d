"""A reminder as it is written: whom, what, and the number that makes it one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from scoring.queries.reminders import COUNT, NAME, Due

LONGEST = 500


class ReminderForm(forms.Form):
    number = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    appointments = forms.TypedMultipleChoiceField(
        label="发给",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一位专家。", "invalid_choice": "名单刚刚有变化，请刷新页面后重选。"},
    )
    text = forms.CharField(
        label="内容",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"{NAME}、{COUNT} 会换成每位专家的姓名和未提交的份数。",
        error_messages={"required": "请写提醒内容。", "max_length": f"提醒内容最多 {LONGEST} 字，请精简。"},
    )

    def __init__(self, due: Sequence[Due], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.due = due
        choices = [(one.appointment, f"{one.user.display_name}（余 {one.missing} 份）") for one in due]
        self.fields["appointments"].choices = choices  # type: ignore[attr-defined]
