"""The form of an achievement, built from the one declaration (submissions.rules.fields): no label is stated twice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from contests.models import Contest
from submissions.forms import typed
from submissions.models import Achievement
from submissions.rules import codes
from submissions.rules.fields import FIELDS, FieldRule

FORM_KEYS = [key for key in FIELDS if key != "leader.photo"]
_LONG_TEXT = 300  # characters from which a field is a box
_ROWS = {"summary": 9, "innovation": 4, "leader.bio": 3, "leader.deeds": 5, "category_note": 2}
_CATALOGUES = ("kind", "category", "industry")
_RADIOS = {
    "gender": codes.GENDER,
    "benefit_path": (
        ("economic", "按经济效益计分：须有财务部门盖章的证明，由审核员核定每年的金额。"),
        ("social", "按社会效益计分：由专家评定，适合安全、民生、服务类成果。"),
    ),
}
_TEXTS: dict[str, type[typed.Text]] = {
    "leader.name": typed.LeaderName,
    "filled_by": typed.Name,
    "responsible_person": typed.Name,
    "leader.phone": typed.Phone,
    "leader.birth_month": typed.Month,
    "leader.work_started": typed.Month,
}
_OTHERS: dict[str, type[forms.Field]] = {
    "implemented_from": typed.Day,
    "implemented_to": typed.Day,
    "completed_on": typed.Day,
    "applied_from": typed.Day,
    "benefit_wan": typed.Amount,
    "government_project": typed.YesNo,
    "dedicated_funds": typed.YesNo,
    "research_centre_topic": typed.YesNo,
    "classified": typed.YesNo,
    "truth_declared": forms.BooleanField,
}
_CHOOSE = "请选择"
_WRONG_CHOICE = {"invalid_choice": typed.WRONG_CHOICE}
_BACKWARDS = "结束不能早于开始，请核对两个日期。"


def name_of(key: str) -> str:
    """The name in the page: `leader.name` → `leader__name`."""
    return key.replace(".", "__")


def key_of(name: str) -> str:
    return name.replace("__", ".")


def stored(achievement: Achievement, key: str) -> Any:
    """What the database holds under a key of FIELDS."""
    owner: Any = achievement.leader if key.startswith("leader.") else achievement
    return getattr(owner, key.removeprefix("leader."))


def make_field(rule: FieldRule, contest: Contest) -> forms.Field:
    """The form field of one declared field, with its label and help."""
    leaf = rule.key.removeprefix("leader.")
    options: dict[str, Any] = {"label": rule.label, "help_text": rule.help, "required": rule.required}
    if rule.key in _OTHERS:
        return _OTHERS[rule.key](**options)
    if rule.key in _CATALOGUES:
        return _catalogue(rule.key, contest, options)
    if leaf in _RADIOS:
        return forms.ChoiceField(
            choices=_RADIOS[leaf], widget=forms.RadioSelect, error_messages=_WRONG_CHOICE, **options
        )
    if leaf in codes.LISTS:
        return forms.ChoiceField(choices=[("", _CHOOSE), *codes.LISTS[leaf]], error_messages=_WRONG_CHOICE, **options)
    return _TEXTS.get(rule.key, typed.Text)(max_length=rule.max_length, widget=_box(rule), **options)


def _catalogue(key: str, contest: Contest, options: dict[str, Any]) -> forms.Field:
    rows = getattr(contest, f"{key}_set").all()
    widget = forms.RadioSelect if key == "kind" else forms.Select
    return forms.ModelChoiceField(
        rows, to_field_name="code", empty_label=_CHOOSE, widget=widget, error_messages=_WRONG_CHOICE, **options
    )


def _box(rule: FieldRule) -> forms.Widget:
    if (rule.max_length or 0) >= _LONG_TEXT:
        return forms.Textarea(attrs={"rows": _ROWS.get(rule.key, 3)})
    if rule.key == "leader.name":
        return typed.OnePerson(attrs={"autocomplete": "off"})
    hint = {"inputmode": "tel"} if rule.key == "leader.phone" else {}
    return forms.TextInput(attrs={"autocomplete": "off", **hint})


class AchievementForm(forms.Form):
    """Fields by name_of(key). A draft is saved with gaps: what is required is asked for at the submit.

    `only` limits it to some names (a page that saves field by field). The whole page carries each field's value as it
    was when the page was made, so that `changed` names what this person touched and nobody else's words are undone.
    """

    use_required_attribute = False

    def __init__(self, achievement: Achievement, data: Any = None, only: Iterable[str] | None = None) -> None:
        self.achievement = achievement
        wanted = None if only is None else {key_of(name) for name in only}
        self.keys = [key for key in FORM_KEYS if wanted is None or key in wanted]
        initial = {name_of(key): stored(achievement, key) for key in self.keys}
        super().__init__(data, initial=initial)
        for key in self.keys:
            field = self.fields[name_of(key)] = make_field(FIELDS[key], achievement.contest)
            field.show_hidden_initial = wanted is None

    def full_clean(self) -> None:
        asked = {name: field.required for name, field in self.fields.items()}
        for field in self.fields.values():
            field.required = False
        super().full_clean()
        for name, field in self.fields.items():
            field.required = asked[name]

    def clean(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        first = found.get("implemented_from", self.achievement.implemented_from)
        last = found.get("implemented_to", self.achievement.implemented_to)
        touched = [name for name in ("implemented_to", "implemented_from") if name in found]
        if first and last and first > last and touched:
            self.add_error(touched[0], _BACKWARDS)
        return found

    def changes(self) -> dict[str, Any]:
        """The right values that differ from the database, by key: of the whole page only what was touched there."""
        touched = set(self.fields) if not self._is_whole else set(self.changed_data)
        values = {key: self.cleaned_data[name_of(key)] for key in self.keys if name_of(key) in self.cleaned_data}
        return {
            key: value for key, value in values.items()
            if name_of(key) in touched and value != stored(self.achievement, key)
        }  # fmt: skip

    @property
    def _is_whole(self) -> bool:
        return any(field.show_hidden_initial for field in self.fields.values())

    def hidden_initials(self) -> SafeString:
        """The values that the page was made with, as hidden inputs."""
        return format_html_join("", "{}", ((bound.as_hidden(only_initial=True),) for bound in self))

    def mark(self, names: Iterable[str], css: str) -> None:
        for name in names:
            if name in self.fields:
                attrs = self.fields[name].widget.attrs
                attrs["class"] = f"{attrs.get('class', '')} {css}".strip()

    def pin(self, name: str, note: Any) -> None:
        """A note that stands beside its field and is read out with it."""
        if name not in self.fields:
            return
        field, bound = self.fields[name], self[name]
        tail = {"helptext": field.help_text, "error": bound.errors}
        told = [f"{bound.auto_id}_{part}" for part, there in tail.items() if there]
        field.pin = note  # type: ignore[attr-defined]
        field.widget.attrs["aria-describedby"] = " ".join([*told, f"pin-{name}"])

    def shown(self, key: str) -> str:
        """A stored value as its control shows it."""
        bound = self[name_of(key)]
        value = bound.field.prepare_value(stored(self.achievement, key))
        if isinstance(value, bool):
            return "on" if value else ""
        return str(bound.field.widget.format_value(value) or "") if _is_typed(bound.field) else str(value or "")


def _is_typed(field: forms.Field) -> bool:
    return isinstance(field.widget, forms.TextInput | forms.Textarea | forms.DateInput)
