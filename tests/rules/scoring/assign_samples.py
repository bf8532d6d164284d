"""Invented assignment problems, and the plain judge of them: every choice of experts tried, nothing of ours used."""

from __future__ import annotations

import random
from itertools import combinations
from typing import Any

Problem = dict[str, Any]
INDUSTRIES, CATEGORIES = ("coal", "power", "health"), ("product", "process")
NO_LIMIT = 10**9


def problem(achievements: list[Any], experts: list[Any], **other: Any) -> Problem:
    base = {"format": "wuxiao-assignment/1", "per_achievement": 1, "seed": 7, "balance": 1}
    return {**base, "experts": experts, "achievements": achievements, "conflicts": [], "fixed": [], **other}


def work(name: str, industry: str = "coal", category: str = "product") -> dict[str, str]:
    return {"id": name, "industry": industry, "category": category}


def expert(name: str, max_load: int | None = None, knows: tuple[str, ...] = ()) -> dict[str, Any]:
    most = {} if max_load is None else {"max_load": max_load}
    industries, categories = [one for one in knows if one in INDUSTRIES], [one for one in knows if one in CATEGORIES]
    return {"id": name, "industries": industries, "categories": categories, **most}


def works(count: int) -> list[dict[str, str]]:
    return [work(f"A{number}", INDUSTRIES[number % 3], CATEGORIES[number % 2]) for number in range(count)]


def small(seed: int) -> Problem:
    """At most six achievements and five experts, with conflicts, fixed pairs and maxima now and then."""
    lot = random.Random(seed)
    experts = [
        expert(
            f"E{number}",
            lot.randint(0, 5) if lot.random() < 0.25 else None,
            tuple(lot.sample(INDUSTRIES + CATEGORIES, lot.randint(0, 3))),
        )
        for number in range(lot.randint(1, 5))
    ]
    listed = [work(f"A{number}", lot.choice(INDUSTRIES), lot.choice(CATEGORIES)) for number in range(lot.randint(0, 6))]
    pairs = [[one["id"], other["id"]] for one in listed for other in experts]
    barred = lot.choice((0, 0.1, 0.3))
    conflicts = [pair for pair in pairs if lot.random() < barred]
    fixed = [pair for pair in pairs if pair not in conflicts and lot.random() < lot.choice((0, 0, 0.08))]
    wanted = lot.randint(1, min(3, len(experts)))
    return problem(
        listed,
        experts,
        per_achievement=wanted,
        seed=seed,
        balance=lot.choice((0, 1, 1, 2)),
        conflicts=conflicts,
        fixed=fixed,
    )


def city(count: int, jury: int, seed: int = 1) -> Problem:
    """Five experts each, twelve industries, six categories, 5 % conflicts."""
    lot = random.Random(seed)
    industries, categories = [f"i{number}" for number in range(12)], [f"c{number}" for number in range(6)]
    experts = [
        {"id": f"E{number}", "industries": lot.sample(industries, 2), "categories": lot.sample(categories, 2)}
        for number in range(jury)
    ]
    listed = [work(f"A{number}", lot.choice(industries), lot.choice(categories)) for number in range(count)]
    conflicts = [[one["id"], other["id"]] for one in listed for other in experts if lot.random() < 0.05]
    return problem(listed, experts, per_achievement=5, conflicts=conflicts)


def part(whole: Problem, achievements: list[str], experts: list[str]) -> Problem:
    """Only these achievements and these experts, as a problem of its own."""

    def kept(pairs: list[list[str]]) -> list[list[str]]:
        return [pair for pair in pairs if pair[0] in achievements and pair[1] in experts]

    return {
        **whole,
        "achievements": [one for one in whole["achievements"] if one["id"] in achievements],
        "experts": [one for one in whole["experts"] if one["id"] in experts],
        "conflicts": kept(whole["conflicts"]),
        "fixed": kept(whole["fixed"]),
    }


def best(case: Problem) -> int | None:
    """The greatest sum of matches over all valid plans; None when there is none.

    Every choice of every achievement is tried; of the plans so far only the best for each set of loads is kept.
    """
    found = {(0,) * len(case["experts"]): 0}
    for one in case["achievements"]:
        longer: dict[tuple[int, ...], int] = {}
        for places, worth in choices(case, one):
            for loads, before in found.items():
                now = tuple(load + (place in places) for place, load in enumerate(loads))
                longer[now] = max(longer.get(now, 0), before + worth)
        found = longer
    return max((worth for loads, worth in found.items() if level(case, loads)), default=None)


def choices(case: Problem, one: dict[str, str]) -> list[tuple[tuple[int, ...], int]]:
    """Places of experts that may judge this achievement together, with their matches."""
    able = [place for place, who in enumerate(case["experts"]) if [one["id"], who["id"]] not in case["conflicts"]]
    fixed = {place for place in able if [one["id"], case["experts"][place]["id"]] in case["fixed"]}
    return [
        (places, sum(match(one, case["experts"][place]) for place in places))
        for places in combinations(able, case["per_achievement"])
        if fixed <= set(places)
    ]


def match(one: dict[str, str], who: dict[str, Any]) -> int:
    return 2 * (one["industry"] in who["industries"]) + (one["category"] in who["categories"])


def level(case: Problem, loads: tuple[int, ...]) -> bool:
    most = [who.get("max_load", NO_LIMIT) for who in case["experts"]]
    return any(
        all(min(cap, low) <= load <= min(cap, low + case["balance"]) for cap, load in zip(most, loads, strict=True))
        for low in range(max(loads, default=0) + 1)
    )
