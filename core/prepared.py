"""Queries whose shape never changes, built and compiled once a process: from then on only their values differ.

Django builds and compiles a statement anew each time, which takes it longer than PostgreSQL takes to answer. Here both
are done at the first call; what comes back are the rows of the same queryset, as the same models. Decision 93.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from copy import copy
from inspect import Parameter, signature
from typing import Any, NamedTuple

from django.db import connections
from django.db.models import Model
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

Build = Callable[..., Any]
_MARK = 2**62  # larger than any key: by these numbers the places of the values are found in the compiled statement


class Prepared:
    """`build` makes a queryset of keys, each of them a value in its statement that decides nothing of its shape.

    What does decide are the arguments after a star: each combination of them is a statement of its own. Called with
    both, it answers with the rows. Nothing in it may depend on the time.
    """

    def __init__(self, build: Build) -> None:
        self.build = build
        parameters = signature(build).parameters.values()
        self._keys = [one.name for one in parameters if one.kind is not Parameter.KEYWORD_ONLY]
        self._patterns: dict[Hashable, _Pattern] = {}

    def __call__(self, **values: int | str) -> list[Any]:
        keys = {name: values.pop(name) for name in self._keys}
        shape = tuple(values.items())
        if shape not in self._patterns:
            self._patterns[shape] = _Pattern(self.build, self._keys, values)
        return self._patterns[shape].rows(keys)

    def first(self, **values: int | str) -> Any:
        """The first row, or None."""
        return next(iter(self(**values)), None)


def as_prefetched(instance: Model, name: str, rows: list[Any]) -> None:
    """As if they had been prefetched: `instance.<name>.all()` answers with these rows."""
    held = getattr(instance, name).get_queryset()
    held._result_cache, held._prefetch_done = rows, True
    instance.__dict__.setdefault("_prefetched_objects_cache", {})[name] = held


class _Key(NamedTuple):
    """At the place of a value in a statement: the key that it is, and as a number or as a text."""

    name: str
    kind: type[int] | type[str]


class _Pattern:
    """The compiled statement of a queryset, and which of its values are keys."""

    def __init__(self, build: Build, keys: list[str], shape: dict[str, Any]) -> None:
        numbers = {name: _MARK + place for place, name in enumerate(keys)}
        self._queryset = build(**numbers, **shape)
        marks = {kind(number): _Key(name, kind) for name, number in numbers.items() for kind in (int, str)}
        self._locks = self._queryset.query.select_for_update
        self.compiler = self._queryset.query.get_compiler(using=self._queryset.db)
        self.sql, params = self.compiler.as_sql()
        self._params = [marks.get(one, one) if isinstance(one, int | str) else one for one in params]
        if {one.name for one in self._params if isinstance(one, _Key)} != set(keys):
            raise TypeError("a prepared query uses each of its keys as a value")
        self._queryset._query = _Filled(self, ())

    def rows(self, keys: dict[str, int | str]) -> list[Any]:
        if self._locks and connections[self._queryset.db].get_autocommit():
            raise TransactionManagementError("rows are locked in a transaction")  # Django looks when it compiles
        filled = self._queryset._clone()
        filled._query = _Filled(
            self, tuple(one.kind(keys[one.name]) if isinstance(one, _Key) else one for one in self._params)
        )
        return list(filled)


class _Filled:
    """Stands in a queryset where its query stood, with the values of one call."""

    def __init__(self, pattern: _Pattern, params: tuple[Any, ...]) -> None:
        self._pattern, self._params = pattern, params

    def chain(self) -> _Filled:
        return self

    def get_compiler(self, using: str, **_: Any) -> SQLCompiler:
        """A copy each time: a connection belongs to one thread."""
        compiler = copy(self._pattern.compiler)
        compiler.connection = connections[using]
        compiler.as_sql = lambda *_, **__: (self._pattern.sql, self._params)
        return compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pattern.compiler.query, name)
