"""What a test builds first is kept as rows and put back for the next test: the cast is the same in every module.

Only rows are put back, exactly as the real actions wrote them (the ledger's hashes hold); a database that holds
anything of its own already, or a clock that is not the real one, gets the real thing built anew.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from accounts.models import Organization, User
from core.models import Event

P = ParamSpec("P")
T = TypeVar("T")
Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]
_CATALOGUES = {"contenttypes.ContentType", "auth.Permission"}  # filled by migrations, equal in every database
_PARAMETERS = 900  # an old SQLite takes 999


@dataclass(frozen=True)
class Kept:
    rows: Rows
    files: dict[Path, bytes]
    thing: Any


_kept: dict[tuple[str, ...], Kept] = {}


def built(build: Callable[[], T], *key: str) -> T:
    """What `build` makes, or the rows and a copy of what it made before in this database."""
    if not _is_plain():
        return build()
    key = (*key, str(connection.settings_dict["NAME"]), str(timezone.localdate()))
    if key not in _kept:
        before = dump(connection)
        thing = build()
        _kept[key] = Kept(more(before, dump(connection)), _files(), copy.deepcopy(thing))
        return thing
    restore(_kept[key].rows)
    for path, content in _kept[key].files.items():
        (_root() / path).parent.mkdir(parents=True, exist_ok=True)
        (_root() / path).write_bytes(content)
    again: T = copy.deepcopy(_kept[key].thing)
    return again


def keeping(build: Callable[P, T]) -> Callable[P, T]:
    """`build`, which begins with an empty database, made once for the same arguments."""

    @wraps(build)
    def again(*args: P.args, **more: P.kwargs) -> T:
        key = (build.__module__, build.__qualname__, repr(args), repr(sorted(more.items())))
        return built(lambda: build(*args, **more), *key)

    return again


def _root() -> Path:
    return Path(settings.MEDIA_ROOT)


def _files() -> dict[Path, bytes]:
    """All of them: what lies there of an earlier test does no harm, names are hashes or random."""
    return {path.relative_to(_root()): path.read_bytes() for path in _root().rglob("*") if path.is_file()}


def _is_plain() -> bool:
    """Nothing of the portal's own is there, and the clock is the machine's."""
    real = abs(time.time() - timezone.now().timestamp()) < 60
    return real and not any(model.objects.exists() for model in (User, Organization, Event))


def dump(database: BaseDatabaseWrapper) -> Rows:
    """All rows of all models' tables, the framework's own catalogues aside."""
    found: Rows = {}
    with database.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.label in _CATALOGUES:
                continue
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 – the names are our models'
            rows = cursor.fetchall()
            if rows:
                found[table] = ([column[0] for column in cursor.description], rows)
    return found


def more(before: Rows, after: Rows) -> Rows:
    """The rows that were not there before."""
    return {
        table: (columns, [row for row in rows if row not in before.get(table, ([], []))[1]])
        for table, (columns, rows) in after.items()
    }


def restore(rows: Rows) -> None:
    with connection.cursor() as cursor:
        for table, (columns, lines) in rows.items():
            names = ", ".join(connection.ops.quote_name(name) for name in columns)
            step = max(1, _PARAMETERS // len(columns))
            for start in range(0, len(lines), step):
                part = lines[start : start + step]
                one = f"({', '.join(['%s'] * len(columns))})"
                values = [value for line in part for value in line]
                lines_of = ", ".join([one] * len(part))
                cursor.execute(f"INSERT INTO {table} ({names}) VALUES {lines_of}", values)  # noqa: S608
