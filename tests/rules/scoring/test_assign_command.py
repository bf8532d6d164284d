"""`python -m scoring.assign` and `python -m scoring.check_plan` as anybody runs them: processes of their own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scoring.rules.assignment.problem import ProblemError, parse_problem, problem_dict
from tests.rules.scoring import assign_samples as samples

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = {
    "format": "wuxiao-assignment/1",
    "per_achievement": 2,
    "seed": 7,
    "balance": 1,
    "experts": [
        {"id": "E1", "industries": ["coal"], "categories": ["equipment"], "max_load": 120},
        {"id": "E2", "industries": ["power"], "categories": ["equipment"]},
        {"id": "E3", "industries": [], "categories": []},
    ],
    "achievements": [
        {"id": "A1", "industry": "coal", "category": "equipment"},
        {"id": "A2", "industry": "power", "category": "process"},
    ],
    "conflicts": [["A1", "E1"]],
    "fixed": [],
}


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={"PATH": os.defpath, **environment},
        capture_output=True,
        check=False,
        timeout=120,
    )


def written(folder: Path, content: Any) -> str:
    file = folder / "problem.json"
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return str(file)


@pytest.mark.parametrize("environment", [{}, {"LC_ALL": "C"}, {"PYTHONIOENCODING": "latin-1"}])
def test_a_plan_is_written_and_verified_without_the_solver(tmp_path: Path, environment: dict[str, str]) -> None:
    problem = written(tmp_path, EXAMPLE)
    done = run("-m", "scoring.assign", problem, **environment)
    assert (done.returncode, done.stderr) == (0, b"")
    plan = json.loads(done.stdout)
    assert list(plan) == ["assigned", "objective", "certificate"]
    assert plan["assigned"] == [["A1", "E2"], ["A1", "E3"], ["A2", "E1"], ["A2", "E2"]]
    assert plan["objective"] == 3
    (tmp_path / "plan.json").write_bytes(done.stdout)
    checked = run("-S", "-m", "scoring.check_plan", problem, str(tmp_path / "plan.json"), **environment)
    assert (checked.returncode, checked.stderr) == (0, b"")
    assert checked.stdout.decode().startswith("核对通过：")


def test_the_verifier_imports_the_standard_library_only(tmp_path: Path) -> None:
    problem = written(tmp_path, EXAMPLE)
    (tmp_path / "plan.json").write_bytes(run("-m", "scoring.assign", problem).stdout)
    code = (
        "import sys; before = set(sys.modules); from scoring import check_plan;"
        "assert check_plan.main(sys.argv[1:]) == 0;"
        "tops = {name.partition('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names;"
        "sys.exit(','.join(sorted(tops)))"
    )
    assert run("-c", code, problem, str(tmp_path / "plan.json")).stderr.decode().strip() == "scoring"


def test_an_impossible_problem_ends_with_3(tmp_path: Path) -> None:
    done = run("-m", "scoring.assign", written(tmp_path, {**EXAMPLE, "per_achievement": 3}))
    assert (done.returncode, done.stderr) == (3, b"")
    assert json.loads(done.stdout)["impossible"]["achievements"] == ["A1"]


@pytest.mark.parametrize("command", ["scoring.assign", "scoring.check_plan"])
@pytest.mark.parametrize("arguments", [(), ("a.json", "b.json", "c.json"), ("no-such-file.json",), (".",), ("",)])
def test_a_wrong_call_ends_with_2_and_one_line(command: str, arguments: tuple[str, ...]) -> None:
    done = run("-m", command, *arguments, LC_ALL="C")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.count(b"\n") == 1


def replaced(**keys: Any) -> Callable[[Any], Any]:
    return lambda problem: {**problem, **keys}


def inside(key: str, place: int, **keys: Any) -> Callable[[Any], Any]:
    """The problem with these keys in one row; None takes a key away."""

    def changed(problem: Any) -> Any:
        row = {**problem[key][place], **keys}
        rows = [*problem[key]]
        rows[place] = {name: value for name, value in row.items() if value is not None}
        return {**problem, key: rows}

    return changed


BAD: list[tuple[Callable[[Any], Any], str]] = [
    (lambda problem: [problem], "文件"),
    *((lambda problem, key=key: {k: v for k, v in problem.items() if k != key}, key) for key in EXAMPLE),
    (replaced(surplus=1), "surplus"),
    (replaced(format="wuxiao-assignment/2"), "format"),
    (replaced(per_achievement=0), "per_achievement"),
    (replaced(per_achievement=2.0), "per_achievement"),
    (replaced(per_achievement="2"), "per_achievement"),
    (replaced(per_achievement=True), "per_achievement"),
    (replaced(seed=-1), "seed"),
    (replaced(seed=1.5), "seed"),
    (replaced(balance=-1), "balance"),
    (replaced(balance=None), "balance"),
    (replaced(experts={}), "experts"),
    (replaced(experts=["E1"]), "experts[0]"),
    (replaced(achievements="A1"), "achievements"),
    (replaced(conflicts=[["A1"]]), "conflicts[0]"),
    (replaced(conflicts=[["A1", "E1", "E2"]]), "conflicts[0]"),
    (replaced(conflicts=["A1"]), "conflicts[0]"),
    (replaced(conflicts=[["A1", 1]]), "conflicts[0]"),
    (replaced(conflicts=[["A1", "E1"], ["E1", "A1"]]), "conflicts[1]"),
    (replaced(fixed=[["A9", "E1"]]), "fixed[0]"),
    (replaced(fixed=[["A1", "E9"]]), "fixed[0]"),
    (replaced(fixed=[["A2", "E1"], ["A1", "E1"]]), "fixed[1]"),
    (inside("experts", 1, id="E1"), "experts[1].id"),
    (inside("experts", 1, id=""), "experts[1].id"),
    (inside("experts", 1, id=" E2"), "experts[1].id"),
    (inside("experts", 1, id=2), "experts[1].id"),
    (inside("experts", 0, industries="coal"), "experts[0].industries"),
    (inside("experts", 0, categories=[1]), "experts[0].categories[0]"),
    (inside("experts", 0, categories=None), "experts[0].categories"),
    (inside("experts", 0, max_load=-1), "experts[0].max_load"),
    (inside("experts", 0, max_load=1.0), "experts[0].max_load"),
    (inside("experts", 0, max_loads=3), "experts[0].max_loads"),
    (inside("achievements", 1, id="A1"), "achievements[1].id"),
    (inside("achievements", 1, industry=None), "achievements[1].industry"),
    (inside("achievements", 1, category=["process"]), "achievements[1].category"),
    (inside("achievements", 1, id="A\n"), "achievements[1].id"),
]


@pytest.mark.parametrize(("spoil", "key"), BAD)
def test_a_bad_problem_is_refused_by_one_sentence_that_names_the_key(spoil: Callable[[Any], Any], key: str) -> None:
    with pytest.raises(ProblemError) as refused:
        parse_problem(json.dumps(spoil(EXAMPLE)).encode())
    assert refused.value.key.startswith(key if key != "文件" else "")
    assert str(refused.value).startswith(f"{key}：")
    assert str(refused.value).count("。") == 1
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"\xef\xbb\xbf{}",
        b'{"seed": NaN}',
        b"{",
        b"[" * 100_000,
        json.dumps(EXAMPLE).replace('"seed": 7', '"seed": 7, "seed": 7').encode(),
        json.dumps({**EXAMPLE, "fixed": [["A1", "E1"]]}).encode(),
    ],
)
def test_a_bad_file_ends_with_2_and_nothing_on_standard_output(tmp_path: Path, data: bytes) -> None:
    done = run("-m", "scoring.assign", written(tmp_path, data))
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.count(b"\n") == 1
    assert b"Traceback" not in done.stderr


def test_the_canonical_problem_reads_back_as_itself() -> None:
    for case in (EXAMPLE, samples.city(30, 8)):
        problem = parse_problem(json.dumps(case).encode())
        assert parse_problem(json.dumps(problem_dict(problem)).encode()) == problem
