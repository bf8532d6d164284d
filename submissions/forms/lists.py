"""What a list of achievements is narrowed to. Every filter is optional; what is not understood is left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q

from contests.models import Contest, Enrolment
from submissions import lifecycle
from submissions.querysets import AchievementQuerySet

_ORDERS = {
    "": ("-pk",),
    "title": ("pinyin", "title", "-pk"),
    "unit": ("unit__organization__pinyin", "unit__name", "-pk"),
}
_ORDER_CHOICES = [("", "新建的在前"), ("title", "按项目名称拼音"), ("unit", "按完成单位拼音")]


class ListFilter(forms.Form):
    use_required_attribute = False
    q = forms.CharField(label="项目名称、带头人或单位", required=False, max_length=100)
    status = forms.ChoiceField(label="状态", required=False)
    kind = forms.ChoiceField(label="五小类别", required=False)
    category = forms.ChoiceField(label="项目类型", required=False)
    below = forms.ChoiceField(label="推荐单位", required=False)
    order = forms.ChoiceField(label="排列", required=False, choices=_ORDER_CHOICES)

    def __init__(self, contest: Contest, data: Any, *, drafts: bool, below: Sequence[Enrolment] = ()) -> None:
        """`below`: who stands directly under the reader, counties or units; whoever is chosen brings all of its own."""
        super().__init__(data)
        self._paths = {str(row.pk): row.path for row in below}
        if self._paths:
            self._choose("below", [("", "全部单位"), *((str(row.pk), row.name) for row in below)])
        else:
            del self.fields["below"]
        known = [pair for pair in lifecycle.STATUS_CHOICES if drafts or pair[0] not in lifecycle.HIDDEN_FROM_AUDITORS]
        self._choose("status", [("", "全部状态"), *known])
        for name, word in (("kind", "全部类别"), ("category", "全部类型")):
            rows = getattr(contest, f"{name}_set").all()
            self._choose(name, [("", word), *((row.code, row.name) for row in rows)])
        self.full_clean()

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def asked(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "")

    @property
    def narrows(self) -> bool:
        return any(self.asked(name) for name in ("q", "status", "kind", "category", "below"))

    def apply(self, rows: AchievementQuerySet) -> AchievementQuerySet:
        """The rows that are asked for, in the order that is asked for."""
        if words := self.asked("q"):
            named = Q(title__icontains=words) | Q(leader__name__icontains=words) | Q(unit__name__icontains=words)
            rows = rows.filter(named | Q(number=words))
        if below := self.asked("below"):
            rows = rows.filter(unit__path__startswith=self._paths[below])
        exact = {"status": "status", "kind": "kind__code", "category": "category__code"}
        chosen = {column: self.asked(name) for name, column in exact.items() if self.asked(name)}
        return rows.filter(**chosen).order_by(*_ORDERS[self.asked("order")])


class NewForm(forms.Form):
    """For whom the new achievement is made: the unit itself or one of its teams."""

    unit: Any = forms.ModelChoiceField(
        None,
        label="完成单位",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择完成单位。", "invalid_choice": "请从列出的单位和班组中选择。"},
    )

    def __init__(self, units: Any, data: Any = None) -> None:
        super().__init__(data, initial={"unit": units.first()})
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = units
