"""Why somebody decided: the written reason that a decision of the judgement asks for."""

from __future__ import annotations

from core.errors import Refusal

LONGEST = 500


def written(text: str, wanted: str = "理由") -> str:
    """Without blanks around it; Refusal when it is empty or too long. `wanted`: 理由, or of what (“删除的理由”)."""
    words = text.strip()
    if not words or len(words) > LONGEST:
        raise Refusal(f"请写明{wanted}（最多 {LONGEST} 字），理由会存入评审存证。", "reason")
    return words
