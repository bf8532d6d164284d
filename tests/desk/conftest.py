"""The tests of the desk play on one stage a module."""

from tests.stage import bare, cast, db, files_root, troupe

__all__ = ["bare", "cast", "db", "files_root", "troupe"]
