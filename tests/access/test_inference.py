"""Nobody learns from her own pages what she may not see: two worlds that differ only in hidden data look the same.

Both worlds grow out of the same season. Then one of them gets other works, other marks, other judges, other words of
the office – all by the real actions – and every page of an expert and of a unit is compared byte by byte. The clock
stands still; what differs by design from answer to answer (nonce, token, number of the request) is taken out.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from scoring import blinding
from scoring.actions import blind, rounds, sheets
from scoring.models import Appointment, BlindFinding, BlindPackage, Recusal, Round, ScoreSheet
from submissions.actions import drafting, moves
from submissions.models import Achievement, Leader
from submissions.queries import content
from tests.access.world import overlap_review
from tests.cast import Cast, accepted, draft, registered, scene, submitted
from tests.scoring.blinding import crawl
from tests.season import judging

VARIES = re.compile(
    rb"(?i)nonce=\"[^\"]*\"|'nonce-[^']*'|name=\"csrfmiddlewaretoken\" value=\"[^\"]*\"|csrftoken=[^;]*|sessionid=[^;]*"
    rb"|'X-Request-ID': '[^']*'|'Expires': '[^']*'|expires=[^;]*"
    rb"|<code>[0-9a-f]{12}</code>|<dcterms:[^<]*<"
)
THE_EXPERT, THE_UNIT = "expert1", "unit_a"
MISSING = 10**6


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The moment at which everything from here on happens."""
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    return now


@pytest.fixture
def drafted(cast: Cast) -> Iterator[tuple[Cast, Round]]:
    """Works of two units in a round with everybody as judge, works on the way, and one still at the unit."""
    with scene():
        overlap_review(cast)
        for _ in range(2):
            accepted(cast)
            accepted(cast, "unit_b", "auditor_b")
        round_ = judging.drawn_up(cast, k=3)
        draft(cast)
        submitted(cast)
        submitted(cast, "unit_b")
        yield cast, round_


@pytest.fixture
def season(drafted: tuple[Cast, Round]) -> tuple[Cast, Round]:
    cast, round_ = drafted
    return cast, rounds.open_round(cast["office"], round_.pk)


def pages(cast: Cast, who: str) -> dict[str, bytes]:
    """Every page that she can reach, and what a wrong address or a wrong press answers."""
    client = signed_in(cast, who)
    found = {url: VARIES.sub(b"", unpacked(body, media)) for url, body, media in crawl(client)}
    return found | {f"{method} {url}": answered(client, method, url) for url in wrong_addresses() for method in METHODS}


def signed_in(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast[who].user, "accounts.backends.PasswordBackend")
    return client


METHODS = ("GET", "POST")


def answered(client: Client, method: str, url: str) -> bytes:
    answer = client.generic(method, url)
    body = b"" if answer.streaming else answer.content
    return f"{answer.status_code} {answer.headers.get('Location', '')} ".encode() + VARIES.sub(b"", body)


def unpacked(body: bytes, media: str) -> bytes:
    """A workbook's parts: the archive around them dates each one by the machine's clock."""
    if "spreadsheetml" not in media:
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return b"".join(name.encode() + archive.read(name) for name in sorted(archive.namelist()))


def addresses(sheet: int, round_: int, work: int) -> list[str]:
    """Every kind of page of a sheet, a round and a work."""
    of_sheets = ("sheet", "sheet_save", "receipt", "receipt_file", "declare")
    of_rounds = ("round", "blind", "flags", "ranking", "jury", "papers")
    urls = [reverse(f"scoring:{name}", args=[sheet]) for name in of_sheets]
    urls += [reverse(f"scoring:{name}", args=[sheet, 1]) for name in ("sheet_file", "sheet_document")]
    urls += [reverse(f"scoring:{name}", args=[round_]) for name in of_rounds]
    return urls + [reverse(f"submissions:{name}", args=[work]) for name in ("detail", "edit", "audit")]


def wrong_addresses() -> list[str]:
    """Of things behind the last one."""
    return addresses(MISSING, MISSING, MISSING)


