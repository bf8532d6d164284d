"""The demo's pairs of like works: most are judged already, a few wait for the visitor."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.demo import clock
from portal.demo.walk import Season
from submissions.actions.judging_pairs import judge_pair
from submissions.models import DuplicateVerdict, SuspectPair

_Verdict = DuplicateVerdict.Verdict
_SAME_UNIT = (_Verdict.CONTINUED, "同一单位在上一项成果的基础上改进，现场、参数和效果均为新的内容。")
_OTHER_UNIT = (_Verdict.UNRELATED, "两个单位各自完成，现场条件、参数和效果均不相同，只是行文相近。")


def judge_pairs(season: Season, at: datetime, waiting: int = 0) -> None:
    """The pairs that resemble each other in their words; the last `waiting` are left to the visitor."""
    pairs = SuspectPair.objects.filter(later__contest=season.contest, verdict__isnull=True, percent__gt=0)
    rows = list(pairs.select_related("earlier", "later").order_by("pk"))
    for number, pair in enumerate(rows[: max(0, len(rows) - waiting)]):
        same_unit = pair.earlier.unit.organization_id == pair.later.unit.organization_id
        verdict, reason = _SAME_UNIT if same_unit else _OTHER_UNIT
        with clock.at(at + timedelta(minutes=number)):
            judge_pair(season.office, pair.pk, pair.later_id, verdict, reason)
