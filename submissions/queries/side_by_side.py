"""Two works side by side, their common passages marked by number, as one hat may read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from accounts.actor import Actor
from submissions.models import Achievement, SuspectPair
from submissions.queries.duplicates import TEXT, Seen, beside, joined, parts_of, titles_of
from submissions.rules.duplicates import passages
from submissions.rules.fields import label


@dataclass(frozen=True)
class Piece:
    """A stretch of text; `number` is that of the common passage that it belongs to, 0 for what stands here only."""

    text: str
    number: int


@dataclass(frozen=True)
class Block:
    label: str
    pieces: list[Piece]


@dataclass(frozen=True)
class Sides:
    """`own` is the work on whose side she looks; `theirs` is empty when the other one is of another branch."""

    own_work: Achievement
    other: Seen
    own: list[Block]
    theirs: list[Block]
    common: list[str]
    both_visible: bool

    @property
    def works(self) -> list[Achievement]:
        """Those of the two that a verdict of hers may speak of, the younger one first."""
        pair = self.other.pair
        return [pair.later, pair.earlier] if self.both_visible else [self.own_work]


def sides(actor: Actor, pair: SuspectPair) -> Sides:
    """The pair was fetched by visible_to: at least one of its works is hers to see."""
    ids = [pair.earlier_id, pair.later_id]
    visible = set(Achievement.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True))
    own = pair.later if pair.later_id in visible else pair.earlier
    titles = titles_of([pair])
    for work in (pair.earlier, pair.later):
        work.title = titles[work.pk]
    other = beside(pair, own.pk, visible, titles)
    parts = parts_of(ids)
    mine, theirs = parts[own.pk], parts[pair.other_of(own.pk).pk]
    their_text = joined(theirs)
    found = passages.common(joined(mine), their_text)
    return Sides(
        own,
        other,
        _blocks(mine, [(p.start, p.end) for p in found]),
        _blocks(theirs, [(p.other_start, p.other_end) for p in found]) if other.other_id else [],
        [their_text[p.other_start : p.other_end] for p in found],
        len(visible) == len(ids),
    )


def _blocks(parts: list[str], spans: Sequence[tuple[int, int]]) -> list[Block]:
    """`spans` are places in the parts joined by one character each."""
    numbers = [0] * (sum(map(len, parts)) + len(parts))
    for number, (start, end) in enumerate(spans, start=1):
        numbers[start:end] = [was or number for was in numbers[start:end]]
    made, at = [], 0
    for key, part in zip(TEXT, parts, strict=True):
        if part:
            made.append(Block(label(key), _pieces(part, numbers[at : at + len(part)])))
        at += len(part) + 1
    return made


def _pieces(text: str, numbers: Iterable[int]) -> list[Piece]:
    pairs = zip(text, numbers, strict=True)
    return [Piece("".join(char for char, _ in run), number) for number, run in groupby(pairs, key=lambda pair: pair[1])]
