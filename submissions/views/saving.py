"""Saving what is right and keeping what is not: of a page or of some fields, with what to tell about each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from accounts.actor import Actor
from core.errors import NotAllowed, Refusal
from submissions.actions import drafting, uploads
from submissions.actions.drafting import StaleFields
from submissions.forms.achievement import AchievementForm, key_of, name_of
from submissions.forms.parts import Commendations, Members, Patents, Rows
from submissions.models import Achievement, StampedForm
from submissions.views import shown

_LARGEST = 2**31 - 1


@dataclass
class FileResult:
    """What became of one uploaded file."""

    name: str
    ok: bool
    sentence: str


@dataclass
class Saved:
    """What a save came to. `conflicts`: name of a field → both texts; `sentences`: what else to tell, by place."""

    names: list[str] = field(default_factory=list)
    conflicts: dict[str, dict[str, str]] = field(default_factory=dict)
    sentences: dict[str, str] = field(default_factory=dict)
    files: list[FileResult] = field(default_factory=list)

    @property
    def files_ok(self) -> bool:
        return all(result.ok for result in self.files)


def revision_of(posted: QueryDict) -> int:
    """The revision that the page was made with; without one, everything counts as newer."""
    text = posted.get("revision", "")
    return min(int(text), _LARGEST) if text.isascii() and text.isdecimal() and len(text) < 12 else 0


def save_fields(actor: Actor, form: AchievementForm, revision: int) -> Saved:
    """Writes every right value; a wrong one keeps its sentence in the form, a contested one stands in `conflicts`."""
    form.is_valid()
    changes = {key: value for key, value in form.changes().items() if f"take-{name_of(key)}" not in form.data}
    contested: dict[str, Any] = {}
    saved = Saved()
    while changes:
        try:
            drafting.save_fields(actor, form.achievement.pk, changes, revision)
        except StaleFields as stale:
            contested |= {key: changes.pop(key) for key in stale.keys}
        except NotAllowed:
            raise
        except Refusal as refusal:
            if refusal.field not in changes:
                raise
            form.add_error(name_of(refusal.field), refusal.message)
            changes.pop(refusal.field)
        else:
            saved.names = [name_of(key) for key in changes]
            break
    form.achievement.refresh_from_db()
    saved.conflicts = {name_of(key): _both(form, key, mine) for key, mine in contested.items()}
    return saved


def _both(form: AchievementForm, key: str, mine: Any) -> dict[str, str]:
    """`mine` and `theirs` in words, `value` as the control takes theirs."""
    theirs = shown.in_words(form.achievement, key)
    return {"mine": shown.words(key, mine), "theirs": theirs, "value": form.shown(key)}


_WRITES: dict[str, Any] = {
    "members": drafting.set_members,
    "patents": drafting.set_patents,
    "commendations": drafting.set_commendations,
}


_IN_WORDS: dict[str, Callable[[Any], str]] = {
    "members": lambda row: f"{row.name} {row.organization_text}",
    "patents": lambda row: f"{row.number} {row.granted_on or row.get_status_display()} {row.owner}",
    "commendations": lambda row: f"{row.name} {row.awarding_body} {row.rank} {row.document_number}",
}


def save_rows(actor: Actor, achievement: Achievement, rows: Rows, revision: int) -> Achievement:
    write = _WRITES[rows.name]
    written: Achievement = write(actor, achievement.pk, rows.values(), revision)
    return written


def save_page(actor: Actor, page: Page, files: MultiValueDict[str, UploadedFile]) -> Saved:
    """Everything on the page at once: what a browser without scripts posts."""
    posted, achievement = page.posted, page.form.achievement
    revision = revision_of(posted)
    saved = save_fields(actor, page.form, revision)
    for rows in page.lists:
        if rows.touched and rows.is_valid() and rows.changed:
            _try(saved, rows.name, _rows, actor, achievement, rows, revision)
    if photo := files.get("photo"):
        _try(saved, "photo", uploads.keep_photo, actor, achievement, photo, revision)
    if order := order_of(posted):
        _try(saved, "attachments", drafting.order_attachments, actor, achievement.pk, order, revision)
    saved.files = attach_all(actor, achievement, posted.get("attachment_kind", ""), files.getlist("files"))
    if (removed := posted.get("remove", "")).isdecimal():
        _try(saved, "attachments", drafting.detach, actor, achievement.pk, int(removed))
    if (scan := files.get("scan")) and (form := _printed(achievement, posted)):
        _try(saved, "stamped", uploads.keep_stamped_scan, actor, form, scan)
    achievement.refresh_from_db()
    return saved


def _rows(actor: Actor, achievement: Achievement, rows: Rows, revision: int) -> None:
    """On the page stand her rows; what a colleague has saved meanwhile is told beside them before she saves again."""
    try:
        save_rows(actor, achievement, rows, revision)
    except StaleFields as stale:
        theirs = (
            "；".join(_IN_WORDS[rows.name](row).strip() for row in getattr(achievement, rows.name).all()) or "（空）"
        )
        said = f"对方已保存的：{theirs}。再次保存时以您写的为准。"
        raise Refusal(f"{stale.message}{said}", rows.name, "stale") from stale


def _printed(achievement: Achievement, posted: QueryDict) -> StampedForm | None:
    """The printed form that the page offered the scan's place for."""
    asked = posted.get("scan_of", "")
    rows = {str(row.pk): row for row in achievement.stamped_forms.all()}
    return rows.get(asked)


