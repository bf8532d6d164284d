"""Every move of an achievement along the table of lifecycle.py: may she – write – history – ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from contests.models import Contest, Enrolment
from contests.queries import road_up
from core import ledger
from core.errors import Conflict, NotAllowed, Refusal
from submissions import lifecycle, policies
from submissions.actions import effects, hindrances, history, indexing, suspecting
from submissions.actions.drafting import locked
from submissions.lifecycle import Desk, Move, Stop
from submissions.models import Achievement, StatusChange


def register(actor: Actor, achievement_id: int, *, seen: str = "", searched: bool = False) -> Achievement:
    """草稿 → 成果库. A title is all that the pool asks for (rules.md "The pool and the season")."""
    return _make(actor, achievement_id, "register", seen=seen, searched=searched)


def submit(
    actor: Actor, achievement_id: int, *, seen: str = "", now: datetime | None = None, searched: bool = False
) -> Achievement:
    """To the next desk up, with a new immutable version. Refused while the checklist shows red.

    `searched`: the caller has done `search` already, before an event of its own.
    """
    return _make(actor, achievement_id, "submit", seen=seen, now=now, searched=searched)


def recommend(actor: Actor, achievement_id: int, *, seen: str = "", now: datetime | None = None) -> Achievement:
    return _make(actor, achievement_id, "recommend", seen=seen, now=now)


def return_for_changes(
    actor: Actor,
    achievement_id: int,
    note: str = "",
    *,
    notes: Mapping[str, str] | None = None,
    seen: str = "",
    now: datetime | None = None,
) -> Achievement:
    """Back to its unit, with a reason, or with what is to be changed at each field (`notes` by the keys of FIELDS)."""
    return _make(actor, achievement_id, "return", (note, notes or {}), seen=seen, now=now)


def decline(actor: Actor, achievement_id: int, note: str, *, seen: str = "") -> Achievement:
    return _make(actor, achievement_id, "decline", (note, {}), seen=seen)


def withdraw(actor: Actor, achievement_id: int, note: str, *, seen: str = "") -> Achievement:
    return _make(actor, achievement_id, "withdraw", (note, {}), seen=seen)


def accept(actor: Actor, achievement_id: int, *, seen: str = "", now: datetime | None = None) -> Achievement:
    return _make(actor, achievement_id, "accept", seen=seen, now=now)


def freeze(actor: Actor, achievement_id: int) -> Achievement:
    return _make(actor, achievement_id, "freeze")


def unfreeze(actor: Actor, achievement_id: int) -> Achievement:
    return _make(actor, achievement_id, "unfreeze")


def disqualify(actor: Actor, achievement_id: int, note: str, *, seen: str = "") -> Achievement:
    return _make(actor, achievement_id, "disqualify", (note, {}), seen=seen)


def bar(actor: Actor, achievement: Achievement, note: str) -> None:
    """What a case upheld by two officers does to its work, wherever it lies; one that has ended stays as it ended."""
    if achievement.status not in lifecycle.ENDED:
        _make(actor, achievement.pk, "bar", (note, {}))


def reopen(actor: Actor, achievement_id: int, note: str, *, seen: str = "") -> Achievement:
    return _make(actor, achievement_id, "reopen", (note, {}), seen=seen)


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
    actor: Actor,
    achievement_id: int,
    verb: str,
    given: tuple[str, Mapping[str, str]] = ("", {}),
    *,
    seen: str = "",
    now: datetime | None = None,
    searched: bool = False,
) -> Achievement:
    achievement = locked(achievement_id)
    refuse_if_moved_on(achievement, seen)
    move = hindrances.check(actor, verb, achievement, now or timezone.now())
    said = history.words(move, *given)
    before = (achievement.status, achievement.holder)
    sent = achievement.versions.exists()
    if move.needs_version and not sent:
        raise Refusal(f"该成果还没有提交过，不能{move.label}；请退回申报单位提交。", code="unsent")
    _place(achievement, move, sent)
    version = effects.make(actor, achievement, move)
    achievement.save()
    if not searched:
        search(achievement, move.verb)
    history.write(actor, achievement, move.verb, before, said, version)
    return achievement


def search(achievement: Achievement, verb: str) -> None:
    """What the text of the work says is indexed by these verbs; a submit also looks for works like it."""
    if verb in ("register", "submit"):
        indexing.reindex(achievement)
    if verb == "submit":
        suspecting.refresh(achievement)


def seen_token(achievement: Achievement) -> str:
    """What a page carries so that a second person's press is told what happened in the meantime."""
    last = achievement.history.order_by("-pk").values_list("pk", flat=True).first()
    return str(last or 0)


def refuse_if_moved_on(achievement: Achievement, seen: str) -> None:
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


def _place(achievement: Achievement, move: Move, sent: bool) -> None:
    target, desk = lifecycle.arrow(move, sent)
    achievement.holder = _desk(achievement, move, desk)
    achievement.status = target


def _desk(achievement: Achievement, move: Move, desk: Desk) -> Enrolment | None:
    if desk is Desk.NONE:
        return None
    if desk is Desk.UNIT:
        return achievement.unit
    road = road_up(achievement.unit)
    if desk is Desk.HOST:
        return road[-1]
    stops = [Stop(e.pk, e.recommender_id, e.audits, e.is_team) for e in road]
    up = lifecycle.desk_after_submit(stops)
    if move.verb == "recommend" and achievement.holder_id:
        up = lifecycle.next_desk(stops, achievement.holder_id)
    return next(e for e in road if e.pk == up)


@transaction.atomic
def verify_benefit(
    actor: Actor, achievement_id: int, amount: Decimal | None, path: str, remark: str, *, seen: str = ""
) -> Achievement:
    """The auditor's verified yearly amount (万元) and, if she corrects it, the path that counts (取其中一种计分)."""
    achievement = locked(achievement_id)
    refuse_if_moved_on(achievement, seen)
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
    StatusChange.objects.create(
        achievement=achievement, verb=lifecycle.VERIFY, from_status=achievement.status, to_status=achievement.status,
        from_holder=achievement.holder, to_holder=achievement.holder, user=actor.user, membership=actor.membership,
        note=achievement.verify_remark,
    )  # fmt: skip
    ledger.record(actor, "verify_benefit", f"achievement:{achievement.pk}", payload, chain=achievement.contest.chain)
    return achievement


@transaction.atomic
def freeze_all(actor: Actor, contest: Contest, achievement_ids: list[int]) -> int:
    """Take many accepted works into judgement as one decision: one history row each, one ledger event for all."""
    move = lifecycle.MOVES["freeze"]
    rows = list(
        Achievement.objects.select_for_update(of=("self",), no_key=True)
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
