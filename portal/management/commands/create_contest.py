"""`manage.py create_contest --preset jincheng-2021 --year 2026`: the preset's rules, every date shifted."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contests.rules import preset as presets
from core.errors import Refusal
from portal.actions.contests import create_contest


class Command(BaseCommand):
    help = "按方案文件建立一届竞赛；方案有误时说明文件、键和原因，什么也不写入。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--preset", required=True, help="方案名（contests/presets 下）或 .toml 文件路径")
        parser.add_argument("--year", type=int, help="年度；缺省为方案自己的年度")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            chosen = _read(options["preset"])
            contest = create_contest(None, chosen if options["year"] is None else chosen.shifted(options["year"]))
        except (presets.PresetError, Refusal) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"已建立：{contest}，编号 {contest.pk}，共 {contest.phases.count()} 个阶段。")


def _read(wanted: str) -> presets.Preset:
    return presets.load(wanted) if wanted.endswith(".toml") else presets.named(wanted)
