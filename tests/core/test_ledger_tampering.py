"""No change of the ledger goes unnoticed."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.db.models import F

from core import ledger
from core.models import ChainHead, Event
from tests.core.chains import CHAIN, LENGTH, grow, unguarded

pytestmark = pytest.mark.sqlite


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


def drop_chain(chance: random.Random) -> Tampering:
    """Rows and head: that the chain was once begun stands in the chain of the site."""
    Event.objects.filter(chain=CHAIN).delete()
    ChainHead.objects.filter(chain=CHAIN).delete()
    return Tampering("drop the whole chain", 1)


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
    drop_chain,
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
def test_every_tampering_is_found_at_the_right_row(at_full_length: bool) -> None:
    tamper(times=1002 if at_full_length else 60, seed=2021)


@pytest.mark.django_db
def test_the_site_itself_cannot_vanish_beside_other_chains() -> None:
    grow("contest:2", 2)
    with unguarded():
        Event.objects.filter(chain=ledger.SITE).delete()
        ChainHead.objects.filter(chain=ledger.SITE).delete()
    assert [(fault.chain, fault.seq) for fault in ledger.verify()] == [(ledger.SITE, 1)]
