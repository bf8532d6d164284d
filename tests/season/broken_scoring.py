"""One case a constraint of scoring."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import F
from django.utils import timezone

from accounts.models import Membership
from core.models import PrivateFile
from scoring.models import (
    Appointment,
    Approval,
    Award,
    BlindFinding,
    BlindPackage,
    CleanFile,
    Engagement,
    Entry,
    Expert,
    ExpertImport,
    ExtraCall,
    Honour,
    Mark,
    OrganizingMark,
    Panel,
    PaperEntry,
    PaperSheet,
    Recusal,
    Result,
    Round,
    Rubric,
    ScoreSheet,
    SensitivityReport,
    SheetFlag,
)
from tests.season.broken_rows import Case, again, alike, change, one

NOW = timezone.now()


def panels() -> None:
    for place, name in enumerate(("煤炭组", "电力组"), start=1):
        Panel.objects.create(round=one(Round), name=name, order=place)


def panel(key: str, taken: str) -> None:
    panels()
    alike(Panel, key, taken)


def nameless_panel() -> None:
    Panel.objects.create(round=one(Round), name="", order=1)


def two_that_follow() -> None:
    for name in ("复评甲", "复评乙"):
        again(Round, name=name, previous=one(Round), take_top=1)


def roster_without_its_hour() -> None:
    file = one(PrivateFile)
    ExpertImport.objects.create(contest=one(Round).contest, membership=one(Membership), file=file, registered=1)


def report(**values: object) -> SensitivityReport:
    given = {"round": one(Round), "content": [], "basis": "b", "head_seq": 1, "head_hash": "h", "computed_at": NOW}
    return SensitivityReport.objects.create(**given | values)


def twice_recused() -> None:
    appointment, entry = one(Appointment), one(Entry)
    Recusal.objects.create(round=entry.round, appointment=appointment, entry=entry, reason="employer")


def decided() -> dict[str, object]:
    return {"decided_by": one(Round).created_by, "decided_at": timezone.now()}


def finding(**values: object) -> BlindFinding:
    entry = one(Entry)
    given = {"round": entry.round, "entry": entry, "place": "summary", "label": "简介", "kind": "unit", "raw": "东 山"}
    return BlindFinding.objects.create(**given | values)


def flag(**values: object) -> SheetFlag:
    sheet = one(ScoreSheet)
    given = {"round": sheet.round, "sheet": sheet, "kind": "doubt", "text": "偏高。", "raised_at": timezone.now()}
    return SheetFlag.objects.create(**given | values)


def printed(**values: object) -> PaperSheet:
    sheet = one(ScoreSheet)
    given = {"round": sheet.round, "sheet": sheet, "rubric": sheet.round.rubric, "code": "ABCDEFGH"}
    return PaperSheet.objects.create(**given | {"printed_by": sheet.round.created_by} | values)


def typed(**values: object) -> PaperEntry:
    given = {"paper": PaperSheet.objects.first() or printed(), "first": {}, "typed_at": timezone.now()}
    return PaperEntry.objects.create(**given | {"typed_by": one(Round).created_by} | values)


def clean(**values: object) -> CleanFile:
    given = {"source_sha256": "a" * 64, "fault": "已损坏。"}
    return CleanFile.objects.create(**given | values)


CASES: dict[str, Case] = {
    "rubric_version_once": lambda: again(Rubric),
    "rubric_revised_has_a_reason": lambda: change(Rubric, {}, contest=one(Round).contest_id),
    "round_that_follows_takes_a_number": lambda: change(Round, {}, take_top=3),
    "round_does_not_follow_itself": lambda: change(Round, {}, previous=F("id"), take_top=3),
    "round_followed_once": two_that_follow,
    "round_opens_before_it_closes": lambda: change(Round, {}, opens_at=NOW, closes_at=NOW),
    "round_waived_by_somebody": lambda: change(Round, {}, waiver="专家出差。"),
    "panel_name_once_a_round": lambda: panel("name", "name"),
    "panel_order_once_a_round": lambda: panel("order", "order"),
    "panel_has_a_name": nameless_panel,
    "entry_placed_by_hand_has_a_panel": lambda: change(Entry, {}, placed_by_hand=True),
    "round_status_known": lambda: change(Round, {}, status="lost"),
    "round_at_least_one_sheet": lambda: change(Round, {}, sheets_per_achievement=0),
    "round_name_once": lambda: again(Round),
    "Expert.user": lambda: again(Expert),
    "expert_load_above_zero": lambda: change(Expert, {}, max_load=0),
    "engaged_once_a_season": lambda: again(Engagement),
    "engagement_commits_to_a_version": lambda: change(Engagement, {}, commitment_version=None),
    "expertimport_registers_when_confirmed": roster_without_its_hour,
    "appointment_left_for_a_reason": lambda: change(Appointment, {}, left_at=NOW),
    "appointed_once_a_round": lambda: again(Appointment, pseudonym="E0"),
    "pseudonym_once_a_round": lambda: alike(Appointment, "pseudonym", "pseudonym"),
    "entry_once_a_round": lambda: again(Entry, code="A9999"),
    "entry_code_once_a_round": lambda: alike(Entry, "code", "code"),
    "entry_common_one_to_three": lambda: change(Entry, {}, common=4),
    "entry_common_place_once_a_round": lambda: Entry.objects.update(common=1),
    "entry_economic_has_an_amount": lambda: change(Entry, {}, path="economic", benefit_wan=Decimal(0)),
    "recusal_once_a_pair": lambda: [twice_recused() for _ in range(2)],
    "sensitivity_of_a_ledger_head": lambda: report(head_seq=0),
    "SensitivityReport.round": lambda: [report() for _ in range(2)],
    "sheet_once_an_expert": lambda: again(ScoreSheet),
    "sheet_calibration_of_a_common_entry": lambda: change(ScoreSheet, {}, calibration=True),
    "sheet_state_known": lambda: change(ScoreSheet, {}, state="lost"),
    "sheet_handed_in_has_a_total": lambda: change(ScoreSheet, {"state": "handed_in"}, total=None),
    "sheet_total_in_100": lambda: change(ScoreSheet, {}, total=Decimal("100.01")),
    "mark_once_a_criterion": lambda: again(Mark),
    "mark_inside_its_level": lambda: change(Mark, {}, points=F("high") + 1),
    "mark_range_in_order": lambda: change(Mark, {}, points=None, low=F("high") + 1),
    "sheet_paper_known": lambda: change(ScoreSheet, {}, paper="lost"),
    "sheet_typed_waits_for_its_check": lambda: change(ScoreSheet, {"state": "handed_in"}, paper="typed"),
    "PaperSheet.code": lambda: [printed(retired_at=NOW) for _ in range(2)],
    "paper_one_valid_a_sheet": lambda: [printed(code=code) for code in ("ABCDEFGH", "BCDEFGHJ")],
    "PaperEntry.paper": lambda: [typed() for _ in range(2)],
    "paper_checked_by_another": lambda: typed(checked_by=one(Round).created_by),
    "paper_checked_by_somebody": lambda: typed(checked_at=NOW),
    "BlindPackage.entry": lambda: again(BlindPackage),
    "CleanFile.source_sha256": lambda: [clean() for _ in range(2)],
    "clean_file_or_a_reason": lambda: clean(fault=""),
    "finding_once_a_place": lambda: [finding() for _ in range(2)],
    "finding_state_known": lambda: finding(state="lost", **decided()),
    "finding_decided_by_somebody": lambda: finding(state="masked"),
    "finding_passed_with_a_reason": lambda: finding(state="passed", **decided()),
    "flag_one_open_a_sheet": lambda: [flag() for _ in range(2)],
    "flag_kind_known": lambda: flag(kind="gossip"),
    "flag_state_known": lambda: flag(state="lost", resolution="属实。", **decided()),
    "flag_says_why": lambda: flag(text=""),
    "flag_decided_with_a_reason": lambda: flag(state="kept", **decided()),
    "result_rank_goes_with_score": lambda: change(Result, {}, score=None),
    "Result.entry": lambda: again(Result),
    "award_by_hand_has_a_reason": lambda: change(Award, {"by_hand": True}, reason=""),
    "Award.entry": lambda: again(Award, by_hand=False, approval=None),
    "award_by_hand_has_an_approval": lambda: change(Award, {"by_hand": True}, approval=None),
    "Award.approval": lambda: alike(Award, "approval", "approval"),
    "honour_once": lambda: again(Honour),
    "honour_kind_known": lambda: change(Honour, {}, kind="medal"),
    "honour_person_has_a_name": lambda: change(Honour, {}, person="王五"),
    "honour_amount_not_negative": lambda: change(Honour, {}, amount_yuan=Decimal(-1)),
    "honour_subsidy_has_an_amount": lambda: change(Honour, {}, kind="subsidy", amount_yuan=Decimal(0)),
    "approval_state_known": lambda: change(Approval, {}, state="lost"),
    "approval_of_one_thing": lambda: change(Approval, {"entry__isnull": False}, entry=None),
    "approval_has_a_reason": lambda: change(Approval, {}, reason=""),
    "approval_decided_by_somebody": lambda: change(Approval, {"state": "approved"}, decided_at=None),
    "approval_by_another_person": lambda: change(Approval, {"state": "approved"}, decided_by=F("proposed_by")),
    "approval_one_standing_a_work": lambda: again(Approval, honour=None),
    "approval_one_standing_an_honour": lambda: again(Approval, entry=None, honour=one(Honour)),
    "approval_has_a_vote": lambda: change(Approval, {}, votes_for=0),
    "extra_call_has_a_gap": lambda: change(ExtraCall, {}, gap=0),
    "ExtraCall.entry": lambda: again(ExtraCall, sheet=None),
    "ExtraCall.sheet": lambda: alike(ExtraCall, "sheet", "sheet"),
    "organizing_mark_once_an_item": lambda: again(OrganizingMark),
    "organizing_mark_within_its_maximum": lambda: change(OrganizingMark, {}, points=F("maximum") + 1, reason="多了。"),
    "organizing_mark_overruled_with_a_reason": lambda: change(OrganizingMark, {}, proposed=Decimal("0.5"), reason=""),
}
# The same constraint from its other side.
MORE: list[tuple[str, Case]] = [
    ("engagement_commits_to_a_version", lambda: change(Engagement, {}, committed_at=None)),
    ("appointment_left_for_a_reason", lambda: change(Appointment, {}, left_reason="住院。")),
    ("round_that_follows_takes_a_number", lambda: again(Round, name="复评", previous=one(Round))),
    ("round_that_follows_takes_a_number", lambda: again(Round, name="复评", previous=one(Round), take_top=0)),
    ("entry_common_one_to_three", lambda: change(Entry, {}, common=0)),
    ("entry_economic_has_an_amount", lambda: change(Entry, {}, path="economic", benefit_wan=None)),
    ("entry_economic_has_an_amount", lambda: change(Entry, {}, path="fancy")),
    ("sheet_handed_in_has_a_total", lambda: change(ScoreSheet, {"state": "handed_in"}, handed_in_at=None)),
    ("sheet_total_in_100", lambda: change(ScoreSheet, {}, total=Decimal("-0.01"))),
    ("mark_inside_its_level", lambda: change(Mark, {}, points=F("low") - 1)),
    ("flag_decided_with_a_reason", lambda: flag(state="kept", resolution="属实。")),
    ("finding_decided_by_somebody", lambda: finding(**decided())),
    ("result_rank_goes_with_score", lambda: change(Result, {}, rank=None)),
]
