"""What the committee decides: the work, its tier, the votes and the reason."""

from __future__ import annotations

from typing import Any

from django import forms

from scoring.actions.committee import Votes
from scoring.actions.reasons import LONGEST
from scoring.models import Round

NONE = "none"
_COUNT = {"required": "请填写票数，没有的填 0。", "invalid": "请填写整数。", "min_value": "票数不能小于 0。"}


def _votes(label: str, initial: int | None = None) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=999, initial=initial, error_messages=_COUNT)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="理由",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明理由。", "max_length": f"理由最多 {LONGEST} 字，请精简。"},
    )


class DecisionForm(ReasonForm):
    """The work is named by its code: a list of all works would grow with the season."""

    code = forms.CharField(
        label="评审编号",
        max_length=12,
        help_text="如 A0027，见排名。",
        error_messages={"required": "请填写评审编号。"},
    )
    tier = forms.ChoiceField(
        label="评定为", error_messages={"required": "请选择等次。", "invalid_choice": "请选择等次。"}
    )
    votes_for = _votes("赞成（票）")
    against = _votes("反对（票）", 0)
    abstained = _votes("弃权（票）", 0)

    field_order = ("code", "tier", "votes_for", "against", "abstained", "reason")

    def __init__(self, round_: Round, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.round = round_
        tiers = [(str(tier.pk), tier.name) for tier in round_.contest.awardtier_set.all()]
        self.fields["tier"].choices = [("", "请选择"), *tiers, (NONE, "不授奖")]  # type: ignore[attr-defined]

    def clean_code(self) -> int:
        """The entry's id."""
        code = self.cleaned_data["code"].strip().upper()
        entry = self.round.entries.filter(code=code).values_list("pk", flat=True).first()
        if entry is None:
            raise forms.ValidationError(f"本轮没有编号为 {code} 的成果，请对照排名核对。")
        return int(entry)

    def decision(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "entry_id": data["code"],
            "tier_id": None if data["tier"] == NONE else int(data["tier"]),
            "reason": data["reason"],
            "votes": Votes(data["votes_for"], data["against"], data["abstained"]),
        }
