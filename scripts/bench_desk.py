"""The desk's part of `make bench`: editor, field save, audit queue, import, and one entry against a large pool.

By itself: `python scripts/services.py -- python scripts/bench_desk.py --pool 10000,100000` fills an empty database with
so many indexed works and measures the check of one entry against each, in milliseconds and in queries.
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import sys
import time
from pathlib import Path
from random import Random as Seeded

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuxiao.settings")

import django  # noqa: E402

if __name__ == "__main__":
    django.setup()

from bench_turns import Ask  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402
from openpyxl import Workbook  # noqa: E402

from accounts.actor import Actor  # noqa: E402
from accounts.models import Membership, Role  # noqa: E402
from contests.models import Enrolment  # noqa: E402
from core.files import XLSX  # noqa: E402
from submissions.actions import drafting, importing, indexing  # noqa: E402
from submissions.models import Achievement, Leader  # noqa: E402
from submissions.queries import duplicates  # noqa: E402
from submissions.rules.importing import COLUMNS, SHEET  # noqa: E402
from tests.rules.submissions.planted import assembled, changed, words  # noqa: E402

_AT_ONCE = 2000


def _operator() -> tuple[Actor, Enrolment]:
    """Of the first unit of the season that has an operator."""
    hats = Membership.objects.filter(role=Role.UNIT_OPERATOR).select_related("user", "organization").order_by("pk")
    hat = hats.first()
    if hat is None:
        sys.exit("no unit operator in the season")
    unit = Enrolment.objects.select_related("contest", "recommender", "organization").get(organization=hat.organization)
    return Actor.wearing(hat), unit


def _signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.user, backend="accounts.backends.PasswordBackend")
    return client


def pages() -> dict[str, Ask]:
    """The editor of a draft, one field of it saved, and the queue with every work of the season, as browsers ask."""
    actor, unit = _operator()
    draft = drafting.start_draft(actor, unit, {"title": "皮带机自动纠偏装置"})
    client = _signed_in(actor)
    save = reverse("submissions:fields", args=[draft.pk])
    return _queue() | {
        "unit: editor": lambda: _ok(client.get(reverse("submissions:edit", args=[draft.pk]))),
        "unit: one field saved": lambda: _ok(client.post(save, {"innovation": "机械反馈", "revision": 10**6})),
    }


def _queue() -> dict[str, Ask]:
    office = Membership.objects.filter(role=Role.OFFICE).select_related("user", "organization").order_by("pk").first()
    works = Achievement.objects.exclude(holder=None).exclude(status="draft").order_by("pk")
    if office is None or not works.exists():
        sys.exit("no office or no work in the season")
    client, queue = _signed_in(Actor.wearing(office)), reverse("submissions:queue")
    chosen = reverse("submissions:audit", args=[works[works.count() // 2].pk])
    return {
        "office: audit queue, all works": lambda: _ok(client.get(queue, {"tab": "all"})),
        "office: audit queue, a search": lambda: _ok(client.get(queue, {"tab": "all", "q": "装置"})),
        "office: audit queue, one work": lambda: _ok(client.get(chosen, {"tab": "all"})),
    }


def _ok(response: object) -> object:
    if getattr(response, "status_code", 0) != 200:
        sys.exit(f"the desk answered {getattr(response, 'status_code', response)}")
    return response


def _workbook(rows: int) -> bytes:
    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    labels = [column.label for column in COLUMNS.values()]
    sheet.append(labels)
    at = labels.index(COLUMNS["title"].label)
    text = labels.index(COLUMNS["summary"].label) if "summary" in COLUMNS else at
    for number, work in enumerate(assembled(Seeded("import"), rows)):  # noqa: S311 - invented data, no secret
        line: list[str | None] = [None] * len(labels)
        line[text], line[at] = work.text[:2000], f"{work.title[:60]}（{number}）"
        sheet.append(line)
    book.save(out)
    return out.getvalue()


def import_seconds(rows: int = 1000) -> float:
    """A workbook of so many rows, read twice (looked at, taken in), registered and indexed; rolled back afterwards."""
    actor, unit = _operator()
    content = _workbook(rows)
    with transaction.atomic():
        begun = time.perf_counter()
        brought = importing.receive(actor, unit, SimpleUploadedFile("成果.xlsx", content, XLSX))
        registered = importing.confirm(actor, brought.pk, only_good=True).registered
        taken = time.perf_counter() - begun
        transaction.set_rollback(True)
    if registered != rows:
        sys.exit(f"{registered} of {rows} rows were registered")
    return taken


def fill(pool: int) -> None:
    """Works in the pool until there are so many, indexed as an import leaves them."""
    actor, unit = _operator()
    have = Achievement.objects.count()
    for start in range(have, pool, _AT_ONCE):
        works = assembled(Seeded(f"pool/{start}"), min(_AT_ONCE, pool - start))  # noqa: S311 - invented data, no secret
        shared = {"contest": unit.contest, "unit": unit, "holder": unit, "status": "registered"}
        made = Achievement.objects.bulk_create(
            (Achievement(**shared, title=w.title[:100], summary=w.text, created_by=actor.user) for w in works),
            batch_size=500,
        )
        Leader.objects.bulk_create((Leader(achievement=work) for work in made), batch_size=500)
        indexing.reindex_many(work.pk for work in made)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def check_one(entries: int = 20) -> tuple[float, float, int]:
    """Median and slowest milliseconds of one check, and its queries: copies of random works, a tenth of it changed."""
    actor, unit = _operator()
    rng, taken, queries = Seeded("entries"), [], 0  # noqa: S311 - invented data, no secret
    ids = list(Achievement.objects.order_by("pk").values_list("pk", flat=True))
    with transaction.atomic():
        for pk in rng.sample(ids, entries):
            old = Achievement.objects.get(pk=pk)
            copy = Achievement(contest=unit.contest, unit=unit, holder=unit, status="registered", created_by=actor.user)
            copy.title, copy.summary = "另起的名称", changed(old.summary, 10, rng, words(old.summary, rng))
            copy.save()
            indexing.reindex(copy)
            with CaptureQueriesContext(connection) as captured:
                duplicates.find(copy)
            queries = max(queries, len(captured))
            begun = time.perf_counter()
            found = duplicates.find(copy)
            taken.append((time.perf_counter() - begun) * 1000)
            if old.summary and pk not in {hit.other_id for hit in found}:
                print(f"not found: {pk}", flush=True)
            copy.delete()
        transaction.set_rollback(True)
    return statistics.median(taken), max(taken), queries


def once() -> dict[str, float]:
    """What is too long to be repeated, in milliseconds."""
    call_command("index_duplicates")
    return {"unit: import of 1,000 rows": import_seconds() * 1000, "one entry against the pool": check_one()[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pool", default="10000,100000", help="numbers of works, with commas")
    call_command("migrate", verbosity=0)
    call_command("simulate", units=219, achievements=200, experts=20, sheets=3, seed=7, open_sheets=1)
    print(f"import of 1,000 rows: {import_seconds():.1f} s", flush=True)
    floor = 0.0
    for size in [int(size) for size in parser.parse_args().pool.split(",")]:
        begun = time.perf_counter()
        fill(size)
        print(f"pool of {size:,} filled in {time.perf_counter() - begun:.0f} s", flush=True)
        median, slowest, queries = check_one()
        floor = floor or median
        print(f"one entry against {size:,}: {median:.1f} ms, at most {slowest:.1f} ms, {queries} queries, "
              f"{median / floor:.2f}× the first", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
