"""The docs say what the code says."""

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_picture_of_the_lifecycle_is_drawn_from_the_table():
    spec = importlib.util.spec_from_file_location("lifecycle_picture", ROOT / "scripts" / "lifecycle_picture.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.PAGE.read_text(encoding="utf-8") == script.picture()
