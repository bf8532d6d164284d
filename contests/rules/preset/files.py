"""Finding and reading preset files."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from contests.rules.preset.errors import PresetError
from contests.rules.preset.parse import build
from contests.rules.preset.values import Preset

SHIPPED = Path(__file__).resolve().parents[2] / "presets"
_LARGEST = 1024 * 1024
_POSITION = re.compile(r"\(at (?:line (\d+), column (\d+)|end of document)\)")


def shipped() -> tuple[str, ...]:
    """The ids of the presets that come with the portal."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml")))


def named(preset_id: str) -> Preset:
    """A shipped preset by its id (`jincheng-2021`); PresetError if there is none or it is broken."""
    if preset_id not in shipped():
        raise PresetError(preset_id, "", "没有这个预设，可用的有：" + "、".join(shipped()))
    preset = load(SHIPPED / f"{preset_id}.toml")
    if preset.id != preset_id:
        raise PresetError(preset.file, "id", f"应与文件名一致，为“{preset_id}”")
    return preset


def load(path: Path | str) -> Preset:
    """A preset from a file of UTF-8 TOML; PresetError names the file, the key and the reason."""
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PresetError(path.name, "", "文件不存在或不能读取") from error
    if len(data) > _LARGEST:
        raise PresetError(path.name, "", "文件过大，超过 1 MB")
    try:
        return loads(data.decode("utf-8"), path.name)
    except UnicodeDecodeError as error:
        raise PresetError(path.name, "", f"第 {data[: error.start].count(10) + 1} 行不是 UTF-8 编码") from error


def loads(text: str, file: str) -> Preset:
    """A preset from its text; `file` is only its name in a refusal."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PresetError(
            file, _place(str(error)), f"不是正确的 TOML 写法（{_POSITION.sub('', str(error)).strip()}）"
        ) from error
    return build(file, data)


def _place(message: str) -> str:
    found = _POSITION.search(message)
    return f"第{found[1]}行第{found[2]}列" if found and found[1] else "文件末尾"
