from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db.models import BigIntegerField, Func, Q, QuerySet

if TYPE_CHECKING:
    from accounts.actor import Actor
    from accounts.models import Alias, Employment, Membership, Organization, Studio, User  # noqa: F401


class Subtree(Func):
    """The ids of an organisation and of everything under it, for `…__in=Subtree(pk)`; one recursive query.

    UNION, not UNION ALL: even a circle, which no action can make, ends the recursion.
    """

    template = (
        "(WITH RECURSIVE tree(id) AS ("
        "SELECT id FROM accounts_organization WHERE id = %(expressions)s UNION "
        "SELECT below.id FROM accounts_organization below JOIN tree ON below.parent_id = tree.id"
        ") SELECT id FROM tree)"
    )
    output_field = BigIntegerField()


class WayUp(Func):
    """The ids of organisations and of everything above them up to the root."""

    template = (
        "(WITH RECURSIVE way(id, parent_id) AS ("
        "SELECT id, parent_id FROM accounts_organization WHERE id IN (%(expressions)s) UNION "
        "SELECT above.id, above.parent_id FROM accounts_organization above JOIN way ON above.id = way.parent_id"
        ") SELECT id FROM way)"
    )
    output_field = BigIntegerField()


class OrganizationQuerySet(QuerySet["Organization"]):
    def subtree_of(self, pk: int) -> Self:
        """The organisation and everything under it; also as a subquery: `unit__in=….subtree_of(pk)`."""
        return self.filter(pk__in=Subtree(pk))

    def ancestors_of(self, pk: int) -> Self:
        """Everything above the organisation up to its host, without itself; in no particular order."""
        return self.filter(pk__in=WayUp(pk)).exclude(pk=pk)

    def visible_to(self, actor: Actor | None) -> Self:
        """Own subtree and the way up; the office and the supervisor sit at the host, so theirs is the whole tree."""
        if actor is None or actor.is_expert:
            return self.none()
        return self.filter(Q(pk__in=Subtree(actor.organization_id)) | Q(pk__in=WayUp(actor.organization_id)))

    def active(self) -> Self:
        return self.filter(is_active=True)


class UserQuerySet(QuerySet["User"]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Herself always; besides, whoever has a membership in her subtree, but an expert sees nobody else."""
        if actor is None:
            return self.none()
        if actor.is_expert:
            return self.filter(pk=actor.user_id)
        below = self.model._default_manager.filter(memberships__organization__in=Subtree(actor.organization_id))
        return self.filter(Q(pk=actor.user_id) | Q(pk__in=below.values("pk")))


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    use_in_migrations = False


class MembershipQuerySet(QuerySet["Membership"]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Her own, and those at the organisations of her subtree; an expert only her own."""
        if actor is None:
            return self.none()
        own = Q(user_id=actor.user_id)
        return self.filter(own if actor.is_expert else own | Q(organization__in=Subtree(actor.organization_id)))

    def usable(self) -> Self:
        """The hats that may be worn now: neither the membership nor its organisation is switched off."""
        return self.filter(is_active=True, organization__is_active=True)


class AliasQuerySet(QuerySet["Alias"]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Those of her tree's organisations, for the office and the supervisor."""
        if actor is None or not (actor.is_office or actor.is_supervisor):
            return self.none()
        return self.filter(organization__in=Subtree(actor.organization_id))


class EmploymentQuerySet(QuerySet["Employment"]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Who works where matters for recusal: the office and the supervisor see it, everybody else her own."""
        if actor is None:
            return self.none()
        own = Q(user_id=actor.user_id)
        if not (actor.is_office or actor.is_supervisor):
            return self.filter(own)
        known = Q(user__memberships__organization__in=Subtree(actor.organization_id))
        return self.filter(pk__in=self.model._default_manager.filter(own | known).values("pk"))


class StudioQuerySet(QuerySet["Studio"]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Those of the organisations that she sees: her own subtree and the way up."""
        if actor is None or actor.is_expert:
            return self.none()
        org = actor.organization_id
        return self.filter(Q(organization__in=Subtree(org)) | Q(organization__in=WayUp(org)))

    def standing(self) -> Self:
        return self.filter(closed_on__isnull=True)
