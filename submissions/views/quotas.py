"""推荐名额: a number for each recommender, in all, by category, and for 优胜单位; empty is the contest's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import ActorRequest, role_required
from accounts.choices import Role
from contests.actions.quotas import Key, set_quotas
from contests.models import Contest, Enrolment, Quota
from contests.queries import contest_in_view
from core.errors import Conflict, NotAllowed, Refusal
from submissions.queries import sending

READERS = (Role.OFFICE, Role.SUPERVISOR)


@dataclass(frozen=True)
class Cell:
    """One number of the table: its input's name and what stands or was typed there; `short` is its column's head.

    `was` goes along with the form: what stood there when she read it.
    """

    name: str
    short: str
    label: str
    value: str
    was: str

    @property
    def contested(self) -> bool:
        return self.value != self.was


@dataclass(frozen=True)
class Line:
    enrolment: Enrolment
    listed: int
    cells: list[Cell]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*READERS)
def quotas(request: ActorRequest) -> HttpResponse:
    contest = contest_in_view(request.actor, request.POST.get("contest") or request.GET.get("contest"))
    if request.method == "POST" and not request.actor.is_office:
        raise NotAllowed("只有竞赛办公室可以调整推荐名额。")
    if contest is None:
        return render(request, "submissions/queue_none.html")
    if request.method != "POST":
        stand = _stand(contest)
        return _table(request, contest, stand, stand)
    typed, was = _typed(request, "q-"), _typed(request, "was-")
    try:
        count = set_quotas(request.actor, contest, _numbers(typed), _numbers(was))
    except NotAllowed:
        raise
    except Conflict as refusal:  # her own changes over what stands by now
        stand = _stand(contest)
        hers = {name: text for name, text in typed.items() if text != was.get(name, text)}
        return _table(request, contest, stand | hers, stand, refusal)
    except Refusal as refusal:
        return _table(request, contest, typed, was, refusal)
    messages.success(request, f"名额已保存，改动 {count} 处。" if count else "名额没有改动。")
    return redirect(f"{reverse('submissions:quotas')}?contest={contest.pk}")


def _typed(request: ActorRequest, prefix: str) -> dict[str, str]:
    """By the names of the inputs, with or without `was-` before them."""
    found = {name: str(value).strip() for name, value in request.POST.items() if name.startswith(prefix)}
    return {name.removeprefix("was-"): text for name, text in found.items()}


def _numbers(texts: dict[str, str]) -> dict[Key, int | None]:
    return {_key(name): _number(text) for name, text in texts.items()}


def _name(key: Key) -> str:
    enrolment, scope, category = key
    return f"q-{enrolment}-{scope}-{category or 0}"


def _key(name: str) -> Key:
    parts = name.split("-")
    if len(parts) != 4 or not (parts[1].isdecimal() and parts[3].isdecimal()) or parts[2] not in Quota.Scope.values:
        raise Refusal("没有这一项名额；请刷新页面后再试。", code="unknown")
    category = int(parts[3]) or None
    return int(parts[1]), parts[2], category if parts[2] == Quota.Scope.CATEGORY else None


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 4):
        raise Refusal(f"“{text}”不是名额，请填写 0 到 9999 的整数；0 为不限，空着按本届统一名额。", code="number")
    return int(text)


def _stand(contest: Contest) -> dict[str, str]:
    found: dict[str, str] = {}
    for enrolment in contest.enrolments.filter(quotas__isnull=False).distinct().prefetch_related("quotas"):
        for row in enrolment.quotas.all():
            found[_name((enrolment.pk, row.scope, row.category_id))] = str(row.limit)
    return found


def _table(
    request: ActorRequest,
    contest: Contest,
    values: dict[str, str],
    was: dict[str, str],
    refusal: Refusal | None = None,
) -> HttpResponse:
    categories, settings = list(contest.category_set.all()), contest.settings
    columns: list[tuple[str, int | None, str, int]] = [("total", None, "推荐名额", settings.quota_per_recommender)]
    columns += [("category", row.pk, row.name, settings.quota_per_category) for row in categories]
    columns.append(("winner_unit", None, "优胜单位", settings.quota_winner_units))
    lines = []
    for sender in sending.senders(contest):
        row = sender.enrolment
        cells = []
        for scope, category, label, _ in columns:
            name = _name((row.pk, scope, category))
            cells.append(Cell(name, label, f"{row.name}：{label}", values.get(name, ""), was.get(name, "")))
        lines.append(Line(row, sender.listed, cells))
    context: dict[str, Any] = {
        "contest": contest,
        "columns": [(label, default) for _, _, label, default in columns],
        "lines": lines,
        "refusal": refusal,
        "may_write": request.actor.is_office,
    }
    return render(request, "submissions/quotas.html", context, status=refusal.status if refusal else 200)
