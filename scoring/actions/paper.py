"""Score sheets on paper: printed under a code, typed by one person, checked by another, handed in as they stand.

The check is a second reading: what two persons read alike is handed in at once; where they differ the second one
decides with the paper in hand, and both readings and the decision are kept.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from core import ledger
from core.errors import Conflict, NotAllowed, Refusal
from scoring import policies, queries
from scoring.actions import sheets as online
from scoring.actions.sheets import Given
from scoring.lifecycle import PaperState, RoundStatus, SheetState
from scoring.models import Appointment, Engagement, PaperEntry, PaperSheet, Round, ScoreSheet
from scoring.queries import desk, papers
from scoring.rules import commitment, readings
from scoring.rules.paper import ALPHABET, LENGTH, with_check
from scoring.rules.readings import WORDS, Reading


@dataclass(frozen=True)
class Checked:
    """What a second reading came to: the places that differ; or handed in; or set aside by a recusal."""

    differing: tuple[str, ...] = ()
    set_aside: bool = False


# --- printing ----------------------------------------------------------------------------------------------


@transaction.atomic
def issue(actor: Actor, round_id: int, appointment_id: int | None = None) -> list[PaperSheet]:
    """The valid papers of all sheets that may still be filled (of one expert, or of the whole round), in print order.

    A sheet keeps its code when it is printed again. Another rubric, or a reopened sheet, gets a new one.
    """
    round_ = Round.objects.select_for_update(no_key=True).get(pk=round_id)
    policies.require_chair(actor, round_.enrolment)
    policies.require_status(round_, RoundStatus.OPEN, "打印纸质评分表")
    rows = round_.sheets.select_for_update(of=("self",)).filter(state=SheetState.OPEN)
    if appointment_id is not None:
        rows = rows.filter(appointment=appointment_id)
    waiting = rows.select_related("entry__package").order_by("appointment__pseudonym", "entry__code")
    sheets = [sheet for sheet in waiting if desk.package_of(sheet.entry)]
    standing = _standing(sheets)
    found = [paper for sheet in sheets if (paper := _paper(actor, round_, sheet, standing.get(sheet.pk)))]
    if not found:
        raise Refusal("没有可以打印的评分表：都已提交、已录入，或评审材料还在准备。", code="empty")
    payload = {"expert": appointment_id, "papers": [paper.pk for paper in found]}
    ledger.record(actor, "print_sheets", f"round:{round_.pk}", payload, chain=round_.contest.chain)
    return found


def _standing(sheets: Sequence[ScoreSheet]) -> dict[int, PaperSheet]:
    rows = PaperSheet.objects.filter(sheet__in=sheets, retired_at=None).select_related("entry")
    return {paper.sheet_id: paper for paper in rows}


def _paper(actor: Actor, round_: Round, sheet: ScoreSheet, standing: PaperSheet | None) -> PaperSheet | None:
    """None while somebody's reading of this rubric waits for its check."""
    entry = papers.entry_of(standing) if standing else None
    if standing and standing.rubric_id == round_.rubric_id and entry is None:
        return standing
    if standing and standing.rubric_id == round_.rubric_id and entry and not entry.checked_at:
        return None
    if standing:
        standing.retired_at = timezone.now()
        standing.save(update_fields=["retired_at"])
    if sheet.paper:
        sheet.paper = PaperState.NONE
        sheet.save(update_fields=["paper", "updated_at"])
    code = with_check("".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1)))
    return PaperSheet.objects.create(
        round=round_, sheet=sheet, rubric_id=round_.rubric_id, code=code, printed_by=actor.user
    )


@transaction.atomic
def commit_on_paper(actor: Actor, appointment_id: int) -> Engagement:
    """The office has the commitment on paper, signed by the expert: it counts as accepted."""
    appointment = Appointment.objects.select_related("round__enrolment", "round__contest").get(pk=appointment_id)
    round_ = appointment.round
    policies.require_chair(actor, round_.enrolment)
    rows = Engagement.objects.select_for_update(of=("self",))
    engagement = rows.get(contest=round_.contest, expert=appointment.expert_id)
    if engagement.committed_at:
        raise Conflict("该专家已经签署评审承诺，不需要再登记。", code="stale")
    now, current = timezone.now(), commitment.CURRENT
    engagement.committed_at, engagement.commitment_version = now, current.version
    engagement.save(update_fields=["committed_at", "commitment_version"])
    payload = {"version": current.version, "text": ledger.digest(current.text)}
    ledger.record(actor, "commit_on_paper", f"engagement:{engagement.pk}", payload, chain=round_.contest.chain)
    return engagement


# --- the first reading -------------------------------------------------------------------------------------


def _locked(actor: Actor, code: str) -> PaperSheet:
    """The sheet's lock first, as everywhere: whoever waited for it then sees what the other one did."""
    sheet = PaperSheet.objects.visible_to(actor).values_list("sheet", flat=True).get(code=code)
    ScoreSheet.objects.select_for_update(of=("self",)).get(pk=sheet)
    paper: PaperSheet = papers.with_all(PaperSheet.objects.all()).get(code=code)
    policies.require_chair(actor, paper.sheet.round.enrolment)
    return paper


