"""Check a plan by hand: `python -m scoring.check_plan problem.json plan.json`.

Standard library and the pure rules only, no solver: the certificate inside the plan is added up again. Exit status 0:
valid and optimal, with one sentence; 1: not so, with one sentence on standard error; 2: a file that cannot be read.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from scoring.rules.assignment.check import first_fault
from scoring.rules.assignment.plan import Plan, parse_plan
from scoring.rules.assignment.problem import Problem, parse_problem
from scoring.rules.strict import BadValue

Read = TypeVar("Read", Problem, Plan)


class Unreadable(Exception):
    """A Chinese sentence about a file."""


def main(arguments: Sequence[str]) -> int:
    if len(arguments) != 2:
        return _refuse("用法：python -m scoring.check_plan problem.json plan.json", 2)
    try:
        problem, plan = _read(arguments[0], parse_problem), _read(arguments[1], parse_plan)
    except Unreadable as error:
        return _refuse(str(error), 2)
    if fault := first_fault(problem, plan):
        return _refuse(f"核对不通过：{fault}", 1)
    sentence = (
        f"核对通过：{len(problem.achievements)} 项成果各有 {problem.per_achievement} 名专家，没有违反回避，"
        f"件数符合 L = {plan.certificate.level}；匹配总分 {plan.objective} 等于上界，差距为 0，没有更好的方案。"
    )
    sys.stdout.buffer.write(f"{sentence}\n".encode())
    return 0


def _read(name: str, parse: Callable[[bytes], Read]) -> Read:
    try:
        return parse(Path(name).read_bytes())
    except BadValue as error:
        raise Unreadable(f"{name!a}：{error}") from error
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL
        raise Unreadable(f"{name!a}：无法读取（{getattr(error, 'strerror', None) or error}）。") from error


def _refuse(sentence: str, status: int) -> int:
    sys.stderr.buffer.write(f"{sentence}\n".encode("utf-8", "backslashreplace"))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