def in_a_world(season: tuple[Cast, Round], change: Callable[[Cast, Round], Any] | None, who: str) -> dict[str, bytes]:
    cast, round_ = season
    with scene():
        if change:
            change(cast, Round.objects.get(pk=round_.pk))
        return pages(cast, who)


# --- what the other world has that the first one has not ------------------------------------------------------


def others_scored(cast: Cast, round_: Round) -> None:
    """Other experts have marked, doubted and handed in."""
    for username in judging.EXPERTS[1:]:
        own = list(ScoreSheet.objects.visible_to(cast[username]).filter(state="open"))
        for sheet in own:
            given = judging.filled(sheet, "low")
            sheets.save_marks(cast[username], sheet.pk, given, revision=0, comment="一般。", doubt="数据偏高。")
        sheets.hand_in(cast[username], [sheet.pk for sheet in own])


def others_judge(cast: Cast, round_: Round) -> None:
    """The other places of her works are filled with other persons, and somebody stepped back."""
    first, second = Appointment.objects.filter(round=round_).exclude(expert__user=cast[THE_EXPERT].user)[:2]
    for sheet in ScoreSheet.objects.filter(appointment=first):
        if not ScoreSheet.objects.filter(entry=sheet.entry, appointment=second).exists():
            ScoreSheet.objects.filter(pk=sheet.pk).update(appointment=second)
    entry = round_.entries.first()
    Recusal.objects.get_or_create(
        appointment=second, entry=entry, defaults={"round": round_, "reason": "declared", "evidence": "师生。"}
    )


def more_works_elsewhere(cast: Cast, round_: Round) -> None:
    """Another unit registers, submits and gets works back; another county recommends."""
    registered(cast, "unit_b", title="西河的新成果")
    returned = submitted(cast, "unit_b", title="西河退回的成果")
    moves.return_for_changes(cast["auditor_b"], returned.pk, "请补充材料。")
    accepted(cast, "unit_b", "auditor_b", title="西河受理的成果")
    submitted(cast, "team", title="综采一队的成果")


def works_changed_elsewhere(cast: Cast, round_: Round) -> None:
    """What lies at others is edited, withdrawn, disqualified."""
    work = Achievement.objects.filter(unit=cast.enrolments["unit_b"], status="submitted").first()
    assert work is not None
    moves.return_for_changes(cast["auditor_b"], work.pk, "请补充材料。")
    work.refresh_from_db()
    drafting.save_fields(cast["unit_b"], work.pk, {"title": "改过的名称"}, work.revision)
    moves.withdraw(cast["unit_b"], work.pk, "不再申报。")


def judged_otherwise(cast: Cast, round_: Round) -> None:
    others_scored(cast, round_)
    others_judge(cast, round_)


def other_works(cast: Cast, round_: Round) -> None:
    more_works_elsewhere(cast, round_)
    works_changed_elsewhere(cast, round_)


CASES = [(who, change) for who in (THE_EXPERT, THE_UNIT) for change in (judged_otherwise, other_works)]


@pytest.mark.parametrize(("who", "change"), CASES, ids=[f"{who} {change.__name__}" for who, change in CASES])
def test_hidden_data_changes_no_byte(
    season: tuple[Cast, Round], still: datetime, who: str, change: Callable[[Cast, Round], Any]
) -> None:
    here, there = in_a_world(season, None, who), in_a_world(season, change, who)
    assert set(here) == set(there)
    assert [url for url in here if here[url] != there[url]] == []
    assert len(here) > 25


# --- who stands behind her own works ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Behind:
    """What differs about the works that the expert herself judges, and by whom the office handled their findings."""

    leader: str
    phone: str
    unit: str
    remark: str
    office: str


ONE = Behind("欧阳技", "13900000001", "东山机械厂工会", "与财务账目一致。", "office")
OTHER = Behind("司马衡远", "0356-2218899", "泽州县丹河铸造有限公司工会", "扣除人工费后核定。", "office2")


