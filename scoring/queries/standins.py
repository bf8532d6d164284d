"""Who could take the seat of an expert who falls out: reserves first, then whoever is engaged and not in the round."""

from __future__ import annotations

from django.db.models import QuerySet

from scoring.models import Appointment, Expert
from scoring.queries import cockpit


def stand_ins(appointment: Appointment) -> QuerySet[Expert]:
    round_ = appointment.round
    sitting = round_.appointments.exclude(panel=None, left_at=None) if appointment.panel_id else round_.appointments
    return cockpit.experts(round_.contest).exclude(pk__in=sitting.values("expert"))
