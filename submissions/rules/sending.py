"""What a dispatch says of itself: one digest over the list in its order and the report that goes with it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def digest(entries: Iterable[tuple[int, int, str]], report_sha256: str = "") -> str:
    """SHA-256 over one line a work (order, achievement id, content hash of its version), then the report's hash."""
    lines = [f"{order} {achievement} {content_hash}" for order, achievement, content_hash in entries]
    return hashlib.sha256("\n".join([*lines, report_sha256]).encode()).hexdigest()