def _try(saved: Saved, place: str, action: Any, *arguments: Any) -> None:
    """A refusal is told at its place; everything else of the page goes on."""
    try:
        action(*arguments)
    except NotAllowed:
        raise
    except Refusal as refusal:
        saved.sentences[place] = refusal.message


def order_of(posted: QueryDict) -> list[int]:
    """The attachments' ids in the order that was asked for; without scripts one of them was pressed up."""
    ids = [int(text) for text in posted.getlist("attachment") if text.isascii() and text.isdecimal()]
    lifted = posted.get("lift", "")
    if not (lifted.isascii() and lifted.isdecimal()) or int(lifted) not in ids[1:]:
        return []
    at = ids.index(int(lifted))
    ids[at - 1], ids[at] = ids[at], ids[at - 1]
    return ids


def attach_all(
    actor: Actor, achievement: Achievement, kind: str, uploaded: Iterable[UploadedFile], ticket: str = ""
) -> list[FileResult]:
    """File by file: one refused file does not hold up the others."""
    results = []
    for file in uploaded:
        name = file.name or ""
        try:
            row = uploads.keep_attachment(actor, achievement, kind, file, ticket)
            results.append(FileResult(row.name, True, f"“{row.name}”已上传。"))
        except NotAllowed:
            raise
        except Refusal as refusal:
            results.append(FileResult(name, False, refusal.message))
    return results


class Page:
    """The editor's forms: as stored, or as posted."""

    def __init__(self, achievement: Achievement, posted: QueryDict | None = None) -> None:
        self.posted = posted if posted is not None else QueryDict()
        self.form = AchievementForm(achievement, posted)
        self.members = Members(achievement, posted)
        self.patents = Patents(achievement, posted)
        self.commendations = Commendations(achievement, posted)

    @property
    def lists(self) -> tuple[Rows, ...]:
        return self.members, self.patents, self.commendations

    @property
    def is_right(self) -> bool:
        return not self.form.errors and all(rows.is_valid() for rows in self.lists)

    @property
    def is_touched(self) -> bool:
        """Is there anything of this person's that the database does not hold?"""
        return bool(self.form.changes()) or any(r.touched and (not r.is_valid() or r.changed) for r in self.lists)

    def after(self, saved: Saved) -> Page:
        """The page to show next: fresh from the database, but with the texts of this person that could not be saved."""
        kept = set(self.form.errors) | set(saved.conflicts)
        achievement, data = self.form.achievement, self.posted.copy()
        for rows in (Members(achievement), Patents(achievement), Commendations(achievement)):
            data[f"{rows.name}_was"] = rows.was or ""
        for key in self.form.keys:
            data.pop(f"take-{name_of(key)}", None)
            if name_of(key) not in kept:
                _put(data, name_of(key), self.form.shown(key))
            _put(data, f"initial-{name_of(key)}", self.form.shown(key))
        return Page(achievement, data)


def _put(data: QueryDict, name: str, value: str) -> None:
    if value:
        data[name] = value
    else:
        data.pop(name, None)


def newer(achievement: Achievement, revision: int, apart_from: Iterable[str]) -> dict[str, int]:
    """Names that somebody wrote after the page was made, with the revision of each."""
    known = {key_of(name) for name in apart_from}
    revisions = achievement.field_revisions
    return {name_of(key): at for key, at in revisions.items() if at > revision and key not in known}
