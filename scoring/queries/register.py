"""The register of experts as the office reads it: what each knows, where she works, whether she is engaged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Alias, Employment, Organization
from accounts.queries import meant
from accounts.rules.names import alike, plain
from contests.models import Contest
from core.prepared import Prepared
from scoring.models import Engagement, Expert
from scoring.queries import cockpit
from scoring.rules.recusal import still_counts


@dataclass(frozen=True)
class Place:
    """One employer: `organizations` it means in the tree (none: a place outside, or not confirmed yet)."""

    job: Employment
    organizations: tuple[str, ...]
    counts: bool

    @property
    def name(self) -> str:
        return str(self.job)

    @property
    def lost(self) -> bool:
        """A text that nobody has matched to the tree."""
        return not self.organizations


@dataclass(frozen=True)
class Line:
    expert: Expert
    industries: str
    categories: str
    places: list[Place] = field(default_factory=list)
    engagement: Engagement | None = None

    @property
    def current(self) -> list[Place]:
        return [place for place in self.places if place.job.ended_on is None]


def experts(actor: Actor, text: str = "", industry: str = "", only: str = "") -> QuerySet[Expert]:
    """The register, narrowed by name or user name, by industry, and to those in use (`active`) or not (`gone`)."""
    rows = Expert.objects.visible_to(actor).select_related("user").order_by("user__pinyin", "pk")
    if text:
        rows = rows.filter(Q(user__display_name__icontains=text) | Q(user__username__icontains=text))
    if industry:  # a list in JSON: portable over both databases by the quoted code
        rows = rows.filter(industries__icontains=f'"{industry}"')
    return rows.filter(is_active=only == "active") if only in ("active", "gone") else rows


def lines(contest: Contest, page: Sequence[Expert]) -> list[Line]:
    """A fixed number of queries whatever the page holds."""
    names = cockpit.specialities(contest)
    jobs = places_of(contest, [expert.user_id for expert in page])
    engaged = {e.expert_id: e for e in Engagement.objects.filter(contest=contest, expert__in=page)}
    return [
        Line(
            expert,
            cockpit.words(expert.industries, names[0]),
            cockpit.words(expert.categories, names[1]),
            jobs[expert.user_id],
            engaged.get(expert.pk),
        )
        for expert in page
    ]


def places_of(contest: Contest, users: Iterable[int], on: date | None = None) -> dict[int, list[Place]]:
    """Every employer, the present ones first, with what it means in the tree."""
    today, years = on or timezone.localdate(), contest.settings.recusal_years
    rows = list(Employment.objects.filter(user__in=list(users)).select_related("organization"))
    forms = meant(row.organization_name for row in rows if row.organization_name)
    called = dict(
        Organization.objects.filter(pk__in={pk for pks in forms.values() for pk in pks}).values_list("pk", "name")
    )
    found: dict[int, list[Place]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.ended_on is not None, -row.started_on.toordinal(), row.pk)):
        if row.organization:
            names: tuple[str, ...] = (row.organization.name,)
        else:
            names = tuple(sorted(called[pk] for pk in forms.get(plain(row.organization_name), ())))
        found[row.user_id].append(Place(row, names, still_counts(row.ended_on, today, years)))
    return found


@dataclass(frozen=True)
class Unmatched:
    """A way of writing that means nothing in the tree yet: who uses it, and what it looks like."""

    text: str
    experts: list[str]
    proposals: list[tuple[Organization, int]]  # (organisation, likeness in per cent)


def unmatched(actor: Actor) -> list[Unmatched]:
    """Every free text among the experts' employers that no person has matched, with proposals nobody said no to."""
    people = Expert.objects.visible_to(actor).values("user")
    rows = Employment.objects.filter(user__in=people, organization__isnull=True).select_related("user")
    users: dict[str, set[str]] = defaultdict(set)
    words: dict[str, str] = {}
    for row in rows:
        form = plain(row.organization_name)
        users[form].add(row.user.display_name)
        words.setdefault(form, row.organization_name)
    known = meant(words.values())
    tree = {o.pk: o for o in Organization.objects.visible_to(actor)}
    refused = defaultdict(set)
    for form, pk in Alias.objects.filter(same=False, plain__in=words).values_list("plain", "organization"):
        refused[form].add(pk)
    found = []
    for form in sorted(set(words) - {form for form, pks in known.items() if pks}):
        names = {pk: (o.name, o.short_name) for pk, o in tree.items() if pk not in refused[form]}
        near = [(tree[one.id], round(100 * one.share)) for one in alike(words[form], names)]
        found.append(Unmatched(words[form], sorted(users[form]), near))
    return found


def aliases(actor: Actor) -> QuerySet[Alias]:
    rows: QuerySet[Alias] = Alias.objects.visible_to(actor).select_related("organization", "confirmed_by")
    return rows.order_by("organization__pinyin", "name")


def waiting_commitments(actor: Actor) -> list[Contest]:
    return list(_due(actor.user_id).distinct())


def _due(user: int) -> QuerySet[Contest]:
    """The seasons with a released round of hers whose commitment this expert has not accepted; one may come twice."""
    due = Contest.objects.filter(
        rounds__appointments__expert__user=user, rounds__status__in=("open", "closed", "awarded")
    )
    kept = Engagement.objects.filter(expert__user=user, committed_at__isnull=False).values("contest")
    return due.exclude(pk__in=kept)


_ANY_DUE = Prepared(lambda user: _due(user).values_list("pk", flat=True)[:1])


def owes_commitment(actor: Actor) -> bool:
    """Asked before each of an expert's pages."""
    return bool(_ANY_DUE(user=actor.user_id))
