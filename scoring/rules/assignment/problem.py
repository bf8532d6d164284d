"""The public problem file `wuxiao-assignment/1`: read strictly, kept in one canonical order.

- UTF-8 without a byte order mark; one JSON object with every key of the example and no other; `max_load` is optional.
- Whole numbers are JSON integers. Ids, industries and categories are texts without blanks at their ends.
- An id stands once in its list. A conflict, a fixed pair, an industry or a category said twice is said once.
- Pairs are [achievement, expert], both known. A fixed pair must not be a conflict.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from scoring.rules import strict
from scoring.rules.strict import BadValue, refused_as

FORMAT = "wuxiao-assignment/1"
INDUSTRY_MATCH, CATEGORY_MATCH = 2, 1
BEST_MATCH = INDUSTRY_MATCH + CATEGORY_MATCH
MOST = 10**9
KEYS = ("format", "per_achievement", "seed", "balance", "experts", "achievements", "conflicts", "fixed")

Pair = tuple[str, str]


class ProblemError(BadValue):
    """A problem file refused: one Chinese sentence that names the key."""


@dataclass(frozen=True)
class Task:
    """An achievement to be judged."""

    id: str
    industry: str = ""
    category: str = ""


@dataclass(frozen=True)
class Specialist:
    """An expert who may be asked, with what she knows; `max_load` None is without a maximum of her own."""

    id: str
    industries: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    max_load: int | None = None


Named = TypeVar("Named", Task, Specialist)


def match(task: Task, expert: Specialist) -> int:
    """0 to 3: 2 for the industry, 1 for the category."""
    knows_industry, knows_category = task.industry in expert.industries, task.category in expert.categories
    return INDUSTRY_MATCH * knows_industry + CATEGORY_MATCH * knows_category


@dataclass(frozen=True)
class Problem:
    """Experts and achievements are in order of id, whatever order they came in; build it with `problem_of`.

    A plan gives every achievement `per_achievement` experts; some whole number L exists with
    min(max_load, L) ≤ load ≤ min(max_load, L + balance) for every expert.
    """

    per_achievement: int
    seed: int
    balance: int
    experts: tuple[Specialist, ...]
    achievements: tuple[Task, ...]
    conflicts: frozenset[Pair]
    fixed: frozenset[Pair]

    @cached_property
    def expert(self) -> dict[str, Specialist]:
        return {one.id: one for one in self.experts}

    @cached_property
    def achievement(self) -> dict[str, Task]:
        return {one.id: one for one in self.achievements}

    @property
    def sheets(self) -> int:
        return len(self.achievements) * self.per_achievement

    def worth(self, pairs: Iterable[Pair]) -> int:
        return sum(match(self.achievement[task], self.expert[expert]) for task, expert in pairs)


def problem_of(
    achievements: Iterable[Task],
    experts: Iterable[Specialist],
    conflicts: Iterable[Pair],
    *,
    per_achievement: int,
    seed: int,
    balance: int = 1,
    fixed: Iterable[Pair] = (),
) -> Problem:
    """The problem in its canonical order; ids are unique. Conflicts with strangers are left out."""
    tasks = tuple(sorted(achievements, key=lambda one: one.id))
    known = tuple(sorted(experts, key=lambda one: one.id))
    task_ids, expert_ids = {one.id for one in tasks}, {one.id for one in known}
    barred = frozenset(pair for pair in conflicts if pair[0] in task_ids and pair[1] in expert_ids)
    return Problem(per_achievement, seed, balance, known, tasks, barred, frozenset(fixed))


def within_reach(problem: Problem) -> Problem:
    """The same with nobody's `max_load` above what her conflicts leave her: who may judge little need not keep up."""
    barred = Counter(expert for _, expert in problem.conflicts)
    reach = {one.id: len(problem.achievements) - barred[one.id] for one in problem.experts}
    return replace(
        problem,
        experts=tuple(
            replace(one, max_load=reach[one.id] if one.max_load is None else min(one.max_load, reach[one.id]))
            for one in problem.experts
        ),
    )


