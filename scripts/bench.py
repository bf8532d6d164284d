"""`make bench`: the pages that grow or must not grow with the season, each beside a floor measured in the same run.

The floor of a page is a bare Django view with one indexed query, asked through the same client. Every figure is a
median of repeated requests in this process; machines are noisy, so the ratio is what counts.
"""

from __future__ import annotations

import argparse
import os
import statistics
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

import bench_desk  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import path, reverse  # noqa: E402

from accounts.models import Membership, Role  # noqa: E402
from scoring.models import Round, ScoreSheet  # noqa: E402
from submissions.models import Achievement  # noqa: E402
from wuxiao import urls  # noqa: E402

REPEAT = 15


def floor_view(request: HttpRequest) -> HttpResponse:
    """One indexed query, no template: what any page costs at the least."""
    return HttpResponse(str(Achievement.objects.order_by("-pk").values_list("pk", flat=True).first()))


def median_ms(ask: Callable[[], object], repeat: int = REPEAT) -> float:
    ask()
    taken = []
    for _ in range(repeat):
        begun = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


def client_of(role: str, **where: object) -> Client:
    """A signed-in client of the first membership of a role."""
    membership = Membership.objects.filter(role=role, **where).select_related("user").order_by("pk").first()
    if membership is None:
        sys.exit(f"no {role} in the simulated season")
    client = Client()
    client.force_login(membership.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def get(client: Client, url: str) -> Callable[[], object]:
    def ask() -> object:
        response = client.get(url)
        if response.status_code != 200:
            sys.exit(f"{url} answered {response.status_code}")
        return response

    return ask


def pages() -> dict[str, Callable[[], object]]:
    sheet = ScoreSheet.objects.filter(state="open").select_related("appointment__expert__user").first()
    round_ = Round.objects.first()
    if sheet is None or round_ is None:
        sys.exit("the simulated season has no open sheet")
    expert = client_of(Role.EXPERT, user=sheet.appointment.expert.user)
    office = client_of(Role.OFFICE)
    auditor = client_of(Role.AUDITOR, organization__level="county")
    return {
        "expert: score sheet": get(expert, reverse("scoring:sheet", args=[sheet.pk])),
        "expert: own list": get(expert, reverse("scoring:sheets")),
        "office: home": get(office, reverse("portal:home")),
        "office: achievements": get(office, reverse("submissions:list")),
        "office: round": get(office, reverse("scoring:round", args=[round_.pk])),
        "office: ranking": get(office, reverse("scoring:ranking", args=[round_.pk])),
        "county: audit queue": get(auditor, reverse("submissions:queue")),
    }


def measure(achievements: int, units: int, experts: int) -> dict[str, float]:
    call_command("flush", "--noinput", verbosity=0)
    begun = time.perf_counter()
    call_command("simulate", units=units, achievements=achievements, experts=experts, sheets=5, seed=7, open_sheets=10)
    print(f"simulate {achievements} × 5: {time.perf_counter() - begun:.1f} s", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    figures = {"floor: bare view, one query": median_ms(get(Client(), "/bench-floor/"))}
    figures |= {name: median_ms(ask) for name, ask in (pages() | bench_desk.pages()).items()}
    return figures | bench_desk.once()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1068,10163", help="numbers of achievements, with commas")
    sizes = [int(size) for size in parser.parse_args().sizes.split(",")]
    urls.urlpatterns.append(path("bench-floor/", floor_view))
    call_command("migrate", verbosity=0)
    tables = {size: measure(size, 219, 50 if size < 5000 else 300) for size in sizes}
    header = "".join(f"{size:>16,}" for size in sizes)
    print(f"{'ms, median (× floor)':34}{header}")
    for name in tables[sizes[0]]:
        cells = [f"{t[name]:8.1f} ({t[name] / next(iter(t.values())):.1f}×)" for t in tables.values()]
        print(f"{name:34}" + "".join(f"{cell:>16}" for cell in cells))


if __name__ == "__main__":
    main()
