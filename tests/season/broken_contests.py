"""One case a constraint of contests."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils import timezone

from contests.models import (
    AwardTier,
    Category,
    Contest,
    Enrolment,
    Extension,
    Industry,
    Kind,
    Organizer,
    OrganizingItem,
    PaperKind,
    Phase,
    Quota,
    Target,
)
from scoring.models import Expert
from tests.season.broken_rows import Case, again, alike, change, one

CATALOGUES = (Kind, Category, Industry, AwardTier, Organizer, OrganizingItem, Target, PaperKind)


def limited(**values: Any) -> None:
    Quota.objects.create(**({"enrolment": one(Enrolment), "scope": "total", "limit": 3} | values))


def extended(**values: Any) -> None:
    given = {"enrolment": one(Enrolment), "until": timezone.now(), "reason": "停电。", "granted_by": one(Expert).user}
    Extension.objects.create(**(given | values))


CASES: dict[str, Case] = {
    "contest_one_a_year_and_host": lambda: again(Contest),
    "contest_window_in_order": lambda: change(Contest, {}, window_end=F("window_start") - timedelta(days=1)),
    **{f"{m._meta.model_name}_code_once": lambda m=m: alike(m, "code", "code") for m in CATALOGUES},
    **{f"{m._meta.model_name}_order_once": lambda m=m: alike(m, "order", "order") for m in CATALOGUES},
    "awardtier_floor_in_100": lambda: change(AwardTier, {"code": "first"}, floor=Decimal("100.01")),
    "awardtier_prize_not_negative": lambda: change(AwardTier, {}, prize_yuan=Decimal("-0.01")),
    "phase_order_once": lambda: alike(Phase, "order", "order"),
    "phase_opens_before_it_closes": lambda: change(Phase, {}, closes_at=F("opens_at")),
    "enrolment_once_a_season": lambda: again(Enrolment, recommender=one(Enrolment)),
    "enrolment_not_its_own_recommender": lambda: change(Enrolment, {"recommender__isnull": False}, recommender=F("id")),
    "enrolment_only_the_host_has_nobody_above": lambda: change(Enrolment, {"recommender__isnull": True}, audits=False),
    "enrolment_one_host_a_season": lambda: change(
        Enrolment, {"recommender__isnull": False, "audits": True}, recommender=None
    ),
    "extension_has_a_reason": lambda: extended(reason=""),
    "quota_once_a_category": lambda: [limited(scope="category", category=one(Category)) for _ in range(2)],
    "quota_once_a_scope": lambda: [limited() for _ in range(2)],
    "quota_scope_known": lambda: limited(scope="category"),
    "extension_covers_known": lambda: extended(covers="all"),
    "extension_withdrawn_with_reason": lambda: extended(withdrawn_at=timezone.now()),
}
# The same constraint from its other side.
MORE: list[tuple[str, Case]] = [
    ("extension_withdrawn_with_reason", lambda: extended(withdraw_reason="误批。")),
    ("awardtier_floor_in_100", lambda: change(AwardTier, {"code": "first"}, floor=Decimal("-0.01"))),
]
