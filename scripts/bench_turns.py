"""Two seasons side by side for `make bench`: each in a database of its own, asked in turns.

The machine is shared and changes its pace by the minute. Asked one season after the other, a page would seem to grow or
to shrink with the season; asked in turns, both sizes meet the same minutes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import closing

import psycopg2
from django.db import connection

Ask = Callable[[], object]
Asks = Mapping[str, Ask]

TURNS, EACH = 12, 4


def least_ms(ask: Ask, repeat: int) -> float:
    """The quickest of `repeat` times, in milliseconds, after one that warms up."""
    ask()
    taken = []
    for _ in range(repeat):
        begun = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - begun) * 1000)
    return min(taken)


def keep(size: int) -> str:
    """The name of a copy of the database as it is now."""
    name, own = f"bench_{size}", connection.settings_dict
    connection.close()
    where = {key: own[key.upper()] for key in ("user", "password", "host", "port")}
    with closing(psycopg2.connect(dbname="postgres", **where)) as other:
        other.autocommit = True
        with other.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{own["NAME"]}"')
    return name


def use(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def in_turns(seasons: Mapping[str, Asks]) -> dict[str, dict[str, float]]:
    """Database → page → the quickest request in milliseconds; each turn asks every page of every season."""
    found: dict[str, dict[str, float]] = {name: {} for name in seasons}
    for _ in range(TURNS):
        for name, asks in seasons.items():
            use(name)
            for page, ask in asks.items():
                least = least_ms(ask, EACH)
                found[name][page] = min(least, found[name].get(page, least))
    return found
