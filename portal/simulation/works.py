"""Achievements in bulk: rows as the real actions leave them when a work has been taken into judgement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from accounts.actor import Actor
from contests.models import Contest, Enrolment
from core import files
from core.models import PrivateFile
from portal.demo.corpus import pictures
from portal.demo.corpus.places import Place
from portal.demo.corpus.works import Work, work
from portal.demo.tree import Tree
from submissions import lifecycle
from submissions.lifecycle import Desk, Stop
from submissions.models import (
    Achievement,
    AchievementVersion,
    Attachment,
    Leader,
    Member,
    Patent,
    Recommendation,
    StatusChange,
)
from submissions.queries import content, content_hash

CHUNK = 1000
_ROAD = ("register", "submit", "recommend", "accept", "freeze")


class Maker:
    """Writes works of a contest chunk by chunk; `made` are the achievements' ids in order."""

    def __init__(self, contest: Contest, tree: Tree, enrolments: dict[str, Enrolment], office: Actor, now: datetime):
        self.contest, self.tree, self.enrolments, self.office, self.now = contest, tree, enrolments, office, now
        self.units = [place for place in tree.places.values() if place.key in tree.operators]
        self.codes = {name: {row.code: row for row in getattr(contest, f"{name}_set").all()} for name in
                      ("kind", "category", "industry")}  # fmt: skip
        self.picture: PrivateFile = files.store_bytes(pictures.schematic(0), "现场图.png", "image/png")
        self.by_id = {row.pk: row for row in enrolments.values()}
        self.keys = {row.pk: key for key, row in enrolments.items()}
        self.listed: dict[int, int] = {}

    def make(self, count: int, seed: int) -> Iterator[list[Achievement]]:
        """Chunks of frozen achievements with leader, parts, version, history and recommendation."""
        for start in range(0, count, CHUNK):
            numbers = range(start, min(start + CHUNK, count))
            yield self._chunk([(self.units[n % len(self.units)], self._work(n, seed)) for n in numbers])

    def _work(self, number: int, seed: int) -> Work:
        place = self.units[number % len(self.units)]
        last = min(self.contest.window_end, self.now.date())
        return work(number, place, seed, (self.contest.window_start, last))

    def _chunk(self, pairs: list[tuple[Place, Work]]) -> list[Achievement]:
        rows = Achievement.objects.bulk_create([self._row(place, made) for place, made in pairs])
        works = [made for _, made in pairs]
        Leader.objects.bulk_create(
            Leader(achievement=row, **_part(made, "leader.")) for row, made in zip(rows, works, strict=True)
        )
        self._parts(rows, works)
        self._numbers(rows)
        self._versions(rows)
        self._road(rows)
        return rows

    def _row(self, place: Place, made: Work) -> Achievement:
        unit, operator = self.enrolments[place.key], self.tree.operators[place.key]
        own = {key: value for key, value in _part(made, "").items() if key not in self.codes}
        codes: dict[str, Any] = {key: rows[getattr(made, key)] for key, rows in self.codes.items()}
        return Achievement(
            contest=self.contest,
            unit=unit,
            holder=self.enrolments["host"],
            status=lifecycle.Status.FROZEN,
            verified_wan=made.benefit_wan,
            created_by=operator.user,
            submitted_by=operator.user,
            submitted_at=self.now,
            revision=1,
            **own,
            **codes,
        )

    def _parts(self, rows: list[Achievement], works: list[Work]) -> None:
        pairs = list(zip(rows, works, strict=True))
        Member.objects.bulk_create(
            Member(achievement=row, order=i, **asdict(m)) for row, w in pairs for i, m in enumerate(w.members)
        )
        Patent.objects.bulk_create(
            Patent(achievement=row, order=i, **asdict(p)) for row, w in pairs for i, p in enumerate(w.patents)
        )
        Attachment.objects.bulk_create(
            Attachment(achievement=row, kind="photo", file=self.picture, name="现场图.png", order=1,
                       uploaded_by=row.created_by)
            for row in rows
        )  # fmt: skip

    def _numbers(self, rows: list[Achievement]) -> None:
        for row in rows:
            row.number = f"{self.contest.year}-{row.pk:05d}"
        Achievement.objects.bulk_update(rows, ["number"], batch_size=500)

    def _versions(self, rows: list[Achievement]) -> None:
        loaded = Achievement.objects.filter(pk__in=[row.pk for row in rows]).select_related(
            "unit", "kind", "category", "industry", "leader__photo"
        )
        loaded = loaded.prefetch_related("members", "patents", "attachments__file", "commendations", "stamped_forms")
        AchievementVersion.objects.bulk_create(map(_version, loaded))

    def _road(self, rows: list[Achievement]) -> None:
        """History and recommendations along each work's own road."""
        changes, listed = [], []
        for row in rows:
            for change in self._changes(row):
                changes.append(change)
                if change.verb == "recommend":
                    listed.append(self._recommendation(row, change.from_holder_id))
        StatusChange.objects.bulk_create(changes, batch_size=CHUNK)
        Recommendation.objects.bulk_create(listed, batch_size=CHUNK)

    def _changes(self, row: Achievement) -> Iterator[StatusChange]:
        road = self._stops(row.unit)
        status, holder = lifecycle.Status.DRAFT, row.unit_id
        for verb in _ROAD:
            move = lifecycle.MOVES[verb]
            for to in _desks(road, holder, move.verb, move.desk):
                who = self._actor(verb, holder)
                yield StatusChange(
                    achievement=row, verb=verb, from_status=status, to_status=move.target, from_holder_id=holder,
                    to_holder_id=to, user=who.user, membership=who.membership,
                )  # fmt: skip
                status, holder = move.target, to

    def _stops(self, unit: Enrolment) -> list[Stop]:
        ids = [int(part) for part in unit.path.rstrip(".").split(".")]
        rows = [self.by_id[pk] for pk in reversed(ids)]
        return [Stop(e.pk, e.recommender_id, e.audits, e.is_team) for e in rows]

    def _actor(self, verb: str, holder: int) -> Actor:
        key = self.keys[holder]
        if verb in ("register", "submit"):
            return self.tree.operators[key]
        if verb == "recommend":
            return self.tree.auditors.get(key) or self.tree.operators[key]
        return self.office

    def _recommendation(self, row: Achievement, enrolment: int | None) -> Recommendation:
        assert enrolment is not None
        self.listed[enrolment] = self.listed.get(enrolment, 0) + 1
        who = self._actor("recommend", enrolment)
        return Recommendation(
            enrolment_id=enrolment, achievement=row, order=self.listed[enrolment], recommended_by=who.user
        )


def _desks(road: list[Stop], holder: int, verb: str, desk: Desk) -> Iterator[int]:
    """Where a verb leads, once for each desk that has to make it."""
    if desk is not Desk.NEXT_UP:
        yield road[-1].id if desk is Desk.HOST else road[0].id
    elif verb == "submit":
        yield lifecycle.desk_after_submit(road)
    else:
        while holder != road[-1].id:
            holder = lifecycle.next_desk(road, holder)
            yield holder


def _part(made: Work, prefix: str) -> dict[str, Any]:
    """The leader's fields (`leader.`) or the achievement's own ("")."""
    found = {key: value for key, value in made.flat().items() if key.startswith("leader.") == bool(prefix)}
    return {key.removeprefix(prefix): value for key, value in found.items()}


def _version(row: Achievement) -> AchievementVersion:
    data = content(row)
    return AchievementVersion(
        achievement=row, number=1, content=data, content_hash=content_hash(data), created_by_id=row.created_by_id
    )
