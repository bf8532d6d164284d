"""Messages: one a key, person and channel; mail through a real SMTP server, at most once whatever dies."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import User
from core import outbox
from core.models import Job, Outbox
from core.outbox import Letter
from core.tasks import deliver_mail, sweep_jobs
from tests.core.post_office import PostOffice, open_for_business

pytestmark = [
    pytest.mark.sqlite,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("nobody_works"),
]


@pytest.fixture
def post_office(settings: Any) -> Iterator[PostOffice]:
    with open_for_business(settings) as office:
        yield office


def person(name: str, email: str = "") -> User:
    return User.objects.create_user(name, password=None, display_name="蒋一", email=email)


def letters(*people: User) -> list[Letter]:
    return [Letter(one, "评分提醒", f"{one.display_name}同志：还有 3 份没有提交。", "/sheets/") for one in people]


def post(*people: User, key: str = "reminder:1:1") -> int:
    with transaction.atomic():
        return outbox.post(key, letters(*people), None)


def mail_of(user: User) -> Outbox:
    return Outbox.objects.get(recipient=user, channel="mail")


def job() -> Job:
    return Job.objects.order_by("-pk").first()


def test_everybody_gets_it_on_the_site_and_by_mail_who_has_an_address(post_office: PostOffice) -> None:
    one, two = person("one", "one@example.cn"), person("two")
    assert post(one, two) == 2
    assert sorted(Outbox.objects.values_list("recipient__username", "channel", "state")) == [
        ("one", "mail", "queued"),
        ("one", "site", "sent"),
        ("two", "site", "sent"),
    ]
    deliver_mail(job().pk)
    (message,) = post_office.taken
    assert (message["To"], message["Subject"]) == ("one@example.cn", "评分提醒")
    assert "还有 3 份没有提交" in message.get_content()
    assert mail_of(one).state == "sent"
    assert mail_of(one).sent_at is not None
    assert job().state == "done"


def test_without_a_mail_server_messages_go_to_the_site_alone(settings: Any) -> None:
    settings.MAIL_ON = False
    assert post(person("one", "one@example.cn")) == 1
    assert list(Outbox.objects.values_list("channel", flat=True)) == ["site"]
    assert not Job.objects.exists()


def test_pressed_twice_it_is_one_message(post_office: PostOffice) -> None:
    one = person("one", "one@example.cn")
    assert [post(one), post(one)] == [1, 0]
    for row in Job.objects.all():
        deliver_mail(row.pk)
        deliver_mail(row.pk)
    assert len(post_office.taken) == 1
    assert Outbox.objects.count() == 2


def test_somebody_new_is_added_to_a_message_that_was_sent(post_office: PostOffice) -> None:
    one, two = person("one", "one@example.cn"), person("two", "two@example.cn")
    post(one)
    deliver_mail(job().pk)
    assert post(one, two) == 1
    deliver_mail(job().pk)
    assert [message["To"] for message in post_office.taken] == ["one@example.cn", "two@example.cn"]


def test_two_workers_with_one_message_send_it_once(post_office: PostOffice) -> None:
    """The second comes while the server is still taking the first one's mail."""
    one = person("one", "one@example.cn")
    post(one)
    row, inside, go_on = mail_of(one), threading.Event(), threading.Event()

    def wait() -> None:
        inside.set()
        go_on.wait(10)

    def first() -> None:
        deliver_mail(job().pk)
        connection.close()

    post_office.before_data = wait
    worker = threading.Thread(target=first)
    worker.start()
    assert inside.wait(10)
    outbox._send(row, None)  # finds it claimed: the connection is not even touched
    go_on.set()
    worker.join()
    assert len(post_office.taken) == 1
    assert mail_of(one).state == "sent"


def test_a_worker_that_died_in_the_middle_leaves_a_question_not_a_second_mail(post_office: PostOffice) -> None:
    one, two = person("one", "one@example.cn"), person("two", "two@example.cn")
    post(one, two)
    Outbox.objects.filter(pk=mail_of(one).pk).update(state="sending")  # died between claiming and marking
    Job.objects.update(state="running", attempts=1, heartbeat_at=timezone.now() - timedelta(hours=1))
    sweep_jobs()
    deliver_mail(job().pk)
    assert [message["To"] for message in post_office.taken] == ["two@example.cn"]
    assert (mail_of(one).state, mail_of(two).state) == ("unsure", "sent")


def test_a_refused_address_hinders_nobody_else(post_office: PostOffice) -> None:
    one, two = person("one", "one@example.cn"), person("two", "two@example.cn")
    post_office.refuse = lambda address: "550 no such user" if address.startswith("one") else None
    post(one, two)
    deliver_mail(job().pk)
    assert (mail_of(one).state, mail_of(one).error) == ("failed", "对方服务器拒收（550）。")
    assert mail_of(two).state == "sent"


def test_a_server_that_is_away_is_tried_again(settings: Any) -> None:
    with open_for_business(settings):
        pass  # closed again: nobody listens at that port
    one = person("one", "one@example.cn")
    post(one)
    deliver_mail(job().pk)
    assert (job().state, job().error) == ("failed", outbox.AWAY)
    assert (mail_of(one).state, mail_of(one).attempts) == ("queued", 1)
    assert outbox.take_up() == 0  # too fresh
    Outbox.objects.update(created_at=timezone.now() - timedelta(minutes=3))
    assert outbox.take_up() == 1
    assert outbox.take_up() == 0  # it has a live job now
    with open_for_business(settings) as office:
        deliver_mail(job().pk)
        assert len(office.taken) == 1
    assert mail_of(one).state == "sent"


def test_after_five_times_it_is_given_up(settings: Any) -> None:
    with open_for_business(settings):
        pass
    one = person("one", "one@example.cn")
    post(one)
    for _ in range(outbox.MOST_ATTEMPTS):
        Outbox.objects.update(created_at=timezone.now() - timedelta(minutes=3))
        outbox.take_up()
        deliver_mail(job().pk)
    assert (mail_of(one).state, mail_of(one).error) == ("failed", "邮件服务器一直连不上。")
    assert outbox.take_up() == 0


def test_a_message_that_was_not_committed_is_not_sent(post_office: PostOffice) -> None:
    one = person("one", "one@example.cn")
    with transaction.atomic():
        outbox.post("reminder:1:1", letters(one), None)
        transaction.set_rollback(True)
    assert not Outbox.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"channel": "pigeon"}, "outbox_channel_known"),
        ({"state": "lost"}, "outbox_state_known"),
        ({"sent_at": None}, "outbox_sent_has_a_time"),
        ({"state": "failed", "error": ""}, "outbox_failed_says_why"),
    ],
)
def test_the_database_refuses(change: dict[str, Any], name: str) -> None:
    post(person("one"))
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Outbox.objects.update(**change)


def test_one_row_a_key_person_and_channel() -> None:
    one = person("one")
    post(one)
    with pytest.raises(IntegrityError), transaction.atomic():
        Outbox.objects.create(key="reminder:1:1", recipient=one, channel="site", subject="再", body="再")
