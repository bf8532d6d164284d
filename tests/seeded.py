"""The demo season on PostgreSQL: filled once a run, each portal of the tests has a copy of its rows and files."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection

from tests import kept
from tests.servers import Portal, copied_database, create_database

NAME = "portal_demo"


@contextmanager
def demo_portal(database_url: str, broker_url: str) -> Iterator[Portal]:
    """A portal of the demo season with a database and files of its own; nothing is started yet."""
    seed = _seed(database_url)
    root = Path(tempfile.mkdtemp(prefix="wuxiao-portal-"))
    with copied_database(database_url, NAME) as own:
        secret = os.environ["SECRET_KEY"]  # what the season signed stays signed
        portal = Portal(root, DATABASE_URL=own, CELERY_BROKER_URL=broker_url, SECRET_KEY=secret)
        shutil.copytree(seed / "var", root / "var")
        try:
            yield portal
        finally:
            portal.stop()
            shutil.rmtree(root, ignore_errors=True)


def bring_demo(database_url: str, files: Path) -> None:
    """The season's rows into the database of the tests, where nothing is yet, its files into `files`."""
    seed = _seed(database_url)
    with copied_database(database_url, NAME) as own:
        other = connection.copy()
        other.settings_dict["NAME"] = own.rpartition("/")[2]
        rows = kept.dump(other)
        other.close()
    kept.restore(kept.more(kept.dump(connection), rows))
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models(include_auto_created=True)):
            cursor.execute(statement)
    shutil.copytree(seed / "var" / "files", files, dirs_exist_ok=True)


def _seed(database_url: str) -> Path:
    """The folder of the filled season, beside the private services and gone with them; the first to ask fills it."""
    folder = Path(os.environ["VAR_DIR"]).parent / "seed"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "filled").exists():
            portal = Portal(
                folder, DATABASE_URL=create_database(database_url, NAME), SECRET_KEY=os.environ["SECRET_KEY"]
            )
            portal.migrate()
            portal.manage("seed_demo")
            (folder / "filled").touch()
    return folder
