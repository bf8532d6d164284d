"""`manage.py find_duplicates` as anybody runs it: a process of its own, plain files, CSV or one sentence."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from tests.rules.submissions.planted import changed, lines, once, words

ROOT = Path(__file__).resolve().parents[3]
NO_DATABASE = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "SECRET_KEY": "a key of no use to anybody " * 3}
HEADER = b"new_id,old_id,similarity\n"


def find(corpus: Path, new: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "manage.py", "find_duplicates", "--corpus", str(corpus), "--new", str(new)],
        cwd=ROOT,
        env=os.environ | NO_DATABASE | environment,
        capture_output=True,
        check=False,
        timeout=120,
    )


def jsonl(path: Path, rows: list[dict[str, str]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    works = once(Random("files"))
    rng = Random("changes")
    vocabulary = words(works[0].text, rng)
    new = [{"id": f'新,"{at}"', "title": "", "text": changed(works[at].text, 10, rng, vocabulary)} for at in (50, 60)]
    return jsonl(tmp_path / "old.jsonl", list(lines(works[40:], "旧"))), jsonl(tmp_path / "new.jsonl", new)


@pytest.mark.parametrize("environment", [{}, {"LC_ALL": "C", "PYTHONUTF8": "0"}, {"PYTHONIOENCODING": "latin-1"}])
def test_pairs_are_printed_as_csv_in_utf8(files, environment):
    run = find(*files, **environment)
    assert (run.returncode, run.stderr) == (0, b"")
    assert run.stdout.startswith(HEADER)
    assert b"\r" not in run.stdout
    rows = list(csv.DictReader(run.stdout.decode().splitlines()))
    assert [(row["new_id"], row["old_id"]) for row in rows] == [('新,"50"', "旧10"), ('新,"60"', "旧20")]
    assert all(0.6 < float(row["similarity"]) <= 1 for row in rows)


def test_nothing_new_is_the_header_alone(files, tmp_path):
    empty = jsonl(tmp_path / "empty.jsonl", [])
    assert find(files[0], empty).stdout == HEADER
    assert find(empty, files[1]).stdout == HEADER


def test_a_mark_at_the_beginning_and_blank_lines_are_borne(files):
    files[1].write_bytes(b"\xef\xbb\xbf" + files[1].read_bytes().replace(b"\n", b"\r\n\r\n"))
    assert find(*files).stdout.count(b"\n") == 3


GOOD = '{"id": "1", "title": "名称", "text": "文字"}'
BAD = {
    "{": "不是有效的 JSON",
    "[" * 100_000: "不是有效的 JSON",
    "[1]": "不是 JSON 对象",
    '{"id": "2", "title": "名称"}': "缺少“text”",
    '{"id": 2, "title": "名称", "text": ""}': "“id”不是文字",
    '{"id": " ", "title": "名称", "text": ""}': "“id”是空的",
    '{"id": "2", "title": null, "text": ""}': "“title”不是文字",
    '{"id": "2", "title": "", "text": "\\ud800"}': "“text”含有不成对的代理字符",
    GOOD: "编号“1”已经出现过",
}


@pytest.mark.parametrize(("line", "reason"), BAD.items(), ids=list(BAD.values()))
def test_a_bad_line_is_refused_with_its_number_and_reason(files, line, reason):
    files[1].write_text(f"{GOOD}\n\n{line}\n", encoding="utf-8")
    refused(find(*files), f"{files[1]} 第 3 行：{reason}。")


def test_another_encoding_is_refused_with_its_line(files):
    files[0].write_bytes(GOOD.encode() + b"\n" + GOOD.replace("1", "2").encode("gb18030"))
    refused(find(*files), f"{files[0]} 第 2 行：不是 UTF-8 编码。")


def test_a_missing_file_is_refused(files, tmp_path):
    refused(find(tmp_path / "none.jsonl", files[1]), f"无法读取 {tmp_path / 'none.jsonl'}：No such file or directory。")


def refused(run: subprocess.CompletedProcess[bytes], sentence: str) -> None:
    assert run.returncode == 2
    assert run.stdout == b""
    assert run.stderr.decode() == f"CommandError: {sentence}\n"
