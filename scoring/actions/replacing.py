"""What would happen if an expert fell out now, before anybody decides it: computed like the act, nothing is written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.utils import timezone

from core.errors import Refusal
from scoring.actions.filling import Share, shares
from scoring.lifecycle import SheetState
from scoring.models import Appointment, Expert, Round, ScoreSheet

STAND_IN = 0  # the number that an expert who is not appointed yet has in the preview


@dataclass(frozen=True)
class Outlook:
    """Her open sheets by code, how many handed-in ones stay, who would get how many, and why not all can be given."""

    gone: list[str]
    kept: int
    given: list[tuple[str, int]]
    why: str

    @property
    def count(self) -> int:
        return sum(count for _, count in self.given)


def outlook(appointment: Appointment, stand_in: Expert | None = None) -> Outlook:
    round_ = appointment.round
    sheets = list(ScoreSheet.objects.filter(round=round_).select_related("entry").order_by("pk"))
    leaving = [s for s in sheets if s.appointment_id == appointment.pk and s.state == SheetState.OPEN]
    taken = {sheet.pk for sheet in leaving}
    live = [s for s in sheets if s.state != SheetState.VOID and not s.calibration and s.pk not in taken]
    gone = [sheet for sheet in sheets if sheet.state == SheetState.VOID or sheet.pk in taken]
    seated = _seated(round_, appointment, stand_in)
    try:
        found, why = shares(round_, seated, live, gone), ""
    except Refusal as refusal:
        found, why = list[Share](), refusal.message
    names = {one.pk: one.expert.user.display_name for one in seated}
    load = Counter(names[expert] for share in found for _, expert in share.fresh)
    return Outlook(
        gone=sorted(sheet.entry.code for sheet in leaving if not sheet.calibration),
        kept=sum(s.appointment_id == appointment.pk and s.state == SheetState.HANDED_IN for s in sheets),
        given=sorted(load.items(), key=lambda pair: (-pair[1], pair[0])),
        why=why,
    )


def _seated(round_: Round, leaving: Appointment, stand_in: Expert | None) -> list[Appointment]:
    """The round's appointments as they would be, in memory."""
    rows = list(round_.appointments.select_related("expert__user").order_by("pk"))
    for one in rows:
        if one.pk == leaving.pk:
            one.left_at = timezone.now()
        if stand_in and one.expert_id == stand_in.pk and one.panel_id is None:
            one.panel_id = leaving.panel_id
    if stand_in and all(one.expert_id != stand_in.pk for one in rows):
        rows.append(Appointment(pk=STAND_IN, round=round_, expert=stand_in, panel_id=leaving.panel_id))
    return rows
