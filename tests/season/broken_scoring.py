"""One case a constraint of scoring."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import F

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
from tests.season.broken_rows import Case, again, alike, change, one


def twice_recused() -> None:
    appointment, entry = one(Appointment), one(Entry)
    Recusal.objects.create(round=entry.round, appointment=appointment, entry=entry, reason="employer")


CASES: dict[str, Case] = {
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
    "recusal_once_a_pair": lambda: [twice_recused() for _ in range(2)],
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
    ("entry_economic_has_an_amount", lambda: change(Entry, {}, path="economic", benefit_wan=None)),
    ("entry_economic_has_an_amount", lambda: change(Entry, {}, path="fancy")),
    ("sheet_handed_in_has_a_total", lambda: change(ScoreSheet, {"state": "handed_in"}, handed_in_at=None)),
    ("sheet_total_in_100", lambda: change(ScoreSheet, {}, total=Decimal("-0.01"))),
    ("mark_inside_its_level", lambda: change(Mark, {}, points=F("low") - 1)),
    ("result_rank_goes_with_score", lambda: change(Result, {}, rank=None)),
]
