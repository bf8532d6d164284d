"""The whole house for a module of tests, and a scene of its own for each test."""

from typing import Any

import pytest

from tests.access.world import World, build
from tests.cast import Cast
from tests.stage import bare, cast, db, files_root, troupe

__all__ = ["bare", "cast", "db", "files_root", "troupe"]


@pytest.fixture(scope="module")
def built(troupe: Cast) -> World:
    return build(troupe)


@pytest.fixture
def world(built: World, cast: Cast, settings: Any) -> World:
    """The built world in a scene of this test's own, in the demo."""
    settings.WUXIAO_DEMO = True
    return built
