"""The troupe on a stage of the module's own, with the review phase open."""

from tests.stage import bare, cast, db, files_root, troupe

__all__ = ["bare", "cast", "db", "files_root", "troupe"]
