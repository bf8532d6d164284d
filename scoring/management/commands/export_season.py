"""The season file of a closed round, for anybody who wants to recompute the ranking (`python -m scoring.replay`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.errors import Refusal
from scoring.models import Round
from scoring.queries import board


class Command(BaseCommand):
    help = "Write the handed-in sheets of a closed round as wuxiao-season/1, to standard output or to a file."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--round", type=int, help="id of the round")
        which.add_argument("--contest", type=int, help="id of the contest: its newest closed round")
        parser.add_argument("--out", type=Path, help="file to write instead of standard output")

    def handle(self, *_args: Any, **options: Any) -> None:
        round_ = _by_id(options["round"]) if options["round"] is not None else _newest(options["contest"])
        try:
            text = board.season_file(round_)
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        if options["out"] is None:
            self.stdout.write(text, ending="")
        else:
            _write(options["out"], text)


def _by_id(pk: int) -> Round:
    round_ = Round.objects.select_related("contest", "rubric").filter(pk=pk).first()
    if round_ is None:
        raise CommandError(f"没有编号为 {pk} 的评审轮次。")
    return round_


def _newest(contest: int) -> Round:
    rounds = Round.objects.select_related("contest", "rubric").filter(contest=contest, status__in=board.RANKED)
    round_ = rounds.order_by("-pk").first()
    if round_ is None:
        raise CommandError(f"编号为 {contest} 的竞赛还没有截止的评审轮次。")
    return round_


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise CommandError(f"无法写入 {path}：{error.strerror}") from error
