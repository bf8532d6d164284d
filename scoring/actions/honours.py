"""优秀组织奖, 优胜单位奖, honours of teams and persons, subsidies: marks by item, proposals, the second person."""

from __future__ import annotations

from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actor import Actor
from contests.models import Contest, Enrolment, OrganizingItem
from core import ledger
from core.errors import NotAllowed, Refusal
from scoring.actions import reasons
from scoring.actions.committee import Votes
from scoring.lifecycle import ApprovalState
from scoring.models import Approval, Honour, OrganizingMark
from scoring.queries import organizing
from submissions.models import UnitNomination
from submissions.rules.nominations import Status as Nominated

HALF = Decimal("0.5")


def _require_office(actor: Actor, contest: Contest) -> None:
    if not (actor.is_office and contest.host_id == actor.organization.pk):
        raise NotAllowed("荣誉由竞赛办公室评定。")


@transaction.atomic
def mark_item(actor: Actor, enrolment: Enrolment, item: OrganizingItem, points: Decimal, reason: str) -> OrganizingMark:
    """One item of 优秀组织奖; other points than the portal's own figures propose need a reason."""
    contest = enrolment.contest
    _require_office(actor, contest)
    if enrolment.pk not in {row.pk for row in organizing.candidates(contest)} or item.contest_id != contest.pk:
        raise Refusal("只有各县（市、区）和直接向主办单位推荐的单位参加优秀组织奖评选。")
    if points % HALF or not 0 <= points <= item.maximum:
        raise Refusal(f"“{item.name}”应为 0 到 {item.maximum} 分，每半分一档。", "points")
    made = organizing.proposed(enrolment, item)
    words = reason.strip()
    if made and made.points != points:
        words = reasons.written(reason) if words else ""
        if not words:
            raise Refusal(f"“{item.name}”按数据建议 {made.points} 分，改为 {points} 分须写明理由。", "reason")
    mark, _ = OrganizingMark.objects.update_or_create(
        enrolment=enrolment,
        item=item,
        defaults={
            "maximum": item.maximum,
            "points": points,
            "proposed": made.points if made else None,
            "counts": dict(made.counts) if made else {},
            "reason": words[:300],
            "given_by": actor.user,
        },
    )
    payload = {
        "item": item.code,
        "points": points,
        "proposed": made.points if made else None,
        "counts": dict(made.counts) if made else {},
        "reason": ledger.digest(words) if words else "",
    }
    ledger.record(actor, "mark_organizing_item", f"enrolment:{enrolment.pk}", payload, chain=contest.chain)
    return mark


@transaction.atomic
def propose_honour(
    actor: Actor,
    kind: str,
    enrolment: Enrolment,
    reason: str,
    votes: Votes,
    *,
    person: str = "",
    amount: Decimal = Decimal(0),
) -> Approval:
    """An honour that waits for a second person; refused ones may be proposed again."""
    contest = enrolment.contest
    _require_office(actor, contest)
    words = reasons.written(reason)
    if kind not in contest.settings.honour_kinds:
        raise Refusal("本届竞赛没有设这一项荣誉，请重新选择。", "kind")
    _refuse_recipient(kind, enrolment, person.strip(), amount)
    if votes.votes_for < 1 or min(votes.against, votes.abstained) < 0 or 2 * votes.votes_for <= votes.present:
        raise Refusal("赞成没有超过到会人数的一半，不能评定。", "votes_for")
    honour, _ = Honour.objects.update_or_create(
        contest=contest, kind=kind, enrolment=enrolment, person=person.strip(), defaults={"amount_yuan": amount}
    )
    approval = _proposed(actor, honour, words, votes)
    payload = {
        "honour": honour.pk,
        "kind": kind,
        "enrolment": enrolment.pk,
        "amount": amount,
        "reason": ledger.digest(words),
        "votes": [votes.votes_for, votes.against, votes.abstained],
    }
    ledger.record(actor, "propose_honour", f"approval:{approval.pk}", payload, chain=contest.chain)
    return approval


def _proposed(actor: Actor, honour: Honour, reason: str, votes: Votes) -> Approval:
    """The database holds one standing proposal an honour, also when two press at once."""
    try:
        with transaction.atomic():
            return Approval.objects.create(
                contest=honour.contest,
                honour=honour,
                kind="honour",
                reason=reason,
                votes_for=votes.votes_for,
                votes_against=votes.against,
                votes_abstained=votes.abstained,
                proposed_by=actor.user,
            )
    except IntegrityError as error:
        raise Refusal("这一荣誉已经提出或已经评定，不需要重复提出。", code="twice") from error


