"""优秀组织奖: the candidates with their figures, proposals and marks. A fixed number of queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from accounts.choices import Nature, Ownership
from contests.models import Contest, Enrolment, OrganizingItem
from scoring.models import Award, OrganizingMark
from scoring.querysets import judged
from scoring.rules import organizing as rules
from submissions.lifecycle import Status
from submissions.models import Achievement

_NOT_TAKING_PART = (Status.DRAFT, Status.WITHDRAWN)
CLASSES = {
    "state_owned": "国有企业",
    "non_public": "非公有制企业",
    "public_institution": "事业单位",
    "college": "高校和高职院校",
    "rural_e_station": "乡村e站",
}


@dataclass(frozen=True)
class Line:
    """One candidate: its rank and total of the items marked so far, and how many are still open."""

    rank: int
    enrolment: Enrolment
    total: Decimal
    marked: int
    items: int


@dataclass(frozen=True)
class ItemLine:
    """One item of one candidate: its mark, if given, and what the figures propose."""

    item: OrganizingItem
    mark: OrganizingMark | None
    proposal: rules.Proposal | None
    formula: str


def candidates(contest: Contest) -> list[Enrolment]:
    """各县（市、区）、各参赛单位: whoever recommends to the host."""
    rows = Enrolment.objects.filter(contest=contest, audits=True, recommender__recommender__isnull=True)
    return list(rows.exclude(recommender__isnull=True).order_by("path"))


def peers(contest: Contest) -> rules.Peers[int]:
    """The figures of all candidates, by enrolment id."""
    chosen = {row.path: row.pk for row in candidates(contest)}
    units: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    workers: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    active = set(
        Achievement.objects.filter(contest=contest).exclude(status__in=_NOT_TAKING_PART).values_list("unit", flat=True)
    )
    for unit in Enrolment.objects.filter(contest=contest, is_team=False):
        above = chosen.get(_top(unit.path))
        if above is None or unit.nature == Nature.UNION_BODY:
            continue
        _count(units[above], workers[above], unit, contest, unit.pk in active)
    awarded = _awarded(contest, chosen)
    figures = {
        pk: rules.Figures(
            {name: (pair[0], pair[1]) for name, pair in units[pk].items()},
            (workers[pk][0], workers[pk][1]),
            awarded[pk],
        )
        for pk in chosen.values()
    }
    maxima = {item.code: item.maximum for item in contest.organizingitem_set.all()}
    targets = {row.code: row.percent for row in contest.target_set.all() if row.percent}
    return rules.Peers(figures, maxima, targets)


def _top(path: str) -> str:
    """The path of the host's child that this one lies under."""
    return ".".join(path.split(".")[:2]) + "."


def _count(units: dict[str, list[int]], workers: list[int], unit: Enrolment, contest: Contest, active: bool) -> None:
    taking = active or unit.participants > 0
    pair = units[_class_of(unit, contest)]
    pair[0] += taking
    pair[1] += 1
    if unit.head_count:
        workers[0] += min(unit.participants, unit.head_count)
        workers[1] += unit.head_count


def _class_of(unit: Enrolment, contest: Contest) -> str:
    if unit.nature in (Nature.UNIVERSITY, Nature.VOCATIONAL_COLLEGE):
        return "college"
    if unit.nature != Nature.ENTERPRISE:
        return str(unit.nature)
    owned = unit.ownership
    if owned == Ownership.COLLECTIVE:
        owned = {"state": Ownership.STATE, "non_public": Ownership.NON_PUBLIC}[contest.settings.collective_counts_as]
    return "non_public" if owned == Ownership.NON_PUBLIC else "state_owned"


def _awarded(contest: Contest, chosen: dict[str, int]) -> Counter[int]:
    found: Counter[int] = Counter()
    rows = Award.objects.filter(judged("entry__"), entry__round__contest=contest)  # an upheld case leaves the award
    rows = rows.filter(entry__round__enrolment__recommender__isnull=True)
    for path in rows.values_list("entry__achievement__unit__path", flat=True):
        above = chosen.get(_top(path))
        if above is not None:
            found[above] += 1
    return found


def lines(contest: Contest) -> list[Line]:
    """All candidates, best first."""
    marks: dict[int, list[Decimal]] = defaultdict(list)
    rows = OrganizingMark.objects.filter(enrolment__contest=contest)
    for enrolment, points in rows.values_list("enrolment", "points"):
        marks[enrolment].append(points)
    known = {row.pk: row for row in candidates(contest)}
    items = contest.organizingitem_set.count()
    totals = {pk: sum(marks[pk], Decimal(0)) for pk in known}
    return [Line(place, known[pk], total, len(marks[pk]), items) for place, pk, total in rules.ranked(totals)]


def sheet(enrolment: Enrolment) -> list[ItemLine]:
    """The ten items of one candidate."""
    made = rules.proposals(peers(enrolment.contest), enrolment.pk)
    marks = {mark.item_id: mark for mark in enrolment.organizing_marks.select_related("given_by")}
    return [
        ItemLine(item, marks.get(item.pk), made.get(item.code), formula(item, made.get(item.code)))
        for item in enrolment.contest.organizingitem_set.all()
    ]


def proposed(enrolment: Enrolment, item: OrganizingItem) -> rules.Proposal | None:
    return rules.proposals(peers(enrolment.contest), enrolment.pk).get(item.code)


def formula(item: OrganizingItem, made: rules.Proposal | None) -> str:
    """How the proposal came about, in words and figures."""
    if made is None:
        return "平台没有可供计算的数据，由竞赛办公室评分。"
    counts, most = made.counts, item.maximum
    if item.code == rules.ACHIEVEMENTS:
        own, best = counts["awarded"], counts["most"]
        return f"获奖 {own} 项，最多的推荐单位 {best} 项：{most} × {own} ÷ {best}。"
    if item.code == rules.WORKERS:
        seen = f"参赛职工 {counts['taking']} 人，职工 {counts['all']} 人，目标 {counts['target']}%"
        return f"{seen}：{most} × 参与率 ÷ 目标，至多 {most}。"
    parts = [_class_words(name, counts) for name in CLASSES if f"{name}_enrolled" in counts]
    return f"{'，'.join(parts)}：{most} × 各类（参赛率 ÷ 目标，至多 1）按单位数加权平均。"


def _class_words(name: str, counts: Mapping[str, int]) -> str:
    taking, enrolled, target = (counts[f"{name}_{part}"] for part in ("taking", "enrolled", "target"))
    return f"{CLASSES[name]} {taking}/{enrolled}（目标 {target}%）"
