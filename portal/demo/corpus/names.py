"""Invented persons. The given names are the house's own; nobody known is meant."""

from __future__ import annotations

import random
from dataclasses import dataclass


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SURNAMES = _words(
    "李 王 张 刘 陈 杨 赵 郭 牛 司 成 常 程 崔 段 樊 范 冯 高 韩 侯 贾 焦 靳 孔 梁 卢 马 孟 苗 聂 裴 秦 任 申 史 宋 苏 "
    "孙 田 魏 吴 武 席 许 薛 闫 燕 原 岳 翟 郑 周 朱 祁 茹 邢 卫 尹 延 琚 和 都 上官"
)
MEN = _words(
    "晋峰 沁生 丹岩 树堂 保田 来锁 铁成 长有 满仓 拴成 贵林 永存 云岗 鹏宇 志钢 建岭 庆丰 喜顺 福生 立岗 效东 凯峰 "
    "文斌 学勤 守正 树魁 双喜 广厚 润田 金岭 旭升 海岭 忠厚 进财 新堂 晓峰 玉柱 全胜 根旺 春生 秋林 松涛 振岗 彦林 "
    "耀祖 子恒 俊岭 少波 天佑 岭 沁 钧 磊 斌"
)
WOMEN = _words(
    "晋芳 沁梅 丹凤 秀枝 爱苗 春莲 雪琴 玉巧 素娥 月娥 香莲 改兰 巧玲 翠英 凤仙 彩霞 慧敏 雅茹 婉清 书琴 思佳 梦洁 "
    "佳慧 艳青 红梅 俊霞 海棠 桂花 秋菊 云霞 晓雯 欣蕾 瑞芳 志琴 素珍 冬梅 兰英 润莲 彦君 若溪 芳 敏 娟 蕊"
)
# Rare characters, a compound surname and the dot of a name from another language: every paper must print them.
HARD = (
    ("王䶮", "male"),
    ("李𬭎", "male"),
    ("欧阳慧茹", "female"),
    ("古丽米热·赛买提", "female"),
    ("上官沁川", "male"),
    ("巴特尔·云岗", "male"),
)
_ONE_HARD_IN = 40


@dataclass(frozen=True)
class Name:
    """`gender` as in submissions.rules.codes.GENDER."""

    name: str
    gender: str


def invented_name(rng: random.Random, women_in_ten: int = 4) -> Name:
    """A name of 2 to 50 characters; about one in forty is a hard one."""
    if rng.randrange(_ONE_HARD_IN) == 0:
        return Name(*rng.choice(HARD))
    woman = rng.randrange(10) < women_in_ten
    given = rng.choice(WOMEN if woman else MEN)
    return Name(rng.choice(SURNAMES) + given, "female" if woman else "male")


def invented_phone(rng: random.Random) -> str:
    """Of a block that stands for nobody here: 1390000 and four digits."""
    return f"1390000{rng.randrange(10_000):04d}"
