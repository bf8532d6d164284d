"""Honours as they are typed: the recipient, the votes, the reason; the ten items of 优秀组织奖."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from contests.models import Contest, Enrolment
from scoring.actions.committee import Votes
from scoring.actions.reasons import LONGEST
from scoring.models import Honour

_COUNT = {"required": "请填写票数，没有的填 0。", "invalid": "请填写整数。", "min_value": "票数不能小于 0。"}


class HonourForm(forms.Form):
    """The unit is named in full: a list of all units would grow with the season."""

    kind = forms.ChoiceField(label="荣誉", choices=Honour.KINDS)
    enrolment = forms.CharField(
        label="单位或班组", max_length=100, help_text="填全称。", error_messages={"required": "请填写单位全称。"}
    )
    person = forms.CharField(label="姓名", max_length=50, required=False, help_text="只有先进个人填写。")
    amount = forms.DecimalField(
        label="金额（元）",
        min_value=0,
        max_digits=10,
        decimal_places=2,
        required=False,
        error_messages={"invalid": "请填写金额，如 20000。", "min_value": "金额不能小于 0。"},
    )
    votes_for = forms.IntegerField(label="赞成（票）", min_value=0, max_value=999, error_messages=_COUNT)
    against = forms.IntegerField(label="反对（票）", min_value=0, max_value=999, initial=0, error_messages=_COUNT)
    abstained = forms.IntegerField(label="弃权（票）", min_value=0, max_value=999, initial=0, error_messages=_COUNT)
    reason = forms.CharField(
        label="理由",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明理由。"},
    )

    def __init__(self, contest: Contest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contest = contest
        given = contest.settings.honour_kinds
        for kind, only_there in (("person", "person"), ("subsidy", "amount")):
            if kind not in given:
                del self.fields[only_there]
        self.fields["kind"].choices = [row for row in Honour.KINDS if row[0] in given]  # type: ignore[attr-defined]

    def clean_enrolment(self) -> Enrolment:
        name = self.cleaned_data["enrolment"].strip()
        found = list(self.contest.enrolments.filter(name=name)[:2])
        if len(found) != 1:
            raise forms.ValidationError(
                "没有找到这个单位，请按参赛名单填写全称。" if not found else "有同名单位，请先核对。"
            )
        return found[0]

    def proposal(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "kind": data["kind"],
            "enrolment": data["enrolment"],
            "person": data.get("person", ""),
            "amount": data.get("amount") or Decimal(0),
            "reason": data["reason"],
            "votes": Votes(data["votes_for"], data["against"], data["abstained"]),
        }


class ItemForm(forms.Form):
    points = forms.DecimalField(
        label="得分",
        min_value=0,
        max_digits=4,
        decimal_places=1,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_digits", "max_decimal_places"), "请填写得分，每半分一档，如 7.5。"
        ),
    )
    reason = forms.CharField(label="理由", max_length=300, required=False)
