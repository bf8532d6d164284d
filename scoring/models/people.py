"""Who judges: experts, their appointment to a round, and from what they are kept away (model.md)."""

from __future__ import annotations

from django.db import models

from accounts.models import User
from scoring.models.rounds import Entry, Round
from scoring.querysets import RoundPartQuerySet


class Expert(models.Model):
    """评委. Specialities are industry and category codes; employers are the person's Employment rows."""

    user = models.OneToOneField(User, models.PROTECT, related_name="expert")
    industries = models.JSONField("专业行业", default=list)
    categories = models.JSONField("专业类型", default=list)
    max_load = models.PositiveSmallIntegerField("最多份数", null=True, blank=True)

    def __str__(self) -> str:
        return self.user.display_name


class Appointment(models.Model):
    """An expert in a round, under a pseudonym of that round: the season file and the trimming know only this."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="appointments")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="appointments")
    pseudonym = models.CharField("代号", max_length=12)
    appointed_at = models.DateTimeField(auto_now_add=True)

    objects = RoundPartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "expert"], name="appointed_once_a_round"),
            models.UniqueConstraint(fields=["round", "pseudonym"], name="pseudonym_once_a_round"),
        ]

    def __str__(self) -> str:
        return self.pseudonym


class Recusal(models.Model):
    """回避: why this expert must not judge this entry, with the evidence (rules.md "Persons and penalties")."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="recusals")
    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="recusals")
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="recusals")
    reason = models.CharField("缘由", max_length=30)
    evidence = models.CharField("依据", max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RoundPartQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["appointment", "entry"], name="recusal_once_a_pair")]

    def __str__(self) -> str:
        return f"{self.appointment_id} × {self.entry_id}"
