"""The rows and files of a work as its last version holds them: what is read by everybody but the unit.

The unit may take a file out of a returned work; who judges the version that was handed in still opens it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from accounts.actor import Actor
from contests.models import Contest
from core.models import PrivateFile
from submissions import policies, queries
from submissions.lifecycle import Status
from submissions.models import (
    Achievement,
    AchievementVersion,
    Attachment,
    Commendation,
    Member,
    Patent,
    StampedForm,
    StatusChange,
)
from submissions.rules import stamped

Content = Mapping[str, Any]


def members(content: Content) -> list[Member]:
    """Never saved, like all rows here."""
    return [Member(**row) for row in content["members"]]


def patents(content: Content) -> list[Patent]:
    return [Patent(**(row | {"granted_on": _day(row["granted_on"])})) for row in content["patents"]]


def commendations(content: Content) -> list[Commendation]:
    """The proof is told by its name: the row of the file may have gone since."""
    keys = ("level", "name", "awarding_body", "document_number", "rank")
    return [
        Commendation(awarded_on=_day(row["awarded_on"]), **{key: row[key] for key in keys})
        for row in content.get("commendations", [])
    ]


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None


def attachments(content: Content) -> list[Attachment]:
    rows = content["attachments"]
    stored = _files(row["sha256"] for row in rows)
    return [
        Attachment(pk=row["id"], kind=row["kind"], name=row["name"], file=stored[row["sha256"]])
        for row in rows
        if row["sha256"] in stored
    ]


def _files(hashes: Any) -> dict[str, PrivateFile]:
    rows = PrivateFile.objects.filter(sha256__in=list(hashes), max_side__isnull=True)
    return {row.sha256: row for row in rows.order_by("-pk")}


def as_handed_in(contest: Contest, rows: Iterable[Any]) -> list[Any]:
    """Rows of a list as everybody but the unit reads them: what they show comes from their last version.

    For showing only, never to be saved. One query for the versions; the catalogues unless they are fetched.
    """
    works = list(rows)
    versions = AchievementVersion.objects.filter(achievement__in=[work.pk for work in works]).order_by("number")
    sent: dict[int, dict[str, Any]] = {
        row["achievement"]: dict(row) for row in versions.values("achievement", **_SHOWN_IN_LISTS)
    }
    named = {key: {row.code: row for row in getattr(contest, f"{key}_set").all()} for key in _CATALOGUES}
    for work in works:
        if row := sent.get(work.pk):
            work.title, work.leader.name = row["sent_title"], row["sent_leader"] or ""
            work.benefit_wan = _amount(row["sent_benefit"])
            for key in _CATALOGUES:
                setattr(work, key, named[key].get(row[f"sent_{key}"]))
    return works


def named_as_handed_in(rows: Iterable[Any]) -> list[Any]:
    """The same for rows of several seasons that show title and leader alone. One query."""
    works = list(rows)
    versions = AchievementVersion.objects.filter(achievement__in=[work.pk for work in works]).order_by("number")
    names = {key: _SHOWN_IN_LISTS[key] for key in ("sent_title", "sent_leader")}
    sent: dict[int, dict[str, Any]] = {row["achievement"]: dict(row) for row in versions.values("achievement", **names)}
    for work in works:
        if row := sent.get(work.pk):
            work.title, work.leader.name = row["sent_title"], row["sent_leader"] or ""
    return works


def named_for(actor: Actor, works: list[Achievement]) -> None:
    """What a unit writes on a returned work is nobody else's yet."""
    if not actor.is_unit_operator:
        named_as_handed_in(works)


def contents(ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The last version of each work that was handed in, by the works' ids. One query."""
    rows = AchievementVersion.objects.filter(achievement__in=list(ids)).order_by("number")
    return dict(rows.values_list("achievement", "content"))


def _amount(text: str | None) -> Decimal | None:
    """SQLite gives the word of a JSON null."""
    return Decimal(text) if text and text != "null" else None


_CATALOGUES = ("kind", "category", "industry")
_SHOWN_IN_LISTS = {  # as text: SQLite would read the words "40.43" back as a binary fraction
    "sent_title": KT("content__title"),
    "sent_leader": KT("content__leader__name"),
    "sent_benefit": KT("content__benefit_wan"),
    **{f"sent_{key}": KT(f"content__{key}") for key in _CATALOGUES},
}


def attachment(actor: Actor, pk: int) -> Attachment | None:
    """The file under this id as the hat may read it now: the unit's own list, or the last version's."""
    row = Attachment.objects.visible_to(actor).select_related("file", "achievement__unit__recommender").filter(pk=pk)
    live: Attachment | None = row.first()
    if live is None:
        return _taken_out(actor, pk)
    version = None if policies.works_for_unit(actor, live.achievement) else queries.latest_version(live.achievement)
    return live if version is None or _holds(version, pk) else None


def _holds(version: AchievementVersion, pk: int) -> bool:
    return any(file["id"] == pk for file in version.content["attachments"])


def _taken_out(actor: Actor, pk: int) -> Attachment | None:
    """Out of a last version that its unit has been editing since: returned, withdrawn, or reopened after that."""
    reopened = StatusChange.objects.filter(verb="reopen").values("achievement")
    edited = Q(achievement__status__in=[Status.RETURNED, Status.WITHDRAWN]) | Q(achievement__in=reopened)
    versions = AchievementVersion.objects.visible_to(actor).filter(edited)
    likely = versions.annotate(text=Cast("content", TextField())).filter(text__contains=f'"id": {pk},')
    for version in likely.select_related("achievement__unit__recommender"):
        if policies.works_for_unit(actor, version.achievement):
            continue
        if version == queries.latest_version(version.achievement) and _holds(version, pk):
            return next((row for row in attachments(version.content) if row.pk == pk), None)
    return None


@dataclass(frozen=True)
class Stamped:
    """The form under the seal: `printed` says what the work says now, `outdated` is the last scan of what it said."""

    printed: StampedForm | None = None
    outdated: StampedForm | None = None


def stamped_forms(achievement: Achievement, content: Content) -> Stamped:
    wanted = queries.content_hash(stamped.printed(content))
    forms = list(achievement.stamped_forms.select_related("scan"))
    printed = next((form for form in forms if form.content_hash == wanted), None)
    scanned = [form for form in forms if form.scan_id and form.content_hash != wanted]
    return Stamped(printed, scanned[-1] if scanned and not (printed and printed.scan_id) else None)


def last_scan(achievement: Achievement) -> str:
    """The number of the form that was scanned last, or ""."""
    scanned = achievement.stamped_forms.filter(scan__isnull=False).order_by("scanned_at")
    return scanned.values_list("number", flat=True).last() or ""


def photo(actor: Actor, achievement: Achievement) -> PrivateFile | None:
    """The leader's photo as the hat may read it now."""
    version = None if policies.works_for_unit(actor, achievement) else queries.latest_version(achievement)
    if version is None:
        live: PrivateFile | None = achievement.leader.photo
        return live
    found = version.content["leader"].get("photo", "")
    return _files([found]).get(found) if found else None