def _refuse_recipient(kind: str, enrolment: Enrolment, person: str, amount: Decimal) -> None:
    if enrolment.is_host:
        raise Refusal("请选择本届参赛的单位。", "enrolment")
    if kind == "organizing" and enrolment.pk not in {row.pk for row in organizing.candidates(enrolment.contest)}:
        raise Refusal("优秀组织奖授予各县（市、区）和直接向主办单位推荐的单位。", "enrolment")
    if kind == "unit":
        _refuse_winner(enrolment)
    if (kind == "team") != enrolment.is_team and kind != "person":
        raise Refusal("班组的荣誉授予班组，其余的授予单位。", "enrolment")
    if (kind == "person") != bool(person):
        raise Refusal("先进个人须填写姓名，其余荣誉不填。", "person")
    if amount < 0 or (kind == "subsidy" and amount <= 0):
        raise Refusal("经费补助须填写大于 0 的金额。", "amount")


def _refuse_winner(enrolment: Enrolment) -> None:
    """Where the notice has a form for 优胜单位 it must be confirmed (002 附件5); 000 四(三) honours without one."""
    sections = enrolment.contest.sections
    form = sections.get("winner_unit")
    natures = (form or sections).get("natures") or []
    if (natures and enrolment.nature not in natures) or enrolment.is_team:
        raise Refusal("优胜单位奖授予企事业单位。" if form else "优胜单位奖授予参赛范围内的单位。", "enrolment")
    if form and not UnitNomination.objects.filter(enrolment=enrolment, status=Nominated.CONFIRMED).exists():
        raise Refusal("该单位还没有三级意见齐备的优胜单位申报表（附件5），不能评定。", "enrolment")


@transaction.atomic
def approve_honour(actor: Actor, approval_id: int) -> Approval:
    """The second person: never the one who proposed."""
    approval, honour = _opened(actor, approval_id, "核准")
    if approval.proposed_by_id == actor.user.pk:
        raise Refusal("提议人不能核准自己的提议，请由另一人核准。", code="same")
    honour.given = True
    honour.save(update_fields=["given"])
    return _decided(actor, approval, honour, ApprovalState.APPROVED, "")


@transaction.atomic
def reject_honour(actor: Actor, approval_id: int, reason: str) -> Approval:
    approval, honour = _opened(actor, approval_id, "退回")
    own = approval.proposed_by_id == actor.user.pk
    state = ApprovalState.WITHDRAWN if own else ApprovalState.REJECTED
    return _decided(actor, approval, honour, state, reasons.written(reason))


@transaction.atomic
def revoke_honour(actor: Actor, approval_id: int, reason: str) -> Approval:
    """What two persons gave one may take back, with a reason, as an award before the lock; the second person stays."""
    approval, honour = _opened(actor, approval_id, "取消", ApprovalState.APPROVED)
    words = reasons.written(reason)
    honour.given = False
    honour.save(update_fields=["given"])
    approval.state, approval.note = ApprovalState.REVOKED, words
    approval.save(update_fields=["state", "note"])
    payload = {"honour": honour.pk, "kind": honour.kind, "reason": ledger.digest(words)}
    ledger.record(actor, "revoke_honour", f"approval:{approval.pk}", payload, chain=approval.contest.chain)
    return approval


def _opened(
    actor: Actor, approval_id: int, doing: str, wanted: ApprovalState = ApprovalState.PROPOSED
) -> tuple[Approval, Honour]:
    approval = Approval.objects.select_for_update(of=("self",)).select_related("contest", "honour").get(pk=approval_id)
    _require_office(actor, approval.contest)
    if approval.honour is None:
        raise Refusal("这项提议不是荣誉，请在评审委员会页面办理。")
    if approval.state != wanted:
        raise Refusal(f"这项提议当前为“{approval.state_label[0]}”，不能{doing}；请刷新页面。", code="status")
    return approval, approval.honour


def _decided(actor: Actor, approval: Approval, honour: Honour, state: ApprovalState, note: str) -> Approval:
    approval.state, approval.note = state, note
    approval.decided_by, approval.decided_at = actor.user, timezone.now()
    approval.save(update_fields=["state", "note", "decided_by", "decided_at"])
    payload = {"honour": honour.pk, "kind": honour.kind, "state": state, "note": ledger.digest(note) if note else ""}
    ledger.record(actor, "decide_honour", f"approval:{approval.pk}", payload, chain=approval.contest.chain)
    return approval
