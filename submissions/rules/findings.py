"""One line of the checklist, and what the rules need to know of the contest.

`Content` is the plain mapping of a version (queries.content); dates are ISO strings, amounts decimal strings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Season:
    """What the rules need to know of the contest: the achievement window (inclusive) and the lists in force."""

    window_start: date
    window_end: date
    explained_categories: frozenset[str]
    max_members: int = 5
    block_classified: bool = False
    require_local_award: bool = False
    require_county_award: bool = False
    stamped_copy: str = ""  # the move that asks for it: "submit", "recommend", or none
    today: date = date.max  # the day the content was handed in, or else is read: nothing has happened after it
    grounds: Mapping[str, str] = field(default_factory=dict)  # line → the place of this contest's notice


@dataclass(frozen=True)
class Finding:
    """`state`: green, red (blocks the submit), or person (somebody must look). `sentence` says what to do.

    `clause` is where our rule was found, whatever the contest; `ground` the place of the contest's own notice.
    """

    code: str
    label: str
    state: str
    sentence: str
    clause: str
    field: str = ""
    overruled: bool = False  # green because the office said so
    ground: str = ""

    @property
    def cited(self) -> str:
        """The clause as a page names it: 附件1 一（一）5.

        What stands on our own policy, or on the notice of a city whose contest this is not, is the contest's own rule.
        """
        return self.ground.replace("(", "（").replace(")", "）") or "本届规则"


def value(content: Content, key: str) -> Any:
    """`leader.name` and the like; None when absent."""
    head, _, tail = key.partition(".")
    found = content.get(head)
    return (found or {}).get(tail) if tail else found
