"""Whom a reminder would go to, and what it says to each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from contests import calendar
from core.models import Outbox
from scoring.models import Round
from scoring.queries import progress_by_expert

NAME, COUNT = "{姓名}", "{份数}"
SUBJECT = "评分提醒"


@dataclass(frozen=True)
class Due:
    """One expert with sheets that are not handed in."""

    appointment: int
    user: User
    missing: int
    total: int

    @property
    def done(self) -> int:
        return self.total - self.missing


def key_of(round_: Round, number: int) -> str:
    return f"reminder:{round_.pk}:{number}"


def next_number(round_: Round) -> int:
    """The number of the reminder to come: one more than were sent."""
    sent = Outbox.objects.filter(key__startswith=f"reminder:{round_.pk}:")
    return sent.order_by().values("key").distinct().count() + 1


def due(round_: Round) -> list[Due]:
    rows = progress_by_expert(round_, calibration=True)
    return [Due(a.pk, a.expert.user, a.total - a.done, a.total) for a in rows if a.total > a.done]


def default_text(round_: Round, closes: datetime | None) -> str:
    until = f"，请在{calendar.in_words(closes)}前完成" if closes else "，请尽快完成"
    return (
        f"{NAME}同志：您在“{round_.name}”中还有 {COUNT} 份评分表没有提交{until}。\n已保存的内容都在，登录平台即可继续。"
    )


def filled(text: str, one: Due) -> str:
    return text.replace(NAME, one.user.display_name).replace(COUNT, str(one.missing))


def sent(round_: Round) -> list[dict[str, Any]]:
    """Earlier reminders, newest first: when, to how many, and what became of the mail. One query."""
    rows = Outbox.objects.filter(key__startswith=f"reminder:{round_.pk}:").order_by("-pk")
    found: dict[str, dict[str, Any]] = {}
    for key, channel, state, at in rows.values_list("key", "channel", "state", "created_at"):
        line = found.setdefault(key, {"at": at, "site": 0, "mail": 0, "failed": 0, "unsure": 0, "waiting": 0})
        if channel == Outbox.Channel.SITE:
            line["site"] += 1
        else:
            line[_MAIL.get(state, "waiting")] += 1
    return list(found.values())


_MAIL: dict[str, str] = {Outbox.State.SENT: "mail", Outbox.State.FAILED: "failed", Outbox.State.UNSURE: "unsure"}
