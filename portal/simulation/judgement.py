"""A round over the simulated works: entries, an even assignment without conflicts, sheets and marks, in bulk."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.actions import create_user, grant_membership, record_employment
from accounts.models import Role
from contests.models import Contest, Enrolment
from portal.demo.corpus.dice import dice
from portal.demo.corpus.marks import marks
from portal.demo.judged import open_levels
from portal.demo.tree import Tree, person_name
from scoring import blinding, queries
from scoring.actions.experts import engage
from scoring.actions.rubrics import policy_from_section
from scoring.lifecycle import RoundStatus, SheetState
from scoring.models import Appointment, Engagement, Entry, Expert, Mark, Round, Rubric, ScoreSheet
from scoring.rules import recusal
from scoring.rules.assignment import Specialist, Task, assign
from scoring.rules.commitment import CURRENT
from submissions.models import Achievement

AT_ONCE = 50  # experts that share one chunk: the exact assignment stays quick at any size
CHUNK = 250  # works


def hire(contest: Contest, tree: Tree, count: int, seed: int) -> list[Expert]:
    """Experts with two industries and two categories each; every third is employed by a unit of the tree."""
    industries = list(contest.industry_set.values_list("code", flat=True))
    categories = list(contest.category_set.values_list("code", flat=True))
    units = list(tree.operators)
    experts = []
    for number in range(1, count + 1):
        rng = dice("hire", seed, number)
        user = create_user(None, f"expert{number}", person_name("expert", seed, number))
        grant_membership(None, user, contest.host, Role.EXPERT)
        if number % 3 == 0:
            record_employment(None, user, tree.organizations[rng.choice(units)], date(2015, 7, 1))
        experts.append(
            Expert.objects.create(user=user, industries=rng.sample(industries, 2), categories=rng.sample(categories, 2))
        )
    engage(None, contest, [expert.pk for expert in experts])
    accepted = {"committed_at": timezone.now(), "commitment_version": CURRENT.version}
    Engagement.objects.filter(contest=contest).update(**accepted)
    return experts


class Judgement:
    """One round; `take` adds works with all their sheets."""

    def __init__(self, contest: Contest, experts: list[Expert], sheets: int, seed: int, now: datetime, name: str):
        self.seed, self.now, self.sheets, self.taken, self.chunks = seed, now, sheets, 0, 0
        host = Enrolment.objects.select_related("organization").get(contest=contest, recommender__isnull=True)
        office = host.organization.memberships.filter(role=Role.OFFICE).select_related("user").first()
        assert office is not None
        self.round = Round.objects.create(
            contest=contest, enrolment=host, name=name, rubric=Rubric.objects.get(code=contest.sections["rubric"]),
            policy=_policy(contest), sheets_per_achievement=sheets, status=RoundStatus.OPEN, opened_at=now,
            created_by=office.user,
        )  # fmt: skip
        self.rules = queries.rubric_of(self.round)
        self.appointments = Appointment.objects.bulk_create(
            Appointment(round=self.round, expert=expert, pseudonym=f"E{n:08d}") for n, expert in enumerate(experts, 1)
        )

    def take(self, works: list[Achievement], state: str = SheetState.HANDED_IN) -> None:
        for first in range(0, len(works), CHUNK):
            self._take(works[first : first + CHUNK], state)

    def _take(self, works: list[Achievement], state: str) -> None:
        entries = self._entries(works)
        pairs = self._assign(entries)
        sheets = [self._sheet(entries[e], self.appointments[a], state) for e, a in pairs]
        given = [mark for sheet in sheets for mark in self._marks(sheet)] if state == SheetState.HANDED_IN else []
        ScoreSheet.objects.bulk_create(sheets, batch_size=2000)
        for mark in given:
            mark.sheet_id = mark.sheet.pk
        Mark.objects.bulk_create(given, batch_size=4000)

    def _entries(self, works: list[Achievement]) -> list[Entry]:
        versions = {a.pk: a.versions.all()[0].pk for a in Achievement.objects.filter(
            pk__in=[w.pk for w in works]).prefetch_related("versions")}  # fmt: skip
        start, self.taken = self.taken, self.taken + len(works)
        entries = Entry.objects.bulk_create(
            Entry(
                round=self.round,
                achievement=work,
                version_id=versions[work.pk],
                code=f"A{start + place:06d}",
                path=work.benefit_path,
                benefit_wan=work.verified_wan,
            )
            for place, work in enumerate(works, start=1)
        )
        blinding.write_packages(self.round, Entry.objects.filter(pk__in=[entry.pk for entry in entries]))
        return entries

    def _assign(self, entries: list[Entry]) -> list[tuple[int, int]]:
        """(place of entry, place of appointment); each chunk has the next experts, so loads stay even over chunks."""
        total = len(self.appointments)
        first = self.chunks * AT_ONCE % total if total > AT_ONCE else 0
        self.chunks += 1
        places = [(first + i) % total for i in range(min(AT_ONCE, total))]
        chosen = [self.appointments[place] for place in places]
        tasks = [_task(n, entry) for n, entry in enumerate(entries)]
        known = [
            Specialist(str(place), frozenset(a.expert.industries), frozenset(a.expert.categories))
            for place, a in zip(places, chosen, strict=True)
        ]
        barred = self._conflicts(entries, places)
        return [(int(e), int(a)) for e, a in assign(tasks, known, barred, self.sheets, self.seed)]

    def _conflicts(self, entries: list[Entry], places: list[int]) -> set[tuple[str, str]]:
        number = {entry.pk: n for n, entry in enumerate(entries)}
        works = queries.works_of(Entry.objects.filter(pk__in=list(number)))
        judges = queries.judges_of(self.round.contest, [self.appointments[place].expert for place in places])
        return {
            (str(number[int(work.id)]), str(place))
            for work in works
            for place, judge in zip(places, judges, strict=True)
            if recusal.conflict(work, judge)
        }

    def _sheet(self, entry: Entry, appointment: Appointment, state: str) -> ScoreSheet:
        done = state == SheetState.HANDED_IN
        return ScoreSheet(
            round=self.round,
            entry=entry,
            appointment=appointment,
            state=state,
            total=0 if done else None,
            revision=2 if done else 0,
            handed_in_at=self.now if done else None,
        )

    def _marks(self, sheet: ScoreSheet) -> list[Mark]:
        levels = open_levels(sheet.entry, self.rules)
        number = int(sheet.entry.code[1:])
        chosen = marks(number, sheet.appointment.pseudonym, levels, self.seed)
        made = []
        for code, (level, points) in chosen.items():
            row = next(one for one in levels[code] if one.level == level)
            made.append(Mark(sheet=sheet, criterion=code, level=level, low=row.low, high=row.high, points=points))
        sheet.total = Decimal(sum(points for _, points in chosen.values()))
        return made


def _task(number: int, entry: Entry) -> Task:
    work = entry.achievement
    assert work.industry is not None
    assert work.category is not None
    return Task(str(number), work.industry.code, work.category.code)


def _policy(contest: Contest) -> dict[str, Any]:
    return policy_from_section(contest.sections.get("policy") or {})[0].to_dict()
