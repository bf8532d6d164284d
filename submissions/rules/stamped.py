"""What the stamped form says (002 附件3): the part of a content under the recommender's seal.

Only what is printed counts: a mended telephone number does not make a stamped paper worthless.
"""

from __future__ import annotations

from typing import Any

from submissions.rules.eligibility import Content, value

PRINTED = (
    "title",
    "unit_name",
    "leader.name",
    "implemented_from",
    "implemented_to",
    "summary",
    "filled_by",
    "responsible_person",
)


def printed(content: Content) -> dict[str, Any]:
    """Plain values by key, and the granted patents as (number, ISO day)."""
    granted = [row for row in content.get("patents") or [] if row["status"] == "granted"]
    said = {key: value(content, key) or "" for key in PRINTED}
    return said | {"patents": [[row["number"], row["granted_on"]] for row in granted]}


def form_number(year: int, achievement_id: int, content_hash: str) -> str:
    """`2021-00012-3F9A1C07`: contest, work, the first eight digits of the content: a paper names what it says."""
    return f"{year}-{achievement_id:05d}-{content_hash[:8].upper()}"
