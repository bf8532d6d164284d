"""The rows that belong to an achievement: members, patents. One small form a row; inputs of a kind share their name."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from contests.rules import identifiers
from submissions.forms import typed
from submissions.models import Achievement
from submissions.queries.overriding import passed_patents
from submissions.rules import codes


class Row(forms.Form):
    """`names` are the inputs in their order; a row without any of `kept` is no row."""

    names: Sequence[str] = ()
    kept: Sequence[str] = ()
    use_required_attribute = False

    @classmethod
    def is_empty(cls, row: Mapping[str, str]) -> bool:
        return not any(row.get(name, "").strip() for name in cls.kept)

    def sentences(self) -> dict[str, str]:
        """The first sentence about each input."""
        return {name: str(errors[0]) for name, errors in self.errors.items()}

    def value(self) -> Any:
        """What the action takes for this row."""
        raise NotImplementedError


class MemberRow(Row):
    names = kept = ("member_name", "member_org")
    member_name = typed.Name(label="姓名", required=False)
    member_org = typed.Text(label="单位", required=False, max_length=100)

    def clean(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        if "member_name" in found and not found["member_name"]:
            self.add_error("member_name", "请填写这位成员的姓名；不要这一行的，请把单位也清空。")
        return found

    def value(self) -> tuple[str, str]:
        return self.cleaned_data["member_name"], self.cleaned_data["member_org"]


class PatentRow(Row):
    """The number itself says the kind of patent, so nobody is asked for it."""

    names = ("patent_number", "patent_status", "patent_granted_on", "patent_owner")
    kept = ("patent_number", "patent_granted_on", "patent_owner")
    let_pass: frozenset[str] = frozenset()
    """Numbers whose check digit the office has looked at (domain.md 3.10)."""
    patent_number = typed.Text(label="专利号", required=False, max_length=60)
    patent_status = forms.ChoiceField(label="法律状态", choices=codes.PATENT_STATUS, required=False, initial="granted")
    patent_granted_on = typed.Day(label="授权公告日", required=False)
    patent_owner = typed.Text(label="专利权人", required=False, max_length=100)

    def clean_patent_number(self) -> identifiers.PatentNumber:
        text = self.cleaned_data["patent_number"]
        if not text:
            raise forms.ValidationError("请填写专利号；不要这一行的，请把其余各格也清空。")
        try:
            number = identifiers.parse_patent(text, check=False)
            return number if number.canonical in self.let_pass else identifiers.parse_patent(text)
        except identifiers.IdentifierError as wrong:
            raise forms.ValidationError(str(wrong)) from wrong

    def clean(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        found["patent_status"] = found.get("patent_status") or "granted"
        number, granted_on = found.get("patent_number"), found.get("patent_granted_on")
        if number and "patent_granted_on" in found:
            self._check_date(number, granted_on, found["patent_status"])
        return found

    def _check_date(self, number: identifiers.PatentNumber, granted_on: Any, status: str) -> None:
        if granted_on is None:
            if status == "granted":
                self.add_error("patent_granted_on", "已授权的专利请填写授权公告日。")
        elif granted_on > timezone.localdate():
            self.add_error("patent_granted_on", "授权公告日不能晚于今天，请核对。")
        elif granted_on.year < number.year:
            self.add_error("patent_granted_on", f"授权公告日不能早于专利申请的年份（{number.year} 年），请核对。")

    def value(self) -> dict[str, Any]:
        found = self.cleaned_data
        number = found["patent_number"]
        return {
            "kind": codes.PATENT_TYPE_BY_DIGIT[number.type_digit],
            "number": number.canonical,
            "status": found["patent_status"],
            "granted_on": found["patent_granted_on"],
            "owner": found.get("patent_owner", ""),
        }


class CommendationRow(Row):
    """A base-level award; its proof is one of the work's attachments."""

    kept = ("commend_name", "commend_body", "commend_rank", "commend_document", "commend_on")
    names = ("commend_level", *kept, "commend_proof")
    commend_level = forms.ChoiceField(
        label="表彰层级",
        choices=codes.COMMENDATION_LEVEL,
        required=False,
        error_messages={"invalid_choice": typed.WRONG_CHOICE},
    )
    commend_name = typed.Text(label="奖项名称", required=False, max_length=100)
    commend_body = typed.Text(label="表彰单位", required=False, max_length=100)
    commend_rank = typed.Text(label="等次", required=False, max_length=40)
    commend_document = typed.Text(label="文号", required=False, max_length=60)
    commend_on = typed.Day(label="表彰日期", required=False)
    commend_proof = forms.ChoiceField(
        label="证明材料", required=False, error_messages={"invalid_choice": "所选的证明材料已不在附件中，请重新选择。"}
    )

    def clean(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        for name, word in (("commend_name", "奖项名称"), ("commend_body", "表彰单位")):
            if name in found and not found[name]:
                self.add_error(name, f"请填写{word}；不要这一行的，请把各格都清空。")
        if found.get("commend_on") and found["commend_on"] > timezone.localdate():
            self.add_error("commend_on", "表彰日期不能晚于今天，请核对。")
        return found

    def value(self) -> dict[str, Any]:
        found = self.cleaned_data
        return {
            "level": found["commend_level"] or "base",
            "name": found["commend_name"],
            "awarding_body": found["commend_body"],
            "rank": found["commend_rank"],
            "document_number": found["commend_document"],
            "awarded_on": found["commend_on"],
            "proof_id": int(found["commend_proof"]) if found["commend_proof"] else None,
        }


class Rows:
    """All rows of one kind, from the database or as they were posted; `was` is what the page was made with."""

    name = ""
    row_class: type[Row] = Row

    def __init__(self, achievement: Achievement, posted: QueryDict | None = None) -> None:
        self.achievement = achievement
        kept = self.kept = [self.row_of(value) for value in self.stored(achievement)]
        self.was = as_text(kept) if posted is None else posted.get(f"{self.name}_was")
        rows = dict(enumerate(kept if posted is None else self._of(posted)))
        self.rows = {place: row for place, row in rows.items() if not self.row_class.is_empty(row)}
        self.forms = {place: self._form(place, row, posted) for place, row in self.rows.items()}

    def _of(self, posted: QueryDict) -> list[dict[str, str]]:
        names = self.row_class.names
        columns = [posted.getlist(name) for name in names]
        longest = max(map(len, columns))
        full = [column + [""] * (longest - len(column)) for column in columns]
        return [dict(zip(names, cells, strict=True)) for cells in zip(*full, strict=True)]

    def _form(self, place: int, row: dict[str, str], posted: QueryDict | None) -> Row:
        auto_id = f"id_{self.name}_{place}_%s"
        made = self.row_class(initial=row, auto_id=auto_id) if posted is None else self.row_class(row, auto_id=auto_id)
        return self.fitted(made)

    def fitted(self, row: Row) -> Row:
        """What a row can only know from its achievement."""
        return row

    def blank(self) -> Row:
        """An empty row at the end of the page's list."""
        return self.fitted(self.row_class(auto_id=f"id_{self.name}_new_%s"))

    def pattern(self) -> Row:
        """What the page's script makes further rows of; it puts a number for `N`."""
        return self.fitted(self.row_class(auto_id=f"id_{self.name}_N_%s"))

    def is_valid(self) -> bool:
        return not self.errors()

    @property
    def touched(self) -> bool:
        """Did this person change the page's rows? A post that does not carry them leaves them alone."""
        return self.was is not None and as_text(list(self.rows.values())) != self.was

    @property
    def changed(self) -> bool:
        """Do the right rows say anything else than the database?"""
        return [self.row_of(value) for value in self.values()] != self.kept

    @staticmethod
    def stored(achievement: Achievement) -> list[Any]:
        """The rows of the database, as the action takes them."""
        raise NotImplementedError

    @staticmethod
    def row_of(value: Any) -> dict[str, str]:
        """Such a row, as the page's inputs hold it."""
        raise NotImplementedError

    def values(self) -> list[Any]:
        return [form.value() for form in self.forms.values()]

    def errors(self) -> dict[int, dict[str, str]]:
        """Place of the row → name of the input → sentence."""
        return {place: form.sentences() for place, form in self.forms.items() if form.errors}


def as_text(rows: list[dict[str, str]]) -> str:
    return json.dumps(rows, ensure_ascii=False)


class Members(Rows):
    name, row_class = "members", MemberRow

    @staticmethod
    def row_of(value: Any) -> dict[str, str]:
        return dict(zip(MemberRow.names, value, strict=True))

    @staticmethod
    def stored(achievement: Achievement) -> list[Any]:
        return list(achievement.members.values_list("name", "organization_text"))


class Patents(Rows):
    name, row_class = "patents", PatentRow

    def is_valid(self) -> bool:
        """Only where a number is refused is the office's word asked for."""
        if super().is_valid():
            return True
        let_pass = passed_patents(self.achievement.unit)
        for form in self.forms.values() if let_pass else ():
            assert isinstance(form, PatentRow)
            form.let_pass = let_pass
            form.full_clean()
        return super().is_valid()

    @staticmethod
    def row_of(value: Any) -> dict[str, str]:
        granted_on = value["granted_on"]
        return {
            "patent_number": value["number"],
            "patent_status": value["status"],
            "patent_granted_on": granted_on.isoformat() if granted_on else "",
            "patent_owner": value["owner"],
        }

    @staticmethod
    def stored(achievement: Achievement) -> list[Any]:
        return list(achievement.patents.values("kind", "number", "status", "granted_on", "owner"))


class Commendations(Rows):
    name, row_class = "commendations", CommendationRow

    def fitted(self, row: Row) -> Row:
        if not hasattr(self, "proofs"):
            files = self.achievement.attachments.exclude(kind="photo").values_list("pk", "name")
            self.proofs = [("", "请选择"), *((str(pk), name) for pk, name in files)]
        row.fields["commend_proof"].choices = self.proofs  # type: ignore[attr-defined]
        return row

    @staticmethod
    def row_of(value: Any) -> dict[str, str]:
        day, proof = value["awarded_on"], value["proof_id"]
        return {
            "commend_level": value["level"],
            "commend_name": value["name"],
            "commend_body": value["awarding_body"],
            "commend_rank": value["rank"],
            "commend_document": value["document_number"],
            "commend_on": day.isoformat() if day else "",
            "commend_proof": str(proof) if proof else "",
        }

    @staticmethod
    def stored(achievement: Achievement) -> list[Any]:
        columns = ("level", "name", "awarding_body", "rank", "document_number", "awarded_on", "proof_id")
        return list(achievement.commendations.filter(given_by__isnull=True).values(*columns))
