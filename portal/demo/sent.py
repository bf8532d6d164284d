"""The recommenders of the demo send their lists with a report, and the office accepts what it finds there."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actor import Actor
from contests.models import Enrolment
from portal.demo import clock
from portal.demo.corpus import pictures
from portal.demo.walk import Season
from submissions.actions import moves, sending
from submissions.lifecycle import Status
from submissions.models import Achievement
from submissions.queries import sending as reads


def send_lists(season: Season, at: datetime, remark: str = "") -> None:
    """Everybody who has recommended something sends it, one after another."""
    for key, desk in _desks(season):
        listed = reads.lines(desk)
        if not listed or all(line.sent for line in listed):
            continue
        at += timedelta(minutes=1)
        with clock.at(at):
            send(season, season.tree.auditors[key], desk, remark)


def _desks(season: Season) -> list[tuple[str, Enrolment]]:
    """The desks next to the host that somebody audits at."""
    host = season.enrolments["host"]
    rows = [(key, row) for key, row in season.enrolments.items() if row.recommender_id == host.pk]
    return [(key, row) for key, row in rows if key in season.tree.auditors]


def send(season: Season, auditor: Actor, desk: Enrolment, remark: str = "") -> None:
    desk.contest = season.contest
    if reads.report_of(desk) is None:
        name = f"{desk.name}“五小”竞赛总结报告.pdf"
        sending.keep_report(auditor, season.contest, SimpleUploadedFile(name, _report(desk.pk)))
    seen = reads.token(desk, reads.lines(desk), reads.report_of(desk))
    sending.send(auditor, season.contest, seen=seen, remark=remark)


def _report(seed: int) -> bytes:
    return pictures.certificate("report", seed)


def accept(season: Season, ids: list[int], at: datetime) -> None:
    """Those of the works that lie at the host, one a minute."""
    waiting = Achievement.objects.filter(pk__in=ids, status=Status.SUBMITTED, holder=season.enrolments["host"])
    for number, pk in enumerate(waiting.order_by("pk").values_list("pk", flat=True)):
        with clock.at(at + timedelta(minutes=number)):
            moves.accept(season.office, pk)
