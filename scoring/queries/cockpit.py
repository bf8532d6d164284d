"""The office's view of a round: counts, loads, matches, conflicts avoided, doubts. Experts are counted, not read."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from accounts.choices import Role
from accounts.models import Membership
from contests.models import Contest, Enrolment
from scoring.lifecycle import FlagState, SheetState
from scoring.models import Entry, Expert, Plan, Recusal, Round, Rubric, ScoreSheet, SheetFlag
from scoring.queries import progress_by_expert
from scoring.rules.assignment import BEST_MATCH

REASONS = {
    "office": "竞赛办公室指定回避",
    "declared": "专家本人申报回避",
    "member": "专家是项目成员",
    "employer_unit": "专家所在单位是完成单位",
    "employer_branch": "专家与完成单位同属一家",
    "employer_recommender": "专家所在单位是推荐单位",
}


@dataclass(frozen=True)
class Load:
    """One expert of a round: sheets, how many match her industry and category, handed in, works kept away from her."""

    name: str
    industries: str
    categories: str
    total: int
    done: int
    by_industry: int
    by_category: int
    avoided: int


@dataclass(frozen=True)
class Cockpit:
    entries: int
    loads: list[Load]
    total: int
    done: int
    recusals: int
    reasons: list[tuple[str, int]] = field(default_factory=list)
    common: int = 0

    @property
    def missing(self) -> int:
        return self.total - self.done

    @property
    def least(self) -> int:
        return min((load.total for load in self.loads), default=0)

    @property
    def most(self) -> int:
        return max((load.total for load in self.loads), default=0)


def own_rubric(contest: Contest, desk: Enrolment | None = None) -> Rubric | None:
    """The rubric that the contest's preset brought, in the desk's newest version; None where the notice has none."""
    code = contest.sections.get("rubric") or ""
    return rubrics(contest, desk).filter(code=code).order_by("-version").first() if code else None


def rubrics(contest: Contest, desk: Enrolment | None) -> QuerySet[Rubric]:
    """Those of the notices, and the versions that this desk made for its rounds of the season."""
    own = Q(contest=contest) & (Q(enrolment=None) | Q(enrolment=desk))
    return Rubric.objects.filter(Q(contest=None) | own).order_by("name", "-version")


def experts(contest: Contest) -> QuerySet[Expert]:
    """Whoever may be appointed: engaged for the season, with an account in use and an expert's hat at its host."""
    hats = Membership.objects.filter(organization=contest.host_id, role=Role.EXPERT, is_active=True)
    rows = Expert.objects.filter(user__in=hats.values("user"), user__is_active=True, engagements__contest=contest)
    return rows.select_related("user").order_by("user__pinyin", "pk")


def with_progress(rounds: QuerySet[Round]) -> QuerySet[Any]:
    """Each round with `entry_count`, `sheet_count` and `done_count`, counted apart so that no join multiplies them."""
    live = ScoreSheet.objects.assigned().exclude(state=SheetState.VOID)
    return rounds.select_related("contest", "rubric").annotate(
        entry_count=_count(Entry.objects.all()),
        sheet_count=_count(live),
        done_count=_count(live.filter(state=SheetState.HANDED_IN)),
    )


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.filter(round=OuterRef("pk")).order_by().values("round").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def cockpit(round_: Round) -> Cockpit:
    appointments = progress_by_expert(round_)
    matched = matches(round_, {a.pk: a.expert for a in appointments})
    avoided = Counter(round_.recusals.values_list("appointment", flat=True))
    names = _names(round_.contest)
    loads = [_load(a, matched[a.pk], avoided[a.pk], names) for a in appointments]
    reasons = round_.recusals.values("reason").annotate(n=Count("pk")).order_by("-n", "reason")
    return Cockpit(
        **round_.entries.aggregate(entries=Count("pk"), common=Count("common")),
        loads=loads,
        total=sum(load.total for load in loads),
        done=sum(load.done for load in loads),
        recusals=sum(avoided.values()),
        reasons=[(REASONS.get(row["reason"], row["reason"]), row["n"]) for row in reasons],
    )


def matches(round_: Round, known: dict[int, Expert]) -> dict[int, tuple[int, int]]:
    """(by industry, by category) of each appointment; two queries, so that each work's content is opened once."""
    words = [KeyTextTransform(key, "version__content") for key in ("industry", "category")]
    works = {pk: fields for pk, *fields in round_.entries.order_by().values_list("pk", *words)}
    sheets = ScoreSheet.objects.assigned().filter(round=round_).exclude(state=SheetState.VOID)
    industries: Counter[int] = Counter()
    categories: Counter[int] = Counter()
    for appointment, entry in sheets.values_list("appointment", "entry"):
        industry, category = works[entry]
        industries[appointment] += industry in known[appointment].industries
        categories[appointment] += category in known[appointment].categories
    return defaultdict(lambda: (0, 0), {pk: (industries[pk], categories[pk]) for pk in known})


def _names(contest: Contest) -> tuple[dict[str, str], dict[str, str]]:
    return (
        dict(contest.industry_set.values_list("code", "name")),
        dict(contest.category_set.values_list("code", "name")),
    )


def _load(appointment: Any, matched: tuple[int, int], avoided: int, names: tuple[dict[str, str], ...]) -> Load:
    expert = appointment.expert
    return Load(
        name=expert.user.display_name,
        industries=words(expert.industries, names[0]),
        categories=words(expert.categories, names[1]),
        total=appointment.total,
        done=appointment.done,
        by_industry=matched[0],
        by_category=matched[1],
        avoided=avoided,
    )


def words(chosen: list[str], names: dict[str, str]) -> str:
    """An expert's specialities as people write them."""
    return "、".join(names.get(code, code) for code in chosen)


def specialities(contest: Contest) -> tuple[dict[str, str], dict[str, str]]:
    return _names(contest)


def plan_match(round_: Round, sheets: int) -> tuple[Any, float]:
    """The newest plan and how far all panels' plans meet the specialities: their sum over the best possible one."""
    plan = round_.plans.order_by("-pk").first()
    best, reached = sheets * BEST_MATCH, sum(one.objective for one in newest_plans(round_))
    return plan, (reached / best if plan and best else 0.0)


def newest_plans(round_: Round) -> list[Plan]:
    """The plan that stands for each panel (for the round, where it has none): later ones add to earlier ones."""
    standing: dict[int | None, Plan] = {}
    for plan in round_.plans.defer("problem", "solution").select_related("panel").order_by("pk"):
        standing[plan.panel_id] = plan
    return sorted(standing.values(), key=lambda plan: plan.panel.order if plan.panel else 0)


def avoided(round_: Round, limit: int) -> list[Recusal]:
    rows = round_.recusals.select_related("entry__achievement", "appointment__expert__user")
    return list(rows.order_by("entry__code", "pk")[:limit])


def reason_words(reason: str) -> str:
    return REASONS.get(reason, reason)


def doubts(round_: Round, limit: int) -> list[SheetFlag]:
    """What experts raised with their sheets and nobody has answered yet, under the expert's pseudonym."""
    rows = round_.flags.filter(state=FlagState.OPEN).select_related("sheet__entry__achievement", "sheet__appointment")
    return list(rows.order_by("raised_at", "pk")[:limit])