def parse_problem(data: bytes) -> Problem:
    """The problem in these bytes; raises ProblemError."""
    with refused_as(ProblemError):
        found = strict.table(strict.json_of(data), "", KEYS)
        if found["format"] != FORMAT:
            raise BadValue("format", f"应为“{FORMAT}”。")
        tasks = _listed(found["achievements"], "achievements", _task)
        experts = _listed(found["experts"], "experts", _expert)
        names = {one.id for one in tasks}, {one.id for one in experts}
        conflicts = _pairs(found["conflicts"], "conflicts", *names)
        return problem_of(
            tasks,
            experts,
            conflicts,
            per_achievement=strict.whole(found["per_achievement"], "per_achievement", 1, MOST),
            seed=strict.whole(found["seed"], "seed", 0, MOST**2 - 1),
            balance=strict.whole(found["balance"], "balance", 0, MOST),
            fixed=_without(set(conflicts), _pairs(found["fixed"], "fixed", *names)),
        )


def problem_dict(problem: Problem) -> dict[str, object]:
    """The problem as its file says it, in canonical order."""
    return {
        "format": FORMAT,
        "per_achievement": problem.per_achievement,
        "seed": problem.seed,
        "balance": problem.balance,
        "experts": [_expert_dict(one) for one in problem.experts],
        "achievements": [
            {"id": one.id, "industry": one.industry, "category": one.category} for one in problem.achievements
        ],
        "conflicts": sorted(problem.conflicts),
        "fixed": sorted(problem.fixed),
    }


def _expert_dict(one: Specialist) -> dict[str, object]:
    most = {} if one.max_load is None else {"max_load": one.max_load}
    return {"id": one.id, "industries": sorted(one.industries), "categories": sorted(one.categories), **most}


def _listed(value: object, key: str, read: Callable[[object, str], Named]) -> list[Named]:
    found = [read(row, f"{key}[{number}]") for number, row in enumerate(strict.rows(value, key))]
    seen: set[str] = set()
    for number, one in enumerate(found):
        if one.id in seen:
            raise BadValue(f"{key}[{number}].id", f"编号 {strict.shown(one.id)} 已经用过。")
        seen.add(one.id)
    return found


def _task(row: object, key: str) -> Task:
    found = strict.table(row, key, ("id", "industry", "category"))
    return Task(*(strict.text(found[name], f"{key}.{name}") for name in ("id", "industry", "category")))


def _expert(row: object, key: str) -> Specialist:
    found = strict.table(row, key, ("id", "industries", "categories"), ("max_load",))
    most = strict.whole(found["max_load"], f"{key}.max_load", 0, MOST) if "max_load" in found else None
    industries, categories = (_texts(found[name], f"{key}.{name}") for name in ("industries", "categories"))
    return Specialist(strict.text(found["id"], f"{key}.id"), industries, categories, most)


def _texts(value: object, key: str) -> frozenset[str]:
    return frozenset(strict.text(one, f"{key}[{number}]") for number, one in enumerate(strict.rows(value, key)))


def _pairs(value: object, key: str, tasks: Collection[str], experts: Collection[str]) -> list[Pair]:
    return [_pair(row, f"{key}[{number}]", tasks, experts) for number, row in enumerate(strict.rows(value, key))]


def _pair(row: object, key: str, tasks: Collection[str], experts: Collection[str]) -> Pair:
    if not isinstance(row, list) or len(row) != 2 or not all(isinstance(one, str) for one in row):
        raise BadValue(key, "应为两个编号：[成果, 专家]。")
    if row[0] not in tasks:
        raise BadValue(key, f"没有成果 {strict.shown(row[0])}。")
    if row[1] not in experts:
        raise BadValue(key, f"没有专家 {strict.shown(row[1])}。")
    return row[0], row[1]


def _without(conflicts: Collection[Pair], fixed: list[Pair]) -> list[Pair]:
    for number, (task, expert) in enumerate(fixed):
        if (task, expert) in conflicts:
            pair = f"成果 {strict.shown(task)} 与专家 {strict.shown(expert)}"
            raise BadValue(f"fixed[{number}]", f"{pair}在 conflicts 中须回避，不能又指定。")
    return fixed
