"""The stamped copy: the form is printed with a number, stamped by hand, and its scan kept under that number."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from core import files, ledger
from core.errors import NotAllowed, Refusal
from core.models import PrivateFile
from submissions import policies, queries
from submissions.actions.drafting import locked
from submissions.models import Achievement, AchievementVersion, StampedForm
from submissions.rules import stamped


@transaction.atomic
def print_form(actor: Actor, achievement_id: int) -> StampedForm:
    """The row of what the form says now; the same content has the same row, however often it is printed."""
    achievement = locked(achievement_id)
    denied = policies.may_stamp(actor, achievement)
    if denied:
        raise NotAllowed(denied)
    live = policies.works_for_unit(actor, achievement) and achievement.is_editable
    said = stamped.printed(queries.content(achievement) if live else queries.read_content(achievement)[0])
    if not said["title"]:
        raise Refusal("请先填写项目名称，再打印申报表。", "title")
    digest = queries.content_hash(said)
    form, _ = StampedForm.objects.get_or_create(
        achievement=achievement,
        content_hash=digest,
        defaults={
            "number": stamped.form_number(achievement.contest.year, achievement.pk, digest),
            "content": said,
            "version": _version_saying(achievement, digest),
            "printed_by": actor.user,
        },
    )
    return form


def _version_saying(achievement: Achievement, digest: str) -> AchievementVersion | None:
    last: AchievementVersion | None = queries.latest_version(achievement)
    return last if last and queries.content_hash(stamped.printed(last.content)) == digest else None


@transaction.atomic
def keep_scan(actor: Actor, form_id: int, scan: PrivateFile, begun_at: datetime | None = None) -> StampedForm:
    """The scan of the stamped paper; a better scan of the same paper takes its place until the work is handed in."""
    achievement = locked(StampedForm.objects.values_list("achievement", flat=True).get(pk=form_id))
    form = StampedForm.objects.select_for_update(no_key=True).get(pk=form_id)  # the work first, as a submit does
    denied = policies.may_stamp(actor, achievement)
    if denied:
        raise NotAllowed(denied)
    form.scan, form.scanned_by, form.scanned_at, form.scan_begun_at = scan, actor.user, timezone.now(), begun_at
    form.save(update_fields=["scan", "scanned_by", "scanned_at", "scan_begun_at"])
    payload = {"form": form.pk, "content": form.content_hash, "sha256": scan.sha256}
    subject = f"achievement:{achievement.pk}"
    ledger.record(actor, "keep_stamped_copy", subject, payload, chain=achievement.contest.chain)
    return form


def tie(achievement: Achievement, version: AchievementVersion) -> None:
    """A scan belongs to the version that says what was printed."""
    digest = queries.content_hash(stamped.printed(version.content))
    StampedForm.objects.filter(achievement=achievement, content_hash=digest).update(version=version)


ALLOWED = {files.PDF, files.JPEG, files.PNG}
