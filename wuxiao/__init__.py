"""The project: settings, URL table, Celery app, doors to the servers."""

from wuxiao.celery import app as celery_app

__all__ = ["celery_app"]
