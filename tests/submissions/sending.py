"""How the tests send a recommender's list: the report first, then what a page has just seen."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from submissions.actions import sending as actions
from submissions.models import Dispatch
from submissions.queries import sending
from tests.cast import Cast

PDF = b"%PDF-1.4\n%%EOF\n"


def pdf(name: str = "总结报告.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF)


def report(cast: Cast, who: str = "auditor_a") -> None:
    actions.keep_report(cast[who], cast.contest, pdf())


def token(cast: Cast, who: str = "auditor_a") -> str:
    desk = sending.sender_of(cast[who], cast.contest)
    assert desk is not None
    return sending.token(desk, sending.lines(desk), sending.report_of(desk))


def send(cast: Cast, who: str = "auditor_a", remark: str = "", **options: object) -> Dispatch:
    return actions.send(cast[who], cast.contest, seen=token(cast, who), remark=remark, **options)  # type: ignore[arg-type]


def send_list(cast: Cast, who: str = "auditor_a") -> Dispatch:
    report(cast, who)
    return send(cast, who)
