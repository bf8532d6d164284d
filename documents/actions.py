"""Asking for papers. The file itself is made by the job; the ledger learns of it when it is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import transaction

from accounts.actor import Actor
from contests.models import Enrolment
from contests.queries import enrolment_of
from core import jobs, ledger
from core.errors import NotAllowed, Refusal
from core.models import LIVE
from documents import judgement, policies, queries, score_sheets
from documents.catalog import PAPERS
from documents.models import Paper
from documents.tasks import make_paper
from scoring.actions import paper as printing
from scoring.models import Appointment, Round
from submissions.actions.stamping import print_form
from submissions.models import Achievement, StampedForm, UnitNomination

MOST_SHEETS = 300
NOMINATION = "winner_unit_form"
_GOOD = (*LIVE, "done")


@transaction.atomic
def request_paper(
    actor: Actor, code: str, file_format: str, scope: Enrolment, achievement: Achievement | None = None
) -> Paper:
    """Have `code` made of a scope's works, or of one work alone; the same paper if it is just being made."""
    kind = next((row for row in queries.kinds(actor, scope.contest) if row.code == code), None)
    denied = policies.may_make(actor, code, scope)
    if denied:
        raise NotAllowed(denied, code="right")
    if kind is None:
        raise Refusal("请选择要生成的文件。", "code")
    if achievement and code in policies.LISTS:
        raise Refusal("推荐表按整份推荐名单生成，不能只选一项成果。", "achievement")
    if achievement and code in policies.UNIT_FORMS:
        raise Refusal("优胜单位申报表按单位生成，不能只选一项成果。", "achievement")
    ids = [achievement.pk] if achievement else queries.subjects(actor, scope, code)
    _refuse_size(actor, code, file_format, ids)
    title = f"{kind.name}（{achievement or scope.name}）"
    return _ask(actor, Paper(contest=scope.contest, code=code, format=file_format, scope=scope, title=title), ids)


@transaction.atomic
def request_nomination(actor: Actor, row: UnitNomination, file_format: str = "pdf") -> Paper:
    """附件5 of one unit alone, asked for by the unit, its recommender or the office."""
    scope = enrolment_of(actor, row.contest)
    denied = policies.may_make(actor, NOMINATION, scope or row.enrolment)
    if denied or scope is None:
        raise NotAllowed(denied or "您不在本届竞赛中。", code="right")
    title = f"{PAPERS[NOMINATION].title}（{row}）"
    return _ask(
        actor, Paper(contest=row.contest, code=NOMINATION, format=file_format, scope=scope, title=title), [row.pk]
    )


@transaction.atomic
def request_stamped(actor: Actor, achievement: Achievement, address_of: Callable[[StampedForm], str]) -> Paper:
    """The form with its number, to be stamped; the same paper again while nothing that it says has changed."""
    form = print_form(actor, achievement.pk)
    made = Paper.objects.filter(
        stamped=form, membership__organization=actor.organization.pk, job__state__in=_GOOD
    ).first()
    if made:
        return made
    scope = enrolment_of(actor, achievement.contest) or achievement.unit
    title = f"盖章表 {form.number}（{achievement}）"
    paper = Paper(contest=achievement.contest, code="achievement_brief", format="pdf", scope=scope, title=title)
    paper.stamped, paper.address = form, address_of(form)
    return _ask(actor, paper, [achievement.pk])


@transaction.atomic
def request_round_paper(actor: Actor, round_: Round, code: str, file_format: str) -> Paper:
    """评审结果表, 会议纪要 or 评审存证 of a judged round, as it stands when it is made."""
    denied = policies.may_make(actor, code, round_.enrolment)
    if denied or not actor.is_office:
        raise NotAllowed(denied or "评审文件由竞赛办公室生成。", code="right")
    if code not in judgement.FORMS or file_format not in ("pdf", "xlsx"):
        raise Refusal("请选择要生成的文件和格式。", "code")
    judgement.require_ranked(round_)
    title = f"{judgement.FORMS[code].title}（{round_.name}）"
    asked = Paper(contest=round_.contest, code=code, format=file_format, scope=round_.enrolment, title=title)
    asked.round = round_
    return _ask(actor, asked, [])


@transaction.atomic
def request_score_sheets(actor: Actor, round_: Round, appointment: Appointment | None, address: str) -> Paper:
    """The blank score sheets of one expert, or of the whole round, each under its code; `address` + code is the QR."""
    issued = printing.issue(actor, round_.pk, appointment.pk if appointment else None)
    whose = f"，{appointment.expert.user.display_name}" if appointment else ""
    title = f"纸质评分表（{round_.name}{whose}）"
    asked = Paper(contest=round_.contest, code=score_sheets.CODE, format="pdf", scope=round_.enrolment, title=title)
    asked.round, asked.address, asked.score_papers = round_, address, [one.pk for one in issued]
    return _ask(actor, asked, [])


@transaction.atomic
def request_again(actor: Actor, paper: Paper) -> Paper:
    """The same paper of the same works, with what they hold now."""
    denied = policies.may_make(actor, paper.code, paper.scope)
    if denied:
        raise NotAllowed(denied, code="right")
    kept = ("contest", "code", "format", "scope", "title", "round", "stamped", "address", "score_papers")
    same = {key: getattr(paper, key) for key in kept}
    return _ask(actor, Paper(**same), paper.achievement_ids)


def _refuse_size(actor: Actor, code: str, file_format: str, ids: Sequence[int]) -> None:
    if not ids:
        raise Refusal(_nothing_yet(actor, code), "scope", "empty")
    if file_format == "xlsx" and code not in policies.LISTS and len(ids) > MOST_SHEETS:
        raise Refusal(
            f"共 {len(ids)} 项，超出一个工作簿 {MOST_SHEETS} 张表的上限；请选择 PDF，或按推荐单位分别生成。",
            "file_format",
        )


def _nothing_yet(actor: Actor, code: str) -> str:
    if code in policies.UNIT_FORMS:
        return "所选范围内还没有优胜单位申报；请先在“事务”的“优胜单位”中填写。"
    if actor.is_office:
        return "所选范围内还没有成果：全市以受理的成果为准，推荐单位以其推荐的成果为准。"
    if actor.is_auditor:
        return "本单位还没有推荐成果；请先在“审核”中推荐，再生成文件。"
    return "本单位还没有登记入库的成果；登记后再生成，或单独选择一项草稿。"


def _ask(actor: Actor, paper: Paper, ids: Sequence[int]) -> Paper:
    job = jobs.start(make_paper.name, _key(actor, paper, ids), {}, paper.title[:200], actor)
    same = Paper.objects.filter(job=job).first()
    if same:
        return same
    paper.title, paper.achievement_ids = paper.title[:200], list(ids)
    paper.membership, paper.job = actor.membership, job
    paper.save()
    return paper


def _key(actor: Actor, paper: Paper, ids: Sequence[int]) -> str:
    """By content, so that a double click makes one paper; by organisation, since another's paper is not hers to see."""
    edition: object = paper.score_papers
    if not edition:
        edition = judgement.edition(paper.round) if paper.round else queries.editions(ids, paper.code)
    content = ledger.digest(ledger.canonical([paper.title, edition]))
    return f"paper:{paper.code}:{paper.format}:{paper.scope_id}:{actor.organization.pk}:{content}"
