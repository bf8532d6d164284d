"""Background work: once, by one worker, whatever the broker forgets or says twice. A real Celery worker runs it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from celery import Celery, current_app
from celery.contrib.testing.worker import start_worker
from django.contrib.auth import get_user_model
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone
from pytest_django import Settings

from core import files, jobs
from core.errors import Refusal
from core.models import Job, PrivateFile
from core.tasks import sweep_jobs

TASK = "tests.make"
LONG_AGO = timedelta(minutes=5)
pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def files_root(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


class Workshop:
    """A real worker on the in-process broker, for all tests of this file; each gives it its own work to do."""

    def __init__(self, app: Celery) -> None:
        self.app = app
        self.came: list[int] = []
        self.left = 0
        self.work: Callable[[Job], Any] = paper
        app.task(self.make, name=TASK, shared=False, lazy=False)

    def make(self, job_id: int) -> None:
        self.came.append(job_id)
        jobs.run(job_id, self.work)
        connection.close()
        self.left += 1

    @contextmanager
    def doing(self, work: Callable[[Job], Any]) -> Iterator[list[int]]:
        """Yields the ids in the order in which they come; leaves when the last one is through."""
        self.came, self.left, self.work = [], 0, work
        with current(self.app):
            yield self.came
            until(lambda: self.left == len(self.came))


@contextmanager
def current(app: Celery) -> Iterator[None]:
    before = current_app._get_current_object()
    app.set_current()
    try:
        yield
    finally:
        before.set_current()


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    app = Celery("tests", broker="memory://", set_as_current=False)
    app.conf.update(
        task_ignore_result=True,
        task_acks_late=True,
        task_default_queue="workshop",
        worker_hijack_root_logger=False,
        broker_transport_options={"polling_interval": 0.02},
    )
    shop = Workshop(app)
    with start_worker(app, pool="threads", concurrency=2, perform_ping_check=False, loglevel="ERROR"):
        yield shop
    app.close()


@contextmanager
def broker_away() -> Iterator[None]:
    """No broker answers: what is sent now is lost."""
    app = Celery("away", broker="redis://127.0.0.1:1/0", set_as_current=False)
    with current(app):
        yield
    app.close()


@pytest.fixture(autouse=True)
def nobody_works() -> Iterator[None]:
    """Outside `doing` a message lies in a queue that no worker reads."""
    app = Celery("nobody", broker="memory://", set_as_current=False)
    app.conf.task_default_queue = "nobody"
    with current(app):
        yield
    app.close()


def until(reached: Callable[[], bool], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def paper(job: Job) -> tuple[PrivateFile, str]:
    for done in range(1, 4):
        jobs.progress(job, done, 3)
    return files.store_bytes(b"made by " + job.key.encode(), "推荐表.csv", "text/csv"), "推荐表.csv"


def ask(key: str = "paper:1", actor: Any = None, **params: Any) -> Job:
    return jobs.start(TASK, key, params, "附件2 推荐表", actor)


def wait_for(job: Job, state: str) -> Job:
    until(lambda: Job.objects.filter(pk=job.pk, state=state).exists())
    job.refresh_from_db()
    return job


def aged(job: Job, **columns: Any) -> Job:
    """As if the clock had gone on: what a dead worker or a lost message leaves behind."""
    Job.objects.filter(pk=job.pk).update(**columns)
    job.refresh_from_db()
    return job


def died(job: Job, attempts: int = 1) -> Job:
    return aged(job, state="running", attempts=attempts, heartbeat_at=timezone.now() - LONG_AGO)


# --- the straight way -----------------------------------------------------------------------------------


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


def test_two_persons_at_once_get_the_same_job() -> None:
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


# --- things that go wrong ---------------------------------------------------------------------------------


def test_a_refusal_is_told_in_its_own_words(workshop: Workshop) -> None:
    def work(job: Job) -> None:
        raise Refusal("这一轮还没有排名，请先结束评审再生成。")

    with workshop.doing(work):
        job = wait_for(ask(), "failed")
    assert job.error == "这一轮还没有排名，请先结束评审再生成。"


def test_a_crash_is_logged_and_told_calmly(workshop: Workshop, caplog: pytest.LogCaptureFixture) -> None:
    def work(job: Job) -> None:
        raise KeyError("internal detail")

    with workshop.doing(work):
        job = wait_for(ask(), "failed")
        again = ask()
    assert f"任务编号 {job.pk}" in job.error
    assert "internal detail" not in job.error
    assert "internal detail" in caplog.text
    assert again != job


def test_a_lost_database_leaves_the_job_to_the_sweep(workshop: Workshop) -> None:
    """The first attempt loses its connection; the second, sent by the sweep, goes through."""

    def work(job: Job) -> tuple[PrivateFile, str]:
        if job.attempts == 1:
            raise OperationalError("server closed the connection unexpectedly")
        return paper(job)

    with workshop.doing(work) as came:
        job = wait_for(ask(), "running")
        until(lambda: workshop.left == 1)
        aged(job, heartbeat_at=timezone.now() - LONG_AGO)
        sweep_jobs()
        assert wait_for(job, "done").attempts == 2
    assert came == [job.pk, job.pk]


def test_a_message_that_comes_again_changes_nothing() -> None:
    job = ask()
    jobs.run(job.pk, paper)
    job.refresh_from_db()
    jobs.run(job.pk, paper)
    again = Job.objects.get(pk=job.pk)
    assert (again.attempts, again.finished_at, again.result_id) == (1, job.finished_at, job.result_id)
    assert PrivateFile.objects.count() == 1


def test_a_message_for_a_job_in_good_hands_is_ignored() -> None:
    job = ask()
    mine = jobs.claim(job.pk)
    assert mine is not None
    assert jobs.claim(job.pk) is None
    assert jobs.claim(404) is None


def test_two_workers_at_once_cannot_both_take_a_job() -> None:
    job, ready, got = ask(), threading.Barrier(4), []

    def take() -> None:
        ready.wait()
        got.append(jobs.claim(job.pk))
        connection.close()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([one for one in got if one]) == 1


def test_a_worker_that_was_given_up_can_write_nothing_more() -> None:
    job = ask()
    old = jobs.claim(job.pk)
    died(job)
    new = jobs.claim(job.pk)
    assert old is not None
    assert new is not None
    with pytest.raises(jobs.TakenOver):
        jobs.progress(old, 1, 2)
    assert not jobs.finish(old)
    assert not jobs.fail(old, "旧")
    jobs.progress(new, 1, 2)
    assert jobs.finish(new)
    assert not jobs.fail(new, "晚了")
    job.refresh_from_db()
    assert (job.state, job.attempts, job.done, job.total) == ("done", 2, 2, 2)


def test_a_worker_taken_over_in_the_middle_stops_quietly() -> None:
    job = ask()

    def slow(mine: Job) -> None:
        jobs.progress(mine, 1, 3)
        died(job)
        assert jobs.claim(job.pk)
        jobs.progress(mine, 3, 3)
        raise AssertionError("it went on")

    jobs.run(job.pk, slow)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.done) == ("running", 2, 1)


# --- the sweep -------------------------------------------------------------------------------------------


def test_the_sweep_sends_a_lost_message_again(workshop: Workshop) -> None:
    job, fresh = aged(ask(), sent_at=timezone.now() - LONG_AGO), ask("paper:2")
    with workshop.doing(paper) as came:
        assert jobs.sweep() == 1
        assert jobs.sweep() == 0
        wait_for(job, "done")
    assert came == [job.pk]
    fresh.refresh_from_db()
    assert fresh.state == "queued"


def test_the_sweep_takes_up_what_a_dead_worker_left(workshop: Workshop) -> None:
    job, alive = died(ask()), ask("paper:2")
    assert jobs.claim(alive.pk)
    with workshop.doing(paper):
        assert jobs.sweep() == 1
        assert wait_for(job, "done").attempts == 2
    alive.refresh_from_db()
    assert (alive.state, alive.attempts) == ("running", 1)


def test_the_third_death_is_the_last() -> None:
    job = died(ask(), attempts=3)
    assert jobs.claim(job.pk) is None
    assert jobs.sweep() == 0
    job.refresh_from_db()
    assert job.state == "failed"
    assert "多次中断" in job.error
    assert ask() != job


def test_a_new_process_takes_up_everything_at_once(workshop: Workshop) -> None:
    """The one process was killed a moment ago: its heartbeat is fresh and yet nobody works."""
    running, waiting, over = ask("a"), ask("b"), ask("c")
    assert jobs.claim(running.pk)
    jobs.run(over.pk, paper)
    with workshop.doing(paper) as came:
        assert jobs.recover() == 2
        wait_for(running, "done")
        wait_for(waiting, "done")
    assert sorted(came) == [running.pk, waiting.pk]


def test_a_long_step_keeps_its_heart_beating(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "PULSE_SECONDS", 0.05)
    job = ask()

    def long_step(mine: Job) -> None:
        began = Job.objects.get(pk=job.pk).heartbeat_at
        until = time.monotonic() + 10
        while Job.objects.get(pk=job.pk).heartbeat_at == began:
            assert time.monotonic() < until
            time.sleep(0.05)

    jobs.run(job.pk, long_step)
    job.refresh_from_db()
    assert job.state == "done"
    assert not [thread for thread in threading.enumerate() if thread.name == f"job-{job.pk}"]


def test_progress_is_not_written_at_every_step() -> None:
    mine = jobs.claim(ask().pk)
    assert mine is not None
    jobs.progress(mine, 0, 1000)
    written = []
    for done in range(1, 1001):
        jobs.progress(mine, done, 1000)
        written.append(mine.done)
    assert Job.objects.get(pk=mine.pk).done == 1000
    assert len(set(written)) < 100


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
