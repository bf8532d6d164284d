"""Messages to persons: one row a message, recipient and channel; the dedupe key makes every second asking nothing.

Mail is delivered at most once. A row is claimed by a conditional update before the server hears of it; a worker that
dies after that leaves `sending`, which the next attempt turns into `unsure`: a person decides then, no machine.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import F
from django.utils import timezone

from core import jobs
from core.errors import Refusal
from core.ledger import Acting
from core.models import Job, Outbox

TASK = "core.tasks.deliver_mail"
MOST_ATTEMPTS = 5
LEFT_FOR = timedelta(minutes=2)  # a row that waits longer has lost its job
AWAY = "邮件服务器暂时连不上，几分钟后自动再试。"
LABEL = "发送邮件"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Letter:
    """`recipient` has `pk` and `email`; `link` is a path of the portal."""

    recipient: Any
    subject: str
    body: str
    link: str = ""


def has_mail() -> bool:
    """Is a mail server named? Without one, messages go to the site alone."""
    return bool(settings.MAIL_ON)


def post(key: str, letters: Sequence[Letter], sender: Acting | None) -> int:
    """Write the rows of one message, inside the transaction that decides it; how many persons it is new to.

    Everybody gets it on the site, and by mail who has an address. Asked again with the same key, nothing happens.
    """
    before = Outbox.objects.filter(key=key, channel=Outbox.Channel.SITE).count()
    now = timezone.now()
    rows = [_row(key, letter, sender, Outbox.Channel.SITE, now) for letter in letters]
    mailed = [letter for letter in letters if has_mail() and letter.recipient.email]
    rows += [_row(key, letter, sender, Outbox.Channel.MAIL, None) for letter in mailed]
    Outbox.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    if mailed:
        jobs.start(TASK, f"outbox:{key}", {"key": key}, LABEL, sender)
    return Outbox.objects.filter(key=key, channel=Outbox.Channel.SITE).count() - before


def _row(key: str, letter: Letter, sender: Acting | None, channel: str, sent_at: Any) -> Outbox:
    return Outbox(
        key=key,
        recipient_id=letter.recipient.pk,
        channel=channel,
        subject=letter.subject,
        body=letter.body,
        link=letter.link,
        sender_id=sender.user.pk if sender else None,
        state=Outbox.State.SENT if sent_at else Outbox.State.QUEUED,
        sent_at=sent_at,
    )


def deliver(job: Job) -> None:
    """The work of one job: all mail of its key that nobody has begun to send."""
    mine = Outbox.objects.filter(key=job.params["key"], channel=Outbox.Channel.MAIL)
    mine.filter(state=Outbox.State.SENDING).update(state=Outbox.State.UNSURE)
    rows = list(mine.waiting().select_related("recipient").order_by("pk"))
    if not rows:
        return
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        log.warning("mail server is away: %s", type(error).__name__)
        _count_attempt(mine)
        raise Refusal(AWAY) from error
    try:
        for place, row in enumerate(rows, start=1):
            _send(row, connection)
            jobs.progress(job, place, len(rows))
    finally:
        connection.close()


def _count_attempt(mine: Any) -> None:
    mine.waiting().update(attempts=F("attempts") + 1)
    mine.waiting().filter(attempts__gte=MOST_ATTEMPTS).update(state=Outbox.State.FAILED, error="邮件服务器一直连不上。")


def _send(row: Outbox, connection: Any) -> None:
    """Claim, send, mark: whoever claims later finds nothing to do."""
    claimed = Outbox.objects.waiting().filter(pk=row.pk)
    if not claimed.update(state=Outbox.State.SENDING, attempts=F("attempts") + 1):
        return
    message = EmailMessage(row.subject, row.body, to=[row.recipient.email], connection=connection)
    message.extra_headers["Message-ID"] = f"<outbox-{row.pk}@wuxiao>"
    try:
        connection.send_messages([message])
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
        _end(row, Outbox.State.FAILED, error=f"对方服务器拒收（{_code(error)}）。")
    except (OSError, smtplib.SMTPException):
        _end(row, Outbox.State.UNSURE)
        raise Refusal("发送途中与邮件服务器断开，余下的几分钟后自动再发。") from None
    else:
        _end(row, Outbox.State.SENT, sent_at=timezone.now())


def _code(error: smtplib.SMTPException) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return int(next(iter(error.recipients.values()))[0])
    return int(getattr(error, "smtp_code", 0))


def _end(row: Outbox, state: str, **changes: Any) -> None:
    """Also of a row that another attempt has meanwhile called unsure: who sent it knows best."""
    begun = (Outbox.State.SENDING, Outbox.State.UNSURE)
    Outbox.objects.filter(pk=row.pk, state__in=begun).update(state=state, **changes)


def take_up() -> int:
    """Give a job to mail that waits without one. How many keys were taken up."""
    old = Outbox.objects.waiting().filter(created_at__lt=timezone.now() - LEFT_FOR)
    keys = list(old.order_by().values_list("key", flat=True).distinct())
    live = set(Job.objects.live().filter(key__in=[f"outbox:{key}" for key in keys]).values_list("key", flat=True))
    lost = [key for key in keys if f"outbox:{key}" not in live]
    for key in lost:
        jobs.start(TASK, f"outbox:{key}", {"key": key}, LABEL, None)
    return len(lost)


def mark_read(user_id: int, ids: Sequence[int]) -> int:
    """She has read these of her own; reading is no decision, so the ledger does not hear of it."""
    own = Outbox.objects.filter(recipient=user_id, channel=Outbox.Channel.SITE, pk__in=ids)
    return own.unread().update(read_at=timezone.now())
