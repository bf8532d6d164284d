"""A jury member with a pocket calculator: the ranking of `wuxiao-season/1` written a second time, from its words.

It shares no code with `scoring.rules`: it takes the JSON values, works in whole numbers, and builds the CSV by hand.
Ids in these tests need no quoting.
"""

from fractions import Fraction
from typing import Any

TIE_ORDER = ("technology", "innovation", "benefit", "role")


def _points(sheet: dict[str, Any]) -> int:
    return sum(mark["points"] for mark in sheet["marks"].values())


def _counted(sheets: list[dict[str, Any]], policy: dict[str, Any]) -> list[dict[str, Any]]:
    left = sorted(sheets, key=lambda one: one["expert"])
    if policy["aggregate"] != "trimmed_mean" or len(left) < policy["trim_from"]:
        return left
    top = 0
    for place, one in enumerate(left):
        if _points(one) >= _points(left[top]):  # a later expert wins among equals
            top = place
    del left[top]
    bottom = 0
    for place, one in enumerate(left):
        if _points(one) <= _points(left[bottom]):
            bottom = place
    del left[bottom]
    return left


def _score_units(sheets: list[dict[str, Any]], policy: dict[str, Any]) -> int:
    """The score in units of its last digit."""
    totals = sorted(_points(one) for one in sheets)
    if policy["aggregate"] == "median":
        while len(totals) > 2:
            totals = totals[1:-1]
    return (2 * sum(totals) * 10 ** policy["decimals"] + len(totals)) // (2 * len(totals))


def _written(units: int, decimals: int) -> str:
    digits = str(units).rjust(decimals + 1, "0")
    return f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits


def _split(block: list[dict[str, Any]], key: str) -> list[list[dict[str, Any]]]:
    values = sorted({one[key] for one in block}, reverse=True)
    return [[one for one in block if one[key] == value] for value in values]


def _blocks(entries: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    blocks = _split(entries, "units") if entries else []
    for criterion in TIE_ORDER:
        finer = []
        for block in blocks:
            mixed = len({one["path"] for one in block}) == 2
            finer += [block] if criterion == "benefit" and mixed else _split(block, criterion)
        blocks = finer
    return blocks


def ranking(season: dict[str, Any]) -> str:
    policy, entries, unscored = season["policy"], [], []
    for achievement in sorted({one["achievement"] for one in season["sheets"]}):
        sheets = [one for one in season["sheets"] if one["achievement"] == achievement]
        counted = _counted(sheets, policy)
        gap = max(map(_points, sheets)) - min(map(_points, sheets))
        entry: dict[str, Any] = {"id": achievement, "path": sheets[0]["path"], "n": len(counted), "remarks": []}
        for code in TIE_ORDER:
            entry[code] = Fraction(sum(one["marks"][code]["points"] for one in counted), len(counted))
        if len(sheets) < policy["minimum_sheets"]:
            entry["remarks"].append("too_few_sheets")
            unscored.append(entry)
        else:
            entry["units"] = _score_units(counted, policy)
            entries.append(entry)
        if gap >= policy["outlier_gap"]:
            entry["remarks"].append(f"gap:{gap}")
    lines, place = ["rank,achievement,score,tier,sheets_counted,remark"], 1
    for block in _blocks(entries):
        for one in block:
            unit = 10 ** policy["decimals"]
            tier = [tier["name"] for tier in season["tiers"] if Fraction(tier["floor"]) * unit <= one["units"]]
            score = _written(one["units"], policy["decimals"])
            lines.append(f"{place},{one['id']},{score},{(tier + [''])[0]},{one['n']},{';'.join(one['remarks'])}")
        place += len(block)
    lines += [f",{one['id']},,,{one['n']},{';'.join(one['remarks'])}" for one in unscored]
    return "".join(line + "\n" for line in lines)
