"""A real SMTP server for tests, and what it took in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers import free_port


class PostOffice:
    """`answer` may refuse a recipient or break off; what was accepted lies in `taken`."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.refuse: Callable[[str], str | None] = lambda address: None
        self.before_data: Callable[[], None] = lambda: None

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refused = self.refuse(address)
        if refused:
            return refused
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.before_data()
        message: Any = message_from_bytes(envelope.content or b"", policy=policy.default)
        self.taken.append(message)
        return "250 OK"


@contextmanager
def open_for_business(settings: Any) -> Iterator[PostOffice]:
    """The portal's settings point at it."""
    office = PostOffice()
    controller = Controller(office, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.MAIL_ON = "127.0.0.1", controller.port, True
    try:
        yield office
    finally:
        controller.stop()
