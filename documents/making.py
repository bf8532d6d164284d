"""The work behind a paper's job: fill the forms in batches, draw them, keep the file, tell the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from core import files, jobs, ledger
from core.models import Job
from core.spec import Data, Form
from documents import judgement, queries, score_sheets, stamped
from documents.catalog import PAPERS
from documents.catalog.score_sheet import HAND_OUT
from documents.models import Paper
from documents.policies import LISTS, UNIT_FORMS
from scoring.models import Round
from submissions.queries import nominations

BATCH = 50  # forms in one drawing: they share their fonts
Item = tuple[Form, Data]


def make(job: Job) -> None:
    """Job and ledger end in one transaction: a worker that dies leaves either both behind or nothing."""
    rows = Paper.objects.select_related(
        "contest",
        "scope",
        "round__rubric",
        "round__contest",
        "stamped__version",
        "membership__user",
        "membership__organization",
    )
    paper = rows.get(job=job)
    media_type = files.PDF if paper.format == "pdf" else files.XLSX
    content = _pdf(job, paper) if paper.format == "pdf" else _xlsx(job, paper)
    stored = files.store_bytes(content, _file_name(paper), media_type)
    payload = {"paper": paper.code, "format": paper.format, "scope": paper.scope_id, "sha256": stored.sha256}
    payload["works"] = len(paper.achievement_ids) or len(paper.score_papers)
    with transaction.atomic():
        if not jobs.finish(job, stored, stored.original_name):
            raise jobs.TakenOver(job.pk)
        actor = Actor.wearing(paper.membership)
        ledger.record(actor, "make_paper", f"paper:{paper.pk}", payload, chain=paper.contest.chain)


def forms_in(paper: Paper) -> int:
    if paper.code == score_sheets.CODE:
        return len(paper.score_papers)
    return 1 if paper.code in LISTS or paper.round_id else len(paper.achievement_ids)


def _pdf(job: Job, paper: Paper) -> bytes:
    from documents.render.pdf import merge_pdfs, render_pdf  # WeasyPrint is slow to import: workers alone wait for it

    total, parts, done = forms_in(paper), [], 0
    jobs.progress(job, 0, total)
    for batch in _batches(paper):
        parts.append(render_pdf(batch, paper.title))
        done = min(done + len(batch), total)  # an expert's list goes with her sheets
        jobs.progress(job, done, total)
    return parts[0] if len(parts) == 1 else merge_pdfs(parts, paper.title)


def _xlsx(job: Job, paper: Paper) -> bytes:
    """One workbook cannot be put together from parts, so the bar follows the filling and the drawing comes last."""
    from documents.render.xlsx import render_xlsx

    items: list[Item] = []
    for batch in _batches(paper):
        jobs.progress(job, len(items), forms_in(paper))
        items += batch
    return render_xlsx(items)


def _batches(paper: Paper) -> Iterator[list[Item]]:
    if paper.stamped:
        yield [stamped.filled(paper.stamped, paper.address)]
        return
    if paper.round:
        yield from _of_round(paper.round, paper)
        return
    form, names = PAPERS[paper.code], queries.names_of(paper.contest)
    ids = paper.achievement_ids
    batches = [ids[first : first + BATCH] for first in range(0, len(ids), BATCH)]
    if paper.code in LISTS:
        works = [work for batch in batches for work in queries.works(batch, names)]
        yield [(form, {"rows": [queries.table_row(work, number) for number, work in enumerate(works, start=1)]})]
        return
    if paper.code in UNIT_FORMS:
        for batch in batches:
            yield [(form, queries.nomination_form(row)) for row in nominations.with_all(batch)]
        return
    fill = queries.ONE_A_WORK[paper.code]
    for batch in batches:
        yield [(form, fill(work)) for work in queries.works(batch, names, photos=paper.code == "leader_profile")]


def _of_round(round_: Round, paper: Paper) -> Iterator[list[Item]]:
    if paper.code != score_sheets.CODE:
        yield [(judgement.FORMS[paper.code], judgement.data(round_, paper.code))]
        return
    printed = score_sheets.items(round_, paper.score_papers, paper.address)
    while batch := list(islice(printed, BATCH)):
        yield batch


def _file_name(paper: Paper) -> str:
    form = judgement.FORMS.get(paper.code, HAND_OUT) if paper.round_id else PAPERS[paper.code]
    if paper.stamped:
        return f"盖章表-{paper.stamped.number}.{paper.format}"
    stem = "".join(filter(None, [form.annex.replace(" ", ""), paper.title]))
    return f"{stem[:150]}-{timezone.localdate():%Y%m%d}.{paper.format}"
