"""The memory of decisions: chains of events, each holding the hash of the one before it.

The hash of an event is SHA-256 over the UTF-8 bytes of one line, the canonical JSON of
`["wuxiao-ledger/1", chain, seq, at, actor_id, membership_id, verb, subject, payload, prev_hash]`, where `at` is
ISO 8601 in UTC with microseconds, `payload` the stored text and `prev_hash` 64 zeros for the first event.
Canonical JSON: keys sorted, no spaces, characters as they are, no float.

The chain `site` holds an event for every other chain that was begun, so a chain that is gone as a whole is missed.

A chain whose rows and head are both rewritten from some point on is a valid chain: only a head that was noted
elsewhere (`verify_ledger` prints it) can tell. TRUNCATE is not held back by the trigger either, it is by the head.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Protocol

from django.db import transaction
from django.utils import timezone

from core.models import ChainHead, Event

SITE = "site"
OPEN_CHAIN = "open_chain"
FORMAT = "wuxiao-ledger/1"
GENESIS = "0" * 64
CHUNK = 2000


class HasPk(Protocol):
    @property
    def pk(self) -> Any: ...


class Acting(Protocol):
    """Whoever decides: the Actor of accounts has this shape; None stands for the system itself."""

    @property
    def user(self) -> HasPk: ...
    @property
    def membership(self) -> HasPk | None: ...


@dataclass(frozen=True)
class Fault:
    """The first place where a chain is broken; `seq` is the row that is altered, missing or too many."""

    chain: str
    seq: int
    reason: str


@dataclass(frozen=True)
class Link:
    seq: int
    hash: str


def record(actor: Acting | None, verb: str, subject: str, payload: dict[str, Any], *, chain: str) -> Event:
    """Append one decision to `chain`, inside the transaction that writes it.

    Call it last: the chain stays locked until the transaction ends. Who writes to two chains in one transaction
    writes to the contest's first. `payload` holds ids, codes, numbers and hashes (`digest` for longer texts), never
    a name, a phone number or a free text. Raises RuntimeError outside a transaction, TypeError on a float.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("ledger.record needs the transaction of the decision it records")
    event = Event(
        chain=chain,
        actor_id=actor.user.pk if actor else None,
        membership_id=actor.membership.pk if actor and actor.membership else None,
        verb=verb,
        subject=subject,
        payload=canonical(payload),
    )
    head, opened = ChainHead.objects.select_for_update().get_or_create(
        chain=chain, defaults={"seq": 0, "hash": GENESIS}
    )
    event.seq, event.prev_hash, event.at = head.seq + 1, head.hash, timezone.now()
    event.hash = hash_of(event)
    event.save(force_insert=True)
    head.seq, head.hash = event.seq, event.hash
    head.save(update_fields=["seq", "hash"])
    if opened and chain != SITE:
        record(None, OPEN_CHAIN, f"chain:{chain}", {"chain": chain}, chain=SITE)
    return event


def digest(text: str) -> str:
    """What the ledger keeps of a text that it must not hold."""
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(value: Any) -> str:
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def hash_of(event: Event) -> str:
    at = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    who = [event.actor_id, event.membership_id]
    line = [FORMAT, event.chain, event.seq, at, *who, event.verb, event.subject, event.payload, event.prev_hash]
    return digest(canonical(line))


def _plain(value: Any) -> Any:
    """Exact values only: a float does not survive being written and read."""
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case list() | tuple():
            return [_plain(item) for item in value]
        case dict() if all(isinstance(key, str) for key in value):
            return {key: _plain(item) for key, item in value.items()}
    raise TypeError(f"not for the ledger: {type(value).__name__}")


def chains() -> list[str]:
    """Every chain that has a row or a head, or was once begun."""
    rows = Event.objects.order_by().values_list("chain", flat=True).distinct()
    known = {*rows, *ChainHead.objects.values_list("chain", flat=True)}
    begun = Event.objects.filter(chain=SITE, verb=OPEN_CHAIN).values_list("subject", flat=True)
    return sorted({*known, *(subject.removeprefix("chain:") for subject in begun), *([SITE] if known else [])})


def verify(chain: str | None = None) -> list[Fault]:
    """Walk one chain or all of them; the first fault of each broken one. Rows are streamed, writers go on."""
    faults = (_verify_chain(name) for name in ([chain] if chain is not None else chains()))
    return [fault for fault in faults if fault]


def _verify_chain(chain: str) -> Fault | None:
    """Head first, then the rows up to it; a chain that grew meanwhile is walked on from where it was."""
    link: Link | None = None
    while True:
        head = ChainHead.objects.filter(chain=chain).first()
        if head is None:
            return Fault(chain, 1, "链首记录缺失")
        link, fault = _follow(chain, _rows(chain, link, head.seq), link or Link(0, GENESIS))
        fault = fault or _against_head(chain, link, head)
        if fault:
            return fault
        beyond = Event.objects.filter(chain=chain, seq__gt=head.seq).order_by("seq").first()
        if beyond is None:
            return None
        if ChainHead.objects.filter(chain=chain, seq__gte=beyond.seq).first() is None:
            return Fault(chain, beyond.seq, "链首之后多出一条记录")


def _rows(chain: str, after: Link | None, up_to: int) -> Iterable[Event]:
    rows = Event.objects.of_chain(chain).filter(seq__lte=up_to)
    return (rows.filter(seq__gt=after.seq) if after else rows).iterator(chunk_size=CHUNK)


def _follow(chain: str, rows: Iterable[Event], link: Link) -> tuple[Link, Fault | None]:
    for event in rows:
        reason = _break(link, event)
        if reason:
            return link, Fault(chain, min(event.seq, link.seq + 1), reason)
        link = Link(event.seq, event.hash)
    return link, None


def _break(link: Link, event: Event) -> str:
    if event.seq > link.seq + 1:
        return "记录缺失"
    if event.seq <= link.seq:
        return "多出一条记录"
    if event.hash != hash_of(event):
        return "内容与其校验值不符"
    if event.prev_hash != link.hash:
        return "与上一条记录不相连"
    return ""


def _against_head(chain: str, link: Link, head: ChainHead) -> Fault | None:
    if link.seq < head.seq:
        return Fault(chain, link.seq + 1, "末尾记录缺失")
    if link.hash != head.hash:
        return Fault(chain, link.seq, "与链首登记的校验值不符")
    return None
