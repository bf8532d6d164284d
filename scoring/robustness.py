"""The sensitivity report of a closed round: computed in a job, kept with what it was computed from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone

from core import jobs, ledger
from core.errors import Refusal
from core.models import ChainHead, Event, Job
from scoring.models import Round, SensitivityReport
from scoring.queries import lean, whatif
from scoring.queries.board import RANKED
from scoring.rules.rubric import rubric_to_dict
from scoring.rules.whatif import Flip, Scenario, Variation, sensitivity


def key_of(round_id: int) -> str:
    return f"sensitivity:{round_id}"


def last_job(round_: Round) -> Job | None:
    return Job.objects.filter(key=key_of(round_.pk)).order_by("-pk").first()


def compute(job: Job) -> None:
    """May run again at any point: the newest computation stands."""
    round_ = Round.objects.select_related("contest", "rubric").get(pk=job.params["round"])
    if round_.status not in RANKED:
        raise Refusal("本轮评审已重新开放评分，截止之后再计算。", code="status")
    head, own = ChainHead.objects.get(chain=round_.contest.chain), whatif.own_scenario(round_)
    found = sensitivity(lean.sheets(round_), own, lambda done, total: jobs.progress(job, done, total))
    SensitivityReport.objects.update_or_create(
        round=round_,
        defaults={
            "content": [_plain(variation) for variation in found],
            "basis": basis(round_, own),
            "head_seq": head.seq,
            "head_hash": head.hash,
            "computed_at": timezone.now(),
        },
    )


def basis(round_: Round, scenario: Scenario) -> str:
    """The closing (its event binds every sheet by a digest) and the rules that stand, as one fingerprint."""
    closing = Event.objects.filter(chain=round_.contest.chain, subject=f"round:{round_.pk}", verb="close_round")
    rules = {
        "closing": closing.order_by("-seq").values_list("hash", flat=True).first() or "",
        "policy": scenario.policy.to_dict(),
        "tiers": [[tier.name, str(tier.floor)] for tier in scenario.tiers],
        "rubric": rubric_to_dict(scenario.rubric),
        "ties": [criterion.code for criterion in scenario.ties],
        "quotas": dict(scenario.quotas),
        "aside": sorted(scenario.aside),
        "votes": dict(scenario.votes),
    }
    return ledger.digest(json.dumps(rules, ensure_ascii=False, sort_keys=True, default=str))


def _plain(variation: Variation) -> dict[str, Any]:
    return {"kind": variation.kind, "what": variation.what, "flips": [_row(flip) for flip in variation.flips]}


def _row(flip: Flip) -> list[str | None]:
    return [flip.work, flip.before, flip.after, _text(flip.score_before), _text(flip.score_after)]


def _text(score: Decimal | None) -> str | None:
    return None if score is None else f"{score:f}"


def variations(content: Sequence[dict[str, Any]]) -> list[Variation]:
    """A stored report as the rules made it."""
    return [Variation(row["kind"], row["what"], tuple(_flip(*flip) for flip in row["flips"])) for row in content]


def _flip(work: str, before: str, after: str, *scores: str | None) -> Flip:
    old, new = (None if score is None else Decimal(score) for score in scores)
    return Flip(work, before, after, old, new)
