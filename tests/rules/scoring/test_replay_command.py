"""`python -m scoring.replay` as the jury runs it: a process of its own, without Django and without site-packages."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rules.scoring.plain_jury import ranking as plain_ranking
from tests.rules.scoring.season_samples import season_dict

ROOT = Path(__file__).resolve().parents[3]


def replay(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """-S leaves out site-packages, -E the PYTHON* variables of whoever runs the tests."""
    return subprocess.run(
        [sys.executable, "-S", *arguments],
        cwd=ROOT,
        env={"PATH": os.defpath, **environment},
        capture_output=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def season(tmp_path: Path) -> Path:
    file = tmp_path / "season.json"
    file.write_text(json.dumps(season_dict()), encoding="utf-8")
    return file


EXAMPLE = "rank,achievement,score,tier,sheets_counted,remark\n1,A1,88.00,三等奖,3,\n,A2,,,1,too_few_sheets\n"


@pytest.mark.parametrize("environment", [{}, {"LC_ALL": "C"}, {"PYTHONIOENCODING": "latin-1"}, {"PYTHONUTF8": "0"}])
def test_the_example_of_the_format(season: Path, environment: dict[str, str]) -> None:
    done = replay("-m", "scoring.replay", str(season), **environment)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == EXAMPLE.encode("utf-8")
    assert done.stdout.decode() == plain_ranking(season_dict())


def test_no_django_and_nothing_outside_the_standard_library_is_imported(season: Path) -> None:
    code = (
        "import sys; before = set(sys.modules); from scoring import replay; assert replay.main(sys.argv[1:]) == 0;"
        "tops = {name.partition('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names;"
        "sys.exit(','.join(sorted(tops)))"
    )
    done = replay("-c", code, str(season))
    assert done.stderr.decode().strip() == "scoring"
    assert done.stdout == EXAMPLE.encode("utf-8")


@pytest.mark.parametrize("arguments", [(), ("a.json", "b.json"), ("no-such-season.json",), (".",), ("",)])
def test_a_wrong_call_ends_with_2_and_one_line(arguments: tuple[str, ...]) -> None:
    done = replay("-m", "scoring.replay", *arguments, LC_ALL="C")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode("utf-8").count("\n") == 1


def test_a_bad_season_ends_with_2_and_one_line_in_utf_8(season: Path) -> None:
    season.write_text(season.read_text(encoding="utf-8").replace('"points": 18', '"points": 21', 1), encoding="utf-8")
    done = replay("-m", "scoring.replay", str(season), PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode("utf-8") == (
        "sheets[0]（成果 A1，专家 E1）的 marks.innovation.points：21 分不在“有原创价值”的 15–20 分之内。\n"
    )
