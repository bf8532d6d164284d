"""A new round and its dates, as they are typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms

from contests.models import Contest, Enrolment
from scoring.actions.rounds import Design
from scoring.actions.rubrics import policy_from_section
from scoring.models import Expert, Round, Rubric
from scoring.queries import cockpit, proposed
from scoring.queries.candidates import predecessors, works_for
from scoring.rules.policy import MEAN, MEDIAN, MOST_DECIMALS, TRIMMED_MEAN
from scoring.rules.policy import MOST_SHEETS as MOST_TRIM

MOST_SHEETS = 99
_WHOLE = {
    "invalid": "请填写整数。",
    "min_value": "不能小于 %(limit_value)s。",
    "max_value": "不能大于 %(limit_value)s。",
}
_AGGREGATES = ((TRIMMED_MEAN, "去掉最高最低分取平均"), (MEAN, "平均分"), (MEDIAN, "中位数"))
_POLICY = ("minimum_sheets", "aggregate", "trim_from", "decimals", "outlier_gap")
_BLIND = (("blind", "盲评：不显示单位和人员"), ("open", "明评：显示单位和人员"))


def moment(label: str, help_text: str = "") -> forms.DateTimeField:
    """An instant to the minute, Beijing time."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    wrong = {"invalid": "请填写日期和时间，如 2021-09-20 17:00。"}
    return forms.DateTimeField(label=label, required=False, widget=widget, help_text=help_text, error_messages=wrong)


class DatesForm(forms.Form):
    opens_at = moment("评分开始", "不填则从点“开始评审”时起。")
    closes_at = moment("评分截止", "到时自动停止评分，这一分钟之内仍可提交。")


class RoundForm(forms.Form):
    """A new round of a desk. The newest version of the notice's own rubric is proposed where it brought one."""

    name = forms.CharField(
        label="名称", max_length=60, help_text="如“初评”“终评”。", error_messages={"required": "请填写名称。"}
    )
    previous: forms.ModelChoiceField[Round] = forms.ModelChoiceField(
        label="上一轮",
        queryset=None,
        required=False,
        empty_label="没有，评审全部可评的成果",
        help_text="已截止、尚未定等次的轮次。",
        error_messages={"invalid_choice": "所选的上一轮已不可用，请重新选择。"},
    )
    take_top = forms.IntegerField(
        label="取上一轮前几名",
        min_value=1,
        max_value=30_000,
        required=False,
        help_text="与最后一名并列的一并进入。",
        error_messages=_WHOLE,
    )
    rubric: forms.ModelChoiceField[Rubric] = forms.ModelChoiceField(
        label="评分标准",
        queryset=None,
        required=False,
        empty_label="请选择",
        help_text="第一份评分表提交后，只能修订为新的一版。",
        error_messages={"invalid_choice": "所选的评分标准已不可用，请重新选择。"},
    )
    sheets_per_achievement = forms.IntegerField(
        label="每项成果的专家数",
        min_value=1,
        max_value=MOST_SHEETS,
        error_messages={"required": "请填写每项成果由几位专家评分。", **_WHOLE},
    )
    minimum_sheets = forms.IntegerField(
        label="最少评分份数", min_value=1, max_value=MOST_SHEETS, required=False, error_messages=_WHOLE
    )
    aggregate = forms.ChoiceField(label="计分办法", choices=_AGGREGATES, required=False)
    trim_from = forms.IntegerField(
        label="去分起点", min_value=1, max_value=MOST_TRIM, required=False, error_messages=_WHOLE
    )
    decimals = forms.IntegerField(
        label="小数位数", min_value=0, max_value=MOST_DECIMALS, required=False, error_messages=_WHOLE
    )
    outlier_gap = forms.IntegerField(
        label="分差提示", min_value=1, max_value=100, required=False, error_messages=_WHOLE
    )
    blind = forms.ChoiceField(label="评审方式", choices=_BLIND, required=False, widget=forms.RadioSelect)
    opens_at = moment("评分开始", "可以以后再定。")
    closes_at = moment("评分截止", "可以以后再定。")
    experts: forms.ModelMultipleChoiceField[Expert] = forms.ModelMultipleChoiceField(
        label="专家",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择专家。", "invalid_choice": "所选专家已不可用，请重新选择。"},
    )

    def __init__(self, contest: Contest, desk: Enrolment, *args: Any, **kwargs: Any) -> None:
        own = cockpit.own_rubric(contest, desk)
        policy, target = policy_from_section(contest.sections.get("policy") or {})
        self.desk, self.own_rubric = desk, own
        kwargs["initial"] = {
            "sheets_per_achievement": target,
            "name": "终评" if desk.is_host else "初评",
            "minimum_sheets": policy.minimum_sheets,
            "aggregate": policy.aggregate,
            "trim_from": policy.trim_from,
            "decimals": policy.decimals,
            "outlier_gap": policy.outlier_gap,
            "rubric": own,
            "blind": "blind" if contest.settings.blind_review else "open",
        }
        super().__init__(*args, **kwargs)
        self.fields["rubric"].queryset = cockpit.rubrics(contest, desk)  # type: ignore[attr-defined]
        if own:
            self.fields["rubric"].empty_label = None  # type: ignore[attr-defined]
        self.fields["experts"].queryset = cockpit.experts(contest)  # type: ignore[attr-defined]
        self.fields["previous"].queryset = predecessors(desk)  # type: ignore[attr-defined]
        self.specialities = cockpit.specialities(contest)
        if not self.fields["previous"].queryset.exists():  # type: ignore[attr-defined]
            del self.fields["previous"], self.fields["take_top"]

    def clean_rubric(self) -> Rubric | None:
        return self.cleaned_data["rubric"] or self.own_rubric

    def design(self) -> Design:
        data = self.cleaned_data
        previous = data.get("previous")
        policy = {key: data[key] for key in _POLICY if data.get(key) not in (None, "")}
        return Design(
            desk=self.desk,
            previous_id=previous.pk if previous else None,
            take_top=data.get("take_top"),
            policy=policy,
            blind={"blind": True, "open": False}.get(data.get("blind") or ""),
            opens_at=data.get("opens_at"),
            closes_at=data.get("closes_at"),
        )

    def expert_rows(self) -> Iterator[tuple[Any, Expert, str, str, int]]:
        """(checkbox, expert, industries, categories, works that she could not judge) for the table."""
        known = {str(expert.pk): expert for expert in self.fields["experts"].queryset}  # type: ignore[attr-defined]
        avoided = proposed(works_for(self.desk), self.desk.contest, list(known.values()))
        for box in self["experts"].subwidgets:
            box.data["attrs"]["class"] = "form-check-input"
            expert = known[str(box.data["value"])]
            industries, categories = self.specialities
            yield (
                box,
                expert,
                cockpit.words(expert.industries, industries),
                cockpit.words(expert.categories, categories),
                avoided[expert.pk],
            )