@transaction.atomic
def type_in(actor: Actor, code: str, reading: Reading, *, now: datetime | None = None) -> PaperEntry:
    """The first reading. Whoever typed it may correct it by typing it again, until somebody compares it."""
    moment = now or timezone.now()
    paper = _locked(actor, code)
    if reason := papers.why_not_type(actor, paper, moment):
        raise Conflict(reason, code="closed")
    _require_whole(paper.sheet, reading)
    entry = papers.entry_of(paper) or PaperEntry(paper=paper, typed_by=actor.user)
    if entry.pk and entry.first == reading.to_dict():
        return entry  # sent twice
    entry.first, entry.typed_at = reading.to_dict(), moment
    entry.save()
    _mark(paper.sheet, PaperState.TYPED)
    _record(actor, "type_paper", paper, {"reading": ledger.digest(ledger.canonical(entry.first))})
    return entry


@transaction.atomic
def withdraw(actor: Actor, code: str) -> None:
    """Whoever typed it takes it back, as if it had not been typed."""
    paper = _locked(actor, code)
    entry = papers.entry_of(paper)
    if entry is None:
        raise Conflict("这张表没有录入，不需要撤回。", code="stale")
    if entry.typed_by_id != actor.user.pk:
        raise NotAllowed("只有录入人可以撤回自己的录入。")
    if entry.checked_by_id:
        raise Conflict("另一人已经在核对，不能撤回；有出入的由核对人取舍。", code="stale")
    entry.delete()
    _mark(paper.sheet, PaperState.NONE)
    _record(actor, "withdraw_paper", paper, {})


def _mark(sheet: ScoreSheet, state: PaperState) -> None:
    sheet.paper = state
    sheet.save(update_fields=["paper", "updated_at"])


def _record(actor: Actor, verb: str, paper: PaperSheet, payload: dict[str, object]) -> None:
    chain = paper.sheet.round.contest.chain
    ledger.record(actor, verb, f"sheet:{paper.sheet_id}", {"paper": paper.pk, **payload}, chain=chain)


def _require_whole(sheet: ScoreSheet, reading: Reading) -> None:
    """Every criterion inside the rubric, as an expert's own hand-in wants it; and a comment where it is wanted."""
    rules = queries.rubric_of(sheet.round)
    if unknown := [code for code in reading.marks if code not in rules.codes]:
        raise Refusal("评分标准中没有这一项。", unknown[0])
    for criterion in rules.criteria:
        if criterion.code not in reading.marks:
            raise Refusal(f"“{criterion.name}”还没有录入档次和得分。", criterion.code)
        given = Given(*reading.marks[criterion.code])
        online.checked_level(criterion, sheet.entry.path, given, sheet.entry.benefit_wan)
    if not reading.comment and policies.wants_comment(sheet.round):
        raise Refusal("本届竞赛要求每份都写评语；纸面没有评语的，请退专家补写。", "comment")


# --- the second reading, by another person -----------------------------------------------------------------


def _to_check(actor: Actor, code: str) -> tuple[PaperSheet, PaperEntry]:
    paper = _locked(actor, code)
    entry = papers.entry_of(paper)
    if entry and entry.typed_by_id == actor.user.pk and not entry.checked_at:
        raise NotAllowed("这张表是您录入的，核对须由另一人完成。")
    if reason := papers.why_not_check(actor, paper):
        raise Conflict(reason, code="closed")
    assert entry is not None
    return paper, entry


@transaction.atomic
def check(actor: Actor, code: str, reading: Reading, *, now: datetime | None = None) -> Checked:
    """Read the paper again without knowing the first reading. Alike, the sheet is handed in."""
    paper, entry = _to_check(actor, code)
    _require_whole(paper.sheet, reading)
    entry.checked_by, entry.second = actor.user, reading.to_dict()
    found = readings.differing(Reading.from_dict(entry.first), reading)
    if found:
        entry.save()
        _record(actor, "compare_paper", paper, {"differing": found})
        return Checked(tuple(found))
    return _enter(actor, paper, entry, reading, now or timezone.now())


@transaction.atomic
def settle(actor: Actor, code: str, chosen: Mapping[str, str], *, now: datetime | None = None) -> Checked:
    """Where the readings differ, whose stands, by the person who read it second; then the sheet is handed in."""
    paper, entry = _to_check(actor, code)
    if entry.checked_by_id != actor.user.pk:
        raise Conflict("请先对照纸面录入一遍，再比对。", code="stale")
    first, second = Reading.from_dict(entry.first), Reading.from_dict(entry.second)
    places = readings.differing(first, second)
    if missing := [place for place in places if chosen.get(place) not in readings.CHOICES]:
        raise Refusal("请对照纸面，逐项选择以哪一次录入为准。", missing[0])
    entry.settled = {place: chosen[place] for place in places}
    return _enter(actor, paper, entry, readings.settle(first, second, entry.settled), now or timezone.now())


def _enter(actor: Actor, paper: PaperSheet, entry: PaperEntry, reading: Reading, moment: datetime) -> Checked:
    """Onto the sheet, in place of what may have been saved online, and in by the same way as an expert's own."""
    entry.checked_at = moment
    entry.save()
    sheet, rules = paper.sheet, queries.rubric_of(paper.sheet.round)
    online.write_marks(sheet, rules, {code: Given(*mark) for code, mark in reading.marks.items()})
    for word in WORDS:
        setattr(sheet, word, getattr(reading, word))
    sheet.total = online.total_of(sheet, rules)
    sheet.first_opened_at = sheet.last_saved_at = None  # how long she had it is not known
    sheet.paper = PaperState.ENTERED
    sheet.revision += 1
    sheet.save()
    done = online.take_in(actor, [sheet], moment, paper.pk)
    payload = {"typed_by": entry.typed_by_id, "settled": entry.settled}
    _record(actor, "check_paper", paper, payload)
    return Checked(set_aside=bool(done.set_aside))
