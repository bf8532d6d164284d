"""`manage.py index_duplicates`: index every work of the pool anew, for data that did not come in through the desk."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from submissions.actions import indexing
from submissions.lifecycle import Status
from submissions.models import Achievement


class Command(BaseCommand):
    help = "重建查重索引：已登记入库的全部成果。可以反复运行。"

    def handle(self, *_args: Any, **_options: Any) -> None:
        works = Achievement.objects.exclude(status=Status.DRAFT).order_by("pk").values_list("pk", flat=True)
        self.stdout.write(f"已为 {indexing.reindex_many(works)} 项成果建立查重索引。")
