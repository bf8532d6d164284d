"""The ledger: what is recorded, and that no change of it goes unnoticed."""

import hashlib
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from core import ledger
from core.models import ChainHead, Event

CHAIN = "contest:1"
LENGTH = 40
pytestmark = pytest.mark.sqlite


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


# --- recording -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_event_holds_what_was_decided_and_by_whom() -> None:
    with transaction.atomic():
        event = ledger.record(
            actor(), "award", "scoring.result:3", {"b": Decimal("94.50"), "a": ["一等奖", None, True]}, chain=CHAIN
        )
    event.refresh_from_db()
    assert (event.actor_id, event.membership_id, event.seq) == (7, 70, 1)
    assert event.payload == '{"a":["一等奖",null,true],"b":"94.50"}'
    assert event.prev_hash == "0" * 64
    assert ChainHead.objects.get(chain=CHAIN).hash == event.hash


@pytest.mark.django_db
def test_the_hash_can_be_recomputed_by_hand() -> None:
    with transaction.atomic():
        event = ledger.record(None, "open", "contests.phase:1", {}, chain=ledger.SITE)
    at = event.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f+00:00")
    line = f'["wuxiao-ledger/1","site",1,"{at}",null,null,"open","contests.phase:1","{{}}","{"0" * 64}"]'
    assert event.hash == hashlib.sha256(line.encode()).hexdigest()


@pytest.mark.django_db
def test_chains_are_counted_apart() -> None:
    grow("contest:1", 3)
    grow("contest:2", 2)
    assert list(Event.objects.of_chain("contest:1").values_list("seq", flat=True)) == [1, 2, 3]
    assert list(Event.objects.of_chain("contest:2").values_list("seq", flat=True)) == [1, 2]
    assert ledger.chains() == ["contest:1", "contest:2"]
    assert ledger.verify() == []


@pytest.mark.django_db
@pytest.mark.parametrize("value", [1.5, {"deep": [0.1]}, {1: "number as a key"}, {"a", "b"}, b"bytes", object()])
def test_what_is_not_exact_is_refused(value: object) -> None:
    with pytest.raises(TypeError), transaction.atomic():
        ledger.record(None, "score", "x:1", {"value": value}, chain=CHAIN)
    assert not Event.objects.exists()


def test_times_are_written_in_utc() -> None:
    beijing = timezone(timedelta(hours=8))
    at = datetime(2021, 9, 10, 17, 0, tzinfo=beijing)
    assert (
        ledger.canonical({"at": at, "day": at.date()}) == '{"at":"2021-09-10T09:00:00.000000+00:00","day":"2021-09-10"}'
    )


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError):
        ledger.record(None, "open", "contests.phase:1", {}, chain=CHAIN)
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_decision_that_is_rolled_back_leaves_no_event() -> None:
    grow(length=2)
    with transaction.atomic():
        ledger.record(None, "open", "contests.phase:1", {}, chain=CHAIN)
        transaction.set_rollback(True)
    assert ChainHead.objects.get(chain=CHAIN).seq == 2
    assert ledger.verify() == []


# --- the database holds it back -----------------------------------------------------------------------


@pytest.mark.django_db
def test_the_database_refuses_to_change_an_event() -> None:
    grow(length=2)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.filter(seq=1).update(verb="decline")
    assert set(Event.objects.values_list("verb", flat=True)) == {"submit"}


@pytest.mark.django_db
def test_postgresql_refuses_to_delete_an_event() -> None:
    grow(length=2)
    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            Event.objects.filter(seq=1).delete()
        assert Event.objects.count() == 2
    else:  # SQLite lets it happen (see the migration); the walk along the chain does not
        Event.objects.filter(seq=1).delete()
        assert [fault.seq for fault in ledger.verify()] == [1]


# --- tampering ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tampering:
    """One forgery and the row at which `verify` must stop."""

    name: str
    seq: int


def alter(chance: random.Random) -> Tampering:
    seq = chance.randint(1, LENGTH)
    column, value = chance.choice(
        [
            ("payload", '{"version":999}'),
            ("verb", "decline"),
            ("subject", "submissions.achievement:999"),
            ("actor_id", 8),
            ("actor_id", None),
            ("membership_id", 71),
            ("at", datetime(2020, 1, 1, tzinfo=UTC)),
            ("prev_hash", "f" * 64),
            ("hash", "e" * 64),
        ]
    )
    Event.objects.filter(chain=CHAIN, seq=seq).update(**{column: value})
    return Tampering(f"alter {column}", seq)


def alter_with_new_hash(chance: random.Random) -> Tampering:
    """The forger computes the row's own hash anew: the next row, or the head, gives him away."""
    event = Event.objects.get(chain=CHAIN, seq=chance.randint(1, LENGTH))
    event.payload = '{"version":999}'
    Event.objects.filter(pk=event.pk).update(payload=event.payload, hash=ledger.hash_of(event))
    return Tampering("alter with a new hash", min(event.seq + 1, LENGTH))


def delete(chance: random.Random) -> Tampering:
    seq = chance.randint(1, LENGTH)
    Event.objects.filter(chain=CHAIN, seq=seq).delete()
    return Tampering("delete", seq)


def delete_and_close_up(chance: random.Random) -> Tampering:
    seq = chance.randint(1, LENGTH - 1)
    Event.objects.filter(chain=CHAIN, seq=seq).delete()
    for later in range(seq + 1, LENGTH + 1):
        Event.objects.filter(chain=CHAIN, seq=later).update(seq=later - 1)
    return Tampering("delete and close up", seq)


def cut_tail(chance: random.Random) -> Tampering:
    seq = chance.randint(1, LENGTH)
    Event.objects.filter(chain=CHAIN, seq__gte=seq).delete()
    return Tampering("cut off the tail", seq)


