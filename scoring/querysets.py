"""Who sees which rows of the judgement: experts their own sheets, office and supervisor their contests' rounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, Exists, ExpressionWrapper, OuterRef, Q

from submissions.lifecycle import Status

if TYPE_CHECKING:
    from accounts.actor import Actor


def judged(prefix: str = "", *, host: bool | None = None) -> Q:
    """Entries that are still in the judgement: at the host the frozen works, below it whatever was not disqualified.

    A draft has frozen nothing yet; its release looks whether the works are still the same. Where the round is known
    and released, `host` says who runs it, and its works alone are asked.
    """
    status = f"{prefix}achievement__status"
    frozen, stands = Q(**{status: Status.FROZEN}), ~Q(**{status: Status.DISQUALIFIED})
    if host is not None:
        return frozen if host else stands
    draft = Q(**{f"{prefix}round__status": "draft"})
    below = Q(**{f"{prefix}round__enrolment__recommender__isnull": False})
    return draft | frozen | below & stands


class RoundQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> RoundQuerySet:
        """The rounds that the hat's organisation runs; the host's office and supervisor see the contest's."""
        if actor is None or not (actor.is_office or actor.is_supervisor or actor.is_auditor):
            return self.none()
        if actor.is_auditor:
            return self.filter(enrolment__organization=actor.organization.pk)
        return self.filter(contest__host=actor.organization.pk)

    def with_rules(self) -> RoundQuerySet:
        """With what marks are checked against; the notice's text is long. The dates are read apart (`one_sheet`)."""
        return self.select_related("contest", "rubric", "enrolment").defer("contest__sections")

    def with_progress(self) -> RoundQuerySet:
        """`sheets_done` of `sheets_total`, the voided ones not counted."""
        own = Q(sheets__calibration=False)
        done = own & Q(sheets__state="handed_in")
        return self.annotate(
            sheets_total=Count("sheets", filter=own & ~Q(sheets__state="void")),
            sheets_done=Count("sheets", filter=done),
        )

    def with_waiting(self) -> RoundQuerySet:
        """`sheets_open` of works that are still in the judgement, and `sheets_void`."""
        own = Q(sheets__calibration=False)
        return self.annotate(
            sheets_open=Count("sheets", filter=own & judged("sheets__entry__") & Q(sheets__state="open")),
            sheets_void=Count("sheets", filter=own & Q(sheets__state="void")),
        )


class RoundPartQuerySet(models.QuerySet[Any]):
    """Rows of a round, seen by those who run or supervise it."""

    def visible_to(self, actor: Actor | None) -> RoundPartQuerySet:
        rounds = self.model._meta.get_field("round").related_model
        return self.filter(round__in=rounds.objects.visible_to(actor))


class EntryQuerySet(RoundPartQuerySet):
    def judged(self) -> EntryQuerySet:
        """Without the works that left the judgement after the release."""
        return self.filter(judged())


class ContestPartQuerySet(models.QuerySet[Any]):
    """Rows of a contest that its office decides and its supervisor reads."""

    def visible_to(self, actor: Actor | None) -> ContestPartQuerySet:
        if actor is None or not (actor.is_office or actor.is_supervisor):
            return self.none()
        return self.filter(contest__host=actor.organization.pk)


class EntryPartQuerySet(models.QuerySet[Any]):
    """Rows of an entry (results, awards): whoever runs or supervises the round."""

    def visible_to(self, actor: Actor | None) -> EntryPartQuerySet:
        entries = self.model._meta.get_field("entry").related_model
        return self.filter(entry__in=entries.objects.visible_to(actor))


class ExpertQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> ExpertQuerySet:
        """The register of a host: the experts with a hat there, for its office and supervisor."""
        if actor is None or not (actor.is_office or actor.is_supervisor):
            return self.none()
        return self.filter(
            user__memberships__organization=actor.organization.pk, user__memberships__role="expert"
        ).distinct()


class EngagementQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> EngagementQuerySet:
        """An expert's own; the host's for its office and supervisor."""
        if actor is None:
            return self.none()
        if actor.is_expert:
            return self.filter(expert__user=actor.user.pk)
        seen = actor.is_office or actor.is_supervisor
        return self.filter(contest__host=actor.organization.pk) if seen else self.none()


class ExpertImportQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> ExpertImportQuerySet:
        """Of whoever brought the workbook, and nobody else."""
        return self.none() if actor is None else self.filter(membership=actor.membership)


class ScoreSheetQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> ScoreSheetQuerySet:
        """An expert's own sheets of released rounds; nobody else opens a sheet."""
        if actor is None or not actor.is_expert:
            return self.none()
        return self.of_expert(actor.user.pk)

    def of_expert(self, user_id: int) -> ScoreSheetQuerySet:
        """What `visible_to` shows the hat of an expert; for a prepared query, which has no actor yet."""
        return self.filter(Q(appointment__expert__user=user_id), ~Q(round__status="draft"), ~Q(state="void"))

    def with_standing(self, *, host: bool) -> ScoreSheetQuerySet:
        """The sheets of a released round; whether one may be scored rests on more than it, asked in this statement.

        `committed`: the expert accepted the season's commitment; `stays`: the work is still judged; `calibrates`:
        common entries wait for her. `host`: whether the host runs the round.
        """
        common = self.model.objects.filter(
            judged("entry__", host=host), appointment=OuterRef("appointment"), common__isnull=False, state="open"
        )
        stays = ExpressionWrapper(judged("entry__", host=host), output_field=models.BooleanField())
        return self.with_commitment().annotate(stays=stays, calibrates=Exists(common))

    def with_commitment(self) -> ScoreSheetQuerySet:
        """`committed` alone: her page reads the rest from the steps of her batch."""
        engagement = self.model._meta.apps.get_model("scoring", "Engagement")
        signed = engagement.objects.filter(
            contest=OuterRef("round__contest"), expert=OuterRef("appointment__expert"), committed_at__isnull=False
        )
        return self.annotate(committed=Exists(signed))

    def counting(self) -> ScoreSheetQuerySet:
        """The sheets that make the result: handed in, not voided, not for calibration alone."""
        return self.assigned().filter(state="handed_in")

    def assigned(self) -> ScoreSheetQuerySet:
        """What the assignment gave: without the sheets that only calibrate."""
        return self.filter(calibration=False)
