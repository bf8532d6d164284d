"""`manage.py find_duplicates --corpus old.jsonl --new new.jsonl`: the engine of the portal on plain files.

A line of either file is `{"id": "…", "title": "…", "text": "…"}`. Printed is CSV, UTF-8 with LF:
`new_id,old_id,similarity` (0.000–1.000) for every pair that an auditor would be shown. No database is asked.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from submissions.rules.duplicates.memory import Corpus, Work

_KEYS = ("id", "title", "text")
_UNUSABLE = 2  # the exit code of files that cannot be used, after one sentence that says why


class Command(BaseCommand):
    help = "对照旧成果查找新成果中的疑似重复，输出 CSV：new_id,old_id,similarity。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--corpus", type=Path, required=True, help="旧成果，JSON Lines：id、title、text")
        parser.add_argument("--new", type=Path, required=True, help="新成果，格式相同")

    def handle(self, *_args: Any, **options: Any) -> None:
        old, new = _read(options["corpus"]), _read(options["new"])
        table = _table(old, new)
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", newline="\n")
        self.stdout.write(table, ending="")


def _table(old: dict[str, Work], new: dict[str, Work]) -> str:
    corpus, ids = Corpus(list(old.values())), list(old)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["new_id", "old_id", "similarity"])
    for key, work in new.items():
        writer.writerows([key, ids[found.key], f"{found.similarity:.3f}"] for found in corpus.like(work))
    return out.getvalue()


def _read(path: Path) -> dict[str, Work]:
    """Works by id in the order of the file; CommandError names the line and what is wrong with it."""
    works: dict[str, Work] = {}
    try:
        lines = path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    except OSError as error:
        raise CommandError(f"无法读取 {path}：{error.strerror}。", returncode=_UNUSABLE) from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            key, work = _work(line)
            if key in works:
                raise ValueError(f"编号“{key}”已经出现过")
        except ValueError as error:
            raise CommandError(f"{path} 第 {number} 行：{error}。", returncode=_UNUSABLE) from error
        works[key] = work
    return works


def _work(line: bytes) -> tuple[str, Work]:
    """Raises ValueError with the reason in Chinese."""
    row = _parsed(line)
    if not isinstance(row, dict):
        raise ValueError("不是 JSON 对象")
    for key in _KEYS:
        if key not in row:
            raise ValueError(f"缺少“{key}”")
        if not isinstance(row[key], str):
            raise ValueError(f"“{key}”不是文字")
        if any("\ud800" <= char <= "\udfff" for char in row[key]):
            raise ValueError(f"“{key}”含有不成对的代理字符")
    if not row["id"].strip():
        raise ValueError("“id”是空的")
    return row["id"], Work(row["title"], row["text"])


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line.decode())
    except UnicodeDecodeError as error:
        raise ValueError("不是 UTF-8 编码") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError("不是有效的 JSON") from error
