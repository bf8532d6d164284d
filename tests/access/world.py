"""The season as the access tests find it: one object of each kind, all of county A's unit, and everybody signed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.actions import create_user, grant_membership, judge_alias, keep_studio, record_employment
from accounts.actor import Actor
from accounts.models import Role, User
from contests.actions.demonstration import name_demonstration
from contests.actions.extending import extend
from contests.models import Enrolment
from contests.rules import preset as presets
from core import files
from core.models import Job
from documents.actions import request_paper
from documents.tasks import make_paper
from portal.actions.contests import create_contest
from scoring.actions import committee, expert_import, honours, panels, paper, recusing, results, rounds, sheets
from scoring.actions.committee import Votes
from scoring.models import BlindFinding, Expert, Round, ScoreSheet
from scoring.rules.readings import Reading
from scoring.tasks import prepare_blind
from submissions.actions import bulk, cases, drafting, helping, importing, moves, overruling
from submissions.models import Ban, SuspectPair
from submissions.queries import heaps
from tests.cast import PASSWORD, Cast, accepted, at_host, draft, picture, submitted
from tests.core import planted
from tests.scoring.rosters import experts_book
from tests.season import judging
from tests.submissions import books, nominations, sending
from tests.submissions.stamped_desk import brought

JUDGES = ("expert1", "expert2", "expert3")  # expert4 has no sheet anywhere


@dataclass
class World:
    cast: Cast
    ids: dict[str, Any]
    """What a URL's arguments name: "work" is submitted to county A, "listed" lies at the host, and so on."""
    sessions: dict[str, str] = field(default_factory=dict)

    def client(self, person: str, **options: Any) -> Client:
        """Her browser anew: nothing that an earlier request did to its cookies is left."""
        made = Client(raise_request_exception=False, **options)
        if person in self.sessions:
            made.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[person]
        return made


def build(cast: Cast) -> World:
    overlap_review(cast)
    ids = works(cast)
    ids |= sent(cast) | judged(cast)
    ids |= {"contest": cast.contest.pk, "paper": list_paper(cast), "first": 1, "brought": workbook(cast)}
    desk = cast.enrolments["county_a"]
    honour = honours.propose_honour(cast["office2"], "organizing", desk, "组织有力。", Votes(5, 0, 0))
    ids |= {"county_desk": desk.pk, "honour": honour.pk}
    ids |= in_bulk(cast) | {"listed_token": heaps.list_token(cast.enrolments["county_a"])}
    ids |= said(cast, ids["work"])
    ids["sending_token"] = sending.token(cast)
    ids |= disciplined(cast, ids["listed"])
    foreign(cast)
    create_user(None, "hatless", "无身份", PASSWORD)
    return World(cast, ids, sign_everybody_in(cast))


def overlap_review(cast: Cast) -> None:
    """Submission and review open at once, so that every verb can be tried in one season."""
    now = timezone.now()
    cast.contest.phases.filter(kind="review").update(
        opens_at=now - timedelta(hours=1), closes_at=now + timedelta(days=9)
    )


def works(cast: Cast) -> dict[str, Any]:
    fresh, submitted = draft(cast), draft(cast)
    photo = files.store_bytes(picture("firebrick"), "照片.png", "image/png")
    drafting.set_photo(cast["unit_a"], submitted.pk, photo, 99)
    moves.register(cast["unit_a"], submitted.pk)
    moves.submit(cast["unit_a"], submitted.pk)
    return brought(cast, fresh, photo) | {
        "token": int(moves.seen_token(submitted)),
        "draft": fresh.pk,
        "draft_file": fresh.attachments.get().pk,
        "work": submitted.pk,
        "work_seen": f"{submitted.pk}:{moves.seen_token(submitted)}",
        "file": submitted.attachments.get().pk,
        "listed": at_host(cast).pk,
    }


def in_bulk(cast: Cast) -> dict[str, int]:
    """What county A's auditor has just declined in one batch."""
    work = draft(cast)
    moves.register(cast["unit_a"], work.pk)
    moves.submit(cast["unit_a"], work.pk)
    seen = {work.pk: moves.seen_token(work)}
    return {"batch": bulk.make(cast["auditor_a"], cast.contest, "decline", seen, "重复。", token="page").pk}


