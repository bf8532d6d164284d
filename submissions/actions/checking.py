"""核对附件: the desk ticks the attachments that it has looked at."""

from __future__ import annotations

from django.db import transaction

from accounts.actor import Actor
from core import ledger
from core.errors import NotAllowed
from submissions import policies
from submissions.actions.drafting import locked
from submissions.models import AttachmentCheck


@transaction.atomic
def check_attachments(actor: Actor, achievement_id: int, shown: set[int], ticked: set[int]) -> int:
    """Of the attachments that the page showed, exactly the ticked ones count as checked by this desk; how many do.

    Pressing again changes nothing. Raises NotAllowed for whoever has the work not on her desk.
    """
    achievement = locked(achievement_id)
    denied = policies.may_verify(actor, achievement, "核对附件")
    desk = achievement.holder
    if denied or desk is None:
        raise NotAllowed(denied)
    own = AttachmentCheck.objects.filter(achievement=achievement, desk=desk)
    before = set(own.values_list("attachment", flat=True))
    there = set(achievement.attachments.values_list("pk", flat=True)) & shown
    added, removed = (ticked & there) - before, (there - ticked) & before
    own.filter(attachment__in=removed).delete()
    AttachmentCheck.objects.bulk_create(
        AttachmentCheck(achievement=achievement, attachment_id=pk, desk=desk, membership=actor.membership)
        for pk in sorted(added)
    )
    if added or removed:
        payload = {"desk": desk.pk, "added": sorted(added), "removed": sorted(removed)}
        subject = f"achievement:{achievement.pk}"
        ledger.record(actor, "check_attachments", subject, payload, chain=achievement.contest.chain)
    return len((before | added) - removed)
