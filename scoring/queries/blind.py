"""Reads of the blind packages: how far the job is, which documents nobody is shown."""

from __future__ import annotations

from dataclasses import dataclass

from core.models import Job
from scoring import blinding
from scoring.models import BlindPackage, CleanFile, Round
from scoring.projection import document_hashes


@dataclass(frozen=True)
class Withheld:
    """A document that experts are not shown; `why` when it could not be written anew."""

    code: str
    title: str
    number: int
    why: str


@dataclass(frozen=True)
class Summary:
    """What the round's own page says about its packages."""

    blind: bool
    unprepared: int
    findings: int

    @property
    def ready(self) -> bool:
        return not (self.unprepared or self.findings)


def summary(round_: Round) -> Summary:
    now = blinding.standing(round_)
    return Summary(round_.blind, now["unprepared"], now["findings"])


def last_job(round_: Round) -> Job | None:
    return Job.objects.filter(key=f"blind:{round_.pk}").order_by("-pk").first()


def withheld(round_: Round) -> list[Withheld]:
    packages = BlindPackage.objects.filter(entry__round=round_).exclude(withheld=[])
    rows = list(packages.select_related("entry__achievement").order_by("entry__code"))
    hashes = {sha256 for row in rows for sha256 in row.withheld}
    why = dict(CleanFile.objects.filter(source_sha256__in=hashes).values_list("source_sha256", "fault"))
    return [
        Withheld(row.entry.code, row.entry.achievement.title, number, why.get(sha256, ""))
        for row in rows
        for number, sha256 in enumerate(document_hashes(row.content), start=1)
        if sha256 in row.withheld
    ]
