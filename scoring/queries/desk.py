"""An expert's own desk: her sheets of a round, what of each work she may read, her distribution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q

from accounts.actor import Actor
from contests.models import Contest
from contests.queries import catalogue_names
from core.files import INLINE, KINDS
from core.models import PrivateFile
from scoring import projection
from scoring.lifecycle import FlagState, PaperState, RoundStatus, SheetState
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


def rounds_of(actor: Actor) -> list[Round]:
    """The released rounds in which this expert is appointed, the newest first."""
    rounds = Round.objects.filter(appointments__expert__user=actor.user_id).exclude(status=RoundStatus.DRAFT)
    return list(rounds.select_related("contest", "rubric", "enrolment").order_by("-pk"))


def labels_of(contest: Contest) -> projection.Labels:
    names = catalogue_names(contest.pk)
    return projection.Labels(names["kind"], names["category"], names["industry"])


def own_sheets(actor: Actor, round_: Round, criteria: int) -> list[DeskRow]:
    """Two steps of reading whatever the number of sheets: the sheets with their versions, and the catalogues."""
    labels = labels_of(round_.contest)
    marked = Count("marks", filter=Q(marks__points__isnull=False))
    sheets = ScoreSheet.objects.visible_to(actor).filter(round=round_).select_related("entry__package")
    rows = sheets.annotate(marked=marked, left=~judged("entry__", round_)).order_by(*_ORDER)
    wanted = wants_comment(round_)
    found = [_desk_row(sheet, labels, criteria, wanted and not sheet.comment) for sheet in rows]
    first = to_calibrate(found) > 0
    return [replace(row, later=first and not row.common and not row.begun) for row in found]


_ORDER = (F("common").asc(nulls_last=True), "entry__code", "pk")


def _desk_row(sheet: Any, labels: projection.Labels, criteria: int, silent: bool) -> DeskRow:
    entry = sheet.entry
    return DeskRow(
        pk=sheet.pk,
        code=entry.code,
        heading=projection.heading(readable(entry), labels),
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


@dataclass(frozen=True)
class Step:
    """One own sheet on the way through the batch."""

    pk: int
    total: Decimal | None
    handed_in: bool
    silent: bool
    waits: bool
    common: bool = False
    left: bool = False


def batch(actor: Actor, round_: Round) -> list[Step]:
    """All own sheets of the round in order, light: one query, no texts."""
    rows = ScoreSheet.objects.visible_to(actor).filter(round=round_.pk).order_by(*_ORDER)
    found = rows.annotate(says=~Q(comment=""), left=~judged("entry__", round_))
    wanted = wants_comment(round_)
    columns = ("pk", "total", "state", "says", "paper", "common", "left")
    return [
        Step(
            pk,
            total,
            state == SheetState.HANDED_IN,
            wanted and not says,
            paper == PaperState.TYPED,
            common is not None,
            left,
        )
        for pk, total, state, says, paper, common, left in found.values_list(*columns)
    ]


def to_calibrate(rows: Sequence[DeskRow] | Sequence[Step]) -> int:
    """How many common entries are still to be handed in before the others open."""
    return sum(row.common and not row.handed_in and not row.left for row in rows)


def own(actor: Actor, pk: int) -> ScoreSheet | None:
    """Her sheet with what its page reads. The round apart: one statement for all takes longer to plan than to run."""
    sheets = ScoreSheet.objects.visible_to(actor).with_commitment().select_related("entry__package")
    sheet: ScoreSheet | None = sheets.filter(pk=pk).first()
    if sheet:
        sheet.round = Round.objects.with_rules().get(pk=sheet.round_id)
    return sheet


def stand(sheet: Any, steps: Sequence[Step]) -> None:
    """Of a sheet read `with_commitment` what `with_standing` would have asked for: her batch tells it."""
    sheet.stays = not any(step.pk == sheet.pk and step.left for step in steps)
    sheet.calibrates = to_calibrate(steps) > 0


def ready(rows: Sequence[Step]) -> list[int]:
    """The sheets that may be handed in now: complete and not yet handed in."""
    able = [row for row in rows if row.total is not None and not row.handed_in]
    return [row.pk for row in able if not (row.silent or row.waits or row.left)]


NOT_YET = "材料正在准备"


def package_of(entry: Entry) -> BlindPackage | None:
    """What she may read of the entry; None while documents are being written anew or the office has to decide."""
    package = getattr(entry, "package", None)
    return package if package is not None and package.is_ready else None


def readable(entry: Entry) -> dict[str, Any]:
    package = package_of(entry)
    return package.content if package else {"title": NOT_YET}


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


def returned_with(sheet: ScoreSheet) -> str:
    """Why the office gave this open sheet back; "" when it did not."""
    if sheet.state != SheetState.OPEN or not sheet.revision:
        return ""
    flag = sheet.flags.filter(state=FlagState.RETURNED).order_by("-decided_at").first()
    return flag.resolution if flag else ""
