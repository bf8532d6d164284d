"""Last year's judgement: a round, its experts' sheets, ranking, the special prize, awards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from accounts.actions import create_user, grant_membership, record_employment
from accounts.actor import Actor
from accounts.models import Membership, Role
from portal.demo import clock
from portal.demo.corpus.marks import Choice, marks
from portal.demo.corpus.texts_notes import EXPERT_REMARKS, SPECIAL_REASONS
from portal.demo.tree import person_name
from portal.demo.walk import Season
from scoring import queries
from scoring.actions import committee, common, paper, results, rounds, sheets
from scoring.actions.committee import Votes
from scoring.actions.experts import commit, engage
from scoring.actions.sheets import Given
from scoring.lifecycle import SheetState
from scoring.models import Entry, Expert, Result, Round, Rubric, ScoreSheet
from scoring.rules.commitment import CURRENT
from scoring.rules.readings import Reading
from scoring.rules.rubric import ECONOMIC, level_for_amount, levels_for
from scoring.rules.rubric import Rubric as Rules

ON_PAPER = 3
COMMON = 2  # 校准件
SPECIALITIES = (
    (("coal",), ("equipment", "process"), "xingping"),
    (("coal", "machinery"), ("equipment", "product"), ""),
    (("power",), ("equipment", "environment_energy"), "zefa"),
    (("chemical", "building_materials"), ("process", "environment_energy"), ""),
    (("machinery", "metallurgy"), ("product", "process"), "jinzhi"),
    (("health",), ("product", "process"), "yunjin"),
    (("education", "agriculture"), ("product", "other"), ""),
    (("public_service", "transport"), ("cost_management", "equipment"), ""),
    (("power", "coal"), ("cost_management", "environment_energy"), "songyan"),
)


# Where some of them worked before, as people write it: short names that wait for somebody to confirm them.
WRITTEN = {2: "云岭煤业二矿", 4: "山西煤化所", 8: "高平公交"}


def appoint_experts(season: Season, password: str) -> list[Actor]:
    """expert1 … expert9 with their specialities; some are employed by units of the tree, so recusal has work to do."""
    actors, made = [], []
    for number, (industries, categories, employer) in enumerate(SPECIALITIES, start=1):
        user = create_user(None, f"expert{number}", person_name("expert", number), password)
        actors.append(Actor(user, grant_membership(None, user, season.contest.host, Role.EXPERT)))
        made.append(Expert.objects.create(user=user, industries=list(industries), categories=list(categories)))
        if employer:
            record_employment(None, user, season.tree.organizations[employer], date(2012, 7, 1))
        if number in WRITTEN:
            record_employment(None, user, WRITTEN[number], date(2009, 8, 1), date(season.contest.year - 1, 6, 30))
    engage(None, season.contest, [expert.pk for expert in made])
    return actors


def judge(season: Season, experts: list[Actor], opens: datetime, closes: datetime) -> None:
    """The whole judgement between two instants, by the real actions."""
    office = season.office
    with clock.at(opens + timedelta(hours=9)):
        round_ = rounds.create_round(
            office,
            season.contest,
            name="综合评审",
            rubric=Rubric.objects.get(code=season.contest.sections["rubric"]),
            sheets_per_achievement=5,
            expert_ids=list(Expert.objects.values_list("pk", flat=True)),
        )
        rounds.plan_assignment(office, round_.pk, seed=season.contest.year)
        for entry in round_.entries.order_by("code")[:COMMON]:
            common.choose(office, entry.pk)
        rounds.open_round(office, round_.pk)
    for place, expert in enumerate(experts):
        with clock.at(opens + timedelta(hours=9 + place)):
            commit(expert, season.contest, CURRENT.version)
        if expert is experts[-1]:
            on_paper(office, round_, expert, opens + timedelta(days=1 + place))
        score(expert, opens + timedelta(days=1 + place), season.contest.year)
    for place, expert in enumerate(experts):  # the sheets that a large gap called for
        score(expert, closes - timedelta(hours=24 - place), season.contest.year)
    with clock.at(closes - timedelta(hours=4)):
        finish(office, round_)


def score(expert: Actor, begun: datetime, seed: int) -> None:
    """One evening after another: the common entries first, then the batch; each is handed in at its end."""
    rows = ScoreSheet.objects.visible_to(expert).filter(state=SheetState.OPEN)
    own = list(rows.select_related("round__rubric", "entry").order_by("entry__code"))
    first = [sheet for sheet in own if sheet.common]
    _mark(expert, first, begun, seed)
    _mark(expert, [sheet for sheet in own if not sheet.common], begun + timedelta(hours=2 if first else 0), seed)


def _mark(expert: Actor, own: list[ScoreSheet], begun: datetime, seed: int) -> None:
    for place, sheet in enumerate(own):
        with clock.at(begun + timedelta(minutes=6 * place)):
            given = _given(sheet, expert, seed)
            sheets.save_marks(expert, sheet.pk, given, comment=_remark(given, place), revision=sheet.revision)
    if not own:
        return
    with clock.at(begun + timedelta(minutes=6 * len(own) + 5)):
        sheets.hand_in(expert, [sheet.pk for sheet in own])


def on_paper(office: Actor, round_: Round, expert: Actor, at: datetime) -> None:
    """Some sheets of one expert were filled by hand: one person of the office types them, another checks them."""
    with clock.at(at - timedelta(hours=8)):
        printed = paper.issue(office, round_.pk, round_.appointments.get(expert__user=expert.user).pk)[:ON_PAPER]
    for place, one in enumerate(printed):
        sheet = ScoreSheet.objects.select_related("round__rubric", "entry").get(pk=one.sheet_id)
        given = _given(sheet, expert, round_.contest.year)
        marks = {code: (choice.level, choice.points or 0) for code, choice in given.items()}
        reading = Reading(marks, comment=_remark(given, place))
        with clock.at(at - timedelta(hours=4) + timedelta(minutes=3 * place)):
            paper.type_in(office, one.code, reading)
        with clock.at(at - timedelta(hours=2) + timedelta(minutes=3 * place)):
            paper.check(_second(office), one.code, reading)


def _second(office: Actor) -> Actor:
    """Another person of the same office."""
    hats = Membership.objects.filter(organization=office.organization, role=Role.OFFICE, is_active=True)
    hat = hats.exclude(user=office.user).select_related("user", "organization").order_by("pk")[0]
    return Actor(hat.user, hat)


def _given(sheet: ScoreSheet, expert: Actor, seed: int) -> dict[str, Given]:
    levels = open_levels(sheet.entry, queries.rubric_of(sheet.round))
    chosen = marks(sheet.entry.achievement_id, expert.user.username, levels, seed)
    return {code: Given(level, points) for code, (level, points) in chosen.items()}


def _remark(given: dict[str, Given], place: int) -> str:
    """Every other sheet has a comment that suits its total."""
    if place % 2:
        return ""
    total = sum(choice.points or 0 for choice in given.values())
    remarks = EXPERT_REMARKS["high" if total >= 85 else "middle" if total >= 70 else "low"]
    return remarks[place % len(remarks)]


def open_levels(entry: Entry, rules: Rules) -> dict[str, Sequence[Choice]]:
    """The levels that the rubric leaves open for an entry: the verified amount binds the economic one."""
    found: dict[str, Sequence[Choice]] = {}
    for criterion in rules.criteria:
        levels = levels_for(criterion, entry.path)
        if criterion.paths and entry.path == ECONOMIC and entry.benefit_wan is not None:
            bound = level_for_amount(criterion, entry.benefit_wan)
            levels = tuple(level for level in levels if level == bound)
        found[criterion.code] = [Choice(level.code, level.low, level.high) for level in levels]
    return found


def finish(office: Actor, round_: Round) -> None:
    results.close_round(office, round_.pk)
    first = queries.tiers_of(round_.contest)[0].name
    best = Result.objects.filter(entry__round=round_, tier_name=first).order_by("position").first()
    if best:
        _choose(office, best)
    results.confirm_awards(office, round_.pk)


def _choose(office: Actor, best: Result) -> None:
    """特等奖: proposed by one person of the office, approved by another."""
    special = best.entry.round.contest.awardtier_set.get(code="special")
    approval = committee.propose(office, best.entry_id, special.pk, SPECIAL_REASONS[0], Votes(7, 0, 1))
    committee.approve(_second(office), approval.pk)
