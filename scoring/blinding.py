"""The work behind the blind packages: texts masked at once, documents written anew and searched in a job.

What is written here is what the experts read; nothing on their pages opens an achievement or its version.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import Alias, Organization
from core import cleaning, files, jobs
from core.models import Job, PrivateFile
from scoring import projection
from scoring.lifecycle import FindingState
from scoring.models import BlindFinding, BlindPackage, CleanFile, Entry, Round
from scoring.rules.blind import Found, Kind, Mask, find, known
from submissions.rules.codes import ATTACHMENT_KINDS

AT_ONCE = 200
_EXCERPT, _RAW = 300, 200


# --- texts: when the entries are collected -----------------------------------------------------------------


def write_packages(round_: Round, entries: QuerySet[Entry] | None = None) -> None:
    """The packages of a round's entries, or of late ones; ready at once where no document waits to be written anew."""
    rows = round_.entries.all() if entries is None else entries
    names, blind = _Names(round_), round_.blind
    loaded = rows.select_related("version", "achievement__unit").order_by("pk")
    for batch in _batches(loaded):
        media = _media(batch)
        packages, findings = [], []
        for entry in batch:
            content, found = _package(entry, names.of(entry), media, blind=blind)
            packages.append(content)
            findings += found
        BlindPackage.objects.bulk_create(packages)
        BlindFinding.objects.bulk_create(findings, ignore_conflicts=True)
        _search(round_, packages, names)


