"""评审存证 for the supervisor: every event of a contest; the chain of the site for the office as well. Read only."""

from __future__ import annotations

import re

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import ActorRequest, role_required
from accounts.choices import Role
from contests.models import Contest
from contests.queries import contest_in_view
from core.errors import NotAllowed
from core.ledger import SITE
from portal import ledger as reads
from portal.ledger_words import SITE_SUBJECTS, SITE_VERBS, SUBJECTS, VERBS

_SUBJECT = re.compile(r"[a-z_]{1,20}(:[a-z0-9:-]{1,40})?")
_DIGITS = 18


@require_safe
@role_required(Role.SUPERVISOR, Role.OFFICE)
def ledger(request: ActorRequest) -> HttpResponse:
    contest = contest_in_view(request.actor, request.GET.get("contest"))
    if contest is None or contest.host_id != request.actor.organization.pk:
        raise Http404
    of_site = request.GET.get("chain") == SITE
    if not of_site and not request.actor.is_supervisor:
        raise NotAllowed("竞赛的全部记录由监督员查看。")
    verbs, kinds = (SITE_VERBS, SITE_SUBJECTS) if of_site else (VERBS, SUBJECTS)
    asked = _asked(request, verbs)
    context = {
        "contest": contest,
        "of_site": of_site,
        "chains": _tabs(contest) if request.actor.is_supervisor else [],
        "page": reads.page(SITE if of_site else contest.chain, **asked),  # type: ignore[arg-type]
        "asked": asked,
        "verbs": sorted(verbs.items(), key=lambda pair: pair[1]),
        "kinds": kinds,
        "base": f"contest={contest.pk}{f'&chain={SITE}' if of_site else ''}",
    }
    return render(request, "portal/ledger.html", context)


def _tabs(contest: Contest) -> list[tuple[bool, str, str]]:
    """(of the site, query, label) of the two chains that she may read."""
    return [(False, f"contest={contest.pk}", "本届竞赛"), (True, f"contest={contest.pk}&chain={SITE}", "全平台")]


def _asked(request: ActorRequest, verbs: dict[str, str]) -> dict[str, str | int | None]:
    verb, subject, before = (request.GET.get(key, "").strip() for key in ("verb", "subject", "before"))
    return {
        "verb": verb if verb in verbs else "",
        "subject": subject if _SUBJECT.fullmatch(subject) else "",
        "before": int(before) if before.isascii() and before.isdecimal() and len(before) <= _DIGITS else None,
    }
