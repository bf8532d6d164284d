"""A season as data: reading, checking and moving a preset (contests/presets/*.toml). Pure, without a framework."""

from contests.rules.preset.errors import PresetError
from contests.rules.preset.files import load, loads, named, shipped
from contests.rules.preset.values import Preset

__all__ = ["Preset", "PresetError", "load", "loads", "named", "shipped"]
