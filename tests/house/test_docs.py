"""The docs say what the code says."""

import ast
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_picture_of_the_lifecycle_is_drawn_from_the_table():
    spec = importlib.util.spec_from_file_location("lifecycle_picture", ROOT / "scripts" / "lifecycle_picture.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.PAGE.read_text(encoding="utf-8") == script.picture()


APPS = ("accounts", "contests", "core", "documents", "portal", "scoring", "submissions")


def names_of(tree: ast.AST) -> Iterator[str]:
    """What a module calls things, and the codes that it writes as a whole text; no comment and no sentence counts."""
    for node in ast.walk(tree):
        for part in ("name", "id", "attr", "arg", "module", "value"):
            word = getattr(node, part, None)
            if isinstance(word, str):
                yield from word.split(".") if part == "module" else [word]


def names_of_the_code() -> set[str]:
    modules = [path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
    found = {name for path in modules for name in names_of(ast.parse(path.read_text(encoding="utf-8")))}
    presets = [path.read_text(encoding="utf-8") for path in (ROOT / "contests" / "presets").glob("*.toml")]
    return found | {word for text in presets for word in re.findall(r'\b[a-z_]+(?= =)|(?<=")[a-z_]+(?=")', text)}


def rows_of(table: str) -> list[set[str]]:
    """The names in the second column, row by row."""
    cells = [line.split("|")[2] for line in table.splitlines() if line.startswith("| ") and "---" not in line]
    return [set(re.findall(r"[A-Za-z_]+", cell)) for cell in cells[1:]]


def test_every_name_of_the_glossary_stands_in_the_code_until_it_says_otherwise():
    built, _, later = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").partition("## Not built yet")
    known = names_of_the_code()
    assert len(rows_of(built)) > 70
    assert [names for names in rows_of(built) if not names <= known] == []
    assert [names for names in rows_of(later) if names <= known] == []
