"""What the office types into the registers of studios and demonstration units."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.actor import Actor
from accounts.models import Organization, Studio, StudioLevel
from contests.models import Contest, Enrolment
from submissions.forms import typed


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "请按 2026-05-20 的格式填写日期。"},
    )


class SearchForm(forms.Form):
    """Whatever is wrong in the address falls back to the whole register."""

    q = forms.CharField(max_length=50, required=False)
    level = forms.ChoiceField(choices=[("", ""), *StudioLevel.choices], required=False)

    def asked(self) -> tuple[str, str]:
        self.is_valid()
        return self.cleaned_data.get("q") or "", self.cleaned_data.get("level") or ""


class StudioForm(forms.Form):
    organization = forms.ModelChoiceField(
        Organization.objects.visible_to(None),
        label="所在单位",
        empty_label="请选择",
        error_messages={"required": "请选择所在单位。"},
    )
    name = typed.Text(label="名称", max_length=100, error_messages={"required": "请填写工作室名称。"})
    leader_name = typed.Name(label="领衔人", max_length=50, error_messages={"required": "请填写领衔人。"})
    level = forms.ChoiceField(label="级别", choices=StudioLevel.choices)
    named_on = _day("命名日期")
    document = typed.Text(label="命名文号", max_length=100, required=False)
    members = typed.Text(label="成员", max_length=500, required=False, help_text="用“、”隔开。")
    closed_on = _day("撤销日期")

    def __init__(self, actor: Actor, studio: Studio | None = None, data: Any = None) -> None:
        initial = {name: getattr(studio, name) for name in self.base_fields} if studio else {}
        super().__init__(data, initial=initial)
        choice = self.fields["organization"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = Organization.objects.visible_to(actor).exclude(level="team")


class DemonstrationForm(forms.Form):
    enrolment = forms.ModelChoiceField(
        Enrolment.objects.visible_to(None),
        label="单位",
        empty_label="请选择",
        error_messages={"required": "请选择单位。"},
    )
    named_on = _day("确定日期")
    document = typed.Text(label="确定文号", max_length=100, required=False)

    def __init__(self, actor: Actor, contest: Contest, data: Any = None) -> None:
        super().__init__(data)
        rows = Enrolment.objects.visible_to(actor).filter(contest=contest, is_team=False, recommender__isnull=False)
        choice = self.fields["enrolment"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = rows.filter(is_demonstration=False).order_by("path")
