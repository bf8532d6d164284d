"""Workbooks that were looked at and never taken in do not stay, and the import of a real year feeds the index."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import files
from core.models import PrivateFile
from submissions.actions import importing
from submissions.models import Achievement, DuplicateMark, Fingerprint, PoolImport
from submissions.queries import duplicates
from tests.cast import Cast, assemble
from tests.submissions import books

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


def brought(cast: Cast, titles: list[str], who: str = "unit_a") -> PoolImport:
    uploaded = books.upload(books.book([books.row(title) for title in titles]))
    return importing.receive(cast[who], cast.enrolments[who], uploaded)


def aged(row: PoolImport) -> Path:
    """Left lying for two days."""
    PoolImport.objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(days=2))
    path = Path(row.file.path)
    os.utime(path, (0, 0))
    return path


def test_the_next_upload_clears_what_was_never_taken_in(cast, django_capture_on_commit_callbacks):
    left, fresh, others = brought(cast, ["甲"]), brought(cast, ["乙"]), brought(cast, ["丙"], "unit_b")
    taken = importing.confirm(cast["unit_a"], brought(cast, ["丁"]).pk, only_good=True)
    paths = [aged(left), aged(taken), aged(others)]
    with django_capture_on_commit_callbacks(execute=True):
        brought(cast, ["戊"])
    assert not PoolImport.objects.filter(pk=left.pk).exists()
    assert not PrivateFile.objects.filter(pk=left.file_id).exists()
    assert [path.exists() for path in paths] == [False, True, True]
    assert PoolImport.objects.filter(pk__in=[fresh.pk, taken.pk, others.pk]).count() == 3


def test_bytes_that_another_row_speaks_of_stay(cast, django_capture_on_commit_callbacks):
    one = files.store_bytes(b"%PDF-1.4 %%EOF", "一.pdf", files.PDF)
    two = files.store_bytes(b"%PDF-1.4 %%EOF", "二.pdf", files.PDF)
    os.utime(one.path, (0, 0))
    with django_capture_on_commit_callbacks(execute=True):
        files.forget(one)
    assert two.path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        files.forget(two)
    assert not two.path.exists()


def test_bytes_that_were_just_written_stay(cast, django_capture_on_commit_callbacks):
    made = files.store_bytes(b"%PDF-1.4 %%EOF", "一.pdf", files.PDF)
    path = made.path
    with django_capture_on_commit_callbacks(execute=True):
        files.forget(made)
    assert path.exists()


def test_a_real_year_of_928_rows_is_indexed_within_its_queries(cast):
    row = brought(cast, [f"井下第{number}号水泵自动启停装置" for number in range(928)])
    with CaptureQueriesContext(connection) as captured:
        importing.confirm(cast["unit_a"], row.pk, only_good=True)
    assert Achievement.objects.count() == 928
    assert DuplicateMark.objects.filter(kind="title").count() == 928
    assert Fingerprint.objects.values("achievement").distinct().count() > 900
    assert len(captured) <= 140  # SQLite takes fewer values a statement than PostgreSQL
    again = importing.confirm(cast["unit_b"], brought(cast, ["井下第7号水泵自动启停装置"], "unit_b").pk, only_good=True)
    assert again.registered == 1
    copy = Achievement.objects.latest("pk")
    original = Achievement.objects.get(title=copy.title, unit=cast.enrolments["unit_a"])
    assert "title" in {hit.other_id: hit.signals for hit in duplicates.find(copy)}[original.pk]
