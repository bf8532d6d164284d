"""The office makes the works anonymous before it releases a round: prepare, then mask or pass each doubtful place."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from core import jobs, ledger
from core.errors import Conflict, Refusal
from core.models import Job
from scoring import blinding, policies, projection
from scoring.lifecycle import FindingState, RoundStatus
from scoring.models import BlindFinding, BlindPackage, Round
from scoring.rules.blind import MASK

TASK = "scoring.tasks.prepare_blind"


@transaction.atomic
def start_preparing(actor: Actor, round_id: int) -> Job:
    """Write the documents of the round anew in the background; asked for twice, it is done once."""
    round_ = _open(actor, round_id)
    return jobs.start(TASK, f"blind:{round_.pk}", {"round": round_.pk}, f"匿名材料：{round_.name}", actor)


def _open(actor: Actor, round_id: int) -> Round:
    round_ = Round.objects.select_related("contest", "enrolment").get(pk=round_id)
    policies.require_chair(actor, round_.enrolment)
    if round_.status not in (RoundStatus.DRAFT, RoundStatus.OPEN):
        raise Refusal("本轮评审已经截止，匿名材料不再改动。", code="status")
    return round_


@transaction.atomic
def mask_finding(actor: Actor, finding_id: int) -> BlindFinding:
    """Blot the place out of the text; a document that tells is not shown at all."""
    finding = _waiting(actor, finding_id)
    _mask(actor, [finding])
    return finding


@transaction.atomic
def mask_all(actor: Actor, round_id: int, shown: int) -> int:
    """Every place that still waits, `shown` of them on the page. How many places were masked."""
    round_ = _open(actor, round_id)
    waiting = BlindFinding.objects.select_for_update(of=("self",)).filter(round=round_, state=FindingState.OPEN)
    findings = list(waiting.select_related("round__contest", "entry"))
    if len(findings) != shown:
        raise Conflict(f"刚才显示 {shown} 处待处理，现在是 {len(findings)} 处，请核对后再办。", code="stale")
    if not findings:
        raise Refusal("没有待处理的位置。")
    _mask(actor, findings)
    return len(findings)


@transaction.atomic
def pass_finding(actor: Actor, finding_id: int, reason: str) -> BlindFinding:
    """Nothing that gives the work away, or nothing to be done about it: the written reason is kept."""
    finding = _waiting(actor, finding_id)
    if not reason.strip():
        raise Refusal("请写明放行的理由。", "reason")
    _decide(actor, finding, FindingState.PASSED, reason.strip())
    blinding.recount([finding.entry_id])
    return finding


def _waiting(actor: Actor, finding_id: int) -> BlindFinding:
    rows = BlindFinding.objects.select_for_update(of=("self",)).select_related("round__contest", "entry")
    finding = rows.get(pk=finding_id)
    _open(actor, finding.round_id)
    if finding.state != FindingState.OPEN:
        raise Conflict(f"这一处刚刚已由他人处理为“{finding.state_label[0]}”，请刷新页面。", code="stale")
    return finding


def _mask(actor: Actor, findings: list[BlindFinding]) -> None:
    """With a document go all its other places that wait."""
    files = {(finding.entry_id, finding.place) for finding in findings if finding.is_file}
    others = BlindFinding.objects.filter(
        state=FindingState.OPEN, entry__in={entry for entry, _ in files}, place__in={place for _, place in files}
    ).select_related("round__contest", "entry")
    also = [row for row in others if (row.entry_id, row.place) in files and row not in findings]
    packages = BlindPackage.objects.select_for_update().in_bulk(
        {finding.entry_id for finding in findings}, field_name="entry_id"
    )
    for finding in [*findings, *also]:
        _mask_in(packages[finding.entry_id], finding)
        _decide(actor, finding, FindingState.MASKED)
    BlindPackage.objects.bulk_update(packages.values(), ["content", "withheld"])
    blinding.recount(packages)


def decided(round_: Round) -> list[BlindFinding]:
    """What the office decided, before the entries are made anew."""
    return list(BlindFinding.objects.filter(round=round_).exclude(state=FindingState.OPEN).select_related("entry"))


def carry_over(round_: Round, before: list[BlindFinding]) -> None:
    """Decisions stand for the same words at the same place of the same version, under whatever code it has now."""
    old = {_matter(finding): finding for finding in before}
    rows = BlindFinding.objects.filter(round=round_, state=FindingState.OPEN).select_related("entry")
    found = [row for row in rows if _matter(row) in old]
    packages = BlindPackage.objects.in_bulk({row.entry_id for row in found}, field_name="entry_id")
    for row in found:
        known = old[_matter(row)]
        row.state, row.reason = known.state, known.reason
        row.decided_by_id, row.decided_at = known.decided_by_id, known.decided_at
        if row.state == FindingState.MASKED:
            _mask_in(packages[row.entry_id], row)
    BlindFinding.objects.bulk_update(found, ["state", "reason", "decided_by", "decided_at"], batch_size=500)
    BlindPackage.objects.bulk_update(packages.values(), ["content", "withheld"], batch_size=500)
    blinding.recount(packages)


def _matter(finding: BlindFinding) -> tuple[int, int, str, str, str]:
    entry = finding.entry
    return entry.achievement_id, entry.version_id, finding.place, finding.kind, finding.raw


def _mask_in(package: BlindPackage, finding: BlindFinding) -> None:
    if finding.is_file:
        package.withheld = sorted({*package.withheld, finding.place.removeprefix("file:")})
        return
    for key in projection.TEXTS:
        package.content[key] = package.content[key].replace(finding.raw, MASK)


def _decide(actor: Actor, finding: BlindFinding, state: FindingState, reason: str = "") -> None:
    finding.state, finding.reason = state, reason
    finding.decided_by, finding.decided_at = actor.user, timezone.now()
    finding.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    payload = {"entry": finding.entry_id, "place": finding.place, "kind": finding.kind}
    payload |= {"reason": ledger.digest(reason)} if reason else {}
    verb = "blind_mask" if state == FindingState.MASKED else "blind_pass"
    ledger.record(actor, verb, f"finding:{finding.pk}", payload, chain=finding.round.contest.chain)
