"""The Celery worker inside the web process, for the broker memory://: no server, same tasks, same Job table."""

import logging
import os
import threading
from collections.abc import Callable

from django.conf import settings
from django.db import close_old_connections

from core import jobs
from wuxiao.celery import app

SWEEP_EVERY_SECONDS = 60
log = logging.getLogger(__name__)
_started = threading.Lock()


def start_once() -> None:
    """Starts the worker and the sweep as daemon threads, once a process; does nothing on a real broker."""
    if not settings.EMBEDDED_WORKER or not _started.acquire(blocking=False):
        return
    worker = app.WorkController(
        pool="threads", concurrency=2, without_gossip=True, without_mingle=True, without_heartbeat=True
    )
    threading.Thread(target=worker.start, name="worker", daemon=True).start()
    threading.Thread(target=_sweep_for_ever, name="sweep", daemon=True).start()


def leave() -> None:
    """Ends the process now. Python would wait for the jobs in the worker's threads; the next start takes them up."""
    if settings.EMBEDDED_WORKER:
        logging.shutdown()
        os._exit(0)


def _sweep_for_ever() -> None:
    """What the last process left behind is taken up at once; then the one task that beat would send."""
    pause = threading.Event()
    _guarded(jobs.recover)
    while not pause.wait(SWEEP_EVERY_SECONDS):
        _guarded(jobs.sweep)


def _guarded(look: Callable[[], int]) -> None:
    try:
        look()
    except Exception:  # the thread must outlive a locked or restarting database
        log.exception("looking after the jobs failed")
    finally:
        close_old_connections()
