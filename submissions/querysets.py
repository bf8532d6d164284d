"""Which achievements a hat may see (model.md "who sees an achievement"). Experts see none: only their score sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from accounts.models import Level, Line
from contests.models import Enrolment
from submissions.lifecycle import HIDDEN_FROM_AUDITORS, Status
from submissions.rules import nominations

if TYPE_CHECKING:
    from accounts.actor import Actor

_LONG = ("summary", "innovation", "benefit_basis", "social_benefit")
_HIDDEN = [status.value for status in HIDDEN_FROM_AUDITORS]


def _own_and_teams(organization_id: int) -> Q:
    return Q(unit__organization=organization_id) | Q(
        unit__recommender__organization=organization_id, unit__is_team=True
    )


class AchievementQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> AchievementQuerySet:
        if actor is None or actor.is_expert:
            return self.none()
        org_id = actor.organization.pk
        if actor.is_unit_operator:
            return self.filter(_own_and_teams(org_id))
        if actor.is_auditor:
            below = Enrolment.objects.at_or_below(org_id)
            return self.filter(unit__in=below).exclude(status__in=_HIDDEN)
        return self.filter(contest__host=org_id).exclude(status__in=_HIDDEN)

    def awaiting_audit_by(self, actor: Actor) -> AchievementQuerySet:
        """What lies on the hat's own desk and waits for a decision; for a unit operator her teams' works only."""
        rows = self.visible_to(actor).filter(status=Status.SUBMITTED, holder__organization=actor.organization.pk)
        return rows.filter(unit__is_team=True) if actor.is_unit_operator else rows

    def with_row_data(self) -> AchievementQuerySet:
        """One work with everything that its page names, in one query."""
        return self.select_related("contest", "unit", "holder", "kind", "category", "industry", "leader")

    def for_list(self) -> AchievementQuerySet:
        """Rows as lists show them, in one query: without the contest, which the page has, and the long texts."""
        rows = self.select_related("unit", "holder", "kind", "category", "industry", "leader")
        return rows.defer("field_revisions", *_LONG, "leader__bio", "leader__deeds")


class OwnedQuerySet(models.QuerySet[Any]):
    """Rows that belong to an achievement and are seen exactly by those who see it."""

    def visible_to(self, actor: Actor | None) -> OwnedQuerySet:
        achievements = self.model._meta.get_field("achievement").related_model
        return self.filter(achievement__in=achievements.objects.visible_to(actor))


class BatchQuerySet(models.QuerySet[Any]):
    """A batch is its maker's own business: the works' histories tell it to everybody else."""

    def visible_to(self, actor: Actor | None) -> BatchQuerySet:
        return self.none() if actor is None else self.filter(membership=actor.membership)


def _own_or_hosted(actor: Actor) -> Q:
    """Rows of an enrolment: its own hats see them, and those of the host."""
    if actor.is_office or actor.is_supervisor:
        return Q(enrolment__contest__host=actor.organization.pk)
    return Q(enrolment__organization=actor.organization.pk)


class DispatchQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> DispatchQuerySet:
        """What was sent is known to its sender and to the host; its units see their own works only."""
        return self.none() if actor is None or actor.is_expert else self.filter(_own_or_hosted(actor))

    def standing(self) -> DispatchQuerySet:
        return self.filter(taken_back_at__isnull=True)


class SendingReportQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> SendingReportQuerySet:
        """The sender's own; the host sees a report when it was sent, not while it is being prepared."""
        if actor is None or actor.is_expert:
            return self.none()
        rows = self.filter(_own_or_hosted(actor))
        return rows.filter(dispatches__isnull=False).distinct() if actor.is_office or actor.is_supervisor else rows


PATENT_LINES = (Line.SCIENCE_TECHNOLOGY_BUREAU, Line.SCIENCE_ASSOCIATION)
"""The partner bodies that help with patents (002 五(三): 科技部门; domain.md P: 科技局、科协)."""


def helps_with_patents(actor: Actor) -> bool:
    """An auditor of a partner body next to the host."""
    org = actor.organization
    return actor.is_auditor and org.level == Level.PARTNER and org.line in PATENT_LINES


class IpHelpQuerySet(OwnedQuerySet):
    def visible_to(self, actor: Actor | None) -> IpHelpQuerySet:
        """Whoever sees the work; and the partner bodies that help with patents, those of every line."""
        seen = super().visible_to(actor)
        if actor is None or not helps_with_patents(actor):
            return seen  # type: ignore[return-value]
        contests = Enrolment.objects.filter(organization=actor.organization.pk).values("contest")
        return self.filter(Q(pk__in=seen.values("pk")) | Q(achievement__contest__in=contests))


class NominationQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> NominationQuerySet:
        """The unit's own; those below an auditor and all of the host's contest once they were handed in."""
        if actor is None or actor.is_expert:
            return self.none()
        org_id = actor.organization.pk
        if actor.is_unit_operator:
            return self.filter(enrolment__organization=org_id)
        handed_in = self.exclude(status=nominations.Status.DRAFT)
        if actor.is_auditor:
            return handed_in.filter(enrolment__in=Enrolment.objects.at_or_below(org_id))
        return handed_in.filter(contest__host=org_id)


class NominationPartQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> NominationPartQuerySet:
        seen = self.model._meta.get_field("nomination").related_model.objects.visible_to(actor)
        return self.filter(nomination__in=seen)


class PairQuerySet(models.QuerySet[Any]):
    """Pairs are the business of auditors, the office and the supervisor who see one work of the two."""

    def visible_to(self, actor: Actor | None) -> PairQuerySet:
        if actor is None or not (actor.is_auditor or actor.is_office or actor.is_supervisor):
            return self.none()
        seen = self.model._meta.get_field("later").related_model.objects.visible_to(actor).values("pk")
        return self.filter(Q(earlier__in=seen) | Q(later__in=seen))


class CaseQuerySet(models.QuerySet[Any]):
    """A case is seen by those who see its work; what each may read of it is queries.cases' business."""

    def visible_to(self, actor: Actor | None) -> CaseQuerySet:
        works = self.model._meta.get_field("achievement").related_model
        return self.filter(achievement__in=works.objects.visible_to(actor))


class BanQuerySet(models.QuerySet[Any]):
    """The register is the host's own; auditors meet a ban only at a work that it concerns."""

    def visible_to(self, actor: Actor | None) -> BanQuerySet:
        if actor is None or not (actor.is_office or actor.is_supervisor):
            return self.none()
        return self.filter(host=actor.organization.pk)

    def standing(self) -> BanQuerySet:
        return self.filter(lifted_at__isnull=True)
