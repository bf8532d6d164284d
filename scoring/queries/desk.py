"""An expert's own desk: her sheets of a round, what of each work she may read, her distribution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q

from accounts.actor import Actor
from contests.models import Contest, catalogue_choices
from core.models import PrivateFile
from scoring import projection
from scoring.lifecycle import RoundStatus, SheetState
from scoring.models import Round, ScoreSheet
from submissions.rules.codes import PICTURES


@dataclass(frozen=True)
class DeskRow:
    """One own sheet in the list; `marked` of `criteria` have their points."""

    pk: int
    code: str
    heading: projection.Heading
    path: str
    total: Decimal | None
    marked: int
    criteria: int
    handed_in: bool

    @property
    def complete(self) -> bool:
        return self.total is not None

    @property
    def state(self) -> tuple[str, str]:
        """Words and tone."""
        if self.handed_in:
            return "已提交", "ok"
        if self.complete:
            return "已评完", "info"
        return (f"还差 {self.criteria - self.marked} 项", "warn") if self.marked else ("未评", "none")


def rounds_of(actor: Actor) -> list[Round]:
    """The released rounds in which this expert is appointed, the newest first."""
    rounds = Round.objects.filter(appointments__expert__user=actor.user_id).exclude(status=RoundStatus.DRAFT)
    return list(rounds.select_related("contest", "rubric", "enrolment").order_by("-pk"))


def labels_of(contest: Contest) -> projection.Labels:
    catalogues = (contest.kind_set.all(), contest.category_set.all(), contest.industry_set.all())
    return projection.Labels(*(dict(catalogue_choices(rows)) for rows in catalogues))


def own_sheets(actor: Actor, round_: Round, criteria: int) -> list[DeskRow]:
    """Two steps of reading whatever the number of sheets: the sheets with their versions, and the catalogues."""
    labels = labels_of(round_.contest)
    marked = Count("marks", filter=Q(marks__points__isnull=False))
    sheets = ScoreSheet.objects.visible_to(actor).filter(round=round_).annotate(marked=marked)
    return [_desk_row(sheet, labels, criteria) for sheet in sheets.select_related("entry__version").order_by(*_ORDER)]


_ORDER = ("entry__code", "pk")


def _desk_row(sheet: Any, labels: projection.Labels, criteria: int) -> DeskRow:
    entry = sheet.entry
    return DeskRow(
        pk=sheet.pk,
        code=entry.code,
        heading=projection.heading(entry.version.content, labels),
        path=entry.path,
        total=sheet.total,
        marked=sheet.marked,
        criteria=criteria,
        handed_in=sheet.state == SheetState.HANDED_IN,
    )


@dataclass(frozen=True)
class Step:
    """One own sheet on the way through the batch."""

    pk: int
    total: Decimal | None
    handed_in: bool


def batch(actor: Actor, round_id: int) -> list[Step]:
    """All own sheets of the round in order, light: one query, no texts."""
    rows = ScoreSheet.objects.visible_to(actor).filter(round=round_id).order_by(*_ORDER)
    return [
        Step(pk, total, state == SheetState.HANDED_IN) for pk, total, state in rows.values_list("pk", "total", "state")
    ]


def ready(rows: Sequence[Step]) -> list[int]:
    """The sheets that may be handed in now: complete and not yet handed in."""
    return [row.pk for row in rows if row.total is not None and not row.handed_in]


def picture(sheet: ScoreSheet, index: int) -> PrivateFile | None:
    """The index-th picture (from 1) of the judged version; found by its content, so nothing later can change it."""
    hashes = projection.picture_hashes(sheet.entry.version.content)
    if not 1 <= index <= len(hashes):
        return None
    found = PrivateFile.objects.filter(sha256=hashes[index - 1], media_type__in=PICTURES)
    return found.order_by("pk").first()
