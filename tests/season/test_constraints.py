"""The database itself refuses what must never be, whatever code writes it.

Every constraint and unique column of contests, submissions and scoring has its case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F, Model, UniqueConstraint
from django.utils import timezone

from accounts.models import Membership
from contests.models import (
    AwardTier,
    Category,
    Contest,
    Enrolment,
    Extension,
    Industry,
    Kind,
    Organizer,
    OrganizingItem,
    PaperKind,
    Phase,
    Target,
)
from core.models import PrivateFile
from scoring.actions import results
from scoring.models import (
    Appointment,
    Award,
    Entry,
    Expert,
    Mark,
    Recusal,
    Result,
    Round,
    Rubric,
    ScoreSheet,
)
from submissions.actions import drafting, moves
from submissions.models import (
    Achievement,
    AchievementVersion,
    Attachment,
    Batch,
    BatchRow,
    FieldNote,
    Leader,
    Patent,
    PoolImport,
    Recommendation,
    StatusChange,
)
from tests.cast import Cast, accepted, registered, scene
from tests.season.judging import closed, to_review

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
        to_review(troupe)
        round_ = closed(troupe)
        for result in Result.objects.all():
            results.choose_special(troupe["office"], result.entry_id, "填补空白。")
        results.confirm_awards(troupe["office"], round_.pk)
        yield troupe


@pytest.fixture
def rows(season: Cast, cast: Cast) -> Cast:
    """The judged season in a scene of this test's own."""
    return cast


def one(model: Any, **which: Any) -> Any:
    return model.objects.filter(**which).order_by("pk").first()


def again(model: Any, **changes: Any) -> None:
    """A second row like the first one, but for the changes."""
    row = one(model)
    row.pk = None
    row._state.adding = True
    for key, value in changes.items():
        setattr(row, key, value)
    row.save(force_insert=True)


def change(model: Any, which: dict[str, Any], **values: Any) -> None:
    """An update that passes by every model and action."""
    assert model.objects.filter(pk=one(model, **which).pk).update(**values) == 1


def alike(model: Any, key: str, taken: str) -> None:
    """The second row takes over one value of the first."""
    first, second = model.objects.order_by("pk")[:2]
    change(model, {"pk": second.pk}, **{key: getattr(first, taken)})


def works(status: str) -> dict[str, Any]:
    return {"status": status}