def cut_tail_with_head(chance: random.Random) -> Tampering:
    """The head is turned back too, but to a hash that is not the last row's."""
    seq = chance.randint(2, LENGTH)
    Event.objects.filter(chain=CHAIN, seq__gte=seq).delete()
    ChainHead.objects.filter(chain=CHAIN).update(seq=seq - 1)
    return Tampering("cut off the tail, turn back the head", seq - 1)


def insert(chance: random.Random) -> Tampering:
    seq = chance.randint(1, LENGTH)
    for later in range(LENGTH, seq - 1, -1):
        Event.objects.filter(chain=CHAIN, seq=later).update(seq=later + 1)
    before = Event.objects.filter(chain=CHAIN, seq=seq - 1).first()
    forged = forge(seq, before.hash if before else ledger.GENESIS)
    ChainHead.objects.filter(chain=CHAIN).update(seq=F("seq") + 1)
    return Tampering("insert", forged.seq + 1)


def append(chance: random.Random) -> Tampering:
    last = Event.objects.get(chain=CHAIN, seq=LENGTH)
    return Tampering("append behind the head", forge(LENGTH + 1, last.hash).seq)


def forge(seq: int, prev_hash: str) -> Event:
    event = Event(chain=CHAIN, seq=seq, actor_id=9, verb="accept", subject="x:1", payload="{}", at=datetime.now(UTC))
    event.prev_hash = prev_hash
    event.hash = ledger.hash_of(event)
    event.save(force_insert=True)
    return event


def swap(chance: random.Random) -> Tampering:
    first, second = sorted(chance.sample(range(1, LENGTH + 1), 2))
    for old, new in ((first, 999), (second, first), (999, second)):
        Event.objects.filter(chain=CHAIN, seq=old).update(seq=new)
    return Tampering("swap", first)


def drop_head(chance: random.Random) -> Tampering:
    ChainHead.objects.filter(chain=CHAIN).delete()
    return Tampering("drop the head", 1)


FORGERIES = [
    alter,
    alter,
    alter_with_new_hash,
    delete,
    delete_and_close_up,
    cut_tail,
    cut_tail_with_head,
    insert,
    append,
    swap,
    drop_head,
]


def tamper(times: int, seed: int) -> None:
    """`times` forgeries, each in a savepoint: found at the right row, the chain beside it called sound."""
    grow("contest:2", 5)
    grow()
    chance = random.Random(seed)
    for number in range(times):
        forge_one = FORGERIES[number % len(FORGERIES)]
        mark = transaction.savepoint()
        with unguarded():
            done = forge_one(chance)
        assert [(f.chain, f.seq) for f in ledger.verify()] == [(CHAIN, done.seq)], f"{done.name}, number {number}"
        transaction.savepoint_rollback(mark)
        assert ledger.verify() == [], "false alarm"


@pytest.mark.django_db
def test_fifty_tamperings_are_found_at_the_right_row() -> None:
    tamper(times=55, seed=2021)


@pytest.mark.prove
@pytest.mark.django_db
def test_a_thousand_tamperings_are_found_at_the_right_row() -> None:
    tamper(times=1001, seed=7)


@pytest.mark.django_db
def test_verify_counts_its_queries_not_its_rows(django_assert_num_queries: object) -> None:
    grow(length=3)
    with django_assert_num_queries(3):  # type: ignore[operator]
        assert ledger.verify(CHAIN) == []
    grow(length=30)
    with django_assert_num_queries(3):  # type: ignore[operator]
        assert ledger.verify(CHAIN) == []


# --- several writers at once ----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_make_one_chain_without_gaps() -> None:
    each, alarms = 25, []
    ready = threading.Barrier(3)

    def write(user: int) -> None:
        ready.wait()
        for number in range(each):
            with transaction.atomic():
                ledger.record(actor(user), "save", f"x:{number}", {}, chain="contest:9")
        connection.close()

    def read() -> None:
        ready.wait()
        for _ in range(10):
            alarms.extend(ledger.verify("contest:9") if ChainHead.objects.exists() else [])
        connection.close()

    threads = [threading.Thread(target=write, args=(user,)) for user in (1, 2)] + [threading.Thread(target=read)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(Event.objects.of_chain("contest:9").values_list("seq", flat=True)) == list(range(1, 2 * each + 1))
    assert set(Event.objects.values_list("actor_id", flat=True)) == {1, 2}
    assert [*alarms, *ledger.verify()] == []


# --- the command ----------------------------------------------------------------------------------------


def verify_ledger(*arguments: str) -> str:
    out = StringIO()
    call_command("verify_ledger", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_the_command_prints_count_and_head_of_every_chain() -> None:
    grow("contest:1", 3)
    grow("site", 1)
    text = verify_ledger()
    assert f"contest:1\t3 条\t第 3 条 {ChainHead.objects.get(chain='contest:1').hash}" in text
    assert "账本完整：共核对 2 条链。" in text
    assert "contest:1" not in verify_ledger("site")


@pytest.mark.django_db
def test_the_command_names_the_broken_row_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    grow(length=5)
    with unguarded():
        Event.objects.filter(chain=CHAIN, seq=4).update(payload="{}")
    with pytest.raises(CommandError, match="1 条链有断裂") as failure:
        call_command("verify_ledger")
    assert failure.value.returncode == 1
    assert "contest:1\t断裂：第 4 条内容与其校验值不符" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_command_does_not_call_an_unknown_chain_sound() -> None:
    with pytest.raises(CommandError, match="没有名为 contest:404 的链"):
        verify_ledger("contest:404")
