"""An expert's own sheet: marks saved as she goes, handed in when she is sure (rules.md, "The 100-point rubric")."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import Q, prefetch_related_objects
from django.utils import timezone

from accounts.actor import Actor
from core import ledger
from core.errors import Conflict, Refusal
from scoring import policies, queries
from scoring.actions.calling import call_for_gaps, call_replacements
from scoring.actions.voiding import void_conflicted
from scoring.lifecycle import FLAG_KINDS, PaperState, SheetState
from scoring.models import Mark, Round, Rubric, ScoreSheet, SheetFlag
from scoring.queries import one_sheet, opening, receipts
from scoring.rules import receipt as rules
from scoring.rules.rubric import Criterion, Level, check_level, check_points, levels_for
from scoring.rules.rubric import Rubric as Rules

_UNTOUCHED: dict[str, object] = {"state": SheetState.OPEN, "revision": 0, "paper": PaperState.NONE}


@dataclass(frozen=True)
class Given:
    """What the expert chose for one criterion; points may still be missing while she thinks."""

    level: str
    points: int | None


class Words(TypedDict, total=False):
    """What she wrote beside her marks; left out is empty."""

    comment: str
    doubt: str
    ineligible: str


@dataclass(frozen=True)
class HandedIn:
    """How many went in, and the codes of the works that a recusal set aside."""

    count: int
    set_aside: tuple[str, ...] = ()


def _locked(actor: Actor, sheet_ids: Collection[int], now: datetime, *, beside: bool = False) -> list[ScoreSheet]:
    """Her sheets, locked in the order of their ids; as many statements whatever their number.

    The rounds are read after the locks are held: whoever waited for `close_round` then sees that it is closed.
    `beside`: with those of the same rounds that she has not begun; whether these may be scored is not asked.
    """
    own = ScoreSheet.objects.visible_to(actor)
    wanted = Q(pk__in=sheet_ids)
    if beside:
        wanted |= Q(round__in=own.filter(wanted).values("round"), **_UNTOUCHED)
    held = dict(own.filter(wanted).order_by("pk").select_for_update(of=("self",)).values_list("pk", "round"))
    if not held.keys() >= set(sheet_ids):
        raise ScoreSheet.DoesNotExist
    rounds = [one_sheet.round_of(pk) for pk in sorted(set(held.values()))]
    sheets = [sheet for round_ in rounds for sheet in _of_round(round_, held)]
    for sheet in sheets:
        if sheet.pk in sheet_ids:
            _require_open(sheet, now)
    return sheets


def _require_open(sheet: ScoreSheet, now: datetime) -> None:
    if reason := policies.why_not_score(sheet, now):
        raise Refusal(reason, code="closed")


def _of_round(round_: Round, ids: Collection[int]) -> list[Any]:
    rows = ScoreSheet.objects.with_standing(host=round_.enrolment.is_host).filter(round=round_, pk__in=ids)
    sheets = list(rows.select_related("entry").order_by("pk"))
    for sheet in sheets:
        sheet.round = round_
    return sheets


@transaction.atomic
def save_marks(
    actor: Actor,
    sheet_id: int,
    given: Mapping[str, Given],
    *,
    revision: int,
    now: datetime | None = None,
    **words: Unpack[Words],
) -> ScoreSheet:
    """Save as she goes. Not a ledger event; the hand-in is. Conflict when another tab has saved otherwise since.

    The first opening (`note_opened`) and the last saving tell how long she had the sheet.
    """
    moment = now or timezone.now()
    sheet = one_sheet.held(actor, sheet_id)
    _require_open(sheet, moment)
    if opening.kept_away(actor, sheet):
        raise Refusal(policies.KEPT_AWAY, code="recusal")
    texts = {key: str(words.get(key, "")).strip() for key in Words.__annotations__}
    if sheet.revision != revision and _holds(sheet, given, texts):
        return sheet  # sent again because the answer to the first time was lost
    if sheet.revision != revision:
        raise Conflict("本评分表刚刚在另一个窗口保存过，请刷新后核对再改。", code="stale")
    rubric = queries.rubric_of(sheet.round)
    write_marks(sheet, rubric, given)
    for key, text in texts.items():
        setattr(sheet, key, text)
    sheet.total = total_of(sheet, rubric)
    sheet.last_saved_at = moment
    sheet.revision += 1
    sheet.save(update_fields=["revision", "total", "last_saved_at", "updated_at", *texts])
    return sheet


def note_opened(actor: Actor, sheet: ScoreSheet, at: datetime | None) -> None:
    """When she first saw the sheet, written with her first saving: a page that is looked at writes nothing."""
    if at is not None and sheet.first_opened_at is None:
        own = ScoreSheet.objects.visible_to(actor).filter(pk=sheet.pk, first_opened_at__isnull=True)
        own.update(first_opened_at=at)


def _holds(sheet: ScoreSheet, given: Mapping[str, Given], texts: Mapping[str, object]) -> bool:
    stored = {mark.criterion: Given(mark.level, mark.points) for mark in sheet.marks.all()}
    return dict(given) == stored and all(getattr(sheet, key) == text for key, text in texts.items())


def _criterion(rules: Rules, code: str) -> Criterion:
    if code not in rules.codes:
        raise Refusal("评分标准中没有这一项。", code)
    return rules.criterion(code)


def _mark(sheet: ScoreSheet, criterion: Criterion, choice: Given) -> Mark:
    level = checked_level(criterion, sheet.entry.path, choice, sheet.entry.benefit_wan)
    return Mark(
        sheet=sheet, criterion=criterion.code, level=level.code, low=level.low, high=level.high, points=choice.points
    )


def write_marks(sheet: ScoreSheet, rubric: Rules, given: Mapping[str, Given]) -> None:
    """All in one statement: an expert saves at every choice. Refusal at the first one that is outside the rubric."""
    Mark.objects.bulk_create(
        [_mark(sheet, _criterion(rubric, code), choice) for code, choice in given.items()],
        update_conflicts=True,
        unique_fields=["sheet", "criterion"],
        update_fields=["level", "low", "high", "points"],
    )


def checked_level(criterion: Criterion, path: str, choice: Given, benefit_wan: Decimal | None) -> Level:
    """The rubric's level for what was chosen; Refusal at the criterion when level or points are outside the rubric."""
    fault = check_level(criterion, path, choice.level, benefit_wan)
    if fault:
        raise Refusal(fault, criterion.code, "level")
    level = next(one for one in levels_for(criterion, path) if one.code == choice.level)
    fault = check_points(level, choice.points) if choice.points is not None else None
    if fault:
        raise Refusal(fault, criterion.code, "points")
    return level


