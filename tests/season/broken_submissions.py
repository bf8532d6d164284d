"""One case a constraint of submissions."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils import timezone

from accounts.models import Membership, Organization, User
from contests.models import Contest, Enrolment
from core.models import PrivateFile
from submissions.models import (
    Achievement,
    AchievementVersion,
    Attachment,
    AttachmentCheck,
    Ban,
    BanClearance,
    Batch,
    BatchRow,
    Case,
    CaseFile,
    Commendation,
    Dispatch,
    DispatchEntry,
    DuplicateMark,
    DuplicateVerdict,
    FieldNote,
    IpHelp,
    Leader,
    NominationOpinion,
    Override,
    Patent,
    PoolImport,
    Recommendation,
    Ruling,
    StampedForm,
    StatusChange,
    SuspectPair,
    UnitNomination,
    WonAward,
)
from tests.season.broken_rows import Case as Broken
from tests.season.broken_rows import again, change, one, works


def noted(note: str = "请补充。") -> None:
    change = one(StatusChange)
    FieldNote.objects.create(achievement=change.achievement, change=change, key="title", note=note)


def batch() -> Batch:
    return Batch.objects.create(contest=one(Contest), membership=one(Membership), verb="accept", token="x")


def batched(of: Batch, **values: Any) -> None:
    BatchRow.objects.create(batch=of, achievement=one(Achievement), **values)


def ticked() -> None:
    file = one(Attachment)
    AttachmentCheck.objects.create(
        achievement=file.achievement, attachment=file, desk=one(Enrolment), membership=one(Membership)
    )


def likeness(value: str = "同名") -> None:
    DuplicateMark.objects.create(host=one(Organization), achievement=one(Achievement), kind="title", value=value)


def judged_alike(**values: Any) -> None:
    first, second = Achievement.objects.order_by("pk")[:2]
    hat = one(Membership)
    given = {"achievement": first, "other": second, "verdict": "same", "reason": "同一装置。"} | values
    DuplicateVerdict.objects.create(judged_by=hat.user, membership=hat, **given)


def dispatched(**values: Any) -> Dispatch:
    hat = one(Membership)
    given = {"enrolment": one(Enrolment), "number": 1, "digest": "0" * 64, "sent_by": hat.user, "membership": hat}
    return Dispatch.objects.create(**(given | values))


def entered_twice(**second: Any) -> None:
    version = one(AchievementVersion)
    given = {"dispatch": dispatched(), "achievement": version.achievement, "version": version, "order": 1}
    DispatchEntry.objects.create(**given)
    DispatchEntry.objects.create(**(given | second))


def passed(**values: Any) -> None:
    hat = one(Membership)
    given = {"achievement": one(Achievement), "rule": "not_funded", "reason": "企业自筹。"}
    Override.objects.create(granted_by=hat.user, membership=hat, **(given | values))


def helped(**values: Any) -> None:
    hat = one(Membership)
    given = {"achievement": one(Achievement), "need": "想申请专利。"}
    IpHelp.objects.create(requested_by=hat.user, membership=hat, **(given | values))


def nominated(**values: Any) -> UnitNomination:
    given = {"contest": one(Contest), "enrolment": one(Enrolment), "created_by": one(Membership).user}
    return UnitNomination.objects.create(**(given | values))


def spoken(times: int = 1, **values: Any) -> None:
    hat, row = one(Membership), nominated()
    given = {"step": "unit", "text": "同意。", "dated_on": timezone.localdate(), "enrolment": row.enrolment}
    for _ in range(times):
        NominationOpinion.objects.create(nomination=row, given_by=hat.user, membership=hat, **(given | values))


def commended(**values: Any) -> None:
    given = {"level": "base", "name": "一等奖", "awarding_body": "某厂工会"} | values
    Commendation.objects.create(achievement=one(Achievement), **given)


def stamped(number: str = "2021-1", digest: str = "a", **values: Any) -> None:
    user = one(Membership).user
    StampedForm.objects.create(
        achievement=one(Achievement), number=number, content={}, content_hash=digest, printed_by=user, **values
    )


def suspected(**values: Any) -> None:
    first, second = Achievement.objects.order_by("pk")[:2]
    SuspectPair.objects.create(**{"earlier": first, "later": second, "percent": 60, "signals": "text"} | values)


def opened(**values: Any) -> Case:
    hat = one(Membership)
    given = {"achievement": one(Achievement), "kind": "theft", "charge": "与他人成果相同。"} | values
    return Case.objects.create(opened_by=hat.user, membership=hat, **given)


def evidence() -> None:
    CaseFile.objects.create(case=one(Case) or opened(), file=one(PrivateFile), name="证据", uploaded_by=one(User))


def ruled(**values: Any) -> None:
    given = {"case": one(Case) or opened(), "stage": "first", "upheld": True, "reason": "查实。"} | values
    Ruling.objects.create(proposed_by=one(User), **given)


def barred(**values: Any) -> Ban:
    given = {"name": "某人", "name_key": "某人", "unit_name": "某厂", "unit_key": "某厂"} | values
    return Ban.objects.create(host=one(Organization), case=one(Case) or opened(), **given)


def cleared(reason: str = "另一人。") -> None:
    hat = one(Membership)
    BanClearance.objects.create(
        ban=one(Ban) or barred(), achievement=one(Achievement), reason=reason, cleared_by=hat.user, membership=hat
    )


CASES: dict[str, Broken] = {
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
    "achievement_held_on_its_desk": lambda: change(Achievement, works("frozen"), held_for="县级初评"),
    "achievement_number_once": lambda: change(
        Achievement, works("registered"), number=one(Achievement, status="frozen").number
    ),
    "Leader.achievement": lambda: again(Leader, name="第二带头人"),
    "patent_once_an_achievement": lambda: again(Patent),
    "patent_granted_has_its_date": lambda: change(Patent, {}, granted_on=None),
    "attachment_once_an_achievement": lambda: again(Attachment),
    "version_number_once": lambda: again(AchievementVersion),
    "recommended_once_a_level": lambda: again(Recommendation, order=99),
    "fieldnote_once_a_return": lambda: [noted() for _ in range(2)],
    "fieldnote_says_something": lambda: noted(note=""),
    "batch_once_a_page": lambda: [batch() for _ in range(2)],
    "batchrow_once_a_batch": lambda: [batched(one(Batch) or batch(), refusal="已退回。") for _ in range(2)],
    "batchrow_moved_or_refused": lambda: batched(batch()),
    "batchrow_undone_once_moved": lambda: batched(batch(), refusal="已退回。", undone=one(StatusChange)),
    "poolimport_registers_when_confirmed": lambda: PoolImport.objects.create(
        unit=one(Enrolment), membership=one(Membership), file=one(PrivateFile), registered=1
    ),
    "attachmentcheck_once_a_desk": lambda: [ticked() for _ in range(2)],
    "duplicatemark_once": lambda: [likeness() for _ in range(2)],
    "duplicatemark_says_something": lambda: likeness(""),
    "duplicateverdict_of_two_works": lambda: judged_alike(other=Achievement.objects.order_by("pk").first()),
    "duplicateverdict_has_a_reason": lambda: judged_alike(reason=""),
    "duplicateverdict_known": lambda: judged_alike(verdict="lost"),
    "dispatch_number_once": lambda: [dispatched() for _ in range(2)],
    "dispatch_taken_back_with_reason": lambda: dispatched(taken_back_at=timezone.now()),
    "UnitNomination.enrolment": lambda: [nominated() for _ in range(2)],
    "unitnomination_status_known": lambda: nominated(status="lost"),
    "unitnomination_participants_are_staff": lambda: nominated(head_count=3, participants=4),
    "nominationopinion_one_a_step": lambda: spoken(times=2),
    "nominationopinion_says_something": lambda: spoken(text=""),
    "nominationopinion_step_known": lambda: spoken(step="province"),
    "override_once_at_a_time": lambda: [passed() for _ in range(2)],
    "override_has_a_reason": lambda: passed(reason=""),
    "override_rule_known": lambda: passed(rule="window"),
    "override_revoked_with_reason": lambda: passed(revoked_at=timezone.now()),
    "iphelp_one_open_an_achievement": lambda: [helped() for _ in range(2)],
    "iphelp_says_what": lambda: helped(need=""),
    "iphelp_status_known": lambda: helped(status="lost"),
    "iphelp_answered_by_somebody": lambda: helped(status="answered", answer="请来。"),
    "dispatchentry_once": lambda: entered_twice(order=2),
    "dispatchentry_place_once": lambda: entered_twice(achievement=one(Achievement, status="registered")),
    "achievement_continued_says_what_is_new": lambda: change(
        Achievement, works("registered"), continues=one(Achievement, status="frozen")
    ),
    "suspectpair_once": lambda: [suspected() for _ in range(3)],
    "suspectpair_in_order": lambda: suspected(
        earlier=Achievement.objects.order_by("pk").last(), later=Achievement.objects.order_by("pk").first()
    ),
    "suspectpair_percent": lambda: suspected(later=Achievement.objects.order_by("pk").last(), percent=101),
    "WonAward.achievement": lambda: again(WonAward),
    "wonaward_names_its_tier": lambda: change(WonAward, {}, tier_name=""),
    "case_one_open_a_work": lambda: [opened() for _ in range(2)],
    "case_kind_known": lambda: opened(kind="lost"),
    "case_state_known": lambda: opened(state="lost", appeal_until=timezone.localdate()),
    "case_says_what": lambda: opened(charge=""),
    "case_upheld_may_be_appealed": lambda: opened(state="upheld"),
    "casefile_once": lambda: [evidence() for _ in range(2)],
    "ruling_one_standing_a_stage": lambda: [ruled() for _ in range(2)],
    "ruling_stage_known": lambda: ruled(stage="lost"),
    "ruling_has_a_reason": lambda: ruled(reason=""),
    "ruling_answered_by_somebody": lambda: ruled(answer="agreed"),
    "ruling_by_two_persons": lambda: ruled(answer="agreed", answered_by=one(User)),
    "ban_of_a_person_or_an_organization": lambda: barred(name_key=""),
    "ban_once_a_case": lambda: [barred() for _ in range(2)],
    "ban_lifted_by_somebody_with_a_reason": lambda: barred(lifted_at=timezone.now(), lift_reason="误认"),
    "banclearance_once": lambda: [cleared() for _ in range(2)],
    "banclearance_has_a_reason": lambda: cleared(""),
    "commendation_level_known": lambda: commended(level="moon"),
    "commendation_given_once_a_desk": lambda: [commended(given_by=one(Enrolment)) for _ in range(2)],
    "commendation_says_who_and_what": lambda: commended(awarding_body=""),
    "StampedForm.number": lambda: [stamped(digest=digest) for digest in "ab"],
    "stampedform_once_a_content": lambda: [stamped(number) for number in ("2021-1", "2021-2")],
    "stampedform_scan_has_its_person": lambda: stamped(scan=one(PrivateFile)),
}
# The same constraint from its other side.
MORE: list[tuple[str, Broken]] = [
    ("override_revoked_with_reason", lambda: passed(revoke_reason="误。")),
    ("iphelp_answered_by_somebody", lambda: helped(status="answered", answered_by=one(Membership).user)),
    ("dispatch_taken_back_with_reason", lambda: dispatched(take_back_reason="误报。")),
    ("achievement_ended_lies_on_no_desk", lambda: change(Achievement, works("frozen"), holder=None)),
    ("batchrow_moved_or_refused", lambda: batched(batch(), refusal="已退回。", change=one(StatusChange))),
    ("ban_of_a_person_or_an_organization", lambda: barred(organization=one(Organization))),
    ("ruling_answered_by_somebody", lambda: ruled(answered_by=one(User))),
    ("ban_lifted_by_somebody_with_a_reason", lambda: barred(lift_reason="误认")),
]
