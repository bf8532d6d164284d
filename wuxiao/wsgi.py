"""The door for the web server; on the in-process broker it also starts the worker."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuxiao.settings")

application = get_wsgi_application()

from wuxiao.embedded import start_once  # noqa: E402  the apps must be loaded first
from wuxiao.garbage import settle  # noqa: E402

start_once()
settle()
