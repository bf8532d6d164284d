"""Which rows of a season a hat may see. One place; lists, forms, counts and downloads all read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q

if TYPE_CHECKING:
    from accounts.actor import Actor


class ContestQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> ContestQuerySet:
        """The contests that the hat's organisation hosts or takes part in."""
        if actor is None:
            return self.none()
        org = actor.organization
        enrolments = self.model._meta.get_field("enrolments").related_model._default_manager
        mine = enrolments.filter(contest=OuterRef("pk"), organization=org)
        return self.filter(Q(host=org) | Exists(mine))  # a join would make DISTINCT compare all the rules of a season

    def public(self) -> ContestQuerySet:
        """Title and dates of a contest are public from the day it is set up."""
        return self.all()

    def newest_first(self) -> ContestQuerySet:
        return self.order_by("-year", "-pk")


class EnrolmentQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> EnrolmentQuerySet:
        """Own enrolments and all below them; the host's path is the root, so the office sees everybody."""
        if actor is None or actor.is_expert:
            return self.none()
        return self.at_or_below(actor.organization.pk)

    def at_or_below(self, organization_id: int) -> EnrolmentQuerySet:
        """Enrolments whose road to the host passes through the organisation (itself included)."""
        above = self.model._default_manager.filter(contest=OuterRef("contest"), organization=organization_id).annotate(
            lower_path=ExpressionWrapper(OuterRef("path"), models.CharField())
        )
        return self.filter(Exists(above.filter(lower_path__startswith=F("path"))))


class ExtensionQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> ExtensionQuerySet:
        """Everybody who takes part in a contest sees who has more time in it, and why (rules.md "When")."""
        if actor is None or actor.is_expert:
            return self.none()
        org = actor.organization
        mine = Q(enrolment__contest__host=org) | Q(enrolment__contest__enrolments__organization=org)
        return self.filter(mine).distinct()

    def standing(self) -> ExtensionQuerySet:
        return self.filter(withdrawn_at__isnull=True)
