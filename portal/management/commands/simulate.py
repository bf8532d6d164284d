"""`manage.py simulate --units 219 --achievements 1068 --experts 50 --sheets 5 --seed 7`: a season of any size."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import Refusal
from portal.simulation.season import Size, simulate
from scoring.rules.assignment import ImpossibleAssignment


class Command(BaseCommand):
    help = "在数据库中生成一届任意规模的竞赛（已受理并评分），用于测量；同一种子得到同样的内容。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--units", type=int, default=219, help="基层单位数")
        parser.add_argument("--achievements", type=int, default=1068, help="受理的成果数")
        parser.add_argument("--experts", type=int, default=50, help="评委数")
        parser.add_argument("--sheets", type=int, default=5, help="每项成果的评分表数")
        parser.add_argument("--seed", type=int, default=7, help="随机种子")
        parser.add_argument("--open-sheets", type=int, default=0, help="另设一轮，留下这么多份未评的评分表")

    def handle(self, *args: Any, **options: Any) -> None:
        size = Size(*(options[key] for key in ("units", "achievements", "experts", "sheets", "seed", "open_sheets")))
        if size.experts < size.sheets or min(size.units, size.achievements, size.sheets) < 1:
            raise CommandError("单位、成果、评分表数至少为 1，评委数不得少于每项成果的评分表数。")
        try:
            contest = simulate(size)
        except (Refusal, ImpossibleAssignment) as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"已生成：{contest}，成果 {contest.achievements.count()} 项。")
