"""Draws docs/lifecycle.md from the table of submissions/lifecycle.py: `python scripts/lifecycle_picture.py`."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from submissions.lifecycle import MOVES, STATUSES  # noqa: E402

PAGE = ROOT / "docs" / "lifecycle.md"
_INTRO = """# States and moves of an achievement

Drawn from `submissions/lifecycle.py` by `python scripts/lifecycle_picture.py`; a test holds the two together.

```mermaid
stateDiagram-v2
"""


def picture() -> str:
    lines = [f'    state "{info.label}" as {status}' for status, info in STATUSES.items()]
    lines += [f"    {source} --> {m.target}: {m.label}" for m in MOVES.values() for source in m.sources]
    return _INTRO + "\n".join(lines) + "\n```\n\n" + _table()


def _table() -> str:
    rows = [
        f"| {m.verb} | {m.label} | {'、'.join(STATUSES[s].label for s in m.sources)} | {STATUSES[m.target].label} | "
        f"{m.who} | {m.desk} | {'yes' if m.needs_note else ''} |"
        for m in MOVES.values()
    ]
    head = "| verb | 动作 | from | to | by right of | then lies at | needs a reason |\n|---|---|---|---|---|---|---|\n"
    return head + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(picture(), encoding="utf-8")
