"""Background work that goes wrong: whatever a broker forgets or says twice, whoever dies in the middle."""

import threading
import time

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from core import jobs
from core.errors import Refusal
from core.models import Job, PrivateFile
from core.tasks import sweep_jobs
from tests.core.workshop import LONG_AGO, Workshop, aged, ask, died, paper, until, wait_for

pytestmark = [
    pytest.mark.sqlite,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("nobody_works", "files_root"),
]


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
        again = wait_for(ask(), "failed")
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
