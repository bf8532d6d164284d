"""The plan file: the pairs, their sum of matches, and the certificate that no plan has a greater one.

The certificate speaks of every L that a plan could be level at: for each it names one of the `proofs`, prices of the
experts, and the `value` that these come to (`bound.py`). A proof `shows` either "bound": no plan level at this L has
more matches than `value`; or "impossible": `value` is below 0, so no plan is level at this L. The plan's own `level`
has value = objective: gap 0. The fingerprint binds certificate, plan and problem to each other.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from scoring.rules import strict
from scoring.rules.assignment.problem import Pair, Problem, problem_dict
from scoring.rules.strict import BadValue, refused_as

BOUND, IMPOSSIBLE = "bound", "impossible"
FAR = 10**17


class PlanError(BadValue):
    """A plan file that cannot be read: one Chinese sentence that names the key."""


@dataclass(frozen=True)
class Proof:
    """Prices by expert id."""

    shows: str
    prices: Mapping[str, int]


@dataclass(frozen=True)
class AtLevel:
    """What is proved of plans level at `level`: the number of the proof and the value it comes to."""

    level: int
    proof: int
    value: int


@dataclass(frozen=True)
class Certificate:
    level: int
    upper_bound: int
    gap: int
    levels: tuple[AtLevel, ...]
    proofs: tuple[Proof, ...]
    fingerprint: str = ""


@dataclass(frozen=True)
class Plan:
    """`assigned` holds (achievement id, expert id), sorted."""

    assigned: tuple[Pair, ...]
    objective: int
    certificate: Certificate


def sealed(problem: Problem, plan: Plan) -> Plan:
    """The plan with its fingerprint."""
    return replace(plan, certificate=replace(plan.certificate, fingerprint=fingerprint(problem, plan)))


def fingerprint(problem: Problem, plan: Plan) -> str:
    content = plan_dict(plan)
    content["certificate"] = {**certificate_dict(plan.certificate), "fingerprint": ""}
    return sha256(_text([problem_dict(problem), content]).encode("utf-8")).hexdigest()


def plan_to_json(plan: Plan) -> str:
    return _text(plan_dict(plan)) + "\n"


def plan_dict(plan: Plan) -> dict[str, object]:
    return {
        "assigned": [list(pair) for pair in plan.assigned],
        "objective": plan.objective,
        "certificate": certificate_dict(plan.certificate),
    }


def certificate_dict(certificate: Certificate) -> dict[str, object]:
    return {
        "level": certificate.level,
        "upper_bound": certificate.upper_bound,
        "gap": certificate.gap,
        "levels": [{"level": one.level, "proof": one.proof, "value": one.value} for one in certificate.levels],
        "proofs": [{"shows": one.shows, "prices": dict(sorted(one.prices.items()))} for one in certificate.proofs],
        "fingerprint": certificate.fingerprint,
    }


def parse_plan(data: bytes) -> Plan:
    """The plan in these bytes; raises PlanError. Whether it is true is for `check.py` to say."""
    with refused_as(PlanError):
        content = strict.json_of(data)
        if isinstance(content, dict) and "impossible" in content:
            raise BadValue("impossible", "这是无法分配的说明，没有方案可以核对。")
        found = strict.table(content, "", ("assigned", "objective", "certificate"))
        pairs = tuple(
            _pair(row, f"assigned[{number}]") for number, row in enumerate(strict.rows(found["assigned"], "assigned"))
        )
        return Plan(pairs, _whole(found["objective"], "objective"), _certificate(found["certificate"]))


def _certificate(value: object) -> Certificate:
    keys = ("level", "upper_bound", "gap", "levels", "proofs", "fingerprint")
    found = strict.table(value, "certificate", keys)
    level, upper, gap = (_whole(found[name], f"certificate.{name}") for name in keys[:3])
    levels = strict.rows(found["levels"], "certificate.levels")
    proofs = strict.rows(found["proofs"], "certificate.proofs")
    return Certificate(
        level,
        upper,
        gap,
        tuple(_at_level(row, f"certificate.levels[{number}]") for number, row in enumerate(levels)),
        tuple(_proof(row, f"certificate.proofs[{number}]") for number, row in enumerate(proofs)),
        strict.text(found["fingerprint"], "certificate.fingerprint"),
    )


def _at_level(row: object, key: str) -> AtLevel:
    names = ("level", "proof", "value")
    found = strict.table(row, key, names)
    return AtLevel(*(_whole(found[name], f"{key}.{name}") for name in names))


def _proof(row: object, key: str) -> Proof:
    found = strict.table(row, key, ("shows", "prices"))
    shows = strict.one_of(found["shows"], f"{key}.shows", (BOUND, IMPOSSIBLE))
    listed = found["prices"] if isinstance(found["prices"], dict) else {}
    prices = strict.table(found["prices"], f"{key}.prices", (), listed)
    return Proof(shows, {one: _whole(price, f"{key}.prices.{strict.shown(one)}") for one, price in prices.items()})


def _pair(row: object, key: str) -> Pair:
    if not isinstance(row, list) or len(row) != 2 or not all(isinstance(one, str) for one in row):
        raise BadValue(key, "应为两个编号：[成果, 专家]。")
    return row[0], row[1]


def _whole(value: object, key: str) -> int:
    return strict.whole(value, key, -FAR, FAR)


def _text(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
