"""Reminders to late experts: previewed, one message each, never twice."""

from __future__ import annotations

import pytest
from django.urls import reverse

from core import ledger
from core.errors import Conflict, NotAllowed, Refusal
from core.models import Event, Job, Outbox
from scoring.actions import sheets
from scoring.actions.reminders import remind
from scoring.models import Appointment, Round
from tests.cast import Cast
from tests.scoring import judging
from tests.scoring.judging import client_of

pytestmark = pytest.mark.django_db
TEXT = "{姓名}同志：还有 {份数} 份没有提交。"


@pytest.fixture
def season(settings) -> tuple[Cast, Round]:
    """expert1 has handed everything in; the other three still have two sheets each."""
    settings.MAIL_ON = True
    cast, round_ = judging.season(2, k=4)
    sheets.hand_in(cast["expert1"], judging.complete(cast, "expert1"))
    cast["expert2"].user.email = "expert2@example.cn"
    cast["expert2"].user.save()
    return cast, round_


@pytest.fixture
def cast(season) -> Cast:
    return season[0]


@pytest.fixture
def round_(season) -> Round:
    return season[1]


def everybody(round_: Round) -> list[int]:
    return list(round_.appointments.values_list("pk", flat=True))


def url(round_: Round) -> str:
    return reverse("scoring:remind", args=[round_.pk])


def test_only_those_who_are_late_get_one_message_each(cast, round_):
    assert remind(cast["office"], round_.pk, number=1, appointments=everybody(round_), text=TEXT) == 3
    site = Outbox.objects.filter(channel="site")
    assert sorted(site.values_list("recipient__username", flat=True)) == ["expert2", "expert3", "expert4"]
    assert site.get(recipient=cast["expert2"].user).body == "沈二同志：还有 2 份没有提交。"
    assert list(Outbox.objects.filter(channel="mail").values_list("recipient__username", "state")) == [
        ("expert2", "queued")
    ]
    assert Job.objects.get(task="core.tasks.deliver_mail").key == f"outbox:reminder:{round_.pk}:1"


def test_the_same_reminder_is_never_sent_twice(cast, round_):
    remind(cast["office"], round_.pk, number=1, appointments=everybody(round_), text=TEXT)
    with pytest.raises(Conflict, match="没有重复发送"):
        remind(cast["office2"], round_.pk, number=1, appointments=everybody(round_), text=TEXT)
    assert Outbox.objects.filter(channel="site").count() == 3
    assert remind(cast["office"], round_.pk, number=2, appointments=everybody(round_), text="再请尽快。") == 3


@pytest.mark.parametrize("text", ["", "  ", "长" * 501])
def test_a_text_is_needed(cast, round_, text):
    with pytest.raises(Refusal, match="1 到 500 字"):
        remind(cast["office"], round_.pk, number=1, appointments=everybody(round_), text=text)


def test_somebody_late_must_be_chosen(cast, round_):
    done = Appointment.objects.get(round=round_, expert__user__username="expert1")
    with pytest.raises(Refusal, match="至少选择一位"):
        remind(cast["office"], round_.pk, number=1, appointments=[done.pk], text=TEXT)


def test_only_the_office_reminds(cast, round_):
    for who in ("supervisor", "expert1", "auditor_a"):
        with pytest.raises(NotAllowed):
            remind(cast[who], round_.pk, number=1, appointments=everybody(round_), text=TEXT)
    assert not Outbox.objects.exists()


def test_the_ledger_knows_who_was_reminded_and_not_in_which_words(cast, round_):
    remind(cast["office"], round_.pk, number=1, appointments=everybody(round_), text=TEXT)
    event = Event.objects.get(verb="remind")
    assert '"number":1' in event.payload
    assert "沈二" not in event.payload
    assert ledger.verify() == []


def test_first_the_recipients_and_the_text_then_the_sending(cast, round_):
    office = client_of(cast, "office")
    first = office.get(url(round_))
    form = first.context["form"]
    assert [one.user.username for one in form.due] == ["expert3", "expert2", "expert4"] or len(form.due) == 3
    asked = {"number": 1, "text": TEXT, "appointments": [form.due[0].appointment, form.due[1].appointment]}
    preview = office.get(url(round_), asked)
    text = preview.content.decode()
    assert "将要发出" in text
    assert f"{form.due[0].user.display_name}同志：还有 2 份没有提交。" in text
    assert not Outbox.objects.exists()
    done = office.post(url(round_), asked, follow=True).content.decode()
    assert "已提醒 2 位专家" in done
    assert "2 人" in done
    again = office.post(url(round_), asked, follow=True).content.decode()
    assert "没有重复发送" in again
    assert Outbox.objects.filter(channel="site").count() == 2


def test_a_text_without_recipients_comes_back_as_typed(cast, round_):
    answer = client_of(cast, "office").post(url(round_), {"number": 1, "text": TEXT})
    assert answer.status_code == 400
    assert "请至少选择一位专家" in answer.content.decode()
    assert TEXT in answer.content.decode()


def test_the_expert_reads_it_and_says_so(cast, round_):
    remind(cast["office"], round_.pk, number=1, appointments=everybody(round_), text=TEXT)
    expert = client_of(cast, "expert2")
    assert "1 条新消息" in expert.get(reverse("portal:home")).content.decode()
    page = expert.get(reverse("portal:messages"))
    assert "沈二同志：还有 2 份没有提交" in page.content.decode()
    (message,) = page.context["unread"]
    client_of(cast, "expert3").post(reverse("portal:messages_read"), {"message": message})
    assert Outbox.objects.get(pk=message).read_at is None
    expert.post(reverse("portal:messages_read"), {"message": [message, "x"]})
    assert Outbox.objects.get(pk=message).read_at is not None
    assert "条新消息" not in expert.get(reverse("portal:home")).content.decode()
    assert "还没有消息" in client_of(cast, "expert1").get(reverse("portal:messages")).content.decode()
