"""What is typed in a case; the actions judge the texts, so that a sentence is the same everywhere."""

from __future__ import annotations

from typing import Any

from django import forms

from submissions.models import Case


def _area(label: str, rows: int, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=False, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows})
    )


class OpenForm(forms.Form):
    use_required_attribute = False
    kind = forms.ChoiceField(
        label="类型",
        choices=Case.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择立案的类型。", "invalid_choice": "请选择立案的类型。"},
    )
    charge = _area("涉嫌事实", 6, "申报单位会看到，并据此陈述；请勿写明线索是谁提供的。")
    source = forms.CharField(label="线索来源", required=False, help_text="只有立案单位、竞赛办公室和监督员看得到。")


class FileForm(forms.Form):
    use_required_attribute = False
    file = forms.FileField(
        label="证据材料",
        help_text="PDF、图片、Word 或 Excel，每份不超过 20 MB。",
        error_messages=dict.fromkeys(("required", "missing", "invalid", "empty"), "请选择要上传的文件。"),
    )


class StatementForm(forms.Form):
    """`seen`: cases.statement_seen of the page."""

    use_required_attribute = False
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    statement = _area("陈述意见", 6, "3000 字以内；结论作出前可以修改。")


class ProposalForm(forms.Form):
    """`places`: who may be barred, as cases.people; none in an appeal."""

    use_required_attribute = False
    upheld = forms.ChoiceField(label="处理意见", widget=forms.RadioSelect, error_messages={"required": "请选择意见。"})
    barred = forms.MultipleChoiceField(
        label="今后禁止参与申报的人员",
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    reason = _area("认定的事实和理由", 5)

    def __init__(self, places: list[tuple[str, str]], in_appeal: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        upheld, barred = self.fields["upheld"], self.fields["barred"]
        assert isinstance(upheld, forms.ChoiceField)
        assert isinstance(barred, forms.MultipleChoiceField)
        words = ("申诉成立，撤销原结论", "维持原结论") if in_appeal else ("查实，取消资格", "查无实据")
        upheld.choices = list(zip(("yes", "no"), words, strict=True))
        if in_appeal:
            del self.fields["barred"]
        else:
            barred.choices = places
            barred.initial = ["leader"]


class AnswerForm(forms.Form):
    """`ruling`: the proposal that the page showed."""

    use_required_attribute = False
    ruling = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    agree = forms.ChoiceField(
        label="审核",
        choices=[("yes", "同意"), ("no", "不同意，退回")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择同意或不同意。"},
    )
    answer_reason = _area("意见", 3, "不同意时必填。")


class AppealForm(forms.Form):
    use_required_attribute = False
    appeal = _area("申诉理由", 6, "3000 字以内，只能提出一次。")


class ReasonForm(forms.Form):
    """Lifting a ban, or telling a namesake apart."""

    use_required_attribute = False
    ban = forms.IntegerField(min_value=1, widget=forms.HiddenInput, required=False)
    reason = _area("理由", 3)
