"""The whole simulated season in the order of a real one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.actions import create_user, grant_membership
from accounts.actor import Actor
from accounts.models import Role
from contests.actions.dates import shift_phases
from contests.models import Contest
from contests.rules import preset as presets
from core import ledger
from portal.actions.contests import create_contest
from portal.demo.corpus.places import grown
from portal.demo.tree import enrol_all, person_name, plant, staff
from portal.simulation.judgement import Judgement, hire
from portal.simulation.works import Maker
from scoring.actions.results import close_round
from scoring.lifecycle import SheetState
from scoring.models import Expert
from submissions.models import Achievement

PRESET = "jincheng-2021"
_BATCH = 100  # sheets an expert of the open round, about


@dataclass(frozen=True)
class Size:
    units: int
    achievements: int
    experts: int
    sheets: int
    seed: int
    open_sheets: int = 0


@transaction.atomic
def simulate(size: Size) -> Contest:
    """A season in its review phase: every achievement accepted and scored, the round closed and ranked."""
    now = timezone.now()
    contest = _contest()
    tree = plant(grown(size.units, size.seed), contest.host)
    staff(tree, {}, "")
    office = _office(contest)
    enrolments = enrol_all(tree, contest)
    experts = hire(contest, tree, size.experts, size.seed)
    maker = Maker(contest, tree, enrolments, office, now)
    judgement = Judgement(contest, experts, size.sheets, size.seed, now, "终评")
    for works in maker.make(size.achievements, size.seed):
        judgement.take(works)
    close_round(office, judgement.round.pk, waive="模拟数据：分差过大的成果不再加派专家。")
    if size.open_sheets:
        _open_round(contest, experts, size)
    payload = {"units": size.units, "achievements": size.achievements, "sheets": size.sheets, "seed": size.seed}
    ledger.record(office, "simulate", f"contest:{contest.pk}", payload, chain=contest.chain)
    return contest


def _contest() -> Contest:
    """Now in the review phase, so that the open sheets may be scored."""
    contest = create_contest(None, presets.named(PRESET).shifted(timezone.localdate().year))
    review = contest.phases.get(kind="review")
    shift_phases(None, contest, timezone.now() - timedelta(days=1) - review.opens_at)
    end = timezone.localdate()
    contest.window_start, contest.window_end = date(end.year - 2, end.month, 1), end
    contest.save(update_fields=["window_start", "window_end"])
    return contest


def _office(contest: Contest) -> Actor:
    user = create_user(None, "office", person_name("office"))
    return Actor(user, grant_membership(None, user, contest.host, Role.OFFICE))


def _open_round(contest: Contest, experts: list[Expert], size: Size) -> None:
    """A second round over the first works whose sheets nobody has touched yet."""
    enough = experts[: max(size.sheets, 5, size.open_sheets // _BATCH)]
    judgement = Judgement(contest, enough, size.sheets, size.seed, timezone.now(), "复评")
    works = list(Achievement.objects.filter(contest=contest).order_by("pk")[: max(1, size.open_sheets // size.sheets)])
    judgement.take(works, SheetState.OPEN)
