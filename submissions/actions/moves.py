"""Every move of an achievement along the table of lifecycle.py: may she – write – history – ledger."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.actor import Actor
from contests.models import Contest, Enrolment
from contests.queries import road_up
from core import ledger
from core.errors import Conflict, NotAllowed, Refusal
from submissions import lifecycle, policies, queries
from submissions.actions.drafting import locked
from submissions.lifecycle import Desk, Move, Stop
from submissions.models import Achievement, AchievementVersion, Recommendation, StatusChange
from submissions.rules import eligibility

NOTE_MAX = 1000


def register(actor: Actor, achievement_id: int, *, seen: str = "") -> Achievement:
    """草稿 → 成果库. A title is all that the pool asks for (rules.md "The pool and the season")."""
    return _make(actor, achievement_id, "register", seen=seen)


def submit(actor: Actor, achievement_id: int, *, seen: str = "", now: datetime | None = None) -> Achievement:
    """To the next desk up, with a new immutable version. Refused while the checklist shows red."""
    return _make(actor, achievement_id, "submit", seen=seen, now=now)


def recommend(actor: Actor, achievement_id: int, *, seen: str = "", now: datetime | None = None) -> Achievement:
    return _make(actor, achievement_id, "recommend", seen=seen, now=now)


def return_for_changes(
    actor: Actor, achievement_id: int, note: str, *, seen: str = "", now: datetime | None = None
) -> Achievement:
    return _make(actor, achievement_id, "return", note, seen=seen, now=now)


def decline(actor: Actor, achievement_id: int, note: str, *, seen: str = "") -> Achievement:
    return _make(actor, achievement_id, "decline", note, seen=seen)


def withdraw(actor: Actor, achievement_id: int, note: str, *, seen: str = "") -> Achievement:
    return _make(actor, achievement_id, "withdraw", note, seen=seen)


def accept(actor: Actor, achievement_id: int, *, seen: str = "", now: datetime | None = None) -> Achievement:
    return _make(actor, achievement_id, "accept", seen=seen, now=now)


def freeze(actor: Actor, achievement_id: int) -> Achievement:
    return _make(actor, achievement_id, "freeze")


def unfreeze(actor: Actor, achievement_id: int) -> Achievement:
    return _make(actor, achievement_id, "unfreeze")


def disqualify(actor: Actor, achievement_id: int, note: str, *, seen: str = "") -> Achievement:
    return _make(actor, achievement_id, "disqualify", note, seen=seen)


def reopen(actor: Actor, achievement_id: int, note: str, *, seen: str = "") -> Achievement:
    return _make(actor, achievement_id, "reopen", note, seen=seen)


BY_VERB = {
    "register": register,
    "submit": submit,
    "recommend": recommend,
    "return": return_for_changes,
    "decline": decline,
    "withdraw": withdraw,
    "accept": accept,
    "disqualify": disqualify,
    "reopen": reopen,
}


@transaction.atomic
def _make(
    actor: Actor, achievement_id: int, verb: str, note: str = "", *, seen: str = "", now: datetime | None = None
) -> Achievement:
    achievement = locked(achievement_id)
    _refuse_if_moved_on(achievement, seen)
    move = policies.check(actor, verb, achievement, now or timezone.now())
    note = _checked_note(move, note)
    _refuse_blocked(move, achievement)
    before = (achievement.status, achievement.holder)
    _place(achievement, move)
    version = _effects(actor, achievement, move)
    achievement.save()
    _write_history(actor, achievement, move, before, note, version)
    return achievement


def seen_token(achievement: Achievement) -> str:
    """What a page carries so that a second person's press is told what happened in the meantime."""
    last = achievement.history.order_by("-pk").values_list("pk", flat=True).first()
    return str(last or 0)


def _refuse_if_moved_on(achievement: Achievement, seen: str) -> None:
    if not seen or seen == seen_token(achievement):
        return
    last = achievement.history.select_related("membership__organization").order_by("-pk").first()
    if last is None:  # no history, so nothing can have happened
        return
    who = last.membership.organization.name if last.membership else "系统"
    at = timezone.localtime(last.at)
    raise Conflict(
        f"在您操作之前，{who}已于{at:%-m月%-d日 %H:%M}“{last.past}”了该成果，现为“{achievement.status_info.label}”；"
        "您的操作没有执行，请查看最新状态。",
        code="moved_on",
    )


def _checked_note(move: Move, note: str) -> str:
    note = note.strip()
    if move.needs_note and not note:
        raise Refusal(f"请写明{move.label}的理由，对方会看到。", "note")
    if len(note) > NOTE_MAX:
        raise Refusal(f"理由不超过 {NOTE_MAX} 字，现有 {len(note)} 字。", "note")
    return note


def _refuse_blocked(move: Move, achievement: Achievement) -> None:
    """Red findings stop a submit; a work without a title cannot enter the pool."""
    if move.verb == "register" and not achievement.title.strip():
        raise Refusal("请先填写项目名称。", "title")
    if move.verb != "submit":
        return
    red = eligibility.blocks(queries.content(achievement), queries.season(achievement.contest))
    if red:
        raise Refusal("还不能提交：" + " ".join(f.sentence for f in red), red[0].field, "blocked")


def _place(achievement: Achievement, move: Move) -> None:
    achievement.holder = _desk(achievement, move)
    achievement.status = move.target


