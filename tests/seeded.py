"""The demo season on PostgreSQL: filled once a run, each portal of the tests has a copy of its rows and files."""

import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import Portal, copied_database, create_database

NAME = "portal_demo"


@contextmanager
def demo_portal(database_url: str, broker_url: str) -> Iterator[Portal]:
    """A portal of the demo season with a database and files of its own; nothing is started yet."""
    seed = _seed(database_url)
    root = Path(tempfile.mkdtemp(prefix="wuxiao-portal-"))
    with copied_database(database_url, NAME) as own:
        secret = (seed / "secret").read_text()  # what the season signed stays signed
        portal = Portal(root, DATABASE_URL=own, CELERY_BROKER_URL=broker_url, SECRET_KEY=secret)
        shutil.copytree(seed / "var", root / "var")
        try:
            yield portal
        finally:
            portal.stop()
            shutil.rmtree(root, ignore_errors=True)


def _seed(database_url: str) -> Path:
    """The folder of the filled season, beside the private services and gone with them; the first to ask fills it."""
    folder = Path(os.environ["VAR_DIR"]).parent / "seed"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "secret").exists():
            secret = secrets.token_urlsafe(64)
            portal = Portal(folder, DATABASE_URL=create_database(database_url, NAME), SECRET_KEY=secret)
            portal.migrate()
            portal.manage("seed_demo")
            (folder / "secret").write_text(secret)
    return folder
