"""Reads: the content of an achievement as one plain mapping, which forms, rules, versions and papers share."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from contests.models import Contest
from submissions.lifecycle import Status, undoes
from submissions.models import (
    Achievement,
    AchievementVersion,
    Attachment,
    Commendation,
    Leader,
    StampedForm,
    StatusChange,
)
from submissions.queries import conflicts, overriding
from submissions.rules import eligibility, stamped
from submissions.rules.comparison import Section, sections
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
        {"id": a.pk, "kind": a.kind, "name": a.name, "sha256": a.file.sha256} for a in _attachments(achievement)
    ]
    data["commendations"] = [_commendation(c) for c in _commendations(achievement)]
    return data | stamped_state(achievement, data)


def _attachments(achievement: Achievement) -> Iterable[Attachment]:
    """Each with its file: one query, or none where a caller has fetched them for many works at once."""
    fetched = "attachments" in getattr(achievement, "_prefetched_objects_cache", {})
    return achievement.attachments.all() if fetched else achievement.attachments.select_related("file")


def _commendations(achievement: Achievement) -> Iterable[Commendation]:
    fetched = "commendations" in getattr(achievement, "_prefetched_objects_cache", {})
    return achievement.commendations.all() if fetched else achievement.commendations.select_related("proof")


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


def _commendation(row: Any) -> dict[str, Any]:
    keys = ("level", "name", "awarding_body", "document_number", "awarded_on", "rank")
    told = {key: _json(getattr(row, key)) for key in keys} | {"proof": row.proof.name if row.proof else ""}
    return told | ({"given": True} if row.given_by_id else {})


def stamped_state(achievement: Achievement, data: dict[str, Any]) -> dict[str, str]:
    """The number of the stamped form whose scan fits this content, and of one that did before it was changed."""
    return _scan_among([form for form in achievement.stamped_forms.all() if form.scan_id], data)


def late_stamp(achievement: Achievement, data: dict[str, Any]) -> dict[str, str]:
    """A copy that came after the submit, where the contest takes it until the recommendation."""
    settings = achievement.contest.settings
    waits = settings.require_stamped_copy and settings.stamped_copy_at == "recommend"
    return stamped_state(achievement, data) if waits else {}


def _scan_among(forms: Iterable[StampedForm], data: dict[str, Any]) -> dict[str, str]:
    wanted = content_hash(stamped.printed(data))
    numbers = {form.content_hash: form.number for form in forms}
    old = list(numbers.values())[-1:] if wanted not in numbers else []
    return {"stamped_copy": numbers.get(wanted, ""), "stamped_outdated": old[0] if old else ""}


def _json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def content_hash(data: dict[str, Any]) -> str:
    """SHA-256 over canonical JSON: keys sorted, no spaces, characters as they are."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def season(contest: Contest, day: date | None = None) -> eligibility.Season:
    """`day`: when the content was handed in; None reads it as it stands today."""
    explained = [row.code for row in contest.category_set.all() if row.needs_explanation]
    settings = contest.settings
    return eligibility.Season(
        contest.window_start,
        contest.window_end,
        frozenset(explained),
        settings.max_members,
        settings.block_classified,
        settings.require_local_award,
        settings.require_county_award,
        settings.stamped_copy_at if settings.require_stamped_copy else "",
        day or timezone.localdate(),
        contest.sections.get("grounds", {}),
    )


def checklist(achievement: Achievement, *, for_unit: bool = False) -> list[eligibility.Finding]:
    """The eligibility checklist that unit, auditor and office see alike, but for what concerns other units."""
    return judged(achievement, content(achievement), for_unit=for_unit)


def judged(
    achievement: Achievement, data: Mapping[str, Any], *, for_unit: bool = False, day: date | None = None
) -> list[eligibility.Finding]:
    """The checklist of a content of the work, with what the office has overruled, and what stands against it.

    `day`: of the hand-in, where `data` is a version.
    """
    return _own(achievement, data, day) + conflicts.findings(achievement, for_unit=for_unit)


def _own(achievement: Achievement, data: Mapping[str, Any], day: date | None) -> list[eligibility.Finding]:
    found = eligibility.findings(data, season(achievement.contest, day))
    return eligibility.overrule(found, overriding.overruled(achievement)) if _can_be_overruled(found) else found


def _can_be_overruled(found: Iterable[eligibility.Finding]) -> bool:
    return any(finding.state == "red" and finding.code in eligibility.OVERRIDABLE for finding in found)


def latest_version(achievement: Achievement) -> Any:
    return achievement.versions.order_by("-number").first()


def read_content(achievement: Achievement) -> tuple[dict[str, Any], bool]:
    """What everybody but the unit reads, and whether that is a version: the unit's unsent edits are nobody else's.

    Above the last version stands what its desk verified; while the unit edits, or has withdrawn it, that may be hers.
    """
    version = latest_version(achievement)
    if version is None:
        return content(achievement), False
    data = handed_in(achievement, version.content)
    return data | given(data, _commendations(achievement)), True


