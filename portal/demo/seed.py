"""The demo's two seasons: last year's, finished; this year's, open for submission today."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.actions import create_user, grant_membership
from accounts.actor import Actor
from accounts.models import Organization, Role
from contests.actions.dates import shift_phases
from contests.actions.demonstration import name_demonstration
from contests.models import Contest
from contests.rules import preset as presets
from portal.actions.contests import create_contest
from portal.demo import clock, office_words
from portal.demo.affairs import go_on
from portal.demo.corpus.places import Place, demo_places
from portal.demo.corpus.texts_notes import CHARGE, SOURCE, STATEMENT
from portal.demo.corpus.works import Work
from portal.demo.corpus.works import season as invented
from portal.demo.judged import appoint_experts, judge
from portal.demo.pairs import judge_pairs
from portal.demo.sent import accept, send_lists
from portal.demo.tree import enrol_all, found_studios, person_name, plant, staff
from portal.demo.walk import Clock, Season, bring, written
from scoring.actions.experts import engage
from scoring.models import Expert
from submissions.actions import cases
from submissions.lifecycle import Status
from submissions.models import Achievement, Case

PRESET = "jincheng-2021"
WORKS = 60
SIGN_INS: dict[tuple[str, str], str] = {
    ("gaoping", Role.AUDITOR): "county",
    ("yunling", Role.AUDITOR): "group",
    ("science", Role.AUDITOR): "partner",
    ("changling", Role.UNIT_OPERATOR): "unit",
    ("yunjin", Role.UNIT_OPERATOR): "direct",
    ("yunjin", Role.AUDITOR): "direct2",
}
OFFICE = (("office", Role.OFFICE), ("office2", Role.OFFICE), ("supervisor", Role.SUPERVISOR))
# Every desk with a sign-in finds something that waits: the first works of these units are submitted.
WAITING = frozenset({"yunjin", "songyan", "songyan-jidian", "lichuan", "jincan"})
# The unit that a newcomer signs in as has something in every state.
FIRST_UNIT = "changling"
STATES = (
    *("draft", "registered", "submitted", "returned", "accepted", "withdrawn"),
    *("submitted", "at_host", "accepted", "registered", "submitted", "declined", "at_host", "accepted", "submitted"),
)


def is_seeded() -> bool:
    return Contest.objects.filter(preset=PRESET).exists()


@transaction.atomic
def seed(password: str) -> None:
    """Both seasons in one transaction: half a demo never stays behind."""
    now = timezone.now()
    last = _contest(timezone.localdate().year - 1, now - timedelta(days=365))
    tree = plant(demo_places(), last.host)
    staff(tree, SIGN_INS, password)
    office = _office(last.host, password)
    found_studios(tree, date(last.year - 1, 4, 28))
    season = Season(last, tree, enrol_all(tree, last), office)
    _name_demonstrations(season)
    experts = appoint_experts(season, password)
    used: Counter[str] = Counter()
    _fill(season, _last_years_states(), _opening(last), _opening(last) + timedelta(days=6), used)
    judge_pairs(season, _opening(last) + timedelta(days=7))
    review = last.phases.get(kind="review")
    judge(season, experts, review.opens_at, review.closes_at)
    this = _contest(timezone.localdate().year, now)
    season = Season(this, tree, enrol_all(tree, this), office)
    engage(None, this, list(Expert.objects.values_list("pk", flat=True)))
    _fill(season, _this_years_states(), _opening(this), now - timedelta(minutes=5), used)
    judge_pairs(season, now - timedelta(hours=2), waiting=5)
    go_on(season, now - timedelta(minutes=30))
    office_words.say(season, FIRST_UNIT, now - timedelta(minutes=12))
    _one_case(season)


def _contest(year: int, today: datetime) -> Contest:
    """A contest whose submission phase opened four days before `today`; its achievement window moves along."""
    with clock.at(today - timedelta(days=200)):
        contest = create_contest(None, presets.named(PRESET).shifted(year))
        submit = contest.phases.get(kind="submit")
        start = timezone.localtime(today).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=4)
        shift_phases(None, contest, start - submit.opens_at)
    end = timezone.localtime(start).date() + timedelta(days=29)
    contest.window_start, contest.window_end = date(end.year - 2, end.month, 1), end
    contest.save(update_fields=["window_start", "window_end"])
    return contest


def _opening(contest: Contest) -> datetime:
    opens: datetime = contest.phases.get(kind="submit").opens_at
    return opens


def _name_demonstrations(season: Season) -> None:
    """Some units of last year; this year they are enrolled as such."""
    units = [row for key, row in season.enrolments.items() if key in season.tree.operators and not row.is_team]
    for row in units[::5]:
        name_demonstration(None, row, date(season.contest.year, 3, 1), f"晋市工通字〔{season.contest.year}〕6号")


def _office(host: Organization, password: str) -> Actor:
    made = []
    for username, role in OFFICE:
        user = create_user(None, username, person_name(username), password)
        made.append(Actor(user, grant_membership(None, user, host, role)))
    return made[0]


def _last_years_states() -> list[str]:
    return ["withdrawn", "declined", "registered", *["accepted"] * (WORKS - 3)]


def _this_years_states() -> list[str]:
    return [STATES[place % len(STATES)] for place in range(WORKS)]


def _waiting_first(states: list[str], places: list[Place]) -> list[str]:
    """The same states, but the first work of every unit in WAITING is submitted."""
    seen: set[str] = set()
    changed = []
    for state, place in zip(states, places, strict=True):
        changed.append("submitted" if place.key in WAITING - seen else state)
        seen.add(place.key)
    return changed


def _fill(season: Season, states: list[str], first: datetime, last: datetime, used: Counter[str]) -> None:
    """The works of a season, spread over its units and over the time from `first` to `last`.

    While a season is going on, some works reach the host after the recommenders have sent their lists.
    """
    spread = list(enumerate(_works(season, len(states), last.date(), used)))
    if "at_host" in states:
        states = _waiting_first(states, [place for _, (place, _) in spread])
    late = [item for item in spread if states[item[0]] == "at_host"]
    sent_at = first + (last - first) * 3 / 4 if late else last
    made = _bring_all(season, [item for item in spread if item not in late], states, first, sent_at)
    send_lists(season, sent_at)
    accept(season, [pk for number, pk in made.items() if states[number] == "accepted"], sent_at + timedelta(hours=1))
    _bring_all(season, late, states, sent_at + timedelta(hours=2), last)


def _bring_all(
    season: Season, spread: list[tuple[int, tuple[Place, Work]]], states: list[str], first: datetime, last: datetime
) -> dict[int, int]:
    """Number of the work → its id."""
    made = {}
    for at, (number, (place, work)) in enumerate(spread):
        begun = first + (last - first) * at / len(spread)
        with clock.at(begun):
            achievement = written(season, place.key, work, number)
        times = Clock(min(begun + timedelta(hours=1), last), last, timedelta(hours=3))
        bring(season, place.key, achievement, states[number], times, number)
        made[number] = achievement.pk
    return made


def _works(season: Season, count: int, today: date, used: Counter[str]) -> list[tuple[Place, Work]]:
    """The unit of the first sign-in takes the first six, then everybody in turn; no title twice in the demo."""
    window = (season.contest.window_start, min(season.contest.window_end, today))
    first = [season.tree.places[FIRST_UNIT]]
    own = invented(first, 6, season.contest.year, window, used)
    others = invented(season.tree.places.values(), count - 6, season.contest.year + 1, window, used)
    return [*own, *others]


def _one_case(season: Season) -> None:
    """One that waits for an officer, with the unit's own word."""
    works = Achievement.objects.filter(contest=season.contest, status=Status.SUBMITTED, holder__recommender=None)
    work = works.exclude(unit=season.enrolments[FIRST_UNIT]).order_by("pk").first()
    if work is None:
        return
    case = cases.open_case(season.office, work.pk, Case.Kind.FALSE_DATA, CHARGE, SOURCE)
    operators = {season.enrolments[key].pk: actor for key, actor in season.tree.operators.items()}
    cases.state(operators[work.unit_id], case.pk, STATEMENT)
