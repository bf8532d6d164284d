"""A worker, a broker that nobody reads, a folder for files.

The queues carry the process's number: where CELERY_BROKER_URL is set, two test processes share one Redis.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery
from celery.contrib.testing.worker import start_worker
from pytest_django import Settings

from tests.core.workshop import Workshop, current


@pytest.fixture
def files_root(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    app = Celery("tests", broker="memory://", set_as_current=False)
    app.conf.update(
        task_ignore_result=True,
        task_acks_late=True,
        task_default_queue=f"workshop-{os.getpid()}",
        worker_hijack_root_logger=False,
        broker_transport_options={"polling_interval": 0.02},
    )
    shop = Workshop(app)
    with start_worker(app, pool="threads", concurrency=2, perform_ping_check=False, loglevel="ERROR"):
        yield shop
    app.close()


@pytest.fixture
def nobody_works() -> Iterator[None]:
    """Outside `doing` a message lies in a queue that no worker reads."""
    app = Celery("nobody", broker="memory://", set_as_current=False)
    app.conf.task_default_queue = f"nobody-{os.getpid()}"
    with current(app):
        yield
    app.close()