def judged(cast: Cast) -> dict[str, Any]:
    """A closed round and an open one, each with one work and a sheet of each judge."""
    accepted(cast)
    closed = judging.opened(cast, name="初评", experts=JUDGES)
    ids = doubted(cast)
    judging.score(cast)
    judging.close(cast, closed)
    merit = cast.contest.awardtier_set.get(code="merit")
    entry = closed.entries.get()
    proposal = committee.propose(cast["office2"], entry.pk, merit.pk, "数据复核后调整。", Votes(5, 0, 0))
    with_a_document(cast)
    drawn_up = judging.drawn_up(cast, name="终评", experts=JUDGES)
    prepare_blind(Job.objects.get(key=f"blind:{drawn_up.pk}").pk)
    opened = rounds.open_round(cast["office"], drawn_up.pk)
    sheet = ScoreSheet.objects.visible_to(cast["expert1"]).get(round=opened)
    ids |= {
        "closed": closed.pk,
        "open": opened.pk,
        "sheet": sheet.pk,
        "award_move": proposal.pk,
        "county": county(cast),
    }
    return ids | prepared(cast) | on_paper(cast, opened) | rest(cast, opened)


def on_paper(cast: Cast, opened: Round) -> dict[str, str]:
    """The codes of the first expert's printed sheet, of one that the office typed, and of one that a colleague did."""
    printed = paper.issue(cast["office"], opened.pk)
    blank, own, others = sorted(printed, key=lambda one: one.sheet.appointment.expert.user.username)
    for who, one in (("office", own), ("office2", others)):
        given = {code: (mark.level, mark.points or 0) for code, mark in judging.filled(one.sheet).items()}
        paper.type_in(cast[who], one.code, Reading(given))
    return {"blank_paper": blank.code, "own_paper": own.code, "others_paper": others.code}


def prepared(cast: Cast) -> dict[str, int]:
    """A draft of the host with a panel, and a work that may give itself away."""
    accepted(cast, **{"leader.name": "欧阳技", "summary": "由欧阳 技主持研制，跑偏停机由每月 12 次降到 1 次。"})
    draft_round = judging.created(cast, name="筹备")
    panel = panels.save_panel(cast["office"], draft_round.pk, name="煤炭组", industries=["coal"], categories=[])
    return {"draft_round": draft_round.pk, "panel": panel.pk, "doubtful": BlindFinding.objects.get().pk}


def rest(cast: Cast, opened: Round) -> dict[str, int]:
    """What hangs on the open round and on the register: one of each."""
    expert = Expert.objects.get(user__username="expert4")
    job = record_employment(None, expert.user, "东山机械厂", date(2015, 7, 1))
    alias = judge_alias(cast["office"], cast.organizations["unit_a"], "东机", same=True)
    draft = Round.objects.get(name="筹备")
    recusal = recusing.bar(cast["office"], draft.appointments.first().pk, draft.entries.first().pk, "同一课题组。")
    roster = expert_import.receive(cast["office"], cast.contest, experts_book())
    return {
        "expert": expert.pk,
        "job": job.pk,
        "alias": alias.pk,
        "county_org": cast.organizations["county_a"].pk,
        "recusal": recusal.pk,
        "roster": roster.pk,
        "appointment": opened.appointments.order_by("pk")[0].pk,
        "entry": opened.entries.get().pk,
        "draft_entry": draft.entries.order_by("pk")[0].pk,
        "plan": opened.plans.get().pk,
    }


def county(cast: Cast) -> int:
    """County A's own round, closed without a sheet; its work is held until the result is confirmed."""
    work = submitted(cast, title="县级评审的成果")
    moves.verify_benefit(cast["auditor_a"], work.pk, work.benefit_wan, "economic", "")
    ids = judging.created(cast, "auditor_a", name="县级初评", desk=cast.enrolments["county_a"]).pk
    rounds.plan_assignment(cast["auditor_a"], ids, seed=1)
    rounds.open_round(cast["auditor_a"], ids)
    return results.close_round(cast["auditor_a"], ids, waive="试行。").pk


