"""The score sheet's part of `make bench`: reading one and saving one, which must not grow with the season.

`asks()` gives the two as callables over the season that is in the database; `python scripts/bench_scoring.py` alone
measures them at both sizes beside a bare view with one indexed query.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import bench
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import path, reverse

from scoring import queries
from scoring.models import ScoreSheet
from scoring.rules.rubric import level_for_amount, levels_for
from wuxiao import urls

Ask = Callable[[], object]
SIZES = ((1068, 50), (10163, 300))


def asks() -> dict[str, Ask]:
    """GET and save of one open sheet, through the whole stack."""
    sheet = ScoreSheet.objects.filter(state="open").select_related("appointment__expert__user", "entry").first()
    if sheet is None:
        sys.exit("the simulated season has no open sheet")
    expert = bench.client_of("expert", user=sheet.appointment.expert.user)
    return {
        "expert: score sheet": bench.get(expert, reverse("scoring:sheet", args=[sheet.pk])),
        "expert: save a sheet": _saving(expert, sheet),
    }


def _saving(client: Client, sheet: ScoreSheet) -> Ask:
    """Every save changes every mark, as if she moved them all."""
    url, turns = reverse("scoring:sheet_save", args=[sheet.pk]), count(1)
    levels = {}
    for criterion in queries.rubric_of(sheet.round).criteria:
        amount = sheet.entry.benefit_wan
        bound = level_for_amount(criterion, amount) if criterion.paths and amount else None
        levels[criterion.code] = bound or levels_for(criterion, sheet.entry.path)[0]

    def ask() -> object:
        turn = next(turns)
        revision = ScoreSheet.objects.values_list("revision", flat=True).get(pk=sheet.pk)
        data: dict[str, object] = {"revision": revision, "comment": f"第 {turn} 次"}
        for code, level in levels.items():
            data[f"level-{code}"] = level.code
            data[f"points-{code}-{level.code}"] = level.low + turn % (level.high - level.low + 1)
        response = client.post(url, data)
        if response.status_code != 200:
            sys.exit(f"{url} answered {response.status_code}: {response.content.decode()[:200]}")
        return response

    return ask


def measure(achievements: int, experts: int) -> dict[str, float]:
    call_command("flush", "--noinput", verbosity=0)
    size = {"units": 219, "achievements": achievements, "experts": experts, "sheets": 5, "seed": 7}
    call_command("simulate", **size, open_sheets=10, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    figures = {"floor: bare view, one query": bench.median_ms(bench.get(Client(), "/bench-floor/"))}
    return figures | {name: bench.median_ms(ask) for name, ask in asks().items()}


def main() -> None:
    urls.urlpatterns.append(path("bench-floor/", bench.floor_view))
    call_command("migrate", verbosity=0)
    tables = [measure(*size) for size in SIZES]
    print(f"{'ms, median':34}" + "".join(f"{size:>12,}" for size, _ in SIZES) + f"{'ratio':>8}")
    for name in tables[0]:
        small, large = (table[name] for table in tables)
        print(f"{name:34}{small:12.1f}{large:12.1f}{large / small:8.2f}")


if __name__ == "__main__":
    main()
