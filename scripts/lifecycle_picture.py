"""Draws docs/lifecycle.md from the table of submissions/lifecycle.py: `python scripts/lifecycle_picture.py`."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from submissions.lifecycle import MOVES, STATUSES, Move, Status  # noqa: E402

PAGE = ROOT / "docs" / "lifecycle.md"
_INTRO = """# States and moves of an achievement

Drawn from `submissions/lifecycle.py` by `python scripts/lifecycle_picture.py`; a test holds the two together.

```mermaid
stateDiagram-v2
"""


def picture() -> str:
    lines = [f'    state "{info.label}" as {status}' for status, info in STATUSES.items()]
    lines += [f"    {source} --> {m.target}: {m.label}" for m in MOVES.values() for source in m.sources]
    lines += [f"    {source} --> {m.unsent[0]}: {m.label}（从未提交）" for m in MOVES.values() if m.unsent
              for source in m.sources if _may_be_unsent(source)]  # fmt: skip
    return _INTRO + "\n".join(lines) + "\n```\n\n" + _table()


def _may_be_unsent(status: Status) -> bool:
    """Does a move lead here from the pool, where no work has a version?"""
    return any(m.target == status and Status.REGISTERED in m.sources for m in MOVES.values())


def _target(move: Move) -> str:
    unsent = f"（从未提交：{STATUSES[move.unsent[0]].label}，{move.unsent[1]}）" if move.unsent else ""
    return STATUSES[move.target].label + unsent


def _table() -> str:
    rows = [
        f"| {m.verb} | {m.label} | {'、'.join(STATUSES[s].label for s in m.sources)} | {_target(m)} | "
        f"{m.who} | {m.desk} | {'yes' if m.needs_note else ''} |"
        for m in MOVES.values()
    ]
    head = "| verb | 动作 | from | to | by right of | then lies at | needs a reason |\n|---|---|---|---|---|---|---|\n"
    return head + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(picture(), encoding="utf-8")
