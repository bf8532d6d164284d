"""`python scripts/bench_results.py`: ranking, what-if, sensitivity and recompute at 1,068 and 10,163 achievements × 5.

Each page beside a bare view with one indexed query, asked through the same client in the same run (scripts/bench.py).
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import bench  # it sets up Django, so it comes before anything of the portal
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import path, reverse

from accounts.actor import Actor
from accounts.models import Membership, Role
from scoring import queries
from scoring.actions import results
from scoring.models import Round
from scoring.queries import lean
from scoring.queries import whatif as reads
from scoring.rules import statistics
from scoring.rules.ranking import rank
from scoring.rules.whatif import outcome, sensitivity
from wuxiao import urls


def once_ms(ask: Callable[[], object]) -> float:
    begun = time.perf_counter()
    ask()
    return (time.perf_counter() - begun) * 1000


def closed_round() -> tuple[Actor, Round]:
    """The simulated round, opened again and closed by the real actions; the time of closing is printed."""
    office = Membership.objects.filter(role=Role.OFFICE).select_related("user", "organization").order_by("pk")[0]
    actor = Actor(office.user, office)
    round_ = results.reopen_round(actor, Round.objects.get().pk, "bench")
    print(f"close and rank: {once_ms(lambda: results.close_round(actor, round_.pk, waive='bench')):.0f} ms", flush=True)
    return actor, Round.objects.select_related("contest", "rubric").get(pk=round_.pk)


def pages(round_: Round) -> dict[str, float]:
    office = bench.client_of(Role.OFFICE)
    return {
        f"page: {name}": bench.median_ms(bench.get(office, reverse(f"scoring:{name}", args=[round_.pk])), repeat)
        for name, repeat in (("ranking", 15), ("whatif", 5), ("jury", 5), ("committee", 5))
    }


def computing(round_: Round) -> dict[str, float]:
    """Without pages: the read of all sheets, and the pure rules over them."""
    season, own = queries.season(round_), reads.own_scenario(round_)
    ratings = statistics.ratings_of(season.sheets)
    return {
        "read all sheets": bench.median_ms(lambda: lean.sheets(round_), 3),
        "rank all": bench.median_ms(lambda: rank(season.sheets, season.policy, season.tiers, season.rubric), 3),
        "one scenario": bench.median_ms(lambda: outcome(season.sheets, own), 3),
        "sensitivity report": once_ms(lambda: sensitivity(season.sheets, own)),
        "severity of all experts": once_ms(lambda: statistics.leanings(ratings)),
        "α and ICC": once_ms(lambda: _agreement(ratings)),
    }


def _agreement(ratings: list[statistics.Rating]) -> None:
    works = statistics.by_work(ratings).values()
    statistics.krippendorff_alpha(works)
    statistics.icc(works)


def measure(achievements: int) -> dict[str, float]:
    call_command("flush", "--noinput", verbosity=0)
    experts = 50 if achievements < 5000 else 300
    call_command("simulate", units=219, achievements=achievements, experts=experts, sheets=5, seed=7)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    _, round_ = closed_round()
    floor = {"floor: bare view, one query": bench.median_ms(bench.get(Client(), "/bench-floor/"))}
    return floor | pages(round_) | computing(round_)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1068,10163", help="numbers of achievements, with commas")
    sizes = [int(size) for size in parser.parse_args().sizes.split(",")]
    urls.urlpatterns.append(path("bench-floor/", bench.floor_view))
    call_command("migrate", verbosity=0)
    tables = {size: measure(size) for size in sizes}
    print(f"{'ms (× floor)':34}" + "".join(f"{size:>18,}" for size in sizes))
    for name in tables[sizes[0]]:
        cells = [f"{table[name]:9.1f} ({table[name] / next(iter(table.values())):.0f}×)" for table in tables.values()]
        print(f"{name:34}" + "".join(f"{cell:>18}" for cell in cells))


if __name__ == "__main__":
    main()
