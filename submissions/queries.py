"""Reads: the content of an achievement as one plain mapping, which forms, rules, versions and papers share."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from decimal import Decimal
from typing import Any

from contests.models import Contest
from submissions.models import Achievement, Leader
from submissions.rules import eligibility
from submissions.rules.fields import FIELDS

_PLAIN = [key for key in FIELDS if "." not in key and key not in ("kind", "category", "industry")]
_LEADER = [key.removeprefix("leader.") for key in FIELDS if key.startswith("leader.") and key != "leader.photo"]


def content(achievement: Achievement) -> dict[str, Any]:
    """JSON values only: codes, ISO dates, decimal strings; attachments by name and SHA-256."""
    data: dict[str, Any] = {key: _json(getattr(achievement, key)) for key in _PLAIN}
    data |= {"verified_wan": _json(achievement.verified_wan), "verify_remark": achievement.verify_remark}
    for key in ("kind", "category", "industry"):
        row = getattr(achievement, key)
        data[key] = row.code if row else ""
    data["unit_name"] = achievement.unit.name
    data["leader"] = _leader(getattr(achievement, "leader", None))
    data["members"] = [{"name": m.name, "organization_text": m.organization_text} for m in achievement.members.all()]
    data["patents"] = [_patent(p) for p in achievement.patents.all()]
    data["attachments"] = [
        {"id": a.pk, "kind": a.kind, "name": a.name, "sha256": a.file.sha256}
        for a in achievement.attachments.select_related("file")
    ]
    return data


def _leader(leader: Leader | None) -> dict[str, Any]:
    if leader is None:
        return {}
    photo = leader.photo.sha256 if leader.photo else ""
    return {key: getattr(leader, key) for key in _LEADER} | {"photo": photo}


def _patent(patent: Any) -> dict[str, Any]:
    return {
        "kind": patent.kind,
        "number": patent.number,
        "status": patent.status,
        "granted_on": _json(patent.granted_on),
        "owner": patent.owner,
    }


def _json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def content_hash(data: dict[str, Any]) -> str:
    """SHA-256 over canonical JSON: keys sorted, no spaces, characters as they are."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def season(contest: Contest) -> eligibility.Season:
    explained = contest.category_set.filter(needs_explanation=True).values_list("code", flat=True)
    return eligibility.Season(
        contest.window_start, contest.window_end, frozenset(explained), contest.settings.max_members
    )


def checklist(achievement: Achievement) -> list[eligibility.Finding]:
    """The eligibility checklist that unit, auditor and office see alike."""
    return eligibility.findings(content(achievement), season(achievement.contest))


def latest_version(achievement: Achievement) -> Any:
    return achievement.versions.order_by("-number").first()
