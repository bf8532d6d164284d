"""The register of experts, as it is typed."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.actor import Actor
from accounts.models import Organization
from contests.models import Contest
from scoring.actions.experts import Knowledge
from scoring.models import Expert
from scoring.queries import cockpit

_WHOLE = {"invalid": "请填写整数。", "min_value": "不能小于 %(limit_value)s。"}


def _several(label: str, help_text: str, *, required: bool) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        required=required,
        widget=forms.CheckboxSelectMultiple,
        help_text=help_text,
        error_messages={"required": f"请选择{label}。", "invalid_choice": "所选内容不在本届目录中，请重新选择。"},
    )


class KnowledgeForm(forms.Form):
    industries = _several("专业行业", "分配时优先评这些行业的成果。", required=True)
    categories = _several("专业类型", "", required=False)
    max_load = forms.IntegerField(
        label="最多份数", min_value=1, required=False, help_text="一轮最多评多少份，不限的不填。", error_messages=_WHOLE
    )
    is_active = forms.BooleanField(label="在库（取消后不再聘任）", required=False, initial=True)

    def __init__(self, contest: Contest, expert: Expert | None, *args: Any, **kwargs: Any) -> None:
        if expert:
            kwargs["initial"] = {
                key: getattr(expert, key) for key in ("industries", "categories", "max_load", "is_active")
            }
        super().__init__(*args, **kwargs)
        industries, categories = cockpit.specialities(contest)
        known = (expert.industries, expert.categories) if expert else ([], [])
        self.fields["industries"].choices = _with_old(industries, known[0])  # type: ignore[attr-defined]
        self.fields["categories"].choices = _with_old(categories, known[1])  # type: ignore[attr-defined]

    def knowledge(self) -> Knowledge:
        data = self.cleaned_data
        return Knowledge(tuple(data["industries"]), tuple(data["categories"]), data["max_load"], data["is_active"])


def _with_old(words: dict[str, str], known: list[str]) -> list[tuple[str, str]]:
    """What another season's catalogue called something stays with the expert."""
    return [*words.items(), *((code, code) for code in known if code not in words)]


class NewExpertForm(KnowledgeForm):
    name = forms.CharField(label="姓名", max_length=50, error_messages={"required": "请填写姓名。"})
    username = forms.CharField(
        label="用户名",
        max_length=30,
        help_text="登录用。已有账号的填原用户名，不另建账号。",
        error_messages={"required": "请填写用户名。"},
    )
    field_order = ("name", "username", "industries", "categories", "max_load", "is_active")


class EmploymentForm(forms.Form):
    """A node of the tree, or the name of a place."""

    organization: forms.ModelChoiceField[Organization] = forms.ModelChoiceField(
        label="参赛组织中的单位", queryset=None, required=False, empty_label="不在其中",
        error_messages={"invalid_choice": "所选单位已不可用，请重新选择。"},
    )  # fmt: skip
    place = forms.CharField(label="其他单位名称", max_length=100, required=False)
    started_on = forms.DateField(
        label="起", widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "请填写任职开始日期。", "invalid": "请填写日期，如 2015-07-01。"},
    )  # fmt: skip
    ended_on = forms.DateField(
        label="止", required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text="现在仍任职的不填。",
        error_messages={"invalid": "请填写日期，如 2020-06-30。"},
    )  # fmt: skip

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = Organization.objects.visible_to(actor).active()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if bool(data.get("organization")) == bool((data.get("place") or "").strip()):
            self.add_error("place", "请选择参赛组织中的单位，或填写其他单位名称，二者填一项。")
        return data


class WorkbookForm(forms.Form):
    file = forms.FileField(
        label="填好的表格（xlsx）",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "请选择要上传的表格。", "empty": "文件是空的，请重新选择。"},
    )
