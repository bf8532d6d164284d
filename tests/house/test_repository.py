"""What may stand in the repository: pinned packages with their reasons, nothing of one machine, no secret."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = {".py", ".md", ".toml", ".txt", ".in", ".html", ".css", ".js", ".json", ".yml", ".sh", ".svg", ".example", ""}
MACHINE_PATHS = re.compile(r"(?<![\w.~/}])/(?:work|root|home/\w+|Users/\w+)/[\w.-]")
REGISTRIES = re.compile(r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|npmmirror|yarnpkg|index-url|\"resolved\"")
ON_THE_WEB = re.compile(r"(?:src|href)=[\"']?(?:https?:)?//(?!127\.0\.0\.1)|@import\s+url\(\s*[\"']?https?:")
LOCKS = [
    ("requirements.in", "requirements.txt"),
    ("requirements-dev.in", "requirements-dev.txt"),
    ("requirements-node.in", "requirements-node.txt"),
]


def tracked() -> list[Path]:
    """The text files of the next commit; in a copy without history, whatever .gitignore does not name."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    paths = [ROOT / name for name in listed.stdout.splitlines()] if listed.returncode == 0 else list(unignored())
    assert len(paths) > 100
    return [path for path in paths if path.is_file() and path.suffix in TEXT]


def unignored() -> Iterator[Path]:
    ignored = {line.rstrip("/") for line in (ROOT / ".gitignore").read_text().splitlines()}
    for path in ROOT.rglob("*"):
        relative = path.relative_to(ROOT)
        folders = {str(parent) for parent in relative.parents} | set(relative.parts)
        if not folders & ignored:
            yield path


def offences(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in paths
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_path_of_one_machine():
    assert offences(MACHINE_PATHS, tracked()) == []


def test_no_host_of_a_package_registry():
    assert offences(REGISTRIES, tracked()) == []


def test_templates_and_styles_load_nothing_from_the_web():
    assert offences(ON_THE_WEB, [path for path in tracked() if path.suffix in {".html", ".css", ".js"}]) == []


def requirement_lines(name: str) -> list[str]:
    """Logical lines: a package with its continuation of hashes."""
    text = (ROOT / name).read_text().replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def package(line: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", line)
    assert found, line
    return re.sub(r"[-_.]+", "-", found[0]).lower()


@pytest.mark.parametrize("lock", [lock for _, lock in LOCKS])
def test_every_package_is_pinned_with_hashes(lock):
    lines = requirement_lines(lock)
    assert lines
    for line in lines:
        assert re.match(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==\S+", line), line
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", line), line


@pytest.mark.parametrize(("short", "lock"), LOCKS)
def test_the_lock_holds_the_short_list(short, lock):
    wanted = {package(line) for line in requirement_lines(short) if not line.startswith("-")}
    assert wanted <= {package(line) for line in requirement_lines(lock)}


def test_both_locks_agree():
    pinned = [{package(line): line.split("==")[1].split()[0] for line in requirement_lines(lock)} for _, lock in LOCKS]
    assert {name: (version, pinned[1][name]) for name, version in pinned[0].items() if name in pinned[1]} == {
        name: (version, version) for name, version in pinned[0].items() if name in pinned[1]
    }


@pytest.mark.parametrize("short", [short for short, _ in LOCKS])
def test_every_package_of_the_short_lists_has_its_reason(short):
    reasons = set(re.findall(r"^\| `([^`]+)` \|", (ROOT / "docs" / "dependencies.md").read_text(), re.MULTILINE))
    assert {package(line) for line in requirement_lines(short) if not line.startswith("-")} - reasons == set()


def test_the_reasons_name_no_package_that_is_gone():
    text = (ROOT / "docs" / "dependencies.md").read_text()
    python = text.split("## Front end")[0]
    reasons = set(re.findall(r"^\| `([^`]+)` \|", python, re.MULTILINE))
    listed = {package(line) for short, _ in LOCKS for line in requirement_lines(short) if not line.startswith("-")}
    assert reasons <= listed


def test_a_make_target_of_the_readme_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for name in ("README.md", "CONTRIBUTING.md"):
        named = set(re.findall(r"`make ([a-z-]+)", (ROOT / name).read_text()))
        assert named <= targets, name
    assert "`make demo`" in (ROOT / "README.md").read_text()


def test_the_build_server_runs_the_test_command_of_the_readme():
    assert (ROOT / ".ci" / "run").read_text().rstrip().endswith("exec make test")
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
    assert "`make test`" in (ROOT / "README.md").read_text()
