"""The portal's own WSGI module with one more task, which counts slowly; for test_embedded.py."""

import time
from typing import TYPE_CHECKING

from celery import shared_task

if TYPE_CHECKING:
    from core.models import Job


@shared_task
def count(job_id: int) -> None:
    from core import jobs

    def work(job: "Job") -> None:
        steps = job.params["steps"]
        for step in range(1, steps + 1):
            time.sleep(job.params["pause"])
            jobs.progress(job, step, steps)

    jobs.run(job_id, work)


# Last: it loads the apps and starts the worker, which must know the task by then.
from wuxiao.wsgi import application  # noqa: E402

__all__ = ["application", "count"]
