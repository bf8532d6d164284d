"""Background work. The Job table is the truth in every mode; a broker only carries the news that there is work.

A message may come twice, late or never: a worker takes a job by one conditional update, and its attempt number is
the fence, so that what a worker that was given up still writes changes nothing. `sweep` takes up what died.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone

from core.errors import Refusal
from core.ledger import Acting
from core.models import Job, PrivateFile

Outcome = tuple[PrivateFile, str] | None

QUEUED_FOR = timedelta(seconds=settings.JOB_QUEUED_SECONDS)
STALE_AFTER = timedelta(seconds=settings.JOB_STALE_SECONDS)
MAX_ATTEMPTS = 3
PULSE_SECONDS = STALE_AFTER.total_seconds() / 4
PROGRESS_EVERY = timedelta(seconds=0.4)
RETRY_SENDING = {"max_retries": 2, "interval_start": 0.1, "interval_step": 0.3}

GIVEN_UP = "后台程序多次中断，任务未能完成。请稍后重新发起；若再次失败，请联系管理员并告知任务编号 {pk}。"
BROKEN = "生成过程中出现意外，任务未能完成。请稍后重新发起；若再次失败，请联系管理员并告知任务编号 {pk}。"

log = logging.getLogger(__name__)


class TakenOver(Exception):
    """Another worker has this job now, or it is over: stop working on it."""


def start(task: str, key: str, params: dict[str, Any], label: str, actor: Acting | None) -> Job:
    """Ask for the work called `key`; the live job of that key, if somebody has asked for it already.

    `task` is the dotted name of a Celery task that takes the job's id and calls `run`; it is sent when the
    transaction commits.
    """
    job = Job(key=key, task=task, params=params, label=label, sent_at=timezone.now())
    job.requested_by_id = actor.user.pk if actor else None
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:
        if live := Job.objects.live().filter(key=key).first():
            return live
        return start(task, key, params, label, actor)  # the live one ended in between
    _send_on_commit(job)
    return job


def claim(job_id: int) -> Job | None:
    """Take a job that waits, or whose worker died. None: it is over, in good hands or out of attempts."""
    now = timezone.now()
    mine = Job.objects.takeable(now - STALE_AFTER).filter(pk=job_id, attempts__lt=MAX_ATTEMPTS)
    # The job is read in the transaction of its update: between the two, nobody else can take it over.
    with transaction.atomic():
        taken = mine.update(state=Job.State.RUNNING, heartbeat_at=now, attempts=F("attempts") + 1)
        return Job.objects.get(pk=job_id) if taken else None


def progress(job: Job, done: int, total: int) -> None:
    """Tell how far it is, and that it lives. Cheap to call often. Raises TakenOver when the job is no longer mine."""
    now = timezone.now()
    due = done == total or total != job.total
    if not due and job.heartbeat_at and now - job.heartbeat_at < PROGRESS_EVERY:
        return
    if not _mine(job).update(done=done, total=total, heartbeat_at=now):
        raise TakenOver(job.pk)
    job.done, job.total, job.heartbeat_at = done, total, now


def finish(job: Job, private_file: PrivateFile | None = None, name: str = "") -> bool:
    """Done, with what it made and the name it is handed out by. False: it was no longer mine."""
    changes = {"result": private_file, "result_name": name, "error": "", "done": F("total")}
    return _end(job, Job.State.DONE, changes)


def fail(job: Job, sentence: str) -> bool:
    return _end(job, Job.State.FAILED, {"error": sentence[:500]})


def run(job_id: int, work: Callable[[Job], Outcome]) -> None:
    """The body of every task: claim, `work(job)`, finish. `work` returns (file, name) or None; it may run again.

    A Refusal's sentence becomes the job's; a lost database leaves the job to the sweep; anything else fails it.
    """
    job = claim(job_id)
    if job is None:
        return
    try:
        with _pulse(job):
            made = work(job)
        finish(job, *(made or ()))
    except TakenOver:
        log.warning("job %s was taken over", job.pk)
    except Refusal as refusal:
        fail(job, refusal.message)
    except (OperationalError, InterfaceError):
        log.exception("job %s lost the database; the sweep takes it up", job.pk)
    except Exception:
        log.exception("job %s failed", job.pk)
        fail(job, BROKEN.format(pk=job.pk))


def sweep() -> int:
    """Take up what nobody works on: messages that were lost, workers that died. How many were sent again."""
    now = timezone.now()
    waiting = Job.objects.filter(state=Job.State.QUEUED, sent_at__lt=now - QUEUED_FOR)
    silent = Job.objects.filter(state=Job.State.RUNNING, heartbeat_at__lt=now - STALE_AFTER)
    return sum(_take_up(job) for job in [*waiting, *silent])


def recover() -> int:
    """At the start of the one process that works: whatever it left unfinished is dead, and is sent again."""
    return sum(_take_up(job) for job in Job.objects.live().order_by("pk"))


def _take_up(job: Job) -> bool:
    if job.attempts >= MAX_ATTEMPTS:
        fail(job, GIVEN_UP.format(pk=job.pk))
        return False
    unchanged = Job.objects.filter(
        pk=job.pk, state=job.state, attempts=job.attempts, sent_at=job.sent_at, heartbeat_at=job.heartbeat_at
    )
    with transaction.atomic():
        mine = unchanged.update(state=Job.State.QUEUED, sent_at=timezone.now())
        if mine:
            _send_on_commit(job)
    return bool(mine)


def _mine(job: Job) -> Any:
    return Job.objects.live().filter(pk=job.pk, attempts=job.attempts)


def _end(job: Job, state: Job.State, changes: dict[str, Any]) -> bool:
    if not _mine(job).update(state=state, finished_at=timezone.now(), **changes):
        return False
    job.refresh_from_db()
    return True


def _send_on_commit(job: Job) -> None:
    # Robust: the row is there; a broker that is away delays the work until the sweep, it does not break the page.
    def send() -> None:
        current_app.send_task(job.task, [job.pk], retry_policy=RETRY_SENDING)

    transaction.on_commit(send, robust=True)


@contextmanager
def _pulse(job: Job) -> Iterator[None]:
    """A heartbeat beside the work: one long step (a page of 50 forms) must not look like a dead worker."""
    over = threading.Event()
    beat = threading.Thread(target=_beat, args=(job.pk, job.attempts, over), name=f"job-{job.pk}", daemon=True)
    beat.start()
    try:
        yield
    finally:
        over.set()
        beat.join()


def _beat(job_id: int, attempt: int, over: threading.Event) -> None:
    mine = Job.objects.filter(pk=job_id, state=Job.State.RUNNING, attempts=attempt)
    while not over.wait(PULSE_SECONDS):
        try:
            mine.update(heartbeat_at=timezone.now())
        except DatabaseError:
            log.warning("job %s: no heartbeat, the database is away", job_id)
        finally:
            connection.close()
