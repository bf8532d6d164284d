"""The ledger: what is recorded, by one writer or by several at once, and what the command says of it."""

import hashlib
import threading
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from core import ledger
from core.models import ChainHead, Event
from tests.core.chains import CHAIN, actor, grow, unguarded

pytestmark = pytest.mark.sqlite


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
    assert ledger.chains() == ["contest:1", "contest:2", "site"]
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
    assert not Event.objects.filter(verb="decline").exists()


@pytest.mark.django_db
def test_postgresql_refuses_to_delete_an_event() -> None:
    grow(length=2)
    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            Event.objects.filter(seq=1).delete()
        assert Event.objects.filter(chain=CHAIN).count() == 2
    else:  # SQLite lets it happen (see the migration); the walk along the chain does not
        Event.objects.filter(chain=CHAIN, seq=1).delete()
        assert [fault.seq for fault in ledger.verify()] == [1]


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
    assert set(Event.objects.of_chain("contest:9").values_list("actor_id", flat=True)) == {1, 2}
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
