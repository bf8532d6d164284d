"""立案、陈述、两人认定、申诉 (001 六(三), domain.md O1–O3): each step by the hand that it belongs to."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from core import files, ledger
from core.errors import Conflict, NotAllowed, Refusal
from submissions.actions import barring, moves
from submissions.actions.drafting import locked
from submissions.models import Achievement, Case, CaseFile, Ruling
from submissions.queries import cases
from submissions.rules import codes, working_days

TEXT_MAX, SOURCE_MAX, ANSWER_MAX = 3000, 300, 1000
MAX_FILES, MAX_BYTES = 20, 20 << 20
_ALLOWED = {media for kind in codes.ATTACHMENT_KINDS.values() for media in kind.allowed}
_S, _A = Case.State, Ruling.Answer


@transaction.atomic
def open_case(actor: Actor, achievement_id: int, kind: str, charge: str, source: str = "") -> Case:
    """`charge` is put to the respondent, `source` never is. One open case a work."""
    achievement = locked(achievement_id)
    _deny(cases.may_open(actor, achievement))
    if kind not in Case.Kind.values:
        raise Refusal("请选择立案的类型。", "kind")
    if Case.objects.filter(achievement=achievement, state__in=[_S.OPEN, _S.APPEALED]).exists():
        raise Refusal("该成果已有未结的案件，请在原案件中补充证据。", code="open")
    if len(source) > SOURCE_MAX:
        raise Refusal(f"线索来源不超过 {SOURCE_MAX} 字。", "source")
    case = Case.objects.create(
        achievement=achievement, kind=kind, charge=_text(charge, "charge", "涉嫌事实"), source=source.strip(),
        opened_by=actor.user, membership=actor.membership,
    )  # fmt: skip
    _record(actor, case, "open_case", {"kind": kind, "charge": ledger.digest(case.charge)})
    return case


@transaction.atomic
def add_evidence(actor: Actor, case_id: int, uploaded: UploadedFile) -> CaseFile:
    """By the desk that opened the case or the office; the unit's own papers come with what it says."""
    case = _locked(case_id)
    by_unit = cases.is_respondent(actor, case.achievement)
    allowed = cases.may_state(actor, case) if by_unit else cases.sees_inside(actor, case) and not actor.is_supervisor
    _deny("" if allowed else "您不能为该案件提交证据。")
    if not case.is_open:
        raise Refusal("案件已结，不能再补充证据。", "file")
    if case.files.count() >= MAX_FILES:
        raise Refusal(f"证据不超过 {MAX_FILES} 份。", "file")
    stored = files.store_upload(uploaded, allowed=_ALLOWED, max_bytes=MAX_BYTES)
    row, _ = CaseFile.objects.get_or_create(
        case=case, file=stored, by_unit=by_unit, defaults={"name": stored.original_name, "uploaded_by": actor.user}
    )
    _record(actor, case, "case_evidence", {"sha256": stored.sha256, "by_unit": by_unit})
    return row


@transaction.atomic
def state(actor: Actor, case_id: int, statement: str, *, seen: str = "") -> Case:
    """The respondent's word, until the officers have decided; a later one replaces it, the ledger keeps both hashes.

    `seen` is cases.statement_seen of the page: Conflict when a colleague has stated something since.
    """
    case = _locked(case_id)
    _deny("" if cases.may_state(actor, case) else "只有被调查成果的申报单位可以在结论前提交陈述。")
    if seen and seen != cases.statement_seen(case):
        raise Conflict("陈述刚刚被同事修改过，您的内容还没有保存；请对照已保存的陈述后再提交。", "statement", "stale")
    case.statement, case.stated_by = _text(statement, "statement", "陈述"), actor.user
    case.stated_at = timezone.now()
    case.save()
    _record(actor, case, "case_statement", {"statement": ledger.digest(case.statement)})
    return case


@transaction.atomic
def propose(actor: Actor, case_id: int, *, upheld: bool, reason: str, barred: list[str]) -> Ruling:
    """The first officer's finding, or her answer to an appeal; nothing happens until a second one agrees."""
    case = _locked(case_id)
    _deny(_officer(actor, case))
    stage = _stage(case)
    if cases.pending(case):
        raise Refusal("已有一份处理意见等待第二人审核，请刷新页面查看。", code="pending")
    offered = {place for place, _ in cases.people(case)}
    if not set(barred) <= offered:
        raise Refusal("请从列出的人员和单位中选择。", "barred")
    chosen = sorted(set(barred)) if upheld and stage == Ruling.Stage.FIRST else []
    ruling = Ruling.objects.create(
        case=case, stage=stage, upheld=upheld, reason=_text(reason, "reason", "认定的事实和理由"),
        barred=cases.named(case, chosen), proposed_by=actor.user,
    )  # fmt: skip
    payload = {"stage": stage, "upheld": upheld, "barred": chosen, "reason": ledger.digest(ruling.reason)}
    _record(actor, case, "propose_ruling", payload)
    return ruling