def handed_in(achievement: Achievement, sent: Mapping[str, Any]) -> dict[str, Any]:
    """The content of its last version as it is read now: see `read_content`."""
    by_unit = achievement.is_editable or achievement.status == Status.WITHDRAWN
    return dict(sent) | ({} if by_unit else _verified(achievement))


def given(sent: Mapping[str, Any], awards: Iterable[Commendation]) -> dict[str, Any]:
    """The awards of a content as they are read now: a desk's round may have given one after the hand-in."""
    typed = [row for row in sent.get("commendations") or [] if not row.get("given")]
    return {"commendations": typed + [_commendation(row) for row in awards if row.given_by_id]}


def names_of(contest: Contest) -> dict[str, dict[str, str]]:
    """The words of the contest's own catalogues: key of the field -> code -> name."""
    return {
        "kind": dict(contest.kind_set.values_list("code", "name")),
        "category": {row.code: row.name for row in contest.category_set.all()},
        "industry": dict(contest.industry_set.values_list("code", "name")),
    }


def last_return(changes: Iterable[StatusChange]) -> StatusChange | None:
    """The last return of a history that was not taken back."""
    standing: list[StatusChange] = []
    for change in changes:
        if change.verb == "return":
            standing.append(change)
        elif undoes(change.verb) == "return" and standing:
            standing.pop()
    return standing[-1] if standing else None


def findings_of(
    contest: Contest, works: Iterable[Achievement], *, for_unit: bool = False
) -> dict[int, list[eligibility.Finding]]:
    """The checklist of many works as an auditor reads it, by their ids: their last versions with what was verified."""
    rows = {work.pk: work for work in works}
    versions = AchievementVersion.objects.filter(achievement__in=rows).order_by("number")
    shown = {version.achievement_id: version for version in versions}
    dates = season(contest)
    scans, awards = _scans(contest, rows), _awards(contest, rows)

    def read(pk: int, sent: dict[str, Any]) -> dict[str, Any]:
        late = _scan_of(contest, scans.get(pk, []), sent)
        return sent | given(sent, awards.get(pk, [])) | _verified(rows[pk]) | late

    def judge(version: AchievementVersion) -> list[eligibility.Finding]:
        of_its_day = replace(dates, today=timezone.localdate(version.created_at))
        return eligibility.findings(read(version.achievement_id, version.content), of_its_day)

    found = {pk: judge(version) for pk, version in shown.items()}
    red = {pk for pk, each in found.items() if _can_be_overruled(each)}
    reasons = overriding.overruled_of(red) if red else {}
    found |= {pk: eligibility.overrule(found[pk], reasons.get(pk, {})) for pk in red}
    outside = conflicts.findings_of(contest, rows.values(), for_unit=for_unit)
    return {pk: own + outside[pk] for pk, own in found.items()}


def _scans(contest: Contest, ids: Iterable[int]) -> dict[int, list[StampedForm]]:
    found: dict[int, list[StampedForm]] = {}
    if contest.settings.require_stamped_copy:
        for form in StampedForm.objects.filter(achievement__in=list(ids), scan__isnull=False):
            found.setdefault(form.achievement_id, []).append(form)
    return found


def _awards(contest: Contest, ids: Iterable[int]) -> dict[int, list[Commendation]]:
    found: dict[int, list[Commendation]] = {}
    if contest.settings.require_local_award or contest.settings.require_county_award:
        for row in Commendation.objects.filter(achievement__in=list(ids), given_by__isnull=False):
            found.setdefault(row.achievement_id, []).append(row)
    return found


def _scan_of(contest: Contest, forms: list[StampedForm], data: dict[str, Any]) -> dict[str, str]:
    """A copy that may come after the submit stands beside the version, not in it."""
    return _scan_among(forms, data) if contest.settings.require_stamped_copy else {}


def _verified(achievement: Achievement) -> dict[str, Any]:
    return {"benefit_path": achievement.benefit_path, "verified_wan": _json(achievement.verified_wan)}


@dataclass(frozen=True)
class Reading:
    """What an auditor reads: the last version that was handed in (`number` 0: none yet) beside the one before it."""

    number: int
    sections: list[Section]
    findings: list[eligibility.Finding]
    stamped: str = ""  # the number of the form whose scan was handed in with it

    @property
    def changes(self) -> int:
        return sum(section.changes for section in self.sections)

    def tally(self, state: str) -> int:
        return sum(finding.state == state for finding in self.findings)


def reading(achievement: Achievement, *, for_unit: bool = False) -> Reading:
    """`for_unit`: read by an operator whose unit holds its team's work; the register of bans is for auditors only."""
    versions = list(achievement.versions.order_by("-number")[:2])
    awards = list(_commendations(achievement)) if versions else []
    read = [version.content | given(version.content, awards) for version in versions]
    shown = read[0] if read else content(achievement)
    before = read[1] if len(read) > 1 else None
    stamp = late_stamp(achievement, shown)
    day = timezone.localdate(versions[0].created_at) if versions else None
    return Reading(
        versions[0].number if versions else 0,
        sections(shown, before, names_of(achievement.contest)),
        judged(achievement, shown | _verified(achievement) | stamp, for_unit=for_unit, day=day),
        (shown | stamp).get("stamped_copy", ""),
    )
