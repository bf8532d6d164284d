"""Reading values that somebody else wrote: every refusal names the key, nothing is guessed, converted or left over."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

_PLAIN_DECIMAL = re.compile(r"[0-9]+(\.[0-9]+)?")
_UNREADABLE = {"Cc", "Cs", "Zl", "Zp"}  # control characters, lone surrogates, line and paragraph separators
_LONGEST_WHOLE = 18


class BadValue(ValueError):
    """A value refused: `key` is its place ("marks.role.points"; "" the whole), `reason` a Chinese sentence."""

    def __init__(self, key: str, reason: str) -> None:
        self.key = key
        self.reason = reason
        super().__init__(f"{key or '文件'}：{reason}")


@contextmanager
def refused_as(error: type[BadValue], prefix: str = "") -> Iterator[None]:
    """Let every refusal inside leave as `error`, its key under `prefix`."""
    try:
        yield
    except BadValue as bad:
        raise error(under(prefix, bad.key), bad.reason) from bad


@dataclass(frozen=True)
class NotWhole:
    """A JSON number that is no whole number of sensible length (18.5, 1e3, NaN): it fits no key of ours."""

    text: str


class JsonObject(dict[str, object]):
    """A JSON object that remembers a key it was given twice."""

    def __init__(self, pairs: Sequence[tuple[str, object]]) -> None:
        super().__init__(pairs)
        self.twice: str | None = None
        if len(self) < len(pairs):
            self.twice = Counter(key for key, _ in pairs).most_common(1)[0][0]


def loads(text: str) -> object:
    """JSON with duplicate keys remembered and without floats. Raises ValueError or RecursionError."""
    return json.loads(
        text,
        object_pairs_hook=JsonObject,
        parse_int=lambda digits: int(digits) if len(digits) <= _LONGEST_WHOLE else NotWhole(digits),
        parse_float=NotWhole,
        parse_constant=NotWhole,
    )


def json_of(data: bytes) -> object:
    """The JSON value in these bytes; raises BadValue."""
    try:
        return loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadValue("", f"不是 UTF-8 文字（第 {error.start + 1} 个字节）。") from error
    except json.JSONDecodeError as error:
        raise BadValue("", f"不是 JSON（第 {error.lineno} 行第 {error.colno} 列）。") from error
    except RecursionError as error:
        raise BadValue("", "嵌套过深。") from error


def shown(value: object) -> str:
    """A stranger's text made fit for one line of a message."""
    text = str(value)[:60]
    return text if all(unicodedata.category(sign) not in _UNREADABLE for sign in text) else ascii(text)[1:-1]


def under(key: str, name: str) -> str:
    """The key of a part: "policy" + "decimals", "tiers" + "[1].floor", "sheets[2]（成果 A1）" + "path"."""
    if not key or not name or name.startswith("["):
        return key + name
    return f"{key}的 {name}" if key.endswith("）") else f"{key}.{name}"


def table(value: object, key: str, required: Collection[str], optional: Collection[str] = ()) -> dict[str, object]:
    """A dict with exactly these keys; an empty `key` is the outermost object."""
    if not isinstance(value, dict):
        raise BadValue(key, "应为一个对象。")
    if (twice := getattr(value, "twice", None)) is not None:
        raise BadValue(under(key, shown(twice)), "这个键写了两次。")
    for name in value:
        if name not in required and name not in optional:
            raise BadValue(under(key, shown(name)), "没有这个键。")
    for name in required:
        if name not in value:
            raise BadValue(under(key, name), "缺少这个键。")
    return value


def rows(value: object, key: str, at_least: int = 0) -> list[object]:
    if not isinstance(value, list):
        raise BadValue(key, "应为一个列表。")
    if len(value) < at_least:
        raise BadValue(key, f"至少应有 {at_least} 项。")
    return value


def text(value: object, key: str) -> str:
    """A text that survives a line of CSV: not empty, no blank at its ends, no control character."""
    if not isinstance(value, str):
        raise BadValue(key, "应为文字。")
    if not value or value != value.strip():
        raise BadValue(key, "不能为空，首尾也不能有空白。")
    if any(unicodedata.category(sign) in _UNREADABLE for sign in value):
        raise BadValue(key, "含有控制字符或无法编码的字符。")
    return value


def whole(value: object, key: str, low: int, high: int) -> int:
    """A whole number in [low, high]; true, 18.0 and "18" are none."""
    if type(value) is not int:
        raise BadValue(key, "应为整数。")
    if not low <= value <= high:
        raise BadValue(key, f"应在 {low} 到 {high} 之间。")
    return value


def decimal(value: object, key: str) -> Decimal:
    """A plain decimal string such as "120.00": no sign, no exponent, no blank, ASCII digits only."""
    if not isinstance(value, str) or not _PLAIN_DECIMAL.fullmatch(value):
        raise BadValue(key, "应为十进制数的文字，例如“120.00”。")
    return Decimal(value)


def one_of(value: object, key: str, choices: Sequence[str]) -> str:
    if not isinstance(value, str) or value not in choices:
        raise BadValue(key, f"应为 {'、'.join(choices)} 之一。")
    return value


def unique(values: Sequence[object], key: str) -> None:
    if len(set(values)) != len(values):
        raise BadValue(key, "有重复的值。")