def _desk(achievement: Achievement, move: Move) -> Enrolment | None:
    if move.desk is Desk.NONE:
        return None
    if move.desk is Desk.UNIT:
        return achievement.unit
    road = road_up(achievement.unit)
    if move.desk is Desk.HOST:
        return road[-1]
    stops = [Stop(e.pk, e.recommender_id, e.audits, e.is_team) for e in road]
    up = lifecycle.desk_after_submit(stops)
    if move.verb == "recommend" and achievement.holder_id:
        up = lifecycle.next_desk(stops, achievement.holder_id)
    return next(e for e in road if e.pk == up)


def _effects(actor: Actor, achievement: Achievement, move: Move) -> AchievementVersion | None:
    """What a verb does besides moving."""
    if move.verb == "submit":
        achievement.submitted_by, achievement.submitted_at = actor.user, timezone.now()
        achievement.verified_wan, achievement.verify_remark = None, ""
        return _snapshot(actor, achievement)
    if move.verb == "recommend":
        _list_recommendation(actor, achievement)
    if move.verb == "return":
        Recommendation.objects.filter(achievement=achievement).delete()
    if move.verb == "accept":
        _refuse_unverified(achievement)
        achievement.number = achievement.number or f"{achievement.contest.year}-{achievement.pk:05d}"
    return None


def _refuse_unverified(achievement: Achievement) -> None:
    """Experts see the verified amount, so an economic work is accepted only with one (rules.md (P) "Benefits")."""
    if achievement.benefit_path == "economic" and achievement.verified_wan is None:
        raise Refusal("按经济效益计分的成果，受理前请先核定年经济效益。", "verified_wan")


def _snapshot(actor: Actor, achievement: Achievement) -> AchievementVersion:
    data = queries.content(achievement)
    last = queries.latest_version(achievement)
    return AchievementVersion.objects.create(
        achievement=achievement,
        number=last.number + 1 if last else 1,
        content=data,
        content_hash=queries.content_hash(data),
        created_by=actor.user,
    )


def _list_recommendation(actor: Actor, achievement: Achievement) -> None:
    """At the end of the list of the desk that recommends; its order is 序号 on 附件2, no two alike."""
    own = Enrolment.objects.select_for_update(no_key=True)
    enrolment = own.get(contest=achievement.contest_id, organization=actor.organization.pk)
    last = enrolment.recommendations.aggregate(last=Max("order"))["last"] or 0
    Recommendation.objects.get_or_create(
        enrolment=enrolment, achievement=achievement, defaults={"order": last + 1, "recommended_by": actor.user}
    )


def _write_history(
    actor: Actor,
    achievement: Achievement,
    move: Move,
    before: tuple[str, Enrolment | None],
    note: str,
    version: AchievementVersion | None,
) -> None:
    from_status, from_holder = before
    StatusChange.objects.create(
        achievement=achievement,
        verb=move.verb,
        from_status=from_status,
        to_status=achievement.status,
        from_holder=from_holder,
        to_holder=achievement.holder,
        user=actor.user,
        membership=actor.membership,
        version=version,
        note=note,
    )
    payload: dict[str, Any] = {
        "from": from_status,
        "to": str(achievement.status),
        "holder": achievement.holder_id,
        "note": ledger.digest(note) if note else "",
        "version": version.content_hash if version else "",
    }
    ledger.record(actor, move.verb, f"achievement:{achievement.pk}", payload, chain=achievement.contest.chain)


@transaction.atomic
def verify_benefit(
    actor: Actor, achievement_id: int, amount: Decimal | None, path: str, remark: str, *, seen: str = ""
) -> Achievement:
    """The auditor's verified yearly amount (万元) and, if she corrects it, the path that counts (取其中一种计分)."""
    achievement = locked(achievement_id)
    _refuse_if_moved_on(achievement, seen)
    denied = policies.may_verify(actor, achievement)
    if denied:
        raise NotAllowed(denied)
    if path == "economic" and (amount is None or amount <= 0):
        raise Refusal("核定金额须大于 0；没有经济效益的请改按社会效益计分。", "verified_wan")
    if path == "economic" and amount != achievement.benefit_wan and not remark.strip():
        raise Refusal("核定金额与申报不一致，请写明理由。", "verify_remark")
    achievement.benefit_path = path
    achievement.verified_wan = amount if path == "economic" else None
    achievement.verify_remark = remark.strip()
    achievement.save()
    payload = {"path": path, "amount": amount, "remark": ledger.digest(remark) if remark else ""}
    ledger.record(actor, "verify_benefit", f"achievement:{achievement.pk}", payload, chain=achievement.contest.chain)
    return achievement


@transaction.atomic
def freeze_all(actor: Actor, contest: Contest, achievement_ids: list[int]) -> int:
    """Take many accepted works into judgement as one decision: one history row each, one ledger event for all."""
    move = lifecycle.MOVES["freeze"]
    rows = list(
        Achievement.objects.select_for_update(of=("self",))
        .filter(contest=contest, pk__in=achievement_ids)
        .select_related("contest", "unit", "holder")
        .order_by("pk")
    )
    for row in rows:
        policies.check_row(actor, move, row)
    Achievement.objects.filter(pk__in=[row.pk for row in rows]).update(status=move.target)
    StatusChange.objects.bulk_create(
        (
            StatusChange(
                achievement=row, verb=move.verb, from_status=row.status, to_status=move.target, from_holder=row.holder,
                to_holder=row.holder, user=actor.user, membership=actor.membership,
            )
            for row in rows
        ),
        batch_size=500,
    )  # fmt: skip
    text = ",".join(str(row.pk) for row in rows)
    payload = {"count": len(rows), "digest": ledger.digest(text)}
    ledger.record(actor, "freeze", f"contest:{contest.pk}", payload, chain=contest.chain)
    return len(rows)
