"""Keeping the index of repeated works in step with what the works say. Doing it again changes nothing."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db import transaction

from core.models import PrivateFile
from submissions.models import Achievement, Attachment, DuplicateMark, Fingerprint, Patent, PictureHash
from submissions.queries.duplicates import TEXT, chunks, full_grams, texts_of
from submissions.rules.duplicates import grams, pictures
from submissions.rules.duplicates.texts import plain

READ = frozenset({*TEXT, "leader.name", "patents", "attachments"})
"""The keys of a work that the index holds something of."""
_VALUE_MAX = 300
_WORKS_AT_ONCE = 1000
_ROWS_AT_ONCE = 10_000  # where the database takes as many values; SQLite is given fewer by Django
_Mark = tuple[int, str, str, str]  # work, kind, value, detail
log = logging.getLogger(__name__)


def reindex(achievement: Achievement) -> None:
    """Bring the rows of one work up to date: its text, title, leader, patents, files and pictures."""
    reindex_many([achievement.pk])


def reindex_many(achievement_ids: Iterable[int]) -> int:
    """The same for many, in a few statements for some hundred at a time; how many there were."""
    ids, done = sorted(achievement_ids), 0
    for start in range(0, len(ids), _WORKS_AT_ONCE):
        works = Achievement.objects.filter(pk__in=ids[start : start + _WORKS_AT_ONCE]).order_by("pk")
        found = list(works.select_related("contest", "leader"))
        with transaction.atomic(savepoint=False):
            _index_texts(found)
            _index_marks(found)
        done += len(found)
    return done


def _index_texts(works: list[Achievement]) -> None:
    texts = texts_of([work.pk for work in works])
    wanted = {(pk, gram) for pk, text in texts.items() for gram in grams.sampled(plain(text))[0].tolist()}
    rows = Fingerprint.objects.filter(achievement__in=[work.pk for work in works])
    had = set(rows.values_list("achievement_id", "gram"))
    _forget(had - wanted)
    host_of = {work.pk: work.contest.host_id for work in works}
    full = {host: full_grams(host, sorted({gram for _, gram in wanted - had})) for host in set(host_of.values())}
    fresh = [(pk, gram) for pk, gram in sorted(wanted - had) if gram not in full[host_of[pk]]]
    Fingerprint.objects.bulk_create(
        (Fingerprint(host_id=host_of[pk], gram=gram, achievement_id=pk) for pk, gram in fresh),
        batch_size=_ROWS_AT_ONCE,
        ignore_conflicts=True,
    )


def _forget(stale: set[tuple[int, int]]) -> None:
    by_work: dict[int, list[int]] = defaultdict(list)
    for pk, gram in sorted(stale):
        by_work[pk].append(gram)
    for pk, found in by_work.items():
        for some in chunks(found):
            Fingerprint.objects.filter(achievement=pk, gram__in=some).delete()


def _index_marks(works: list[Achievement]) -> None:
    wanted = set(_marks(works))
    rows = DuplicateMark.objects.filter(achievement__in=[work.pk for work in works])
    had = {(row.achievement_id, row.kind, row.value, row.detail): row.pk for row in rows}
    stale = [pk for mark, pk in had.items() if mark not in wanted]
    if stale:
        DuplicateMark.objects.filter(pk__in=stale).delete()
    host_of = {work.pk: work.contest.host_id for work in works}
    DuplicateMark.objects.bulk_create(
        (
            DuplicateMark(host_id=host_of[pk], achievement_id=pk, kind=kind, value=value, detail=detail)
            for pk, kind, value, detail in sorted(wanted - set(had))
        ),
        batch_size=_ROWS_AT_ONCE,
        ignore_conflicts=True,
    )


def _marks(works: list[Achievement]) -> Iterator[_Mark]:
    kinds = DuplicateMark.Kind
    ids = [work.pk for work in works]
    attached = list(Attachment.objects.filter(achievement__in=ids).select_related("file"))
    exact = [(work.pk, kinds.TITLE, plain(work.title)) for work in works]
    exact += [(work.pk, kinds.LEADER, plain(work.leader.name)) for work in works if hasattr(work, "leader")]
    patents = Patent.objects.filter(achievement__in=ids).values_list("achievement_id", "number")
    exact += [(pk, kinds.PATENT, number) for pk, number in patents]
    exact += [(row.achievement_id, kinds.FILE, row.file.sha256) for row in attached]
    yield from ((pk, str(kind), value[:_VALUE_MAX], "") for pk, kind, value in exact if value)
    seen = _picture_hashes([row.file for row in attached if row.file.is_image])
    for row in attached:
        for band in pictures.bands(seen.get(row.file.sha256, "")):
            yield row.achievement_id, str(kinds.PICTURE), band, seen[row.file.sha256]


def _picture_hashes(files: list[PrivateFile]) -> dict[str, str]:
    """By SHA-256; computed once for the same bytes."""
    known = dict(PictureHash.objects.filter(pk__in={f.sha256 for f in files}).values_list("sha256", "value"))
    for file in files:
        if file.sha256 not in known:
            known[file.sha256] = _looked_at(file)
    return known


def _looked_at(file: PrivateFile) -> str:
    """A picture that cannot be read is no reason to hold up the work."""
    try:
        with file.open() as content:
            value = pictures.fingerprint(content)
    except OSError:
        log.warning("no picture hash for file %s", file.pk)
        return ""
    PictureHash.objects.get_or_create(sha256=file.sha256, defaults={"value": value})
    return value