@transaction.atomic
def answer(actor: Actor, ruling_id: int, *, agree: bool, reason: str = "") -> Case:
    """The second officer. Agreed: the finding takes effect at once; refused: the case is open for another proposal."""
    ruling = Ruling.objects.get(pk=ruling_id)
    case = _locked(ruling.case_id)
    ruling.refresh_from_db()
    _deny(_officer(actor, case))
    if ruling.proposed_by_id == actor.user.pk:
        raise NotAllowed("处理意见由您本人提出，须由另一名工作人员审核。")
    if ruling.answer != _A.PENDING:
        raise Conflict("这份处理意见已经审核过，您的意见还没有保存；请核对最新状态后再办理。", code="answered")
    if len(reason) > ANSWER_MAX or (not agree and not reason.strip()):
        raise Refusal(f"不同意时请写明意见，不超过 {ANSWER_MAX} 字。", "answer_reason")
    ruling.answer, ruling.answer_reason = (_A.AGREED if agree else _A.REFUSED), reason.strip()
    ruling.answered_by, ruling.answered_at = actor.user, timezone.now()
    ruling.save()
    payload = {"ruling": ruling.pk, "agree": agree, "reason": ledger.digest(ruling.answer_reason)}
    _record(actor, case, "answer_ruling", payload)
    if agree:
        _take_effect(actor, case, ruling)
    return case


@transaction.atomic
def appeal(actor: Actor, case_id: int, text: str) -> Case:
    """Once, by the unit, within the contest's working days after the finding (domain.md O3)."""
    case = _locked(case_id)
    _deny("" if cases.is_respondent(actor, case.achievement) and actor.is_unit_operator else "只有申报单位可以申诉。")
    if case.state != _S.UPHELD or case.appeal_until is None:
        raise Refusal("该案件现在不能申诉；请刷新页面查看最新状态。", code="state")
    if timezone.localdate() > case.appeal_until:
        raise Refusal(f"申诉期已于{case.appeal_until:%Y年%-m月%-d日}届满。", code="late")
    case.appeal, case.appealed_by, case.appealed_at = _text(text, "appeal", "申诉"), actor.user, timezone.now()
    case.state = _S.APPEALED
    case.save()
    _record(actor, case, "appeal", {"appeal": ledger.digest(case.appeal)})
    return case


def _take_effect(actor: Actor, case: Case, ruling: Ruling) -> None:
    if ruling.stage == Ruling.Stage.APPEAL:
        case.state = _S.REVOKED if ruling.upheld else _S.MAINTAINED
        case.save()
        if ruling.upheld:
            barring.lift_all(actor, case, ruling.reason)
        return
    case.state = _S.UPHELD if ruling.upheld else _S.DISMISSED
    if ruling.upheld:
        days = case.achievement.contest.settings.appeal_working_days
        case.appeal_until = working_days.after(timezone.localdate(), days)
        barring.bar(actor, case, ruling.barred)
        moves.bar(actor, case.achievement, f"经查实{case.get_kind_display()}，取消资格（案件 {case.pk}）。")
    case.save()


def _stage(case: Case) -> str:
    if case.state == _S.OPEN:
        return Ruling.Stage.FIRST
    if case.state == _S.APPEALED:
        return Ruling.Stage.APPEAL
    raise Refusal(f"案件现为“{case.get_state_display()}”，不能再提出处理意见。", code="state")


def _officer(actor: Actor, case: Case) -> str:
    """ "" or why not: two officers of the host decide, and nobody of the respondent's own unit."""
    mine = actor.is_office and case.achievement.contest.host_id == actor.organization.pk
    return "" if mine else "只有竞赛办公室可以处理案件。"


def _locked(case_id: int) -> Case:
    """The work first, as every move does, then the case."""
    work = Case.objects.values_list("achievement", flat=True).get(pk=case_id)
    achievement: Achievement = locked(work)
    Case.objects.select_for_update(no_key=True).get(pk=case_id)
    case: Case = Case.objects.select_related("membership").get(pk=case_id)
    case.achievement = achievement
    return case


def _deny(sentence: str) -> None:
    if sentence:
        raise NotAllowed(sentence)


def _text(text: str, field: str, name: str) -> str:
    text = text.strip()
    if not text:
        raise Refusal(f"请写明{name}。", field)
    if len(text) > TEXT_MAX:
        raise Refusal(f"{name}不超过 {TEXT_MAX} 字，现有 {len(text)} 字。", field)
    return text


def _record(actor: Actor, case: Case, verb: str, payload: dict[str, Any]) -> None:
    ledger.record(actor, verb, f"case:{case.pk}", payload, chain=case.achievement.contest.chain)
