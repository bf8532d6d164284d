"""A strict reader of one TOML table: every key is asked for by type, and what nobody asked for is refused."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any, NoReturn

from contests.rules.preset.errors import PresetError

_CODE = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*")
_PLACEHOLDER = re.compile(r"\{year([+-]\d)?\}")
_REQUIRED: Any = object()


def render(text: str, year: int) -> str:
    """`{year}`, `{year-1}`, `{year+1}` … become figures, so that a preset speaks of any year."""
    return _PLACEHOLDER.sub(lambda found: str(year + int(found[1] or 0)), text)


class Table:
    """One table of the file. Getters raise PresetError with the dotted path; `done()` refuses what is left over."""

    def __init__(self, file: str, path: str, data: Any, year: int = 0) -> None:
        self.file, self.path, self.year = file, path, year
        if not isinstance(data, Mapping):
            raise PresetError(file, path, "应为一个表")
        self._data, self._asked = data, set[str]()

    def fail(self, key: str, reason: str) -> NoReturn:
        raise PresetError(self.file, self.at(key), reason)

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path and key else self.path or key

    def has(self, key: str) -> bool:
        return key in self._data

    def everything(self) -> dict[str, Any]:
        """All keys as they stand, for a section whose owner checks them itself."""
        self._asked.update(self._data)
        return dict(self._data)

    def raw(self, key: str, default: Any = _REQUIRED) -> Any:
        self._asked.add(key)
        if key in self._data:
            return self._data[key]
        if default is _REQUIRED:
            self.fail(key, "缺少这一项")
        return default

    def text(self, key: str, default: Any = _REQUIRED, *, most: int = 4000) -> str:
        """Stripped and rendered; empty only where a default allows the key to be left out."""
        value = self.raw(key, default)
        if not isinstance(value, str):
            self.fail(key, "应为文字")
        value = value.strip()
        if not value and default is _REQUIRED:
            self.fail(key, "不能为空")
        if re.search(r"[{}]", _PLACEHOLDER.sub("", value)):
            self.fail(key, "花括号中只能写 year、year+1、year-1 之类的年份")
        rendered = render(value, self.year)
        if len(rendered) > most:
            self.fail(key, f"不能超过 {most} 个字")
        return rendered

    def code(self, key: str = "code") -> str:
        value = self.raw(key)
        if not isinstance(value, str) or not _CODE.fullmatch(value) or len(value) > 40:
            self.fail(key, "代码只能用小写字母、数字和下划线，以字母开头，不超过 40 个字符")
        return value

    def choice(self, key: str, allowed: Collection[str], default: Any = _REQUIRED) -> str:
        value = self.raw(key, default)
        if not isinstance(value, str) or value not in allowed:
            self.fail(key, "只能是 " + "、".join(allowed) + " 之一")
        return value

    def number(self, key: str, low: int, high: int, default: Any = _REQUIRED) -> Any:
        """An int, or the default (which may be None) where the key is left out."""
        value = self.raw(key, default)
        if key not in self._data:
            return value
        if isinstance(value, bool) or not isinstance(value, int):
            self.fail(key, "应为整数")
        if not low <= value <= high:
            self.fail(key, f"应在 {low} 到 {high} 之间")
        return value

    def decimal(self, key: str, low: int, high: int, default: Any = _REQUIRED) -> Any:
        """A Decimal of at most two places, written as a string or a whole number; a TOML float is not exact."""
        value = self.raw(key, default)
        if key not in self._data:
            return value
        if isinstance(value, bool) or not isinstance(value, int | str):
            self.fail(key, '应为带引号的数字，例如 "95"')
        try:
            exact = Decimal(value)
        except InvalidOperation:
            self.fail(key, '应为带引号的数字，例如 "95"')
        if not exact.is_finite() or not low <= exact <= high or exact != exact.quantize(Decimal("0.01")):
            self.fail(key, f"应在 {low} 到 {high} 之间，至多两位小数")
        return exact

    def flag(self, key: str, default: Any = _REQUIRED) -> bool:
        value = self.raw(key, default)
        if not isinstance(value, bool):
            self.fail(key, "应为 true 或 false")
        return value

    def day(self, key: str) -> date:
        """A date; a date with a time is refused."""
        value = self.moment(key)
        if isinstance(value, datetime):
            self.fail(key, "只写日期，不写时间")
        return value

    def moment(self, key: str) -> date | datetime:
        """A date, or a local date and time (Asia/Shanghai) where a minute is set."""
        value = self.raw(key)
        if not isinstance(value, date):
            self.fail(key, "应为日期，例如 2021-09-10（不加引号）")
        if isinstance(value, datetime) and value.tzinfo is not None:
            self.fail(key, "不要带时区，一律为北京时间")
        if not 1990 <= value.year <= 2110:
            self.fail(key, "年份应在 1990 到 2110 之间")
        return value

    def texts(self, key: str, default: Any = _REQUIRED) -> tuple[str, ...]:
        return tuple(self._each(key, default, str, "文字"))

    def choices(self, key: str, allowed: Collection[str]) -> tuple[str, ...]:
        values = self.texts(key)
        for place, value in enumerate(values):
            if value not in allowed:
                self.fail(f"{key}[{place}]", "只能是 " + "、".join(allowed) + " 之一")
        self.once(key, values)
        return values

    def once(self, key: str, values: Sequence[str], inner: str = "") -> None:
        """Refuses the second of two equal values of a list."""
        seen = set[str]()
        for place, value in enumerate(values):
            if value in seen:
                self.fail(f"{key}[{place}]{inner}", f"“{value}”重复")
            seen.add(value)

    def table(self, key: str) -> Table:
        return Table(self.file, self.at(key), self.raw(key), self.year)

    def tables(self, key: str, default: Any = _REQUIRED, *, at_least: int = 0) -> list[Table]:
        rows = list(self._each(key, default, Mapping, "表"))
        if len(rows) < at_least:
            self.fail(key, f"至少要有 {at_least} 项")
        return [Table(self.file, self.at(f"{key}[{place}]"), row, self.year) for place, row in enumerate(rows)]

    def done(self) -> None:
        for key in self._data:
            if key not in self._asked:
                close = get_close_matches(key, self._asked, n=1)
                self.fail(key, "没有这一项" + (f"，是不是“{close[0]}”" if close else ""))

    def _each(self, key: str, default: Any, kind: type, word: str) -> Any:
        values = self.raw(key, default)
        if not isinstance(values, list | tuple):
            self.fail(key, f"应为{word}的列表")
        for place, value in enumerate(values):
            if not isinstance(value, kind) or value == "":
                self.fail(f"{key}[{place}]", f"应为{word}")
        return values
