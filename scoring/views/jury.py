"""The jury at work, for office and supervisor: who is late, who is odd, where experts disagree."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.access import ActorRequest, role_required
from scoring import policies
from scoring.lifecycle import RoundStatus
from scoring.models import Round
from scoring.queries import calibration
from scoring.queries import jury as reads
from scoring.queries.board import RANKED
from scoring.views.answering import READERS

MOST = 100  # works with other readings on the page; the number above them is of all


@require_GET
@role_required(*READERS)
def jury(request: ActorRequest, pk: int) -> HttpResponse:
    round_ = get_object_or_404(Round.objects.visible_to(request.actor).select_related("contest", "enrolment"), pk=pk)
    done = reads.handed_in(round_)
    readings, count = reads.readings(round_, done, MOST) if round_.status in RANKED else ([], 0)
    may_run = policies.may_run(request.actor, round_)
    context = {
        "round": round_,
        "found": reads.jury(round_, done),
        "calibration": calibration.table(round_),
        "readings": readings,
        "reading_count": count,
        "gap": round_.policy["outlier_gap"],
        "may_remind": may_run and round_.status == RoundStatus.OPEN,
    }
    return render(request, "scoring/jury.html", context)
