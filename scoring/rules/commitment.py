"""评审承诺: secrecy, recusal, no solicitation. Accepted once a season before the first sheet is opened.

A changed text is a new version; the old ones stay here, so that what somebody accepted can always be shown again.
(国科发监〔2020〕360号 on 请托 in reviews; rules.md "Persons and penalties".)
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Commitment:
    """One version: `points` are (heading, sentence)."""

    version: int
    points: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """What is hashed into the ledger."""
        return "\n".join(f"{heading}：{sentence}" for heading, sentence in self.points)


VERSIONS: dict[int, Commitment] = {
    1: Commitment(
        1,
        (
            (
                "保密",
                "不向任何人透露参评情况、评审材料、评分和评审意见；不复制、留存或转发评审材料，评审结束后不再使用。",
            ),
            (
                "回避",
                "本人现在或近几年任职的单位完成的成果、本人参与的成果，以及与本人有其他利害关系的成果，主动申报回避，不评分。",
            ),
            ("不请托", "不接受任何单位和个人的请托、说情和馈赠，不为他人打探评审信息；遇有请托，如实报告竞赛办公室。"),
            (
                "公正",
                "依据评审材料和评分标准独立评分，不与其他评委商议分数；发现数据存疑或不符合申报条件的，如实写明。",
            ),
        ),
    )
}
CURRENT = VERSIONS[max(VERSIONS)]
