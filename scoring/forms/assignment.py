"""Moves of the assignment, as they are typed."""

from __future__ import annotations

from typing import Any

from django import forms

from scoring.models import Appointment, Entry, Expert, Panel, Round, ScoreSheet
from scoring.queries import cockpit
from scoring.queries.standins import stand_ins


class LeftForm(forms.Form):
    """An expert who goes on no more; `shown` is how many open sheets the preview spoke of."""

    reason = forms.CharField(label="退出的原因", max_length=200, error_messages={"required": "请写明退出的原因。"})
    stand_in: forms.ModelChoiceField[Expert] = forms.ModelChoiceField(
        label="由谁接替", queryset=None, required=False, empty_label="不另请人，由本组其他专家分担",
        error_messages={"invalid_choice": "所选专家已不可用，请重新选择。"},
    )  # fmt: skip
    shown = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, appointment: Appointment, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stand_in"].queryset = stand_ins(appointment)  # type: ignore[attr-defined]


class LateExpertForm(forms.Form):
    expert: forms.ModelChoiceField[Expert] = forms.ModelChoiceField(
        label="专家", queryset=None, empty_label="请选择",
        error_messages={"required": "请选择专家。", "invalid_choice": "所选专家已不可用，请重新选择。"},
    )  # fmt: skip
    panel: forms.ModelChoiceField[Panel] = forms.ModelChoiceField(
        label="评审组", queryset=None, empty_label="请选择",
        error_messages={"required": "请选择评审组。", "invalid_choice": "请选择本轮的评审组。"},
    )  # fmt: skip

    def __init__(self, round_: Round, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = round_.appointments.values("expert")
        self.fields["expert"].queryset = cockpit.experts(round_.contest).exclude(pk__in=there)  # type: ignore[attr-defined]
        self.fields["panel"].queryset = round_.panels.all()  # type: ignore[attr-defined]
        if not self.fields["panel"].queryset.exists():  # type: ignore[attr-defined]
            del self.fields["panel"]


class MoveForm(forms.Form):
    """Another expert for one sheet, or one more for the work when no sheet is chosen."""

    sheet: forms.ModelChoiceField[ScoreSheet] = forms.ModelChoiceField(
        label="换下", queryset=None, required=False, empty_label="不换下，增加一位",
        error_messages={"invalid_choice": "所选评分表刚刚有变化，请刷新页面。"},
    )  # fmt: skip
    appointment: forms.ModelChoiceField[Appointment] = forms.ModelChoiceField(
        label="换上", queryset=None, required=False, empty_label="不换上，减去一位",
        error_messages={"invalid_choice": "请选择本轮在任的专家。"},
    )  # fmt: skip

    def __init__(self, entry: Entry, free: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        untouched = entry.sheets.filter(state="open", calibration=False, marks__isnull=True)
        old: Any = self.fields["sheet"]
        old.queryset = untouched.select_related("appointment__expert__user")
        old.label_from_instance = lambda sheet: sheet.appointment.expert.user.display_name
        new: Any = self.fields["appointment"]
        new.queryset = entry.round.appointments.filter(left_at=None)
        new.choices = [("", new.empty_label), *free]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not data.get("sheet") and not data.get("appointment") and not self.errors:
            raise forms.ValidationError("请选择换下或换上的专家。")
        return data
