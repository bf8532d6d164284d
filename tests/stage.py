"""Fixtures: one cast for a module of tests, and a scene of its own for each test. conftest.py files import them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cast import Cast, assemble, scene, stage


@pytest.fixture
def db() -> None:
    """pytest-django prepares the database for whoever names this; its own would close the stage's connection."""


@pytest.fixture(scope="module")
def files_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="module")
def troupe(django_db_setup: None, django_db_blocker: Any, files_root: Path) -> Iterator[Cast]:
    """The cast, assembled once a module."""
    with stage(django_db_blocker, files_root):
        yield assemble()


@pytest.fixture(scope="module")
def bare(django_db_setup: None, django_db_blocker: Any, files_root: Path) -> Iterator[None]:
    """A stage with nobody on it."""
    with stage(django_db_blocker, files_root):
        yield


@pytest.fixture
def cast(db: None, private_files: None, troupe: Cast, files_root: Path, settings: Any) -> Iterator[Cast]:
    """The same cast; whatever this test writes is taken back at its end."""
    settings.MEDIA_ROOT = files_root
    with scene():
        yield troupe
