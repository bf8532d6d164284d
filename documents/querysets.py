"""Papers are seen by the hats of the organisation that asked for them; the host's office and supervisor see all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.actor import Actor


class PaperQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> PaperQuerySet:
        if actor is None or actor.is_expert:
            return self.none()
        mine = Q(membership__organization=actor.organization.pk)
        if actor.is_office or actor.is_supervisor:
            mine |= Q(contest__host=actor.organization.pk)
        # Who judges what is on the papers of a round: whoever may not see the round does not see them either.
        rounds = self.model._meta.get_field("round").related_model.objects.visible_to(actor)
        return self.filter(mine, Q(round=None) | Q(round__in=rounds))
