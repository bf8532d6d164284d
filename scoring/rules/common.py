"""校准件: two or three works of a round that every expert marks before her own load ("Calibration and drift").

Who is severe and who is mild shows on the same works, and panels that share no expert become comparable.
"""

from __future__ import annotations

LEAST, MOST = 2, 3


def why_not(count: int) -> str:
    """ "" when so many common entries may be used, none at all included; else the sentence what to do."""
    if count == 0 or LEAST <= count <= MOST:
        return ""
    return f"校准件须为 {LEAST} 至 {MOST} 项，现在选了 {count} 项；请补选或全部取消。"
