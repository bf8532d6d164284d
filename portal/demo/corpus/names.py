"""Invented persons: names put together from common parts, telephone numbers of a range that nobody owns."""

from __future__ import annotations

import random
from dataclasses import dataclass

from portal.demo.corpus.dice import dice
from submissions.rules import codes

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
_DOUBLE = ("欧阳", "上官", "司马", "诸葛", "令狐")
_MALE = "建国志强永平海军文斌晓东立新振华国庆宏伟学军保林春生金山明亮铁柱德胜长青卫东继先培根广义"
_FEMALE = "秀英丽华淑芳晓燕雪梅玉兰春花爱萍慧敏海霞建芬桂香红梅彩云素珍文静雅琴翠平"
# Hard ones: an ethnic name with its dot, two characters beyond the common planes, a long one.
_HARD = ("王䶮", "李𬭎", "阿依古丽·买买提", "欧阳晓燕", "张喆堃", "令狐建国")

_TITLES = ("工程师", "高级工程师", "助理工程师", "技术员", "主管护师", "副主任医师", "讲师", "高级讲师", "农艺师", "无")
_HONOURS = ("", "", "", "市五一劳动奖章", "公司劳动模范", "县技术能手", "市青年岗位能手", "集团先进工作者")


@dataclass(frozen=True)
class Person:
    """Codes are those of submissions.rules.codes; months are YYYY.MM."""

    name: str
    gender: str
    birth_month: str
    work_started: str
    political_status: str
    professional_title: str
    skill_level: str
    education_level: str
    phone: str
    top_honour: str


def person(*seed: object) -> Person:
    """The same person for the same seed."""
    rng = dice("person", *seed)
    gender = "male" if rng.random() < 0.72 else "female"
    born = rng.randint(1966, 1998)
    month = rng.randint(1, 12)
    return Person(
        name=_name(rng, gender),
        gender=gender,
        birth_month=f"{born}.{month:02d}",
        work_started=f"{born + rng.randint(19, 25)}.{rng.choice((3, 7, 8, 9)):02d}",
        political_status=rng.choice([code for code, _ in codes.POLITICAL_STATUS]),
        professional_title=rng.choice(_TITLES),
        skill_level=rng.choice([code for code, _ in codes.SKILL_LEVEL[2:]]),
        education_level=rng.choice([code for code, _ in codes.EDUCATION_LEVEL[2:6]]),
        phone=f"1390000{rng.randint(0, 9999):04d}",
        top_honour=rng.choice(_HONOURS),
    )


def _name(rng: random.Random, gender: str) -> str:
    if rng.random() < 0.02:
        return str(rng.choice(_HARD))
    surname = rng.choice(_DOUBLE) if rng.random() < 0.02 else rng.choice(_SURNAMES)
    given = _MALE if gender == "male" else _FEMALE
    start = rng.randrange(0, len(given) - 1, 2)
    pair = given[start : start + 2]
    if rng.random() < 0.25:
        return surname + rng.choice(pair)
    if rng.random() < 0.4:
        return surname + pair[0] + rng.choice(given)
    return surname + pair
