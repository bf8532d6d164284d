"""`manage.py seed_demo`: the demo's two seasons, once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.demo.seed import is_seeded, seed


class Command(BaseCommand):
    help = "装入演示数据（两届竞赛）；已装入的不再重复。只在 WUXIAO_DEMO=1 时可用。"

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.WUXIAO_DEMO:
            raise CommandError("演示数据只能装入演示环境：请设置 WUXIAO_DEMO=1。")
        if is_seeded():
            return
        self.stdout.write("正在装入演示数据，约需一分钟……")
        seed(settings.DEMO_PASSWORD)
        self.stdout.write("演示数据已装入。")
