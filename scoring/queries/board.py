"""The ranking as the office reads it: rows with their strips, tiers with counts and money, candidates for 特等奖."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from contests.models import AwardTier
from core.errors import Refusal
from scoring import drawings, queries
from scoring.lifecycle import ApprovalState, RoundStatus
from scoring.models import Approval, Result, Round, ScoreSheet
from scoring.queries import awarding
from scoring.queries.decided import award_tiers, gone, quotas_of
from scoring.querysets import judged
from scoring.rules.policy import MEAN, MEDIAN, ScorePolicy
from scoring.rules.ranking import TOO_FEW, trim
from scoring.rules.season import season_to_json

RANKED = (RoundStatus.CLOSED, RoundStatus.AWARDED)


@dataclass(frozen=True)
class TierCount:
    """One tier: works that `reached` it by score, and `count` after the hand-made awards; those tiers have no floor."""

    tier: AwardTier
    reached: int
    count: int
    money: Decimal

    @property
    def by_hand(self) -> bool:
        return self.tier.floor is None


@dataclass(frozen=True)
class BoardRow:
    """One line: the stored result, its tier as it stands (a hand-made award goes before the computed one), its dots."""

    result: Result
    tier: AwardTier | None
    approval: Approval | None
    strip: drawings.Strip
    received: int
    flags: tuple[tuple[str, str], ...]
    cut: TierCount | None = None
    below: bool = False  # the first line under all tiers


def season_file(round_: Round) -> str:
    """`wuxiao-season/1` of a closed round. Raises Refusal while it is open or when nobody handed anything in."""
    if round_.status not in RANKED:
        raise Refusal(f"“{round_.name}”还没有截止评分，不能导出评审数据；请在截止后导出。", code="status")
    season = queries.season(round_)
    if not season.sheets:
        raise Refusal(f"“{round_.name}”没有已提交的评分表，没有可以导出的数据。", code="empty")
    return season_to_json(season)


def ranking_file(round_: Round) -> str:
    if round_.status not in RANKED:
        raise Refusal(f"“{round_.name}”还没有截止评分，没有排名；请在截止后下载。", code="status")
    return queries.ranking_download(round_)


def tiers(round_: Round) -> list[TierCount]:
    """All tiers in order, as they stand: after quotas and the committee's decisions."""
    reached = Counter(_standing(_results(round_)).exclude(tier_name="").values_list("tier_name", flat=True))
    counts = _counts(round_, reached)
    rows = []
    for tier in round_.contest.awardtier_set.all():
        count = counts[tier.name]
        rows.append(TierCount(tier, reached[tier.name], count, tier.prize_yuan * count))
    return rows


def _counts(round_: Round, reached: Counter[str]) -> Counter[str]:
    """Without quotas nobody displaces anybody: then only the decided works move, and no ranking is read."""
    if quotas_of(award_tiers(round_)):
        return Counter(awarding.standing(round_).tiers.values())
    approved = awarding.approved(round_)
    left = gone(round_) if approved else frozenset()
    decided = [a for a in approved if a.entry and a.entry.code not in left]
    taken = Counter(a.entry.result.tier_name for a in decided if a.entry)
    given = Counter(a.tier.name for a in decided if a.tier)
    return Counter({name: reached[name] - taken[name] + given[name] for name in {*reached, *given}})


