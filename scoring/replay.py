"""Recompute a ranking by hand: `python -m scoring.replay season.json > ranking.csv`.

Standard library and the pure rules only, so that a jury can run it anywhere. Reads `wuxiao-season/1`, writes CSV in
UTF-8 with LF. A file it cannot count: one sentence on standard error, exit status 2, nothing on standard output.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from scoring.rules.ranking import rank
from scoring.rules.season import SeasonError, parse_season, ranking_csv


def ranking_of(data: bytes) -> bytes:
    """The ranking of a season file, as bytes to write; raises SeasonError."""
    season = parse_season(data)
    return ranking_csv(rank(season.sheets, season.policy, season.tiers, season.rubric)).encode("utf-8")


def main(arguments: Sequence[str]) -> int:
    if len(arguments) != 1:
        return _refuse("用法：python -m scoring.replay season.json > ranking.csv")
    try:
        ranking = ranking_of(Path(arguments[0]).read_bytes())
    except SeasonError as error:
        return _refuse(str(error))
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL
        return _refuse(f"{arguments[0]!a}：无法读取（{getattr(error, 'strerror', None) or error}）。")
    sys.stdout.buffer.write(ranking)
    sys.stdout.buffer.flush()
    return 0


def _refuse(sentence: str) -> int:
    sys.stderr.buffer.write(f"{sentence}\n".encode("utf-8", "backslashreplace"))
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
