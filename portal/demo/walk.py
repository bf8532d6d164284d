"""Taking one work along the real actions to the state that the demo wants it in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from accounts.actor import Actor
from contests.models import Contest, Enrolment
from core import files
from core.models import PrivateFile
from portal.demo import clock
from portal.demo.corpus import pictures
from portal.demo.corpus.texts_notes import DECLINE_NOTES, RETURN_NOTES, VERIFY_REMARKS, WITHDRAW_REASONS
from portal.demo.corpus.works import Work
from portal.demo.tree import Tree
from submissions.actions import drafting, moves
from submissions.models import Achievement


@dataclass
class Season:
    """One contest of the demo with everybody who acts in it."""

    contest: Contest
    tree: Tree
    enrolments: dict[str, Enrolment]
    office: Actor


@dataclass
class Clock:
    """The times of one work's moves: each action some time after the one before, never later than `latest`."""

    now: datetime
    latest: datetime
    step: timedelta

    def ticks(self) -> Iterator[datetime]:
        while True:
            yield self.now
            self.now = min(self.now + self.step, self.latest)


def values(contest: Contest, work: Work) -> dict[str, Any]:
    """A work by the keys of submissions.rules.fields.FIELDS."""
    return work.flat() | {
        "kind": contest.kind_set.get(code=work.kind),
        "category": contest.category_set.get(code=work.category),
        "industry": contest.industry_set.get(code=work.industry),
    }


def written(season: Season, key: str, work: Work, number: int) -> Achievement:
    """A complete draft with photo, picture, certificate, members and patents."""
    actor, unit = season.tree.operators[key], season.enrolments[key]
    achievement = drafting.start_draft(actor, unit, values(season.contest, work))
    members = [(member.name, member.organization_text) for member in work.members]
    drafting.set_members(actor, achievement.pk, members, achievement.revision)
    patents = [asdict(patent) for patent in work.patents]
    drafting.set_patents(actor, achievement.pk, patents, achievement.revision + 1)
    portrait = _file(season, "portrait", "相片.jpg", number)
    drafting.set_photo(actor, achievement.pk, portrait, achievement.revision)
    drafting.attach(actor, achievement.pk, "photo", _file(season, "schematic", "现场图.png", number), "现场图.png")
    if key in season.tree.studios and number % 2:
        drafting.set_studio(actor, achievement.pk, season.tree.studios[key], achievement.revision)
    if number % 3:
        certificate = _file(season, "certificate", "鉴定书.pdf", number)
        drafting.attach(actor, achievement.pk, "appraisal_certificate", certificate, "鉴定书.pdf")
    for kind, paper, name in _papers(work, number):
        drafting.attach(actor, achievement.pk, kind, _file(season, paper, name, number), name)
    return achievement


def _papers(work: Work, number: int) -> list[tuple[str, str, str]]:
    """Most units enclose the signed 承诺书 and the proof of the benefit; some bring them to their auditor later."""
    found = [("pledge", "pledge", "承诺书.pdf")] if number % 4 else []
    return found + (
        [("benefit_proof", "proof", "效益证明.pdf")] if work.benefit_path == "economic" and number % 3 else []
    )


_MADE: Mapping[str, tuple[Callable[..., bytes], str]] = {
    "portrait": (pictures.portrait, "image/jpeg"),
    "schematic": (pictures.schematic, "image/png"),
    "certificate": (pictures.certificate, "application/pdf"),
    "pledge": (partial(pictures.statement, "pledge"), "application/pdf"),
    "proof": (partial(pictures.statement, "proof"), "application/pdf"),
}


def _file(season: Season, kind: str, name: str, number: int) -> PrivateFile:
    """A picture of each work's own: the same file in two works is a sign that one repeats the other."""
    draw, media_type = _MADE[kind]
    return files.store_bytes(draw(season.contest.year, number), name, media_type)


def bring(season: Season, key: str, achievement: Achievement, state: str, times: Clock, number: int) -> None:
    """From a draft to `state`: draft, registered, submitted, at_host, returned, accepted, declined, withdrawn.

    What will be accepted is left at the host: the recommender sends its list first (portal.demo.sent).
    """
    operator, pk, ticks = season.tree.operators[key], achievement.pk, times.ticks()
    steps: list[Callable[[], object]] = []
    if state != "draft":
        steps.append(lambda: moves.register(operator, pk))
    if state in ("submitted", "at_host", "returned", "accepted", "declined"):
        steps.append(lambda: moves.submit(operator, pk))
    if state == "withdrawn":
        steps.append(lambda: moves.withdraw(operator, pk, WITHDRAW_REASONS[number % len(WITHDRAW_REASONS)]))
    for step in steps:
        with clock.at(next(ticks)):
            step()
    if state in ("at_host", "returned", "accepted", "declined"):
        _audit(season, pk, state, ticks, number)


def _audit(season: Season, pk: int, state: str, ticks: Iterator[datetime], number: int) -> None:
    """Every desk on the road does its part; a return or a refusal comes from the first one."""
    desk = _desk_actor(season, pk)
    with clock.at(next(ticks)):
        if state == "returned":
            moves.return_for_changes(desk, pk, RETURN_NOTES[number % len(RETURN_NOTES)])
            return
        if state == "declined":
            moves.decline(desk, pk, DECLINE_NOTES[number % len(DECLINE_NOTES)])
            return
    while desk is not season.office:
        with clock.at(next(ticks)):
            _verify(desk, pk, number)
            moves.recommend(desk, pk)
        desk = _desk_actor(season, pk)


def _verify(desk: Actor, pk: int, number: int) -> None:
    """The first desk verifies; now and then it cuts the amount and says why."""
    work = Achievement.objects.get(pk=pk)
    if work.benefit_path != "economic" or work.verified_wan is not None or work.benefit_wan is None:
        return
    cut = number % 7 == 0
    amount = (work.benefit_wan * 9 / 10).quantize(work.benefit_wan) if cut else work.benefit_wan
    moves.verify_benefit(desk, pk, amount, "economic", VERIFY_REMARKS[number % len(VERIFY_REMARKS)] if cut else "")


def _desk_actor(season: Season, pk: int) -> Actor:
    work = Achievement.objects.select_related("holder").get(pk=pk)
    key = next(k for k, e in season.enrolments.items() if e.pk == work.holder_id)
    if key == "host":
        return season.office
    return season.tree.auditors.get(key) or season.tree.operators[key]
