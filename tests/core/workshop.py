"""A real Celery worker in the test's own process, and what its tests ask of it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from celery import Celery, current_app
from django.db import connection
from django.utils import timezone

from core import files, jobs
from core.models import Job, PrivateFile

TASK = "tests.make"
LONG_AGO = timedelta(minutes=5)


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


@contextmanager
def broker_away() -> Iterator[None]:
    """No broker answers: what is sent now is lost."""
    app = Celery("away", broker="redis://127.0.0.1:1/0", set_as_current=False)
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
