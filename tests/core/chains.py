"""A chain to work on, and a way past its guard."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

from django.db import connection, transaction

from core import ledger

CHAIN = "contest:1"
LENGTH = 40


def actor(user: int = 7, membership: int = 70) -> SimpleNamespace:
    return SimpleNamespace(user=SimpleNamespace(pk=user), membership=SimpleNamespace(pk=membership))


def grow(chain: str = CHAIN, length: int = LENGTH) -> None:
    with transaction.atomic():
        for number in range(length):
            ledger.record(actor(), "submit", f"submissions.achievement:{number}", {"version": number}, chain=chain)


@contextmanager
def unguarded() -> Iterator[None]:
    """What somebody with the owner's password can do: put the trigger to sleep."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE core_event DISABLE TRIGGER USER")
            yield
            cursor.execute("ALTER TABLE core_event ENABLE TRIGGER USER")
        else:
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'core_event_append_only'")
            statement = cursor.fetchone()[0]
            cursor.execute("DROP TRIGGER core_event_append_only")
            yield
            cursor.execute(statement)
