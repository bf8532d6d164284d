"""Reads: the content of an achievement as one plain mapping, which forms, rules, versions and papers share."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery

from accounts.actor import Actor
from contests.models import Contest, Enrolment
from submissions.lifecycle import ENDED, UNDO, UNDO_FOR, Status, undoes
from submissions.models import (
    Achievement,
    AchievementVersion,
    Attachment,
    Batch,
    Leader,
    Recommendation,
    StatusChange,
)
from submissions.querysets import AchievementQuerySet
from submissions.rules import eligibility
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


def last_return(changes: Iterable[StatusChange]) -> StatusChange | None:
    """The last return of a history that was not taken back."""
    standing: list[StatusChange] = []
    for change in changes:
        if change.verb == "return":
            standing.append(change)
        elif undoes(change.verb) == "return" and standing:
            standing.pop()
    return standing[-1] if standing else None


# --- the audit queue ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tab:
    """One heap of an auditor's desk and how many works lie in it."""

    code: str
    label: str
    count: int = 0


def _heaps(actor: Actor) -> dict[str, tuple[str, Q]]:
    """The tabs of the queue by code: label and which of the visible works belong to it."""
    org_id = actor.organization.pk
    own = Recommendation.objects.filter(enrolment__organization=org_id).values("achievement")
    listed = ("已推荐", Q(pk__in=own) & ~Q(status__in=ENDED))
    accepted = ("已受理", Q(status__in=[Status.ACCEPTED, Status.FROZEN]))
    return {
        "waiting": ("待审核", Q(status=Status.SUBMITTED, holder__organization=org_id)),
        "done": accepted if actor.is_office else listed,
        "returned": ("已退回", Q(status=Status.RETURNED)),
        "all": ("全部", Q()),
    }


def _audited(actor: Actor, contest: Contest) -> AchievementQuerySet:
    """What an auditing hat has to do with: a unit operator audits her teams' works only."""
    rows = Achievement.objects.visible_to(actor).filter(contest=contest)
    return rows.filter(unit__is_team=True) if actor.is_unit_operator else rows


def desk_tabs(actor: Actor, contest: Contest) -> list[Tab]:
    heaps = _heaps(actor)
    counts = _audited(actor, contest).aggregate(**{code: Count("pk", filter=q) for code, (_, q) in heaps.items()})
    return [Tab(code, label, counts[code]) for code, (label, _) in heaps.items()]


def desk_rows(actor: Actor, contest: Contest, heap: str = "waiting", words: str = "") -> AchievementQuerySet:
    """A heap in the order of work: waiting longest first, recommended as ranked, the others the newest first.

    Each row carries `arrived_at` (when it came where it lies; what was taken back never happened), `version`, `place`
    on the own list and `has_appraisal`.
    """
    rows = _audited(actor, contest).filter(_heaps(actor)[heap][1])
    for word in words.split():
        found = Q(title__icontains=word) | Q(unit__name__icontains=word) | Q(leader__name__icontains=word)
        rows = rows.filter(found)
    return _annotated(rows, actor).with_row_data().order_by(*_ORDERS.get(heap, ("-arrived_at", "-pk")))


_ORDERS = {"waiting": ("arrived_at", "pk"), "done": ("place", "number", "pk"), "all": ("-pk",)}


def _annotated(rows: AchievementQuerySet, actor: Actor) -> AchievementQuerySet:
    here = {"achievement": OuterRef("pk")}
    listed = Recommendation.objects.filter(enrolment__organization=actor.organization.pk, **here)
    came = StatusChange.objects.filter(**here, to_holder=OuterRef("holder"), to_status=OuterRef("status"))
    return rows.annotate(
        arrived_at=Subquery(came.exclude(verb__startswith=UNDO).order_by("-pk").values("at")[:1]),
        version=Subquery(AchievementVersion.objects.filter(**here).order_by("-number").values("number")[:1]),
        place=Subquery(listed.values("order")[:1]),
        has_appraisal=Exists(Attachment.objects.filter(kind="appraisal_certificate", **here)),
    )


def next_on_desk(actor: Actor, achievement: Achievement, words: str = "") -> int | None:
    """The work to turn to after this one: the next that waits, at the end the first again; None: the desk is empty."""
    waiting = list(desk_rows(actor, achievement.contest, words=words).values_list("pk", flat=True))
    at = waiting.index(achievement.pk) if achievement.pk in waiting else -1
    return next((pk for pk in waiting[at + 1 :] + waiting[: max(at, 0)]), None)


def own_list(enrolment: Enrolment) -> QuerySet[Recommendation]:
    """A recommender's list as it will stand on 附件2."""
    return enrolment.recommendations.exclude(achievement__status__in=ENDED).order_by("order", "pk")


def order_token(achievement_ids: Iterable[int]) -> str:
    """What a page has seen of the order of a list."""
    return hashlib.sha256(",".join(map(str, achievement_ids)).encode()).hexdigest()[:16]


def list_token(enrolment: Enrolment) -> str:
    return order_token(own_list(enrolment).values_list("achievement", flat=True))


def findings_of(contest: Contest, works: Iterable[Achievement]) -> dict[int, list[eligibility.Finding]]:
    """The checklist of many works as an auditor reads it, by their ids: their last versions with what was verified."""
    rows = {work.pk: work for work in works}
    versions = AchievementVersion.objects.filter(achievement__in=rows).order_by("number")
    shown = {version.achievement_id: version.content for version in versions}
    dates = season(contest)
    return {pk: eligibility.findings(data | _verified(rows[pk]), dates) for pk, data in shown.items()}


def _verified(achievement: Achievement) -> dict[str, Any]:
    return {"benefit_path": achievement.benefit_path, "verified_wan": _json(achievement.verified_wan)}


def last_changes(works: Iterable[Achievement]) -> dict[int, int]:
    """What a page of many works has seen: the id of each one's last change (see actions.moves.seen_token)."""
    rows = StatusChange.objects.filter(achievement__in=[work.pk for work in works]).order_by()
    return dict(rows.values_list("achievement").annotate(last=Max("pk")))


def undoable_batch(actor: Actor, contest: Contest, now: datetime) -> Batch | None:
    """The hat's last batch, while it may still be taken back."""
    moved = Batch.objects.filter(membership=actor.membership, contest=contest, rows__change__isnull=False)
    last = moved.order_by("-pk").first()
    return last if last and last.undone_at is None and now - last.at <= UNDO_FOR else None


@dataclass(frozen=True)
class Reading:
    """What an auditor reads: the last version that was handed in (`number` 0: none yet) beside the one before it."""

    number: int
    sections: list[Section]
    findings: list[eligibility.Finding]

    @property
    def changes(self) -> int:
        return sum(section.changes for section in self.sections)

    def tally(self, state: str) -> int:
        return sum(finding.state == state for finding in self.findings)


def reading(achievement: Achievement) -> Reading:
    versions = list(achievement.versions.order_by("-number")[:2])
    shown = versions[0].content if versions else content(achievement)
    before = versions[1].content if len(versions) > 1 else None
    contest = achievement.contest
    names = {
        "kind": dict(contest.kind_set.values_list("code", "name")),
        "category": dict(contest.category_set.values_list("code", "name")),
        "industry": dict(contest.industry_set.values_list("code", "name")),
    }
    return Reading(
        versions[0].number if versions else 0,
        sections(shown, before, names),
        eligibility.findings(shown | _verified(achievement), season(contest)),
    )
