"""`make bench`: the pages that grow or must not grow with the season, each beside a floor measured in the same run.

The floor of a page is a bare Django view with one indexed query, asked through the same client; that of the assignment
is the solver alone on the same network. Of a page's repeated requests in this process the quickest counts: what other
work on the machine adds would hide how a page grows; the seasons are asked in turns for the same reason. What takes
seconds is done once. The ratios are what matters: times the floor, and how a figure grows with the season.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuxiao.settings")
os.environ["ALLOWED_HOSTS"] = "testserver"

import django  # noqa: E402

django.setup()

import bench_assign  # noqa: E402
import bench_desk  # noqa: E402
import bench_results  # noqa: E402
import bench_scoring  # noqa: E402
import bench_turns  # noqa: E402
from bench_turns import Ask, least_ms  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import path, reverse  # noqa: E402

from accounts.models import Membership, Role  # noqa: E402
from submissions.models import Achievement  # noqa: E402
from wuxiao import urls  # noqa: E402
from wuxiao.garbage import settle  # noqa: E402

FLOOR = "floor: bare view, one query"


def floor_view(request: HttpRequest) -> HttpResponse:
    """One indexed query, no template: what any page costs at the least."""
    return HttpResponse(str(Achievement.objects.order_by("-pk").values_list("pk", flat=True).first()))


def client_of(role: str, **where: object) -> Client:
    """A signed-in client of the first membership of a role."""
    membership = Membership.objects.filter(role=role, **where).select_related("user").order_by("pk").first()
    if membership is None:
        sys.exit(f"no {role} in the simulated season")
    client = Client()
    client.force_login(membership.user, backend="accounts.backends.PasswordBackend")
    return client


def get(client: Client, url: str) -> Callable[[], object]:
    def ask() -> object:
        response = client.get(url)
        if response.status_code != 200:
            sys.exit(f"{url} answered {response.status_code}")
        return response

    return ask


def pages() -> dict[str, Ask]:
    """The pages of each role, and what an expert at work asks; each ask works for as often as it is called."""
    (fresh, begun), judged = bench_scoring.open_sheets(), bench_results.judged_round()
    expert = client_of(Role.EXPERT, user=begun.appointment.expert.user)
    office = client_of(Role.OFFICE)
    auditor = client_of(Role.AUDITOR, organization__level="county")
    save = bench_scoring.saving(expert, begun)
    save()
    return {
        FLOOR: get(Client(), "/bench-floor/"),
        "expert: score sheet": get(expert, reverse("scoring:sheet", args=[begun.pk])),
        "expert: score sheet, not begun": get(expert, reverse("scoring:sheet", args=[fresh.pk])),
        "expert: save a sheet": save,
        "expert: own list": get(expert, reverse("scoring:sheets")),
        "office: home": get(office, reverse("portal:home")),
        "office: achievements": get(office, reverse("submissions:list")),
        "office: round": get(office, reverse("scoring:round", args=[judged.pk])),
        "county: audit queue": get(auditor, reverse("submissions:queue")),
    }


def of_the_result() -> dict[str, float]:
    """Closing, the pages of the ranked round, and what is computed behind them."""
    round_, office = bench_results.judged_round(), client_of(Role.OFFICE)
    figures = bench_results.closing(round_)
    for name, repeat in bench_results.PAGES:
        url = reverse(f"scoring:{name}", args=[round_.pk])
        figures[f"office: {name}"] = least_ms(get(office, url), repeat)
    return figures | bench_results.computing(round_, least_ms)


def measure(achievements: int, units: int, experts: int) -> tuple[str, dict[str, Ask], dict[str, float]]:
    """A database with the season, the pages to ask there later in turns, and the figures of what is done once."""
    call_command("flush", "--noinput", verbosity=0)
    begun = time.perf_counter()
    size = {"units": units, "achievements": achievements, "experts": experts, "sheets": 5}
    call_command("simulate", **size, open_sheets=5 * achievements, seed=7)
    print(f"simulate {achievements} × 5: {time.perf_counter() - begun:.1f} s", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    asks = pages() | bench_desk.pages()
    kept = bench_turns.keep(achievements)
    return kept, asks, of_the_result() | bench_desk.once() | bench_assign.once(achievements, experts)


def table(found: dict[int, dict[str, float]]) -> list[str]:
    """One line a figure: milliseconds and times its floor at each size, and how it grew from the first to the last."""
    sizes = list(found)
    lines = [f"{'ms (× floor)':34}" + "".join(f"{size:>20,}" for size in sizes) + f"{'grew':>9}"]
    for name in found[sizes[0]]:
        cells = [f"{found[size][name]:9.1f} ({found[size][name] / found[size][floor_of(name)]:.1f}×)" for size in sizes]
        grew = found[sizes[-1]][name] / found[sizes[0]][name]
        lines.append(f"{name:34}" + "".join(f"{cell:>20}" for cell in cells) + f"{grew:8.2f}×")
    return lines


def floor_of(name: str) -> str:
    return bench_assign.FLOOR if name == bench_assign.FLOOR or name.startswith("assignment:") else FLOOR


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1068,10163", help="numbers of achievements, with commas")
    sizes = [int(size) for size in parser.parse_args().sizes.split(",")]
    urls.urlpatterns.append(path("bench-floor/", floor_view))
    call_command("migrate", verbosity=0)
    settle()  # as each web process does
    asks: dict[str, bench_turns.Asks] = {}
    found: dict[int, dict[str, float]] = {}
    for size in sizes:
        kept, pages_, found[size] = measure(size, 219, 50 if size < 5000 else 300)
        asks[kept] = pages_
    for size, figures in zip(sizes, bench_turns.in_turns(asks).values(), strict=True):
        found[size] = figures | found[size]
    print("\n".join(table(found)))


if __name__ == "__main__":
    main()
