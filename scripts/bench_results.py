"""The result's part of `make bench`: closing, the pages of a ranked round, and the pure rules behind them."""

from __future__ import annotations

import time
from collections.abc import Callable

from accounts.actor import Actor
from accounts.models import Membership, Role
from scoring import queries
from scoring.actions import results, robustness
from scoring.models import Round
from scoring.queries import lean
from scoring.queries import whatif as reads
from scoring.rules import statistics
from scoring.rules.ranking import rank
from scoring.rules.whatif import outcome
from scoring.tasks import compute_sensitivity

PAGES = (("ranking", 15), ("whatif", 5), ("jury", 5), ("committee", 5), ("sensitivity", 5))
Least = Callable[[Callable[[], object], int], float]


def once_ms(ask: Callable[[], object]) -> float:
    begun = time.perf_counter()
    ask()
    return (time.perf_counter() - begun) * 1000


def judged_round() -> Round:
    return Round.objects.select_related("contest", "rubric", "enrolment").get(name="终评")


def closing(round_: Round) -> dict[str, float]:
    """Opened again and closed by the real action: locks, conflicts checked anew, ranking stored; then the report."""
    office = Membership.objects.filter(role=Role.OFFICE).select_related("user", "organization").order_by("pk")[0]
    actor = Actor(office.user, office)
    results.reopen_round(actor, round_.pk, "bench")
    closed = once_ms(lambda: results.close_round(actor, round_.pk, waive="bench"))
    job = robustness.start_report(actor, round_.pk)
    report = once_ms(lambda: compute_sensitivity.run(job.pk))
    return {"close the round and rank it": closed, "sensitivity report, in its job": report}


def computing(round_: Round, least_ms: Least) -> dict[str, float]:
    """Without pages: the read of all sheets, and the pure rules over them."""
    season, own = queries.season(round_), reads.own_scenario(round_)
    ratings = statistics.ratings_of(season.sheets)
    return {
        "read all sheets": least_ms(lambda: lean.sheets(round_), 3),
        "rank all": least_ms(lambda: rank(season.sheets, season.policy, season.tiers, season.rubric), 3),
        "one scenario": least_ms(lambda: outcome(season.sheets, own), 3),
        "severity of all experts": once_ms(lambda: statistics.leanings(ratings)),
        "α and ICC": once_ms(lambda: _agreement(ratings)),
    }


def _agreement(ratings: list[statistics.Rating]) -> None:
    works = statistics.by_work(ratings).values()
    statistics.krippendorff_alpha(works)
    statistics.icc(works)
