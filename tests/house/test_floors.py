"""The architecture's promises, read from the code itself."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ["accounts", "contests", "core", "documents", "portal", "publicity", "reporting", "scoring", "submissions"]
LONGEST_FILE = 300
LONGEST_FUNCTION = 40


def modules() -> Iterator[Path]:
    for app in [*APPS, "wuxiao", "scripts"]:
        yield from (path for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts)


def in_room(path: Path, *rooms: str) -> bool:
    """Does the file belong to one of these modules or packages of an app?"""
    room = path.relative_to(ROOT).parts[1] if len(path.relative_to(ROOT).parts) > 1 else ""
    return room.removesuffix(".py") in rooms


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def unguarded_managers(tree: ast.AST) -> Iterator[ast.Attribute]:
    """Every `X.objects` that is not the beginning of `X.objects.visible_to` or `X.objects.public`."""
    guarded = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"visible_to", "public"}
    }
    for node in ast.walk(tree):
        is_manager = isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}
        if is_manager and id(node) not in guarded:
            yield node


def status_assignments(tree: ast.AST) -> Iterator[ast.AST]:
    """`x.status = …`, its annotated and augmented forms, `setattr(x, "status", …)` and `.update(status=…)`."""
    for node in ast.walk(tree):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = [part for target in node.targets for part in ast.walk(target) if isinstance(part, ast.expr)]
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        if any(isinstance(target, ast.Attribute) and target.attr == "status" for target in targets):
            yield node
        if isinstance(node, ast.Call) and _writes_status(node):
            yield node


def _writes_status(call: ast.Call) -> bool:
    if isinstance(call.func, ast.Name) and call.func.id == "setattr":
        return any(isinstance(word, ast.Constant) and word.value == "status" for word in call.args[1:2])
    is_update = isinstance(call.func, ast.Attribute) and call.func.attr == "update"
    return is_update and any(keyword.arg == "status" for keyword in call.keywords)


def test_imports_keep_to_the_floors():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_views_and_forms_reach_rows_only_through_the_visible_ones():
    found = [
        place(path, node)
        for path in modules()
        if in_room(path, "views", "forms")
        for node in unguarded_managers(ast.parse(path.read_text()))
    ]
    assert found == []


def test_only_actions_write_a_status():
    found = [
        place(path, node)
        for path in modules()
        if not in_room(path, "actions")
        for node in status_assignments(ast.parse(path.read_text()))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("code", "finds"),
    [
        ("Thing.objects.all()", 1),
        ("Thing.objects", 1),
        ("Thing._default_manager.get(pk=1)", 1),
        ("rows = Thing.objects\nrows.visible_to(actor)", 1),
        ("Thing.objects.visible_to(actor).filter(a=1)", 0),
        ("Thing.objects.public()", 0),
    ],
)
def test_the_reader_of_managers_can_see(code, finds):
    assert len(list(unguarded_managers(ast.parse(code)))) == finds


@pytest.mark.parametrize(
    ("code", "finds"),
    [
        ("x.status = 'accepted'", 1),
        ("x.status: str = 'accepted'", 1),
        ("x.a, x.status = 1, 2", 1),
        ("setattr(x, 'status', 'accepted')", 1),
        ("rows.update(status='accepted')", 1),
        ("y = x.status", 0),
        ("rows.filter(status='accepted')", 0),
    ],
)
def test_the_reader_of_statuses_can_see(code, finds):
    assert len(list(status_assignments(ast.parse(code)))) == finds


def test_files_are_short():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in modules()
        if (lines := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_functions_are_short():
    long = {
        f"{place(path, node)} {node.name}": lines
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and (lines := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert long == {}


def pure_modules() -> Iterator[Path]:
    for app in APPS:
        yield from (ROOT / app / "rules").rglob("*.py")
        yield from (path for name in ("lifecycle.py", "calendar.py") if (path := ROOT / app / name).exists())
    yield ROOT / "core" / "spec.py"


def clocks(tree: ast.AST) -> Iterator[ast.Call]:
    """Calls of `datetime.now`, `date.today` and their like: a rule is told the time."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            if name in {"now", "today", "utcnow", "localdate", "localtime", "perf_counter", "monotonic"}:
                yield node


def test_rules_look_at_no_clock():
    paths = list(pure_modules())
    assert len(paths) > 5
    assert [place(path, call) for path in paths for call in clocks(ast.parse(path.read_text()))] == []


@pytest.mark.parametrize("code", ["datetime.now()", "date.today()", "timezone.now()", "now()"])
def test_the_reader_of_clocks_can_see(code):
    assert len(list(clocks(ast.parse(code)))) == 1
