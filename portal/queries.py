"""What each role's home shows: what waits for me, until when, in order of urgency (experience.md 1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from accounts.actor import Actor
from contests import calendar
from contests.models import Contest, Enrolment
from contests.queries import enrolment_of, season_of, window
from scoring.lifecycle import RoundStatus, SheetState
from scoring.models import Award, Round, ScoreSheet
from scoring.querysets import judged
from submissions.lifecycle import STATUSES, Status
from submissions.models import Achievement, Case, IpHelp, Ruling
from submissions.policies import may_answer_help
from submissions.queries import duplicates
from submissions.queries.heaps import sent_now


@dataclass(frozen=True)
class Todo:
    """One line of 等我办理: until when (None: no date), what, how many, and the page to do it on."""

    title: str
    detail: str
    count: int
    url: str
    due: datetime | None = None
    tone: str = "info"


@dataclass(frozen=True)
class Step:
    """A phase on the timeline; `percent` is how much of it is over."""

    label: str
    dates: str
    state: str
    percent: int


def timeline(contest: Contest, now: datetime) -> list[Step]:
    return [_step(phase.name, phase.opens_at, phase.closes_at, now) for phase in contest.phases.all()]


def _step(name: str, opens: datetime, closes: datetime, now: datetime) -> Step:
    state = "next" if now < opens else "done" if now > closes else "now"
    part = {"next": 0, "done": 100}.get(state) or round(100 * ((now - opens) / (closes - opens)))
    first, last = opens.astimezone(calendar.ZONE), closes.astimezone(calendar.ZONE)
    end = f"{last:%-d日}" if (first.year, first.month) == (last.year, last.month) else f"{last:%-m月%-d日}"
    return Step(name, f"{first:%-m月%-d日}–{end}", state, 0 if state == "next" else part)


def status_counts(actor: Actor, contest: Contest) -> dict[str, int]:
    rows = Achievement.objects.visible_to(actor).filter(contest=contest).order_by()
    return dict(rows.values_list("status").annotate(n=Count("pk")))


def status_rows(counts: dict[str, int]) -> list[tuple[str, Any, int]]:
    """(code, label and shape, number) of every status that occurs, in the order of the table."""
    return [(s.value, info, counts[s.value]) for s, info in STATUSES.items() if counts.get(s.value)]


def _list_url(contest: Contest, status: str) -> str:
    return f"{reverse('submissions:list')}?contest={contest.pk}&status={status}"


def unit_todos(actor: Actor, contest: Contest, now: datetime, counts: dict[str, int]) -> list[Todo]:
    """Returned works first: they have the nearest end and somebody waits for them."""
    unit = enrolment_of(actor, contest)
    if unit is None:
        return []
    submit = window(calendar.Move.SUBMIT, now, contest, unit)
    again = window(calendar.Move.RESUBMIT, now, contest, unit)
    teams = Achievement.objects.awaiting_audit_by(actor).filter(contest=contest).count()
    closes = window(calendar.Move.RECOMMEND, now, contest, unit).closes
    queue = reverse("submissions:queue")
    asked = Case.objects.visible_to(actor).filter(achievement__contest=contest, state=Case.State.OPEN, statement="")
    todos = [
        Todo(
            "陈述案件中的情况", "结论作出前可以陈述和提交材料", asked.count(), reverse("submissions:cases"), None, "bad"
        ),
        Todo("审核班组提交的成果", "推荐、退回修改或不予推荐", teams, queue, closes, "warn"),
    ]
    rows = [
        (Status.RETURNED, "修改退回的成果并重新提交", "审核单位写明了要改的地方", again.closes, "bad"),
        (Status.REGISTERED, "提交已入库的成果", submit.reason or "填写完整后即可提交", submit.closes, "warn"),
        (Status.DRAFT, "继续填写草稿", "草稿只有本单位看得见", submit.closes, "info"),
    ]
    todos += [
        Todo(title, detail, counts.get(status, 0), _list_url(contest, status), due, tone)
        for status, title, detail, due, tone in rows
    ]
    return [todo for todo in todos if todo.count]


def auditor_todos(actor: Actor, contest: Contest, now: datetime) -> list[Todo]:
    desk = enrolment_of(actor, contest)
    waiting = Achievement.objects.awaiting_audit_by(actor).filter(contest=contest).count()
    if desk is None:
        return []
    closes = window(calendar.Move.RECOMMEND, now, contest, desk).closes
    queue, sends = reverse("submissions:queue"), reverse("submissions:sending")
    at_host = Achievement.objects.visible_to(actor).filter(contest=contest, holder__recommender__isnull=True)
    unsent = at_host.filter(~sent_now(), status=Status.SUBMITTED).count() if _sends(desk) else 0
    todos = [
        Todo("审核待推荐的成果", "推荐、退回修改或不予推荐", waiting, queue, closes, "warn"),
        Todo("报送推荐名单", "已推荐的成果报送后，主办单位才能受理", unsent, sends, closes, "warn"),
        _help_todo(actor, contest),
        *_pairs_todo(actor, contest),
    ]
    return [todo for todo in todos if todo.count]


def _help_todo(actor: Actor, contest: Contest) -> Todo:
    """Partner bodies and the office answer what units ask about patents (002 五(三))."""
    waits = IpHelp.objects.visible_to(actor).filter(achievement__contest=contest, status=IpHelp.Status.OPEN)
    count = 0 if may_answer_help(actor) else waits.count()
    return Todo("答复知识产权指导申请", "单位申请专利时的求助", count, reverse("submissions:ip_help"))


def _sends(desk: Enrolment) -> bool:
    """Only who stands next to the host sends to it."""
    return desk.contest.settings.require_dispatch and desk.path.count(".") == 2


def _pairs_todo(actor: Actor, contest: Contest) -> list[Todo]:
    count = duplicates.pairs_in_view(actor, contest).count()
    url = f"{reverse('submissions:pairs')}?contest={contest.pk}"
    return [Todo("认定疑似重复的成果", "对照后认定是否同一成果", count, url, None, "warn")] if count else []


def _cases_todo(actor: Actor, contest: Contest) -> list[Todo]:
    """What the officer herself can do: propose, or answer what another one has proposed."""
    rows = Case.objects.visible_to(actor).filter(achievement__contest=contest, state__in=["open", "appealed"])
    own = Ruling.objects.filter(answer=Ruling.Answer.PENDING, proposed_by=actor.user.pk).values("case")
    count = rows.exclude(pk__in=own).count()
    url = reverse("submissions:cases")
    return [Todo("处理案件", "提出处理意见或审核他人的意见", count, url, None, "bad")] if count else []


def office_todos(actor: Actor, contest: Contest, now: datetime, counts: dict[str, int]) -> list[Todo]:
    todos = [*_pairs_todo(actor, contest), *_cases_todo(actor, contest)]
    waiting = Achievement.objects.awaiting_audit_by(actor).filter(contest=contest).count()
    if waiting:
        queue = reverse("submissions:queue")
        todos.append(Todo("受理各单位推荐的成果", "核对材料与核定金额", waiting, queue, None, "warn"))
    todos += _round_todos(actor, contest, now)
    helps = _help_todo(actor, contest)
    todos += [helps] if helps.count else []
    if counts.get(Status.ACCEPTED):
        text = "受理的成果可以编入评审轮次"
        todos.append(Todo("组织评审", text, counts[Status.ACCEPTED], reverse("scoring:rounds"), None, "info"))
    return todos


def _round_todos(actor: Actor, contest: Contest, now: datetime) -> list[Todo]:
    """One line a round, in two queries however many there are."""
    rounds = Round.objects.visible_to(actor).filter(contest=contest).exclude(status=RoundStatus.AWARDED).with_waiting()
    closes = _scoring_ends(contest, now)
    return [_round_todo(round_, closes) for round_ in rounds]


def _scoring_ends(contest: Contest, now: datetime) -> datetime | None:
    return calendar.open_for(calendar.Move.HAND_IN, now, season_of(contest)).closes


def _round_todo(round_: Any, closes: datetime | None) -> Todo:
    title = {
        RoundStatus.DRAFT: f"分配专家并开始“{round_.name}”",
        RoundStatus.OPEN: f"跟进“{round_.name}”评分进度",
        RoundStatus.CLOSED: f"确定“{round_.name}”等次",
    }[RoundStatus(round_.status)]
    waiting, voided = round_.sheets_open, round_.sheets_void
    detail = f"还有 {waiting} 份评分表未提交" if round_.status == RoundStatus.OPEN else round_.status_label[0]
    detail += f"，因回避作废 {voided} 份" if voided else ""
    return Todo(title, detail, waiting, reverse("scoring:round", args=[round_.pk]), closes, "info")


def expert_todos(actor: Actor, now: datetime) -> list[Todo]:
    """One line a round; only her own sheets are read. The dates of all her contests are two queries more."""
    rows = list(
        ScoreSheet.objects.visible_to(actor)
        .filter(judged("entry__"), state=SheetState.OPEN, round__status=RoundStatus.OPEN)
        .values("round", "round__name", "round__contest")
        .annotate(n=Count("pk"), scored=Count("pk", filter=Q(total__isnull=False)))
        .order_by("round")
    )
    contests = Contest.objects.filter(pk__in={row["round__contest"] for row in rows}).prefetch_related("phases")
    ends = {contest.pk: _scoring_ends(contest, now) for contest in contests}
    return [_expert_todo(row, ends[row["round__contest"]]) for row in rows]


def _expert_todo(row: dict[str, Any], closes: datetime | None) -> Todo:
    detail = f"已评 {row['scored']} 份，待提交 {row['n']} 份"
    return Todo(f"完成“{row['round__name']}”评分", detail, row["n"], reverse("scoring:sheets"), closes, "warn")


def funnel(actor: Actor, contest: Contest, counts: dict[str, int]) -> list[tuple[str, int, int]]:
    """(label, number, percent of the first): collected, sent up, accepted, awarded by the host (003's own funnel)."""
    pool = sum(counts.values())
    sent = pool - counts.get(Status.REGISTERED, 0) - counts.get(Status.WITHDRAWN, 0)
    accepted = counts.get(Status.ACCEPTED, 0) + counts.get(Status.FROZEN, 0)
    given = Award.objects.visible_to(actor).filter(judged("entry__"), entry__round__contest=contest)
    awards = given.filter(entry__round__enrolment__recommender__isnull=True).count()
    steps = [("收集", pool), ("申报", sent), ("受理", accepted), ("获奖", awards)]
    return [(label, n, round(100 * n / pool) if pool else 0) for label, n in steps]


def figures(contest: Contest) -> dict[str, int]:
    """How many units and workers take part."""
    units = Enrolment.objects.filter(contest=contest, audits=False, is_team=False)
    workers = sum(units.values_list("participants", flat=True))
    return {"units": units.count(), "workers": workers}


def by_recommender(contest: Contest) -> list[dict[str, Any]]:
    """One line for each child of the host: what lies below it, by where it stands. Two queries."""
    below_host = Enrolment.objects.filter(recommender__isnull=False, recommender__recommender__isnull=True)
    children = below_host.filter(contest=contest)
    lines = {child.path: {"enrolment": child, "pool": 0, "waiting": 0, "returned": 0, "sent": 0} for child in children}
    rows = (
        Achievement.objects.filter(contest=contest)
        .exclude(status__in=[Status.DRAFT, Status.WITHDRAWN])
        .order_by()
        .values_list("unit__path", "status", "holder__recommender")
        .annotate(n=Count("pk"))
    )
    for path, status, above, n in rows:
        line = lines.get(".".join(path.split(".")[:2]) + ".")
        if line is not None:
            _count(line, status, above is None, n)
    return sorted(lines.values(), key=lambda line: (-line["waiting"], -line["pool"]))


def _count(line: dict[str, Any], status: str, at_host: bool, n: int) -> None:
    line["pool"] += n
    if status == Status.RETURNED:
        line["returned"] += n
    elif status == Status.SUBMITTED and not at_host:
        line["waiting"] += n
    elif status in (Status.ACCEPTED, Status.FROZEN) or (status == Status.SUBMITTED and at_host):
        line["sent"] += n


def by_unit(actor: Actor, contest: Contest) -> list[dict[str, Any]]:
    """One line for each unit below the auditor: how many works, and how many wait for her."""
    rows = (
        Achievement.objects.visible_to(actor)
        .filter(contest=contest)
        .order_by()
        .values("unit", "unit__name")
        .annotate(
            pool=Count("pk"),
            waiting=Count("pk", filter=Q(status=Status.SUBMITTED, holder__organization=actor.organization.pk)),
            returned=Count("pk", filter=Q(status=Status.RETURNED)),
            sent=Count("pk", filter=Q(status__in=[Status.ACCEPTED, Status.FROZEN])),
        )
    )
    return sorted(rows, key=lambda row: (-row["waiting"], row["unit__name"]))


def recent(actor: Actor, contest: Contest, n: int = 8) -> Any:
    """The works that were touched last."""
    return Achievement.objects.visible_to(actor).filter(contest=contest).for_list().order_by("-updated_at")[:n]
