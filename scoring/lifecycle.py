"""The states of a round and of a score sheet, with their labels; checks, pages and tests read them."""

from __future__ import annotations

from enum import StrEnum


class RoundStatus(StrEnum):
    DRAFT = "draft"  # experts and assignment are being prepared; nothing is frozen
    OPEN = "open"  # released: achievements frozen, experts score
    CLOSED = "closed"  # no more marks; ranked
    AWARDED = "awarded"  # tiers decided and locked


class SheetState(StrEnum):
    OPEN = "open"
    HANDED_IN = "handed_in"
    VOID = "void"


class PaperState(StrEnum):
    """How a score sheet came in, where it came on paper."""

    NONE = ""
    TYPED = "typed"  # one person typed it; another has to check it
    ENTERED = "entered"  # checked, and handed in with what stands on the paper


class ApprovalState(StrEnum):
    PROPOSED = "proposed"  # waits for the second person
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"  # taken back before it was decided
    REVOKED = "revoked"  # taken back after it was approved, while the round was not locked


APPROVAL_LABELS = {
    ApprovalState.PROPOSED: ("待第二人核准", "warn", "triangle"),
    ApprovalState.APPROVED: ("已核准", "ok", "full"),
    ApprovalState.REJECTED: ("未核准", "bad", "empty"),
    ApprovalState.WITHDRAWN: ("已撤回", "muted", "empty"),
    ApprovalState.REVOKED: ("已取消", "muted", "empty"),
}


class FindingState(StrEnum):
    """What the office did about a place that may give a work away."""

    OPEN = "open"
    MASKED = "masked"  # blotted out of the text, or the document is not shown
    PASSED = "passed"  # may be read, for a written reason


class FlagState(StrEnum):
    """What the office made of a doubt that an expert raised."""

    OPEN = "open"
    KEPT = "kept"  # looked into; the marks stand
    RETURNED = "returned"  # the expert may change her sheet
    VOIDED = "voided"  # the sheet counts no more


ROUND_LABELS = {
    RoundStatus.DRAFT: ("筹备中", "muted", "empty"),
    RoundStatus.OPEN: ("评审中", "info", "half"),
    RoundStatus.CLOSED: ("已截止", "warn", "triangle"),
    RoundStatus.AWARDED: ("已定等次", "ok", "full"),
}
SHEET_LABELS = {
    SheetState.OPEN: ("待提交", "info", "half"),
    SheetState.HANDED_IN: ("已提交", "ok", "full"),
    SheetState.VOID: ("已作废", "muted", "empty"),
}
FINDING_LABELS = {
    FindingState.OPEN: ("待处理", "warn", "triangle"),
    FindingState.MASKED: ("已隐去", "ok", "full"),
    FindingState.PASSED: ("已放行", "info", "half"),
}
FLAG_KINDS = {"doubt": "数据存疑", "ineligible": "不符合申报条件"}
WORDS = ("comment", *FLAG_KINDS)  # what she may write beside her marks
FLAG_LABELS = {
    FlagState.OPEN: ("待处理", "warn", "triangle"),
    FlagState.KEPT: ("维持评分", "ok", "full"),
    FlagState.RETURNED: ("退回专家", "info", "half"),
    FlagState.VOIDED: ("作废该份", "muted", "empty"),
}