def made_by(cast: Cast, round_: Round, behind: Behind) -> None:
    """All works of the round are theirs, their names stand in the texts, plainly and in another spelling."""
    for work in Achievement.objects.filter(entries__round=round_).select_related("unit__organization"):
        type(work.unit).objects.filter(pk=work.unit_id).update(name=behind.unit)
        type(work.unit.organization).objects.filter(pk=work.unit.organization_id).update(name=behind.unit)
        Leader.objects.filter(achievement=work).update(
            name=behind.leader, phone=behind.phone, employer=behind.unit, bio=behind.remark, deeds=behind.remark
        )
        spelt = " ".join(behind.leader)
        Achievement.objects.filter(pk=work.pk).update(
            verify_remark=behind.remark,
            filled_by=behind.leader,
            responsible_person=behind.leader,
            summary=f"{behind.unit}{behind.leader}研制，联系 {behind.phone}。{spelt}主持，年节约 126.50 万元。",
        )
        work.versions.update(content=content(Achievement.objects.get(pk=work.pk)))


def released(drafted: tuple[Cast, Round], behind: Behind) -> dict[str, bytes]:
    cast, round_ = drafted
    with scene():
        made_by(cast, round_, behind)
        BlindPackage.objects.filter(entry__round=round_).delete()
        BlindFinding.objects.filter(round=round_).delete()
        blinding.write_packages(round_)
        findings = BlindFinding.objects.filter(round=round_)
        assert {finding.kind for finding in findings} == {"person"}
        blind.mask_all(cast[behind.office], round_.pk, findings.count())
        rounds.open_round(cast["office"], round_.pk)
        return pages(cast, THE_EXPERT)


def test_who_made_her_works_and_what_the_office_found_changes_no_byte(
    drafted: tuple[Cast, Round], still: datetime
) -> None:
    """Leader, phone, unit, the auditor's remark and the office's findings are others; the sheets look the same."""
    here, there = released(drafted, ONE), released(drafted, OTHER)
    assert set(here) == set(there)
    assert [url for url in here if here[url] != there[url]] == []
    sheets_read = [body.decode() for url, body in here.items() if re.fullmatch(r"/sheets/[0-9]+/", url)]
    assert sheets_read
    assert all("××研制，联系 ××。××主持" in text for text in sheets_read)


@pytest.mark.parametrize("who", [THE_EXPERT, THE_UNIT])
def test_what_is_there_but_hidden_answers_like_what_is_not(
    season: tuple[Cast, Round], still: datetime, who: str
) -> None:
    """Others' sheets, rounds and works: by status and bytes nobody tells them from numbers behind the last one."""
    cast, round_ = season
    others_scored(cast, round_)
    client = signed_in(cast, who)
    sheet = ScoreSheet.objects.exclude(appointment__expert__user=cast[who].user).first()
    work = Achievement.objects.filter(unit=cast.enrolments["unit_b"], entries__round=round_).first()
    assert sheet is not None
    assert work is not None
    there = [(method, url) for url in addresses(sheet.pk, round_.pk, work.pk) for method in METHODS]
    missing = [(method, url) for url in wrong_addresses() for method in METHODS]
    told = [
        one for one, other in zip(there, missing, strict=True) if answered(client, *one) != answered(client, *other)
    ]
    assert told == []


def own_mark(cast: Cast, round_: Round) -> None:
    sheet = ScoreSheet.objects.visible_to(cast[THE_EXPERT]).first()
    sheets.save_marks(cast[THE_EXPERT], sheet.pk, judging.filled(sheet), revision=0)


def own_work(cast: Cast, round_: Round) -> None:
    registered(cast, THE_UNIT)


@pytest.mark.parametrize(("who", "change"), [(THE_EXPERT, own_mark), (THE_UNIT, own_work)])
def test_what_is_her_own_is_seen(
    season: tuple[Cast, Round], still: datetime, who: str, change: Callable[[Cast, Round], Any]
) -> None:
    """The comparison has eyes: a change of her own shows."""
    here, there = in_a_world(season, None, who), in_a_world(season, change, who)
    assert here != there
