"""One score sheet, and what it is read and checked with: asked at every choice of every expert, so all is prepared."""

from __future__ import annotations

from accounts.actor import Actor
from contests.models import Phase
from core.prepared import Prepared, as_prefetched
from scoring.lifecycle import WORDS, FlagState, RoundStatus, SheetState
from scoring.models import Mark, Round, ScoreSheet, SheetFlag

_OWN = Prepared(
    lambda user, pk: ScoreSheet.objects.of_expert(user).with_commitment().select_related("entry__package").filter(pk=pk)
)
_TYPED = Prepared(
    lambda user, pk: (
        ScoreSheet.objects.of_expert(user)
        .select_related("entry", "round__rubric")
        .only("revision", "total", *WORDS, "entry__path", "entry__benefit_wan", "round__rubric__definition")
        .filter(pk=pk)
    )
)
_HELD = Prepared(
    lambda user, pk: (
        ScoreSheet.objects.of_expert(user).filter(pk=pk).select_for_update(of=("self",)).values_list("round", flat=True)
    )
)
_STANDING = Prepared(
    lambda pk, *, host: ScoreSheet.objects.with_standing(host=host).select_related("entry").filter(pk=pk)
)
_ROUND = Prepared(lambda pk: Round.objects.with_rules().filter(pk=pk))
_ROUNDS = Prepared(
    lambda user: (
        Round.objects.with_rules()
        .filter(appointments__expert__user=user)
        .exclude(status=RoundStatus.DRAFT)
        .order_by("-pk")
    )
)
_PHASES = Prepared(lambda contest: Phase.objects.filter(contest=contest))
_MARKS = Prepared(lambda sheet: Mark.objects.filter(sheet=sheet))
_RETURNED = Prepared(
    lambda sheet: SheetFlag.objects.filter(sheet=sheet, state=FlagState.RETURNED).order_by("-decided_at")[:1]
)


def own(actor: Actor, pk: int) -> ScoreSheet | None:
    """Her sheet with what its page reads. The round apart: one statement for all takes longer to plan than to run."""
    sheet: ScoreSheet | None = _OWN.first(user=actor.user_id, pk=pk) if actor.is_expert else None
    if sheet:
        sheet.round = round_of(sheet.round_id)
    return sheet


def typed(actor: Actor, pk: int) -> ScoreSheet | None:
    """Her sheet with what the reading of a form needs, when only that is asked."""
    return _TYPED.first(user=actor.user_id, pk=pk) if actor.is_expert else None


def held(actor: Actor, pk: int) -> ScoreSheet:
    """Her sheet `with_standing`, locked; ScoreSheet.DoesNotExist where she has none such.

    Its round is read after the lock is held: whoever waited for `close_round` then sees that it is closed.
    """
    found = _HELD.first(user=actor.user_id, pk=pk) if actor.is_expert else None
    if found is None:
        raise ScoreSheet.DoesNotExist
    round_ = round_of(found)
    sheet: ScoreSheet
    (sheet,) = _STANDING(pk=pk, host=round_.enrolment.is_host)
    sheet.round = round_
    return sheet


def round_of(pk: int) -> Round:
    """A round `with_rules` and with its contest's dates."""
    round_: Round
    (round_,) = _ROUND(pk=pk)
    return with_dates(round_)


def rounds_of(actor: Actor) -> list[Round]:
    """The released rounds in which this expert is appointed, the newest first."""
    return _ROUNDS(user=actor.user_id)


def with_dates(round_: Round) -> Round:
    """Once the contest's dates are read, for whoever asks for a window more than once."""
    as_prefetched(round_.contest, "phases", _PHASES(contest=round_.contest_id))
    return round_


def marks(sheet: ScoreSheet) -> dict[str, Mark]:
    """Criterion → its mark, as they are stored now."""
    return {mark.criterion: mark for mark in _MARKS(sheet=sheet.pk)}


def returned_with(sheet: ScoreSheet) -> str:
    """Why the office gave this open sheet back; "" when it did not."""
    if sheet.state != SheetState.OPEN or not sheet.revision:
        return ""
    flag = _RETURNED.first(sheet=sheet.pk)
    return flag.resolution if flag else ""