def total_of(sheet: ScoreSheet, rules: Rules) -> Decimal | None:
    """The sum when every criterion has its points, else None."""
    points = {code: mark.points for code, mark in one_sheet.marks(sheet).items() if mark.points is not None}
    complete = set(points) == set(rules.codes)
    return Decimal(sum(points.values())) if complete else None


@transaction.atomic
def hand_in(actor: Actor, sheet_ids: list[int], *, now: datetime | None = None) -> HandedIn:
    """Hand in sheets, all or none: each is complete, and from then on fixed. The first one freezes the rubric.

    Recusal is checked again (rules.md "Persons and penalties"): a sheet in conflict is voided and replaced, the others
    go in; so is one that she has not begun, which a conflict may keep from her. A gap that shows now calls one more
    expert in this transaction.
    """
    moment, asked = now or timezone.now(), set(sheet_ids)
    if not asked:
        raise Refusal("没有可以提交的评分表。")
    held: list[Any] = _locked(actor, asked, moment, beside=True)
    prefetch_related_objects(held, "appointment__expert__user")  # whose conflicts are looked at
    beside = [sheet for sheet in held if sheet.pk not in asked and not sheet.revision and sheet.stays]
    return take_in(actor, [sheet for sheet in held if sheet.pk in asked], moment, beside=beside)


