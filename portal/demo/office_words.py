"""What the office and the seal leave behind: recommenders' own numbers, a number let pass, an award, a stamped form."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from contests.actions.quotas import Key, set_quotas
from contests.models import Quota
from contests.rules.identifiers import PatentNumber, check_digit
from core import files
from documents.stamped import qr
from portal.demo import clock
from portal.demo.corpus import pictures
from portal.demo.walk import Season
from submissions.actions import drafting, overruling, stamping
from submissions.models import Achievement, StampedForm

NUMBERS = {"gaoping": 20, "yunling": 25}
"""Of these recommenders; everybody else has the contest's own number."""
AWARD = {"level": "base", "name": "职工创新成果一等奖", "rank": "一等奖"}
CERTIFIED = "与专利证书核对一致，证书上的号码即为此号。"
SITE = "http://127.0.0.1:8000"  # where `make demo` serves it


def say(season: Season, key: str, at: datetime) -> None:
    """`key`: the unit whose registered work has the award, the number and the seal."""
    with clock.at(at):
        _give_numbers(season)
    work = Achievement.objects.filter(unit=season.enrolments[key], status="registered").order_by("pk").first()
    if work is None:
        return
    with clock.at(at + timedelta(minutes=2)):
        _award(season, key, work)
        _let_pass(season, key, work)
    with clock.at(at + timedelta(minutes=6)):
        _stamp(season, key, work)


def _give_numbers(season: Season) -> None:
    equipment = season.contest.category_set.get(code="equipment").pk
    wanted: dict[Key, int | None] = {
        (season.enrolments[key].pk, Quota.Scope.TOTAL, None): limit for key, limit in NUMBERS.items()
    }
    wanted[season.enrolments["yunling"].pk, Quota.Scope.CATEGORY, equipment] = 10
    set_quotas(season.office, season.contest, wanted)


def _award(season: Season, key: str, work: Achievement) -> None:
    operator, year = season.tree.operators[key], season.contest.year
    document = files.store_bytes(pictures.certificate("award", work.pk), "表彰文件.pdf", files.PDF)
    proof = drafting.attach(operator, work.pk, "local_award_document", document, "表彰文件.pdf")
    given: dict[str, Any] = {"awarded_on": date(year, 1, 15), "proof_id": proof.pk}
    given |= AWARD | {"awarding_body": season.enrolments[key].name, "document_number": f"工字〔{year}〕3号"}
    drafting.set_commendations(operator, work.pk, [given], _revision(work))


def _let_pass(season: Season, key: str, work: Achievement) -> None:
    """A fictitious number with a check digit that is not the computed one."""
    year = season.contest.year - 2
    digits = f"{year}29876543"
    number = PatentNumber(digits, "1" if check_digit(digits) != "1" else "2").canonical
    overruling.overrule(season.office, work.pk, "patent_check", CERTIFIED, number)
    granted_on = date(year + 1, 3, 2)
    patent = {"kind": "utility_model", "number": number, "status": "granted", "granted_on": granted_on, "owner": ""}
    others = [dict(row) for row in work.patents.values("kind", "number", "status", "granted_on", "owner")]
    drafting.set_patents(season.tree.operators[key], work.pk, [*others, patent], _revision(work))


def _revision(work: Achievement) -> int:
    """As a page would carry it that was opened just now."""
    work.refresh_from_db()
    return work.revision


def _stamp(season: Season, key: str, work: Achievement) -> None:
    form = stamping.print_form(season.tree.operators[key], work.pk)
    scan = files.store_bytes(_scan(form, season.enrolments[key].name), f"盖章表-{form.number}.pdf", files.PDF)
    stamping.keep_scan(season.tree.operators[key], form.pk, scan)


def _scan(form: StampedForm, unit: str) -> bytes:
    code = qr(f"{SITE}/papers/stamped/{form.number}/")
    return pictures.sealed(form.content["title"], form.number, unit, BytesIO(code.content))
