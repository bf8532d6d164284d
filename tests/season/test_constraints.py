"""The database itself refuses what must never be, whatever code writes it.

Every constraint and unique column of contests, submissions and scoring has its case.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Model, UniqueConstraint
from django.utils import timezone

from contests.models import Contest, Enrolment
from scoring.actions import honours, results
from scoring.actions.committee import Votes
from scoring.actions.sheets import hand_in, save_marks
from scoring.models import Expert, ExtraCall, Result, Rubric, ScoreSheet
from submissions.actions import drafting, moves
from submissions.models import Achievement, AchievementVersion
from tests.access.world import overlap_review
from tests.cast import Cast, accepted, registered, scene
from tests.season import broken_contests, broken_scoring, broken_submissions
from tests.season.broken_rows import Case, one, works
from tests.season.judging import EXPERTS, closed, filled, opened, special

pytestmark = pytest.mark.sqlite
NUMBER = "ZL201710601862.3"


@pytest.fixture(scope="module")
def season(troupe: Cast) -> Iterator[Cast]:
    """A judged round with one special prize, and a registered work with a patent and a photo."""
    with scene():
        work = registered(troupe)
        patent = {"kind": "invention", "number": NUMBER, "status": "granted", "granted_on": timezone.localdate()}
        drafting.set_patents(troupe["unit_a"], work.pk, [patent], 99)
        for _ in range(2):
            accepted(troupe)
        overlap_review(troupe)
        round_ = closed(troupe)
        for result in Result.objects.all():
            special(troupe, result.entry_id)
        results.confirm_awards(troupe["office"], round_.pk)
        honoured(troupe)
        called(troupe)
        yield troupe


def honoured(cast: Cast) -> None:
    """One honour approved, one item of 优秀组织奖 marked."""
    county = cast.enrolments["county_a"]
    approval = honours.propose_honour(cast["office"], "organizing", county, "组织有力。", Votes(3))
    honours.approve_honour(cast["office2"], approval.pk)
    item = cast.contest.organizingitem_set.get(code="achievements")
    honours.mark_item(cast["office"], county, item, Decimal(15), "")


def called(cast: Cast) -> None:
    """Two works whose sheets lie far apart: an extra expert each."""
    for _ in range(2):
        accepted(cast)
    round_ = opened(cast, k=2, name="加派")
    for name in EXPERTS:
        rows = ScoreSheet.objects.visible_to(cast[name]).filter(round=round_, state="open").order_by("pk")
        for sheet in rows:
            first = not sheet.entry.sheets.filter(state="handed_in").exists()
            save_marks(cast[name], sheet.pk, filled(sheet, "high" if first else "low"), revision=sheet.revision)
            hand_in(cast[name], [sheet.pk])
    assert ExtraCall.objects.filter(sheet__isnull=False).count() == 2


@pytest.fixture
def rows(season: Cast, cast: Cast) -> Cast:
    """The judged season in a scene of this test's own."""
    return cast


CASES = broken_contests.CASES | broken_submissions.CASES | broken_scoring.CASES
ALL = [*CASES.items(), *broken_contests.MORE, *broken_submissions.MORE, *broken_scoring.MORE]


def declared() -> dict[str, tuple[type[Model], tuple[str, ...]]]:
    """Every constraint and every unique column of the three apps: name → model, and columns where it is unique."""
    found: dict[str, tuple[type[Model], tuple[str, ...]]] = {}
    for label in ("contests", "submissions", "scoring"):
        for model in apps.get_app_config(label).get_models():
            for constraint in model._meta.constraints:
                fields = constraint.fields if isinstance(constraint, UniqueConstraint) else ()
                found[constraint.name] = (model, tuple(fields))
            for field in model._meta.fields:
                if field.unique and not field.primary_key:
                    found[f"{model.__name__}.{field.name}"] = (model, (field.name,))
    return found


def test_every_constraint_has_its_case() -> None:
    assert set(CASES) == set(declared())


def names(error: IntegrityError) -> str:
    """What the database says it was; SQLite names the columns of a unique constraint instead of the constraint."""
    if connection.vendor == "postgresql":
        return str(error.__cause__.diag.constraint_name)  # type: ignore[union-attr]
    return str(error)


def expected_words(name: str) -> str:
    model, fields = declared()[name]
    if fields and connection.vendor == "sqlite":
        columns = [model._meta.get_field(field).column for field in fields]  # type: ignore[union-attr]
        return "UNIQUE constraint failed: " + ", ".join(f"{model._meta.db_table}.{c}" for c in columns)
    if "." in name:
        return f"{model._meta.db_table}_{model._meta.get_field(fields[0]).column}"  # type: ignore[union-attr]
    return name


@pytest.mark.parametrize(("name", "case"), ALL, ids=[name for name, _ in ALL])
def test_the_database_refuses(rows: Cast, name: str, case: Case) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        case()
    assert expected_words(name) in names(refused.value)


def test_the_rows_that_the_cases_break_are_fine_as_they_are(rows: Cast) -> None:
    """Each case starts from rows that the database takes: writing them unchanged is no error."""
    found = [row for row in (one(model) for model in {model for model, _ in declared().values()}) if row is not None]
    for row in found:
        with scene():
            row.save()
    assert len(found) > 20


def test_what_belongs_to_the_past_is_protected(rows: Cast) -> None:
    """Nothing that a result stands on can be deleted from under it."""
    for model in (Achievement, AchievementVersion, Enrolment, Contest, Rubric, Expert):
        with pytest.raises(models.ProtectedError), scene():
            one(model, **(works("frozen") if model is Achievement else {})).delete()
    assert moves.seen_token(one(Achievement, status="frozen")) != "0"
