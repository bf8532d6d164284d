"""The register of experts: who they are, what they know, where they work, and whom a season has engaged."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.actions import create_user, grant_membership
from accounts.actor import Actor
from accounts.models import Membership, Role, User
from contests.models import Contest
from core import ledger
from core.errors import NotAllowed, Refusal
from scoring.models import Engagement, Expert
from scoring.rules import commitment

MOST_LOAD = 2000


@dataclass(frozen=True)
class Knowledge:
    """What the register holds of an expert besides the person: codes of industries and categories."""

    industries: tuple[str, ...]
    categories: tuple[str, ...]
    max_load: int | None = None
    is_active: bool = True


def _refuse_stranger(actor: Actor | None) -> None:
    if actor is not None and not actor.is_office:
        raise NotAllowed("只有竞赛办公室可以维护专家库。")


@transaction.atomic
def register(
    actor: Actor | None, contest: Contest, username: str, name: str, knowledge: Knowledge, password: str
) -> Expert:
    """A new person with an account of her own (the password must be changed at the first sign-in) and her expertise."""
    _refuse_stranger(actor)
    user = create_user(actor, username, name, password, must_change_password=True)
    return enlist(actor, contest, user, knowledge)


@transaction.atomic
def enlist(actor: Actor | None, contest: Contest, user: User, knowledge: Knowledge) -> Expert:
    """Somebody who has an account becomes an expert: her hat at the host, and her expertise."""
    _refuse_stranger(actor)
    if Expert.objects.filter(user=user).exists():
        raise Refusal(f"{user.display_name}已经在专家库中。", "username", "known")
    if not Membership.objects.filter(user=user, organization=contest.host, role=Role.EXPERT, is_active=True).exists():
        grant_membership(actor, user, contest.host, Role.EXPERT)
    expert = Expert(user=user)
    _write(expert, knowledge)
    _record(actor, "register_expert", expert)
    return expert


@transaction.atomic
def change(actor: Actor | None, expert_id: int, knowledge: Knowledge) -> Expert:
    _refuse_stranger(actor)
    expert = Expert.objects.select_for_update(of=("self",)).select_related("user").get(pk=expert_id)
    _write(expert, knowledge)
    _record(actor, "change_expert", expert)
    return expert


def _write(expert: Expert, knowledge: Knowledge) -> None:
    if knowledge.max_load is not None and not 1 <= knowledge.max_load <= MOST_LOAD:
        raise Refusal(f"最多份数应在 1 到 {MOST_LOAD} 之间，不限的请留空。", "max_load")
    expert.industries, expert.categories = sorted(set(knowledge.industries)), sorted(set(knowledge.categories))
    expert.max_load, expert.is_active = knowledge.max_load, knowledge.is_active
    expert.save()


def _record(actor: Actor | None, verb: str, expert: Expert) -> None:
    payload = {
        "industries": expert.industries,
        "categories": expert.categories,
        "max_load": expert.max_load,
        "active": expert.is_active,
    }
    ledger.record(actor, verb, f"expert:{expert.pk}", payload, chain=ledger.SITE)


# --- the season -----------------------------------------------------------------------------------------


@transaction.atomic
def engage(actor: Actor | None, contest: Contest, expert_ids: Collection[int]) -> int:
    """Engage these experts for a season (聘任); how many were not yet. Engaging again changes nothing."""
    _refuse_stranger(actor)
    if actor is not None and contest.host_id != actor.organization.pk:
        raise NotAllowed("只能为本单位主办的竞赛聘任专家。")
    there = set(contest.engagements.values_list("expert", flat=True))
    experts = Expert.objects.filter(pk__in=expert_ids, is_active=True).exclude(pk__in=there)
    fresh = [Engagement(contest=contest, expert=expert, engaged_by=actor.user if actor else None) for expert in experts]
    Engagement.objects.bulk_create(fresh)
    if fresh:
        payload = {"experts": sorted(one.expert_id for one in fresh)}
        ledger.record(actor, "engage_experts", f"contest:{contest.pk}", payload, chain=contest.chain)
    return len(fresh)


@transaction.atomic
def dismiss(actor: Actor, contest: Contest, expert_id: int) -> None:
    """End an engagement of which nothing hangs: whoever is appointed to a round is replaced there first."""
    _refuse_stranger(actor)
    engagement = contest.engagements.select_for_update().filter(expert=expert_id).first()
    if engagement is None or contest.host_id != actor.organization.pk:
        raise Refusal("该专家没有受聘，或已经解聘；请刷新页面。", code="status")
    if engagement.expert.appointments.filter(round__contest=contest).exists():
        raise Refusal("该专家已编入评审轮次，不能解聘；请先在该轮中调整。", code="appointed")
    payload = {"expert": expert_id}
    engagement.delete()
    ledger.record(actor, "dismiss_expert", f"contest:{contest.pk}", payload, chain=contest.chain)


@transaction.atomic
def commit(actor: Actor, contest: Contest, version: int) -> Engagement:
    """The expert accepts the season's commitment in the version that she read; a second press changes nothing."""
    rows = Engagement.objects.select_for_update(of=("self",)).filter(contest=contest, expert__user=actor.user)
    engagement = rows.first()
    if engagement is None or not actor.is_expert:
        raise NotAllowed("您没有受聘为本届竞赛的评委，不需要承诺。")
    if engagement.committed_at:
        return engagement
    if version != commitment.CURRENT.version:
        raise Refusal("承诺书刚刚有了新的版本，请重新阅读后再确认。", code="stale")
    engagement.committed_at, engagement.commitment_version = timezone.now(), version
    engagement.save(update_fields=["committed_at", "commitment_version"])
    payload = {"version": version, "text": ledger.digest(commitment.CURRENT.text)}
    ledger.record(actor, "commit", f"engagement:{engagement.pk}", payload, chain=contest.chain)
    return engagement
