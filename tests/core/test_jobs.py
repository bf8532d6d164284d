"""Background work: once, by one worker. A real Celery worker runs it."""

import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core import files, jobs
from core.models import Job, PrivateFile
from tests.core.workshop import TASK, Workshop, ask, broker_away, paper, wait_for

pytestmark = [
    pytest.mark.sqlite,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("nobody_works", "files_root"),
]


def test_a_worker_makes_what_was_asked_for(workshop: Workshop) -> None:
    user = get_user_model().objects.create(username="office", display_name="王办公")
    other = get_user_model().objects.create(username="office2", display_name="李办公")
    with workshop.doing(paper):
        job = wait_for(ask(actor=SimpleNamespace(user=user, membership=None), contest=3), "done")
    assert (job.done, job.total, job.percent, job.attempts) == (3, 3, 100, 1)
    assert job.params == {"contest": 3}
    assert job.result is not None
    assert job.result.path.read_bytes() == b"made by paper:1"
    assert (job.result_name, job.error) == ("推荐表.csv", "")
    assert job.finished_at
    seen_by = [list(Job.objects.visible_to(SimpleNamespace(user=who))) for who in (user, other)]
    assert seen_by == [[job], []]


def test_the_message_leaves_with_the_commit_and_not_without(workshop: Workshop) -> None:
    with workshop.doing(paper) as came:
        with transaction.atomic():
            ask()
            transaction.set_rollback(True)
        with transaction.atomic():
            job = ask("paper:2")
            time.sleep(0.3)
            assert came == []
        wait_for(job, "done")
    assert came == [job.pk]
    assert list(Job.objects.all()) == [job]


def test_pressing_twice_makes_it_once(workshop: Workshop) -> None:
    gate = threading.Event()

    def work(job: Job) -> tuple[PrivateFile, str]:
        assert gate.wait(15)
        return paper(job)

    with workshop.doing(work) as came:
        first, second = ask(), ask()
        assert first == second
        wait_for(first, "running")
        assert ask() == first
        gate.set()
        wait_for(first, "done")
        assert came == [first.pk]
        third = wait_for(ask(), "done")
    assert third != first


def test_two_persons_at_once_get_the_same_job(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker hears of it: it might be done with the first one's job before the second one asks."""
    monkeypatch.setattr(jobs, "_send_on_commit", lambda _job: None)
    ready, found = threading.Barrier(2), []

    def press() -> None:
        ready.wait()
        found.append(ask().pk)
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert set(found) == set(Job.objects.values_list("pk", flat=True))
    assert Job.objects.count() == 1


def test_a_broker_that_is_away_does_not_break_the_page() -> None:
    with broker_away():
        job = ask()
    assert list(Job.objects.values_list("pk", "state")) == [(job.pk, "queued")]


# --- the database ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "lost"},
        {"done": 2, "total": 1},
        {"state": "running"},
        {"state": "failed", "finished_at": timezone.now()},
        {"state": "done"},
        {"finished_at": timezone.now()},
    ],
)
def test_the_database_refuses_what_cannot_be(wrong: dict[str, Any]) -> None:
    job = ask()
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**wrong)


def test_the_database_refuses_a_result_before_the_end_and_a_second_live_job() -> None:
    job = ask()
    made = files.store_bytes(b"x", "x.csv", "text/csv")
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(result=made)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(key=job.key, task=TASK, label="又一个", sent_at=timezone.now())
