"""Read by gunicorn wherever the portal is served; the rest of its settings stand in the commands that start it."""

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker


def worker_exit(server: Arbiter, worker: Worker) -> None:
    if worker.booted:  # else the exit status must still say that the start failed
        from wuxiao.embedded import leave

        leave()