CATALOGUES = (Kind, Category, Industry, AwardTier, Organizer, OrganizingItem, Target, PaperKind)
Case = Callable[[], None]
CASES: dict[str, Case] = {
    # contests
    "contest_one_a_year_and_host": lambda: again(Contest),
    "contest_window_in_order": lambda: change(Contest, {}, window_end=F("window_start") - timedelta(days=1)),
    **{f"{m._meta.model_name}_code_once": lambda m=m: alike(m, "code", "code") for m in CATALOGUES},
    **{f"{m._meta.model_name}_order_once": lambda m=m: alike(m, "order", "order") for m in CATALOGUES},
    "awardtier_floor_in_100": lambda: change(AwardTier, {"code": "first"}, floor=Decimal("100.01")),
    "awardtier_prize_not_negative": lambda: change(AwardTier, {}, prize_yuan=Decimal("-0.01")),
    "phase_order_once": lambda: alike(Phase, "order", "order"),
    "phase_opens_before_it_closes": lambda: change(Phase, {}, closes_at=F("opens_at")),
    "enrolment_once_a_season": lambda: again(Enrolment, recommender=one(Enrolment)),
    "enrolment_not_its_own_recommender": lambda: change(Enrolment, {"recommender__isnull": False}, recommender=F("id")),
    "enrolment_only_the_host_has_nobody_above": lambda: change(Enrolment, {"recommender__isnull": True}, audits=False),
    "enrolment_one_host_a_season": lambda: change(
        Enrolment, {"recommender__isnull": False, "audits": True}, recommender=None
    ),
    "extension_has_a_reason": lambda: Extension.objects.create(
        enrolment=one(Enrolment), until=timezone.now(), reason="", granted_by=one(Expert).user
    ),
    # submissions
    "achievement_status_known": lambda: change(Achievement, works("frozen"), status="lost"),
    "achievement_ended_lies_on_no_desk": lambda: change(Achievement, works("frozen"), status="withdrawn"),
    "achievement_at_unit_while_edited": lambda: change(
        Achievement, works("registered"), holder=one(Enrolment, recommender__isnull=True)
    ),
    "achievement_benefit_not_negative": lambda: change(Achievement, {}, benefit_wan=Decimal("-0.01")),
    "achievement_verified_above_zero": lambda: change(Achievement, {}, verified_wan=Decimal(0)),
    "achievement_implemented_in_order": lambda: change(
        Achievement, {}, implemented_to=F("implemented_from") - timedelta(days=1)
    ),
    "achievement_number_once": lambda: change(
        Achievement, works("registered"), number=one(Achievement, status="frozen").number
    ),
    "Leader.achievement": lambda: again(Leader, name="第二带头人"),
    "patent_once_an_achievement": lambda: again(Patent),
    "patent_granted_has_its_date": lambda: change(Patent, {}, granted_on=None),
    "attachment_once_an_achievement": lambda: again(Attachment),
    "version_number_once": lambda: again(AchievementVersion),
    "recommended_once_a_level": lambda: again(Recommendation, order=99),
    "fieldnote_once_a_return": lambda: [noted() for _ in range(2)] and None,
    "fieldnote_says_something": lambda: noted(note=""),
    "batch_once_a_page": lambda: [batch() for _ in range(2)] and None,
    "batchrow_once_a_batch": lambda: [batched(one(Batch) or batch(), refusal="已退回。") for _ in range(2)] and None,
    "batchrow_moved_or_refused": lambda: batched(batch()),
    "batchrow_undone_once_moved": lambda: batched(batch(), refusal="已退回。", undone=one(StatusChange)),
    "poolimport_registers_when_confirmed": lambda: PoolImport.objects.create(
        unit=one(Enrolment), membership=one(Membership), file=one(PrivateFile), registered=1
    ),
    # scoring
    "rubric_version_once": lambda: again(Rubric),
    "round_status_known": lambda: change(Round, {}, status="lost"),
    "round_at_least_one_sheet": lambda: change(Round, {}, sheets_per_achievement=0),
    "round_name_once": lambda: again(Round),
    "Expert.user": lambda: again(Expert),
    "appointed_once_a_round": lambda: again(Appointment, pseudonym="E0"),
    "pseudonym_once_a_round": lambda: alike(Appointment, "pseudonym", "pseudonym"),
    "entry_once_a_round": lambda: again(Entry, code="A9999"),
    "entry_code_once_a_round": lambda: alike(Entry, "code", "code"),
    "entry_economic_has_an_amount": lambda: change(Entry, {}, path="economic", benefit_wan=Decimal(0)),
    "recusal_once_a_pair": lambda: [twice_recused() for _ in range(2)] and None,
    "sheet_once_an_expert": lambda: again(ScoreSheet),
    "sheet_state_known": lambda: change(ScoreSheet, {}, state="lost"),
    "sheet_handed_in_has_a_total": lambda: change(ScoreSheet, {"state": "handed_in"}, total=None),
    "sheet_total_in_100": lambda: change(ScoreSheet, {}, total=Decimal("100.01")),
    "mark_once_a_criterion": lambda: again(Mark),
    "mark_inside_its_level": lambda: change(Mark, {}, points=F("high") + 1),
    "mark_range_in_order": lambda: change(Mark, {}, points=None, low=F("high") + 1),
    "result_rank_goes_with_score": lambda: change(Result, {}, score=None),
    "Result.entry": lambda: again(Result),
    "award_by_hand_has_a_reason": lambda: change(Award, {"by_hand": True}, reason=""),
    "Award.entry": lambda: again(Award),
}
# The same constraint from its other side.
MORE: list[tuple[str, Case]] = [
    ("awardtier_floor_in_100", lambda: change(AwardTier, {"code": "first"}, floor=Decimal("-0.01"))),
    ("achievement_ended_lies_on_no_desk", lambda: change(Achievement, works("frozen"), holder=None)),
    ("batchrow_moved_or_refused", lambda: batched(batch(), refusal="已退回。", change=one(StatusChange))),
    ("entry_economic_has_an_amount", lambda: change(Entry, {}, path="economic", benefit_wan=None)),
    ("entry_economic_has_an_amount", lambda: change(Entry, {}, path="fancy")),
    ("sheet_handed_in_has_a_total", lambda: change(ScoreSheet, {"state": "handed_in"}, handed_in_at=None)),
    ("sheet_total_in_100", lambda: change(ScoreSheet, {}, total=Decimal("-0.01"))),
    ("mark_inside_its_level", lambda: change(Mark, {}, points=F("low") - 1)),
    ("result_rank_goes_with_score", lambda: change(Result, {}, rank=None)),
]
ALL = [*CASES.items(), *MORE]


def twice_recused() -> None:
    appointment, entry = one(Appointment), one(Entry)
    Recusal.objects.create(round=entry.round, appointment=appointment, entry=entry, reason="employer")


def noted(note: str = "请补充。") -> None:
    change = one(StatusChange)
    FieldNote.objects.create(achievement=change.achievement, change=change, key="title", note=note)


def batch() -> Batch:
    return Batch.objects.create(contest=one(Contest), membership=one(Membership), verb="accept", token="x")


def batched(of: Batch, **values: Any) -> None:
    BatchRow.objects.create(batch=of, achievement=one(Achievement), **values)


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
