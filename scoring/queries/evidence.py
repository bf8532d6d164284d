"""The evidence of a recusal in words: which employer, from when until when, under which name, next to which unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from accounts.models import Employment, Organization
from accounts.queries import meant
from accounts.rules.names import plain
from scoring.models import Appointment, Entry
from scoring.rules.recusal import Conflict, Reason

MOST = 200
Pair = tuple[int, int]


def sentences(barred: Mapping[Pair, Conflict]) -> dict[Pair, str]:
    """(entry, appointment) → sentence, in a fixed number of queries; what people said has no sentence of its own."""
    appointments = Appointment.objects.select_related("expert__user").in_bulk({pair[1] for pair in barred})
    entries = Entry.objects.select_related("achievement__unit").in_bulk({pair[0] for pair in barred})
    jobs = _jobs(appointments.values())
    names = dict(Organization.objects.filter(pk__in=_organizations(barred)).values_list("pk", "name"))
    return {
        pair: _sentence(why, entries[pair[0]], appointments[pair[1]], jobs, names)[:MOST]
        for pair, why in barred.items()
    }


def _organizations(barred: Mapping[Pair, Conflict]) -> set[int]:
    return {int(one) for why in barred.values() if why.reason.startswith("employer") for one in why.evidence}


def _jobs(appointments: Iterable[Appointment]) -> dict[tuple[int, int], Employment]:
    """(user, organisation) → the employment that says so; a free text counts for whatever it is called."""
    rows = list(Employment.objects.filter(user__in=[a.expert.user_id for a in appointments]).order_by("started_on"))
    forms = meant(row.organization_name for row in rows if row.organization_name)
    found: dict[tuple[int, int], Employment] = {}
    for row in rows:
        pks = {row.organization_id} if row.organization_id else forms.get(plain(row.organization_name), set())
        found |= {(row.user_id, pk): row for pk in pks if pk}
    return found


def _sentence(
    why: Conflict,
    entry: Entry,
    appointment: Appointment,
    jobs: Mapping[tuple[int, int], Employment],
    names: Mapping[int, str],
) -> str:
    if why.reason is Reason.MEMBER:
        return f"与项目带头人或成员“{appointment.expert.user.display_name}”同名"
    if not why.reason.startswith("employer"):
        return ""
    employer, ring = (int(one) for one in why.evidence)
    job = jobs.get((appointment.expert.user_id, employer))
    words = _job_words(job, names[employer]) if job else f"现为{names[employer]}的填报员或审核员"
    return f"{words}；完成单位为{entry.achievement.unit.name}" + (f"，同属{names[ring]}" if ring != employer else "")


def _job_words(job: Employment, name: str) -> str:
    until = f"{job.ended_on:%Y年%-m月}" if job.ended_on else "今"
    called = f"“{job.organization_name}”（即{name}）" if job.organization_name else name
    return f"{job.started_on:%Y年%-m月}至{until}任职于{called}"