def disciplined(cast: Cast, listed: int) -> dict[str, int]:
    """A pair of county A's works, a case of it with a paper of the auditor's, and a ban from an earlier case."""
    past = cases.open_case(cast["office"], submitted(cast, **{"leader.name": "已禁者"}).pk, "theft", "仿制。")
    ruling = cases.propose(cast["office"], past.pk, upheld=True, reason="查实。", barred=["leader"])
    cases.answer(cast["office2"], ruling.pk, agree=True)
    case = cases.open_case(cast["auditor_a"], listed, "false_data", "金额不实。")
    file = cases.add_evidence(cast["auditor_a"], case.pk, SimpleUploadedFile("证据.png", picture(), "image/png"))
    return {
        "pair": SuspectPair.objects.filter(later=listed).latest("pk").pk,
        "case": case.pk,
        "evidence": file.pk,
        "ban": Ban.objects.get().pk,
    }


def doubted(cast: Cast) -> dict[str, int]:
    """What the first expert hands in with a doubt."""
    sheet = ScoreSheet.objects.visible_to(cast["expert1"]).get()
    given = judging.filled(sheet)
    sheets.save_marks(cast["expert1"], sheet.pk, given, revision=sheet.revision, doubt="停机记录不全。")
    sheets.hand_in(cast["expert1"], [sheet.pk])
    return {"handed": sheet.pk, "flag": sheet.flags.get().pk}


def with_a_document(cast: Cast) -> None:
    """Accepted, with a drawing as a Word file."""
    work = draft(cast)
    drawing = files.store_bytes(planted.docx(), "图.docx", files.DOCX)
    drafting.attach(cast["unit_a"], work.pk, "drawing_spec", drawing, "图.docx")
    moves.register(cast["unit_a"], work.pk)
    moves.submit(cast["unit_a"], work.pk)
    moves.verify_benefit(cast["auditor_a"], work.pk, Decimal("126.50"), "economic", "")
    moves.recommend(cast["auditor_a"], work.pk)
    moves.accept(cast["office"], work.pk)


def list_paper(cast: Cast) -> int:
    """County A's 附件2, made."""
    asked = request_paper(cast["auditor_a"], "recommendation_table", "xlsx", cast.enrolments["county_a"])
    make_paper(asked.job_id)
    return asked.pk


def sent(cast: Cast) -> dict[str, Any]:
    """What county A sent to the host."""
    made = sending.send_list(cast)
    return {"dispatched": made.pk, "report": made.report_id}


def said(cast: Cast, work: int) -> dict[str, int]:
    """What the office let pass of county A's work, what its unit asked about a patent, and more time for it."""
    passed = overruling.overrule(cast["office"], work, "patent_check", "与证书一致。", "ZL201710601862.4")
    asked = helping.ask(cast["unit_a"], work, "想申请专利。")
    later = extend(cast["office"], cast.enrolments["unit_a"], timezone.now() + timedelta(days=20), "停电。")
    unit = nominations.handed_in(cast)
    studio = keep_studio(None, cast.organizations["unit_a"], name="何工创新工作室", leader_name="何工")
    shown = name_demonstration(cast["office"], cast.enrolments["unit_a"])
    ids = {"studio": studio.pk, "shown_unit": shown.pk}
    return ids | {
        "nominated": unit.pk,
        "let_pass": passed.pk,
        "asked": asked.pk,
        "extension": later.pk,
    }


def workbook(cast: Cast) -> int:
    """One that county A's unit has uploaded and not yet taken into the pool."""
    uploaded = books.upload(books.book([books.row("井下水泵自动启停装置")]))
    return importing.receive(cast["unit_a"], cast.enrolments["unit_a"], uploaded).pk


def foreign(cast: Cast) -> None:
    """The office of another host with a contest of its own."""
    contest = create_contest(None, presets.named("xinxiang-2015").shifted(timezone.now().year))
    host = Enrolment.objects.get(contest=contest).organization
    user = create_user(None, "stranger", "尤外", PASSWORD)
    cast.actors["stranger"] = Actor(user, grant_membership(None, user, host, Role.OFFICE))


def sign_everybody_in(cast: Cast) -> dict[str, str]:
    """Person → session key."""
    sessions = {}
    for name in [*cast.actors, "hatless"]:
        client = Client()
        client.force_login(User.objects.get(username=name), "accounts.backends.PasswordBackend")
        sessions[name] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return sessions
