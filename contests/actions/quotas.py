"""The recommenders' own numbers (domain.md M: hard limit on "recommend", the office can adjust)."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from accounts.actor import Actor
from contests.models import Contest, Quota
from core import ledger
from core.errors import Conflict, NotAllowed, Refusal

Key = tuple[int, str, int | None]
"""Enrolment id, scope, category id."""
MOST = 9999


@transaction.atomic
def set_quotas(
    actor: Actor, contest: Contest, wanted: Mapping[Key, int | None], seen: Mapping[Key, int | None] | None = None
) -> int:
    """Write what differs (None: the contest's own number counts again); how many numbers changed.

    `seen`: what stood on the page. A number that she left alone is left alone; Conflict when one that she changed was
    changed by a colleague since.
    """
    if not (actor.is_office and contest.host_id == actor.organization.pk):
        raise NotAllowed("只有竞赛办公室可以调整推荐名额。")
    Contest.objects.select_for_update(no_key=True).get(pk=contest.pk)  # one office at a time: a first number has no row
    senders = set(contest.enrolments.filter(recommender__recommender__isnull=True).values_list("pk", flat=True))
    categories = set(contest.category_set.values_list("pk", flat=True))
    rows = Quota.objects.filter(enrolment__contest=contest)
    stand = {(row.enrolment_id, row.scope, row.category_id): row for row in rows}
    changed: list[list[int | str | None]] = []
    for key, limit in wanted.items():
        _check(key, limit, senders, categories)
        row = stand.get(key)
        stands = row.limit if row else None
        if seen and not _is_hers(stands, seen.get(key, stands), limit):
            continue
        if stands != limit:
            _write(key, row, limit)
            changed.append([*key, limit])
    if changed:
        ledger.record(actor, "set_quotas", f"contest:{contest.pk}", {"changed": changed}, chain=contest.chain)
    return len(changed)


def _check(key: Key, limit: int | None, senders: set[int], categories: set[int]) -> None:
    enrolment, _, category = key
    if enrolment not in senders or (category is not None and category not in categories):
        raise Refusal("名额只能给直接向主办单位推荐的单位；请刷新页面后再试。", code="unknown")
    if limit is not None and not 0 <= limit <= MOST:
        raise Refusal(f"名额应在 0 到 {MOST} 之间，0 为不限。", code="bounds")


def _is_hers(stands: int | None, was: int | None, limit: int | None) -> bool:
    """Did she change this number? `was` is what she read there, `stands` what stands there by now."""
    if limit == was:
        return False
    if stands not in (was, limit):
        said = "改为空" if stands is None else f"改为 {stands}"
        raise Conflict(f"您改的名额中有一项刚刚由同事{said}，都还没有保存；请核对后再保存。", code="stale")
    return True


def _write(key: Key, row: Quota | None, limit: int | None) -> None:
    if limit is None:
        if row is not None:
            row.delete()
        return
    row = row or Quota(enrolment_id=key[0], scope=key[1], category_id=key[2])
    row.limit = limit
    row.save()
