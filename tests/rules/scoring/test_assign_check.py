"""`scoring.check_plan` believes nothing: plans and certificates tampered with are refused with a sentence."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scoring import check_plan
from scoring.assign import answer
from scoring.rules.assignment.check import first_fault
from scoring.rules.assignment.plan import Plan, Proof, parse_plan, sealed
from scoring.rules.assignment.problem import Problem, parse_problem
from tests.rules.scoring import assign_samples as samples

CASE = {**samples.city(40, 12), "balance": 2}
for wanted in CASE["achievements"][10:]:
    wanted["industry"] = CASE["experts"][0]["industries"][0]  # so few know it that sheets have a price
FIXED = next(
    [one["id"], who["id"]]
    for one in CASE["achievements"]
    for who in CASE["experts"]
    if [one["id"], who["id"]] not in CASE["conflicts"]
)
CASE["fixed"] = [FIXED]


def solved(case: samples.Problem = CASE) -> Any:
    return json.loads(answer(json.dumps(case).encode())[1])


def checked(folder: Path, plan: Any, case: samples.Problem = CASE) -> int:
    (folder / "problem.json").write_text(json.dumps(case), encoding="utf-8")
    (folder / "plan.json").write_text(plan if isinstance(plan, str) else json.dumps(plan), encoding="utf-8")
    return check_plan.main([str(folder / "problem.json"), str(folder / "plan.json")])


def test_an_honest_plan_passes(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert checked(tmp_path, solved()) == 0
    written = capfd.readouterr()
    assert written.out.startswith("核对通过：40 项成果各有 5 名专家")
    assert written.err == ""


def swap(plan: Any) -> None:
    """Two achievements exchange an expert each, without a conflict, and are matched worse."""
    problem = parse_problem(json.dumps(CASE).encode())
    read = parse_plan(json.dumps(plan).encode())
    plan["assigned"] = [list(pair) for pair in next(poorer(problem, read))]


def onto_a_conflict(plan: Any) -> None:
    pair = next(pair for pair in plan["assigned"] if [pair[0], "E3"] in CASE["conflicts"])
    pair[1] = "E3"
    plan["assigned"].sort()


def drop_a_level(plan: Any) -> None:
    del plan["certificate"]["levels"][0]


def change(*path: Any, by: int = 1) -> Callable[[Any], None]:
    def changed(plan: Any) -> None:
        for step in path[:-1]:
            plan = plan[step]
        plan[path[-1]] += by

    return changed


TAMPERED: list[tuple[Callable[[Any], None], str]] = [
    (swap, "匹配总分应为"),
    (onto_a_conflict, "应当回避，却分到了它"),
    (lambda plan: plan["assigned"].pop(1), "名专家，应有 5 名"),
    (lambda plan: plan["assigned"].remove(FIXED), "方案里没有"),
    (lambda plan: plan["assigned"].append(plan["assigned"][-1]), "没有从小到大排列或有重复"),
    (lambda plan: plan["assigned"].reverse(), "没有从小到大排列或有重复"),
    (lambda plan: plan["assigned"].append(["Z9", "E1"]), "不在问题中"),
    (change("objective"), "匹配总分应为"),
    (drop_a_level, "证书没有说明 L = "),
    (lambda plan: plan["certificate"]["levels"].reverse(), "从小到大各写一次"),
    (change("certificate", "level", by=9), "不可能是"),
    (change("certificate", "level", by=-1), "时应在"),
    (change("certificate", "gap"), "gap 应为 0"),
    (change("certificate", "upper_bound"), "upper_bound 应为"),
    (change("certificate", "levels", 0, "value"), "证书写的是"),
    (change("certificate", "levels", 0, "proof", by=7), "对不上"),
    (lambda plan: plan["certificate"]["proofs"][0]["prices"].pop("E1"), "恰好一个价格"),
    (lambda plan: plan["certificate"].update(fingerprint="0" * 64), "fingerprint"),
]


@pytest.mark.parametrize(("tamper", "sentence"), TAMPERED)
def test_what_is_tampered_with_is_named(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], tamper: Callable[[Any], None], sentence: str
) -> None:
    plan = solved()
    tamper(plan)
    assert checked(tmp_path, plan) == 1
    written = capfd.readouterr()
    assert written.out == ""
    assert written.err.startswith("核对不通过：")
    assert sentence in written.err
    assert written.err.count("\n") == 1


def test_a_feasible_level_cannot_be_called_impossible() -> None:
    problem, plan = read()
    other = next(one for one in plan.certificate.levels if one.level != plan.certificate.level)
    called = Proof("impossible", plan.certificate.proofs[other.proof].prices)
    levels = tuple(replace(one, proof=1) if one is other else one for one in plan.certificate.levels)
    forged = replace(plan.certificate, levels=levels, proofs=(*plan.certificate.proofs, called))
    assert first_fault(problem, sealed(problem, replace(plan, certificate=forged))) is not None
    found = str(first_fault(problem, sealed(problem, with_honest_value(problem, replace(plan, certificate=forged)))))
    assert "没有证明此时无法分配" in found


def with_honest_value(problem: Problem, plan: Plan) -> Plan:
    """The value that the fault says the proof comes to, written in."""
    fault = str(first_fault(problem, plan))
    place, value = (int(one) for one in re.findall(r"L = (\d+) 的证明算出来是 (-?\d+)", fault)[0])
    levels = tuple(replace(one, value=value) if one.level == place else one for one in plan.certificate.levels)
    return replace(plan, certificate=replace(plan.certificate, levels=levels))


def numbers(value: Any, *path: Any) -> Iterator[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        yield from numbers(one, *path, key)
    if isinstance(value, int):
        yield path


def test_no_number_of_a_certificate_can_be_changed(tmp_path: Path) -> None:
    honest = solved()
    places = list(numbers(honest["certificate"], "certificate"))
    assert len(places) > 20
    for path in places:
        for by in (1, -1):
            plan = json.loads(json.dumps(honest))
            change(*path, by=by)(plan)
            assert checked(tmp_path, plan) == 1, path


def read() -> tuple[Problem, Plan]:
    return parse_problem(json.dumps(CASE).encode()), parse_plan(json.dumps(solved()).encode())


def test_a_worse_plan_has_no_certificate_even_with_a_fresh_fingerprint() -> None:
    """One expert is replaced by a poorer match; objective, bounds and fingerprint are made to fit."""
    problem, plan = read()
    worse = next(poorer(problem, plan))
    objective = problem.worth(worse)
    lowered = replace(plan.certificate, upper_bound=objective)
    claimed = sealed(problem, Plan(worse, objective, lowered))
    fault = first_fault(problem, claimed)
    assert fault is not None
    assert "没有证明不会超过" in fault or "差距" in fault


def poorer(problem: Problem, plan: Plan) -> Iterator[tuple[tuple[str, str], ...]]:
    """Plans as valid as this one with fewer matches: two pairs exchange their experts."""
    for one in plan.assigned:
        for other in plan.assigned:
            turned = {(one[0], other[1]), (other[0], one[1])}
            changed = tuple(sorted({*plan.assigned} - {one, other} | turned))
            allowed = not turned & {*plan.assigned} and not turned & problem.conflicts
            kept = problem.fixed <= {*changed}
            if allowed and kept and len(changed) == len(plan.assigned) and problem.worth(changed) < plan.objective:
                yield changed


def test_prices_that_prove_less_are_refused_even_with_a_fresh_fingerprint() -> None:
    problem, plan = read()
    flat = tuple(Proof(one.shows, dict.fromkeys(one.prices, 0)) for one in plan.certificate.proofs)
    claimed = sealed(problem, replace(plan, certificate=replace(plan.certificate, proofs=flat)))
    assert "的证明算出来是" in str(first_fault(problem, claimed))


def test_a_plan_of_another_problem_is_refused(tmp_path: Path) -> None:
    assert checked(tmp_path, solved({**CASE, "seed": 8})) == 1


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "文件"),
        ("[]", "应为一个对象"),
        ('{"assigned": [], "objective": 1}', "certificate"),
        ('{"assigned": [["A1"]], "objective": 1, "certificate": {}}', "assigned[0]"),
        ('{"assigned": [], "objective": 1.0, "certificate": {}}', "objective"),
        ('{"assigned": [], "objective": 0, "certificate": {"level": 0}}', "certificate"),
        ('{"impossible": {}}', "impossible"),
    ],
)
def test_a_plan_that_cannot_be_read_ends_with_2(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], text: str, key: str
) -> None:
    assert checked(tmp_path, text) == 2
    written = capfd.readouterr()
    assert written.out == ""
    assert key in written.err
    assert written.err.count("\n") == 1