def take_in(
    actor: Actor,
    sheets: Sequence[ScoreSheet],
    moment: datetime,
    paper: int | None = None,
    beside: Sequence[ScoreSheet] = (),
) -> HandedIn:
    """What a hand-in does with locked sheets, whoever brings them; `paper` is the printed sheet that one came on.

    Those `beside` them are locked as well and looked at for conflicts only.
    """
    _refuse_incomplete(sheets)
    for own in _by_round(sheets):
        _refuse_outside(own)
    aside = [sheet for own in _by_round([*sheets, *beside]) for sheet in void_conflicted(actor, own)]
    handed = [sheet for sheet in sheets if sheet.state != SheetState.VOID]
    for sheet in handed:
        _hand_in_one(actor, sheet, moment, paper)
    Rubric.objects.filter(rounds__in={sheet.round_id for sheet in handed}, frozen_at=None).update(frozen_at=moment)
    for own in _by_round(sheets):
        call_replacements(own[0].round, [sheet for sheet in aside if sheet.round_id == own[0].round_id])
        call_for_gaps(own[0].round, [sheet.entry_id for sheet in own])
    return HandedIn(len(handed), tuple(sheet.entry.code for sheet in aside))


def _refuse_incomplete(sheets: Sequence[ScoreSheet]) -> None:
    incomplete = [sheet.entry.code for sheet in sheets if sheet.total is None]
    if incomplete:
        raise Refusal(f"还有评分项没有打分：{'、'.join(incomplete[:5])}；请补齐后再提交。", code="incomplete")
    mute = [sheet for sheet in sheets if not sheet.comment]
    silent = [sheet.entry.code for sheet in mute if policies.wants_comment(sheet.round)]
    if silent:
        raise Refusal(f"本届竞赛要求每份都写评语，还没有写的：{'、'.join(silent[:5])}。", code="incomplete")


def holds(sheet: ScoreSheet, mark: Mark, rules: Rules) -> bool:
    """Does the rubric still have the level of this mark, with the same points?"""
    if mark.criterion not in rules.codes:
        return False
    levels = {level.code: level for level in levels_for(rules.criterion(mark.criterion), sheet.entry.path)}
    level = levels.get(mark.level)
    return level is not None and (level.low, level.high) == (mark.low, mark.high)


def _refuse_outside(sheets: list[ScoreSheet]) -> None:
    """The rubric may have been revised since the marks were saved. All sheets of one round."""
    rules = queries.rubric_of(sheets[0].round)
    prefetch_related_objects(sheets, "marks")
    for sheet in sheets:
        marks = [mark for mark in sheet.marks.all() if holds(sheet, mark, rules)]
        if {mark.criterion for mark in marks if mark.points is not None} != set(rules.codes):
            words = f"{sheet.entry.code} 的打分与现行评分标准不符；请打开这份评分表重新核对后再提交。"
            raise Refusal(words, code="incomplete")


def _by_round(sheets: Sequence[ScoreSheet]) -> list[list[ScoreSheet]]:
    groups: dict[int, list[ScoreSheet]] = {}
    for sheet in sheets:
        groups.setdefault(sheet.round_id, []).append(sheet)
    return list(groups.values())


def _hand_in_one(actor: Actor, sheet: ScoreSheet, moment: datetime, paper: int | None) -> None:
    sheet.state, sheet.handed_in_at = SheetState.HANDED_IN, moment
    sheet.paper = PaperState.ENTERED if paper else PaperState.NONE
    sheet.revision += 1
    rubric = sheet.round.rubric
    sheet.receipt = rules.receipt(receipts.canonical(sheet, (rubric.code, rubric.version)))
    sheet.save()
    _raise_flags(sheet, moment)
    marks = {m.criterion: {"level": m.level, "points": m.points} for m in sheet.marks.all()}
    payload = {
        "entry": sheet.entry_id,
        "marks": marks,
        "total": sheet.total,
        "receipt": sheet.receipt,
        "rubric": [rubric.code, rubric.version],
    }
    payload |= {"paper": paper} if paper else {}
    ledger.record(actor, "hand_in", f"sheet:{sheet.pk}", payload, chain=sheet.round.contest.chain)


def _raise_flags(sheet: ScoreSheet, moment: datetime) -> None:
    SheetFlag.objects.bulk_create(
        SheetFlag(round_id=sheet.round_id, sheet=sheet, kind=kind, text=getattr(sheet, kind), raised_at=moment)
        for kind in FLAG_KINDS
        if getattr(sheet, kind)
    )