def _batches(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    batch = []
    for row in rows.iterator(chunk_size=AT_ONCE):
        batch.append(row)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _media(entries: Iterable[Entry]) -> dict[str, str]:
    hashes = {row["sha256"] for entry in entries for row in entry.version.content.get("attachments", ())}
    return dict(PrivateFile.objects.filter(sha256__in=hashes).values_list("sha256", "media_type"))


def _package(
    entry: Entry, words: Mapping[str, Kind], media: Mapping[str, str], *, blind: bool
) -> tuple[BlindPackage, list[BlindFinding]]:
    version = entry.version.content
    content = projection.blinded(version, Mask(words), media) if blind else projection.named(version, media)
    texts = ((key, label, find(content[key], words)) for key, label in projection.TEXTS.items()) if blind else ()
    found = [_finding(entry, key, label, one) for key, label, hits in texts for one in hits]
    return BlindPackage(entry=entry, content=content, blind=blind, open_findings=len(found)), found


def _finding(entry: Entry, place: str, label: str, found: Found) -> BlindFinding:
    return BlindFinding(
        round_id=entry.round_id,
        entry=entry,
        place=place,
        label=label,
        kind=found.kind,
        raw=found.raw[:_RAW],
        excerpt=found.excerpt[:_EXCERPT],
    )


class _Names:
    """What the unit of an entry and all above it are called, up to who runs the round: that name tells nothing."""

    def __init__(self, round_: Round) -> None:
        rows = Organization.objects.values_list("pk", "parent", "name", "short_name")
        self._rows = {pk: (parent, [name, short]) for pk, parent, name, short in rows}
        for organization, alias in Alias.objects.filter(same=True).values_list("organization", "name"):
            self._rows[organization][1].append(alias)
        self._host = round_.enrolment.organization_id

    def of(self, entry: Entry) -> dict[str, Kind]:
        """Word → kind of one entry, `version` and `achievement__unit` at hand."""
        unit = entry.achievement.unit
        names, seen = [unit.name], set[int]()
        current: int | None = unit.organization_id
        while current is not None and current not in seen and current != self._host:
            seen.add(current)
            current, own = self._rows[current]
            names += own
        return known(entry.version.content, filter(None, names))


# --- documents: in a job ------------------------------------------------------------------------------------


def prepare(job: Job) -> None:
    """Every document of the round's unprepared packages written anew and searched; may run again at any point."""
    round_ = Round.objects.select_related("contest", "enrolment").get(pk=job.params["round"])
    waiting = list(_waiting(round_))
    names = _Names(round_)
    jobs.progress(job, 0, len(waiting))
    for done, package in enumerate(waiting, start=1):
        for sha256 in projection.document_hashes(package.content):
            clean_file(sha256)
        _search(round_, [package], names)
        jobs.progress(job, done, len(waiting))


def _waiting(round_: Round) -> QuerySet[BlindPackage]:
    rows = BlindPackage.objects.filter(entry__round=round_, prepared_at__isnull=True)
    return rows.select_related("entry__version", "entry__achievement__unit").order_by("entry__code")


def clean_file(sha256: str) -> CleanFile:
    """The document under this hash written anew; made once, then found again."""
    if made := CleanFile.objects.filter(source_sha256=sha256).first():
        return made
    row = _written_anew(sha256)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # another worker was as quick
        return CleanFile.objects.get(source_sha256=sha256)
    return row


def _written_anew(sha256: str) -> CleanFile:
    source = PrivateFile.objects.filter(sha256=sha256, max_side__isnull=True).order_by("pk").first()
    if source is None:
        return CleanFile(source_sha256=sha256, fault="文件已不在库中。")
    with source.open() as content:
        data = content.read()
    try:
        made = cleaning.cleaned(data, source.media_type)
    except cleaning.Uncleanable as error:
        return CleanFile(source_sha256=sha256, fault=str(error))
    stored = files.store_bytes(made.data, "附件", source.media_type)
    return CleanFile(source_sha256=sha256, file=stored, text=made.text.replace("\0", ""), readable=made.readable)


def _search(round_: Round, packages: list[BlindPackage], names: _Names) -> None:
    """Look through the documents of packages whose documents are all written anew, and count what is left to decide."""
    wanted = {sha256 for package in packages for sha256 in projection.document_hashes(package.content)}
    clean = {row.source_sha256: row for row in CleanFile.objects.filter(source_sha256__in=wanted)} if wanted else {}
    ready = [one for one in packages if clean.keys() >= set(projection.document_hashes(one.content))]
    findings = [row for package in ready for row in _in_documents(package, clean, names)]
    now = timezone.now()
    for package in ready:
        package.prepared_at = now
        faulty = [sha for sha in projection.document_hashes(package.content) if clean[sha].fault]
        package.withheld = sorted({*package.withheld, *faulty})
    with transaction.atomic():
        BlindFinding.objects.bulk_create(findings, ignore_conflicts=True)
        BlindPackage.objects.bulk_update(ready, ["prepared_at", "withheld"])
        if findings:
            recount([package.entry_id for package in ready])


def _in_documents(package: BlindPackage, clean: Mapping[str, CleanFile], names: _Names) -> Iterator[BlindFinding]:
    documents = [row for row in package.content["files"] if row["sha256"] in clean] if package.blind else []
    if not documents:
        return
    words = names.of(package.entry)
    for number, row in enumerate(documents, start=1):
        document = clean[row["sha256"]]
        if document.fault:
            continue
        label = f"附件{number}（{ATTACHMENT_KINDS[row['kind']].label}）"
        found = find(document.text, words)
        if not document.readable:
            found.append(Found(Kind.UNREADABLE, "", ""))
        yield from (_finding(package.entry, f"file:{row['sha256']}", label, one) for one in found)


def recount(entry_ids: Iterable[int]) -> None:
    """How many places of each package still wait for the office."""
    ids = list(entry_ids)
    waiting = BlindFinding.objects.filter(entry__in=ids, state=FindingState.OPEN).order_by()
    counts = dict(waiting.values("entry").annotate(n=Count("pk")).values_list("entry", "n"))
    packages = list(BlindPackage.objects.filter(entry__in=ids))
    for package in packages:
        package.open_findings = counts.get(package.entry_id, 0)
    BlindPackage.objects.bulk_update(packages, ["open_findings"])


# --- may the round be released? -------------------------------------------------------------------------------


def standing(round_: Round) -> dict[str, int]:
    """`entries`, of them `unprepared` (documents wait for the job, or no package), and `findings` to be decided."""
    ready = Q(package__prepared_at__isnull=False)
    counted = round_.entries.aggregate(
        entries=Count("pk"), prepared=Count("pk", filter=ready), findings=Sum("package__open_findings")
    )
    unprepared = counted["entries"] - counted["prepared"]
    return {"entries": counted["entries"], "unprepared": unprepared, "findings": counted["findings"] or 0}


def why_not_release(round_: Round) -> str:
    """ "" when every package is ready, else the sentence what to do first."""
    now = standing(round_)
    if now["unprepared"]:
        return f"还有 {now['unprepared']} 项成果的附件没有改写成匿名材料，请先生成匿名材料，完成后再开始评审。"
    if now["findings"]:
        return f"匿名材料中还有 {now['findings']} 处疑似透露单位或人员，请逐处隐去或放行后再开始评审。"
    return ""