def _standing(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Without the works that were disqualified after the release: they get no award."""
    return rows.filter(judged("entry__"))


def _results(round_: Round) -> QuerySet[Result]:
    return Result.objects.filter(entry__round=round_)


def results(round_: Round, *, text: str = "", path: str = "", flagged: bool = False) -> QuerySet[Result]:
    """The stored ranking in order, narrowed by code, title or unit, by path, and to rows that carry a remark."""
    rows = _results(round_).select_related("entry__achievement__unit").order_by("position")
    if text:
        wanted = Q(entry__code__icontains=text) | Q(entry__achievement__title__icontains=text)
        rows = rows.filter(wanted | Q(entry__achievement__unit__name__icontains=text))
    if path:
        rows = rows.filter(entry__path=path)
    if flagged:
        doubted = _handed_in(round_).exclude(doubt="").values("entry")
        rows = rows.filter(~Q(remark="") | Q(entry__in=doubted))
    return rows


def _handed_in(round_: Round) -> QuerySet[ScoreSheet]:
    return ScoreSheet.objects.counting().filter(round=round_)


def rows(round_: Round, page: Sequence[Result], counts: Sequence[TierCount]) -> tuple[list[BoardRow], int]:
    """The lines of one page and the left end of their strips; a fixed number of queries whatever the page holds."""
    sheets = _sheets_of(round_, page)
    floor = drawings.strip_floor(total for group in sheets.values() for _, total, _ in group)
    decided = {a.entry_id: a for a in awarding.approved(round_)}
    held = awarding.standing(round_).tiers if quotas_of([count.tier for count in counts]) else {}
    doubts = Counter(_handed_in(round_).exclude(doubt="").values_list("entry", flat=True))
    by_name = {count.tier.name: count for count in counts}
    lines, before = [], None
    for result in page:
        approval, group = decided.get(result.entry_id), sheets.get(result.entry_id, [])
        reached = by_name.get(result.tier_name)
        stands = by_name.get(held.get(result.entry_id, result.tier_name))
        tier = approval.tier if approval else stands.tier if stands else None
        begins = result.tier_name != before
        before = result.tier_name
        strip = drawings.strip(group, result.score if result.score_text else None, floor)
        flags = _flags(result, doubts[result.entry_id])
        cut, below = (reached if begins else None), begins and reached is None
        lines.append(BoardRow(result, tier, approval, strip, len(group), flags, cut, below))
    return lines, floor


def _sheets_of(round_: Round, page: Sequence[Result]) -> dict[int, list[tuple[str, int, bool]]]:
    """(pseudonym, total, left out) of every counting sheet of these entries, trimmed by the round's own policy."""
    policy = ScorePolicy.from_dict(round_.policy)
    groups: dict[int, list[Any]] = {}
    for sheet in queries.counting_sheets(round_).filter(entry__in=[result.entry_id for result in page]):
        groups.setdefault(sheet.entry_id, []).append(queries.rule_sheet(sheet))
    found = {}
    for entry, group in groups.items():
        left_out = {sheet.expert for sheet in trim(group, policy)[1]}
        found[entry] = [(sheet.expert, sheet.total, sheet.expert in left_out) for sheet in group]
    return found


def _flags(result: Result, doubts: int) -> tuple[tuple[str, str], ...]:
    """(words, tone) of what the committee should look at."""
    found = []
    for remark in filter(None, result.remark.split(";")):
        if remark == TOO_FEW:
            found.append(("评分表不足", "bad"))
        elif remark.startswith("gap:"):
            found.append((f"分差 {remark.removeprefix('gap:')}", "warn"))
    if doubts:
        found.append((f"数据存疑 {doubts}", "warn"))
    return tuple(found)


def scores(round_: Round) -> list[Decimal]:
    return [score for score in _results(round_).values_list("score", flat=True) if score is not None]


def chosen(round_: Round) -> list[Approval]:
    """What the committee decided and a second person approved, best first."""
    rows = Approval.objects.filter(entry__round=round_, state=ApprovalState.APPROVED)
    rows = rows.select_related("entry__achievement__unit", "entry__result", "tier")
    return list(rows.order_by("entry__result__position", "pk"))


def figures(round_: Round) -> dict[str, int]:
    """Works ranked and without a score, sheets that counted."""
    counted = _results(round_).aggregate(ranked=Count("rank"), total=Count("pk"))
    return {**counted, "unranked": counted["total"] - counted["ranked"], "sheets": _handed_in(round_).count()}


def policy_words(round_: Round) -> list[str]:
    """The score policy in sentences, as it was fixed when the round was created."""
    policy = ScorePolicy.from_dict(round_.policy)
    how = {MEAN: "各份评分表的平均分", MEDIAN: "各份评分表的中位数"}.get(
        policy.aggregate, f"收到 {policy.trim_from} 份以上时去掉一个最高分和一个最低分，取其余的平均分"
    )
    return [
        how,
        f"最后一次四舍五入，保留 {policy.decimals} 位小数",
        f"少于 {policy.minimum_sheets} 份不计分",
        f"最高与最低相差 {policy.outlier_gap} 分以上的作出标记",
    ]
