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
