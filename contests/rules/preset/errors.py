"""The one refusal of a preset."""

from __future__ import annotations


class PresetError(ValueError):
    """A preset cannot be used. `file` names it, `key` the place (`phases[1].closes`, counted from 0), `reason` why.

    str() is one Chinese sentence with all three.
    """

    def __init__(self, file: str, key: str, reason: str) -> None:
        self.file, self.key, self.reason = file, key, reason
        place = f"的“{key}”" if key else ""
        super().__init__(f"预设文件“{file}”{place}有误：{reason}。")
