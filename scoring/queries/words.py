"""Chinese words for what the pure rules name by code."""

from __future__ import annotations

from scoring.rules import whatif
from scoring.rules.policy import MEAN, MEDIAN, TRIMMED_MEAN

AGGREGATES = {MEAN: "平均分", MEDIAN: "中位数", TRIMMED_MEAN: "去掉最高最低后平均"}


def variation_words(variation: whatif.Variation) -> str:
    """One change of the sensitivity report, as the committee reads it. Experts stay under their pseudonyms."""
    kind, what = variation.kind, variation.what
    if kind == whatif.DROP_EXPERT:
        return f"去掉专家 {what} 的评分"
    if kind == whatif.AGGREGATE:
        return f"汇总改为{AGGREGATES[what]}"
    if kind == whatif.ROUNDING:
        return "先四舍五入到整数" if what == "0" else f"保留 {what} 位小数"
    if kind == whatif.FLOORS:
        return f"各等次下限{'提高' if what.startswith('+') else '降低'} {what.lstrip('+-')} 分"
    if kind == whatif.QUOTA:
        name, _, most = what.partition(":")
        return f"{name}名额改为 {most}" if most else "不设名额"
    return "同分不再比较各项"
