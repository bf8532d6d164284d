"""An expert's own desk: her sheets of a round, what of each work she may read, her distribution."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform

from accounts.actor import Actor
from contests.models import Contest
from contests.queries import catalogue_names
from core.files import INLINE, KINDS
from core.models import PrivateFile
from core.prepared import Prepared
from scoring import projection
from scoring.lifecycle import PaperState, SheetState
from scoring.models import BlindPackage, CleanFile, Entry, Round, ScoreSheet
from scoring.policies import wants_comment
from scoring.querysets import judged
from submissions.rules.codes import ATTACHMENT_KINDS, PICTURES


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
    silent: bool  # the contest wants a comment and there is none
    receipt: str
    paper: str
    common: bool
    begun: bool
    left: bool  # the work is no longer in the judgement
    later: bool = False  # waits for the common entries

    @property
    def complete(self) -> bool:
        return self.total is not None and not (self.silent or self.waits or self.left)

    @property
    def waits(self) -> bool:
        """Her paper was typed and is not checked yet: nothing is handed in online."""
        return self.paper == PaperState.TYPED

    @property
    def from_paper(self) -> bool:
        return self.handed_in and self.paper == PaperState.ENTERED

    @property
    def state(self) -> tuple[str, str]:
        """Words and tone."""
        if self.waits:
            return "纸质待核对", "info"
        if self.handed_in:
            return "已提交", "ok"
        if self.left or self.later:
            return "不再评审" if self.left else "先评校准件", "none"
        if self.complete:
            return "已评完", "info"
        if self.total is not None:
            return "缺评语", "warn"
        return (f"还差 {self.criteria - self.marked} 项", "warn") if self.marked else ("未评", "none")


def labels_of(contest: Contest) -> projection.Labels:
    names = catalogue_names(contest.pk)
    return projection.Labels(names["kind"], names["category"], names["industry"])


def own_sheets(actor: Actor, round_: Round, criteria: int) -> list[DeskRow]:
    """Two steps of reading whatever the number of sheets: the sheets with their versions, and the catalogues."""
    if not actor.is_expert:
        return []
    labels, wanted = labels_of(round_.contest), wants_comment(round_)
    sheets = _LISTED(user=actor.user_id, pk=round_.pk, host=round_.enrolment.is_host)
    found = [_desk_row(sheet, labels, criteria, wanted and not sheet.comment) for sheet in sheets]
    first = to_calibrate(found) > 0
    return [replace(row, later=first and not row.common and not row.begun) for row in found]


_ORDER = (F("common").asc(nulls_last=True), "entry_id", "pk")  # codes are given in the order of the keys


def _listed(user: int, pk: int, *, host: bool) -> QuerySet[ScoreSheet]:
    sheets = ScoreSheet.objects.of_expert(user).filter(round=pk).select_related("entry__package")
    named = {f"shown_{key}": KeyTextTransform(key, "entry__package__content") for key in projection.NAMED}
    marked = Count("marks", filter=Q(marks__points__isnull=False))
    rows = sheets.defer("entry__package__content").annotate(marked=marked, left=~judged("entry__", host=host), **named)
    return rows.order_by(*_ORDER)


_LISTED = Prepared(_listed)


def _desk_row(sheet: Any, labels: projection.Labels, criteria: int, silent: bool) -> DeskRow:
    entry = sheet.entry
    shown = {key: getattr(sheet, f"shown_{key}") for key in projection.NAMED}
    return DeskRow(
        pk=sheet.pk,
        code=entry.code,
        heading=projection.heading(shown if package_of(entry) else _UNREADY, labels),
        path=entry.path,
        total=sheet.total,
        marked=sheet.marked,
        criteria=criteria,
        handed_in=sheet.state == SheetState.HANDED_IN,
        silent=silent,
        receipt=sheet.receipt,
        paper=sheet.paper,
        common=sheet.common is not None,
        begun=sheet.revision > 0,
        left=sheet.left,
    )


class Step(NamedTuple):
    """One own sheet on the way through the batch; a tuple, for each page makes one of every sheet."""

    pk: int
    total: Decimal | None
    handed_in: bool
    silent: bool
    waits: bool
    common: bool = False
    left: bool = False


def _light(sheets: QuerySet[ScoreSheet]) -> QuerySet[ScoreSheet, Any]:
    rows = sheets.annotate(says=~Q(comment="")).order_by(*_ORDER)
    return rows.values_list("pk", "total", "state", "says", "paper", "common")


def _gone(sheets: QuerySet[ScoreSheet], *, host: bool) -> QuerySet[ScoreSheet, Any]:
    return sheets.filter(~judged("entry__", host=host)).values_list("pk", flat=True)


def _of_appointment(pk: int) -> QuerySet[ScoreSheet]:
    return ScoreSheet.objects.filter(~Q(state=SheetState.VOID), appointment=pk)


_BESIDE = Prepared(lambda appointment: _light(_of_appointment(appointment)))
_BESIDE_GONE = Prepared(
    lambda appointment, pk, *, host: _gone(
        _of_appointment(appointment).filter(Q(pk=pk) | Q(common__isnull=False)), host=host
    )
)


def batch(actor: Actor, round_: Round) -> list[Step]:
    """All own sheets of the round in order, light: two queries, no texts."""
    own = ScoreSheet.objects.visible_to(actor).filter(round=round_.pk)
    return _steps(_light(own), round_, set(_gone(own, host=round_.enrolment.is_host)))


def beside(mine: ScoreSheet) -> list[Step]:
    """The batch of a sheet that she sees: whoever sees one sheet of an appointment sees them all.

    Whether a work has left the judgement is asked of this one and of the common ones alone: her page needs no more, and
    to ask it of all would take as much time as all the rest.
    """
    gone = _BESIDE_GONE(appointment=mine.appointment_id, pk=mine.pk, host=mine.round.enrolment.is_host)
    return _steps(_BESIDE(appointment=mine.appointment_id), mine.round, gone)


def _steps(rows: Iterable[Any], round_: Round, gone: Collection[int]) -> list[Step]:
    wanted = wants_comment(round_)
    return [
        Step(
            pk,
            total,
            state == SheetState.HANDED_IN,
            wanted and not says,
            paper == PaperState.TYPED,
            common is not None,
            pk in gone,
        )
        for pk, total, state, says, paper, common in rows
    ]


def to_calibrate(rows: Sequence[DeskRow] | Sequence[Step]) -> int:
    """How many common entries are still to be handed in before the others open."""
    return sum(row.common and not row.handed_in and not row.left for row in rows)


def stand(sheet: Any, steps: Sequence[Step]) -> None:
    """Of a sheet read `with_commitment` what `with_standing` would have asked for: her batch tells it."""
    sheet.stays = not any(step.pk == sheet.pk and step.left for step in steps)
    sheet.calibrates = to_calibrate(steps) > 0


def ready(rows: Sequence[Step]) -> list[int]:
    """The sheets that may be handed in now: complete and not yet handed in."""
    able = [row for row in rows if row.total is not None and not row.handed_in]
    return [row.pk for row in able if not (row.silent or row.waits or row.left)]


_UNREADY: dict[str, Any] = {"title": "材料正在准备"}


def package_of(entry: Entry) -> BlindPackage | None:
    """What she may read of the entry; None while documents are being written anew or the office has to decide."""
    package = getattr(entry, "package", None)
    return package if package is not None and package.is_ready else None


def readable(entry: Entry) -> dict[str, Any]:
    package = package_of(entry)
    return package.content if package else _UNREADY


def picture(sheet: ScoreSheet, index: int) -> PrivateFile | None:
    """The index-th picture (from 1) of the package; found by its content, so nothing later can change it."""
    hashes = projection.picture_hashes(readable(sheet.entry))
    if not 1 <= index <= len(hashes):
        return None
    found = PrivateFile.objects.filter(sha256=hashes[index - 1], media_type__in=PICTURES)
    return found.order_by("pk").first()


@dataclass(frozen=True)
class Document:
    """One document of a package as it is offered: its neutral number, its kind, and whether it opens in the page."""

    number: int
    label: str
    media_type: str
    size: int

    @property
    def inline(self) -> bool:
        return self.media_type in INLINE

    @property
    def words(self) -> str:
        return KINDS[self.media_type]


def documents(entry: Entry) -> list[tuple[Document, PrivateFile]]:
    """The documents of a package that were written anew and are shown; one query, none where there is none."""
    package = package_of(entry)
    wanted = projection.document_hashes(package.content) if package else []
    shown = [sha256 for sha256 in wanted if package and sha256 not in package.withheld]
    if package is None or not shown:
        return []
    clean = CleanFile.objects.filter(source_sha256__in=shown, file__isnull=False).select_related("file")
    made = {row.source_sha256: row.file for row in clean if row.file}
    kinds = {row["sha256"]: ATTACHMENT_KINDS[row["kind"]].label for row in package.content["files"]}
    rows = [(sha256, made[sha256]) for sha256 in shown if sha256 in made]
    return [
        (Document(number, kinds[sha256], file.media_type, file.size), file)
        for number, (sha256, file) in enumerate(rows, start=1)
    ]
