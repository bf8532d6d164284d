"""评审存证 for the supervisor: every event of a contest, read only."""

from __future__ import annotations

import re

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import ActorRequest, role_required
from accounts.choices import Role
from contests.queries import contest_in_view
from portal import ledger as reads

_SUBJECT = re.compile(r"[a-z]{1,20}(:[0-9]{1,18})?")
_DIGITS = 18


@require_safe
@role_required(Role.SUPERVISOR)
def ledger(request: ActorRequest) -> HttpResponse:
    contest = contest_in_view(request.actor, request.GET.get("contest"))
    if contest is None:
        raise Http404
    verb, subject, before = (request.GET.get(key, "").strip() for key in ("verb", "subject", "before"))
    asked = {
        "verb": verb if verb in reads.VERBS else "",
        "subject": subject if _SUBJECT.fullmatch(subject) else "",
        "before": int(before) if before.isascii() and before.isdecimal() and len(before) <= _DIGITS else None,
    }
    context = {
        "contest": contest,
        "page": reads.page(contest, **asked),  # type: ignore[arg-type]
        "asked": asked,
        "verbs": sorted(reads.VERBS.items(), key=lambda pair: pair[1]),
        "kinds": reads.SUBJECTS,
    }
    return render(request, "portal/ledger.html", context)
