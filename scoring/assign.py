"""The exact assignment for anybody to try: `python -m scoring.assign problem.json > plan.json`.

Reads `wuxiao-assignment/1`; writes the plan with its certificate, which `scoring.check_plan` verifies. Exit status 0;
3 when no plan exists: an irreducible explanation with remedies is written instead; 2 for a file that cannot be
counted: one sentence on standard error and nothing on standard output. The same problem gives the same bytes.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from scoring.rules.assignment.impossible import explain, impossible_dict
from scoring.rules.assignment.optimum import best_plan
from scoring.rules.assignment.plan import plan_to_json
from scoring.rules.assignment.problem import ProblemError, parse_problem

IMPOSSIBLE = 3


def answer(data: bytes) -> tuple[int, bytes]:
    """Exit status and what to write for a problem file; raises ProblemError."""
    problem = parse_problem(data)
    if plan := best_plan(problem):
        return 0, plan_to_json(plan).encode("utf-8")
    found = json.dumps(impossible_dict(explain(problem)), ensure_ascii=False, indent=1)
    return IMPOSSIBLE, f"{found}\n".encode()


def main(arguments: Sequence[str]) -> int:
    if len(arguments) != 1:
        return _refuse("用法：python -m scoring.assign problem.json > plan.json")
    try:
        data = Path(arguments[0]).read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL
        return _refuse(f"{arguments[0]!a}：无法读取（{getattr(error, 'strerror', None) or error}）。")
    try:
        status, text = answer(data)
    except ProblemError as error:
        return _refuse(str(error))
    sys.stdout.buffer.write(text)
    sys.stdout.buffer.flush()
    return status


def _refuse(sentence: str) -> int:
    sys.stderr.buffer.write(f"{sentence}\n".encode("utf-8", "backslashreplace"))
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
