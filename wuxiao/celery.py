"""The Celery application. The same tasks run on Redis and on the broker inside the web process."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuxiao.settings")

app = Celery("wuxiao")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
