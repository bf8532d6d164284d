"""Form fields of what people type: brought to one form, checked, refused in one Chinese sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from contests.rules import identifiers

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_MONTH = re.compile(r"(\d{4})(?:[.\-/年]\s*(\d{1,2})|(\d{2}))(?:月)?")
_WAN = re.compile(r"(?:万元?)?(?:/年|每年)?$")
_YUAN = re.compile(r"(?<!万)元(?:/年|每年)?$")
_EARLIEST, _LATEST = 1900, 2100
WRONG_CHOICE = "请从列出的各项中选择。"
_TOO_LONG = "不超过 %(limit_value)d 字，现有 %(show_value)d 字，请删减。"


def plain(text: str) -> str:
    """One kind of line end, no control characters."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


class Text(forms.CharField):
    """Plain text: one kind of line end, no control characters. The page counts, it never cuts what is pasted."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"error_messages": {"max_length": _TOO_LONG}, **options})

    def to_python(self, value: Any) -> str:
        return str(super().to_python(plain(str(value or ""))))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"data-max": str(self.max_length)} if self.max_length else {}


class Checked(Text):
    """Text that a rule of contests.rules.identifiers brings to its one form."""

    rule: Callable[[str], str]

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        try:
            return type(self).rule(text) if text else ""
        except identifiers.IdentifierError as wrong:
            raise ValidationError(str(wrong), code="identifier") from wrong


class Name(Checked):
    rule = staticmethod(identifiers.validate_name)


class OnePerson(forms.TextInput):
    """What was posted for it twice stands in it together, so that the second name is refused and not lost."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        posted = data.getlist(name) if hasattr(data, "getlist") else []
        if len(posted) < 2:
            return super().value_from_datadict(data, files, name)
        return "、".join(dict.fromkeys(text.strip() for text in posted if text.strip()))


class LeaderName(Checked):
    rule = staticmethod(identifiers.validate_leader)


class Phone(Checked):
    rule = staticmethod(identifiers.normalise_phone)


class Month(Text):
    """`1985.06`; 1985-6, 1985年6月, 198506 and full-width figures are taken."""

    def to_python(self, value: Any) -> str:
        text = unicodedata.normalize("NFKC", super().to_python(value)).strip()
        if not text:
            return ""
        found = _MONTH.fullmatch(text)
        year, month = (int(found[1]), int(found[2] or found[3])) if found else (0, 0)
        today = timezone.localdate()
        if not (_EARLIEST <= year <= today.year and 1 <= month <= 12):
            raise ValidationError("请填写年和月，例如 1985.06。", code="month")
        if (year, month) > (today.year, today.month):
            raise ValidationError("这个月份还没有到，请核对。", code="future")
        return f"{year}.{month:02}"


class Day(forms.DateField):
    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        formats = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]
        wrong = {"invalid": "没有这一天，请按“年-月-日”填写，例如 2021-06-30。"}
        super().__init__(input_formats=formats, error_messages=wrong, **options)

    def to_python(self, value: Any) -> date | None:
        plain = unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else value
        day = super().to_python(plain)
        if day and not _EARLIEST <= day.year <= _LATEST:
            raise ValidationError("年份不对，请核对。", code="year")
        return day


class Amount(forms.DecimalField):
    """万元 with two decimals; full-width figures, thousands separators and a unit behind it are taken."""

    def __init__(self, **options: Any) -> None:
        wrong = {
            "invalid": "请填写数字，例如 86.40。",
            "min_value": "金额不能小于 0。",
            "max_decimal_places": "最多两位小数，请四舍五入后填写。",
            "max_whole_digits": "数额过大：单位是万元，请核对。",
            "max_digits": "数额过大：单位是万元，请核对。",
        }
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        super().__init__(
            max_digits=12, decimal_places=2, min_value=Decimal(0), error_messages=wrong, widget=widget, **options
        )

    def to_python(self, value: Any) -> Any:
        plain = re.sub(r"[,，\s]", "", unicodedata.normalize("NFKC", str(value or "")))
        if _YUAN.search(plain):
            raise ValidationError("单位是万元，不是元；请换算成万元后填写，例如 864000 元填写 86.40。", code="yuan")
        return super().to_python(_WAN.sub("", plain))


class YesNo(forms.TypedChoiceField):
    """True, False, or None while nobody has answered."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=[("yes", "是"), ("no", "否")],
            coerce=lambda text: text == "yes",
            empty_value=None,
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": WRONG_CHOICE},
            **options,
        )

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value)
