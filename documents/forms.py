"""What to make: the paper, of whose works, in which format."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.actor import Actor
from contests.models import Contest, Enrolment
from documents import queries
from documents.models import Paper
from submissions.models import Achievement

_LONGEST_PK = 12  # digits: what is typed into an address may be anything


class PaperForm(forms.Form):
    """`scope` and `achievement` are cleaned to rows of this contest that the hat may see."""

    code = forms.ChoiceField(label="文件", widget=forms.RadioSelect)
    scope = forms.ChoiceField(label="范围")
    achievement = forms.ChoiceField(label="成果", required=False)
    file_format = forms.ChoiceField(label="格式", widget=forms.RadioSelect, initial="pdf")

    def __init__(self, actor: Actor, contest: Contest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = queries.kinds(actor, contest)
        self.scopes = {str(row.pk): row for row in queries.scopes(actor, contest)}
        self.works = Achievement.objects.visible_to(actor).filter(contest=contest)
        self._offer("code", [(row.code, f"{row.annex}　{row.name}") for row in self.kinds])
        self._offer("scope", [(pk, _scope_label(row)) for pk, row in self.scopes.items()])
        self._offer("file_format", list(Paper._meta.get_field("format").choices or []))
        self._offer_works(actor)
        self.fields["code"].initial = next((row.code for row in self.kinds), None)
        if len(self.scopes) == 1:
            self.fields["scope"].widget = forms.HiddenInput()
            self.fields["scope"].initial = next(iter(self.scopes))

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        field.error_messages["invalid_choice"] = field.error_messages["required"] = f"请选择{field.label}。"

    def _offer_works(self, actor: Actor) -> None:
        """A unit picks from its own few; everybody else comes with the one work from that work's page."""
        wanted = str(self["achievement"].value() or "")
        number = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < _LONGEST_PK else 0
        rows = self.works if actor.is_unit_operator else self.works.filter(pk=number)
        works = [(str(row.pk), f"只要这一项：{row}") for row in rows.order_by("pk")]
        if works:
            self._offer(
                "achievement", [("", "全部（不含草稿和已结束的）" if actor.is_unit_operator else "全部"), *works]
            )
        else:
            self.fields["achievement"].widget = forms.HiddenInput()

    def clean_scope(self) -> Enrolment:
        return self.scopes[self.cleaned_data["scope"]]

    def clean_achievement(self) -> Achievement | None:
        pk = self.cleaned_data["achievement"]
        return self.works.get(pk=pk) if pk else None


def _scope_label(row: Enrolment) -> str:
    return "全部推荐单位（已受理的成果）" if row.is_host else row.name
