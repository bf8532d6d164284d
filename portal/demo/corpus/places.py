"""The organisations of the demo, and a tree of any size for the simulator. All companies are invented."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from portal.demo.corpus.dice import dice

# trade -> (所属行业 of the preset, 单位性质, 所有制 where it is an enterprise)
TRADES: dict[str, tuple[str, str, str]] = {
    "coal_mine": ("coal", "enterprise", "state"),
    "washery": ("coal", "enterprise", "state"),
    "gas": ("other", "enterprise", "state"),
    "grid": ("power", "enterprise", "state"),
    "power_plant": ("power", "enterprise", "state"),
    "foundry": ("metallurgy", "enterprise", "non_public"),
    "chemical": ("chemical", "enterprise", "state"),
    "machinery": ("machinery", "enterprise", "non_public"),
    "ceramics": ("building_materials", "enterprise", "non_public"),
    "cement": ("building_materials", "enterprise", "non_public"),
    "construction": ("construction", "enterprise", "non_public"),
    "bus": ("transport", "enterprise", "state"),
    "highway": ("transport", "public_institution", ""),
    "water": ("other", "enterprise", "state"),
    "heating": ("other", "enterprise", "state"),
    "hospital": ("health", "public_institution", ""),
    "school": ("education", "vocational_college", ""),
    "e_station": ("agriculture", "rural_e_station", ""),
    "farm": ("agriculture", "enterprise", "non_public"),
    "silk": ("other", "enterprise", "non_public"),
    "garment": ("other", "enterprise", "non_public"),
    "food": ("other", "enterprise", "non_public"),
    "sanitation": ("public_service", "public_institution", ""),
    "service": ("public_service", "public_institution", ""),
}


@dataclass(frozen=True)
class Place:
    """`level`, `line`, `nature`, `ownership` as in accounts.choices; `industry` as in the preset, "" for a body.

    `trade` (a key of TRADES) chooses what is invented there; "" for a body, which has no achievements of its own.
    """

    key: str
    name: str
    short_name: str
    parent_key: str
    level: str
    line: str
    nature: str
    ownership: str
    industry: str
    head_count: int
    participants: int
    trade: str = ""

    @property
    def competes(self) -> bool:
        return bool(self.trade)


def _body(key: str, name: str, short: str, level: str, staff: int, line: str = "union") -> Place:
    parent = "" if level == "host" else "host"
    return Place(key, name, short, parent, level, line, "union_body", "", "", staff, 0)


HOST = _body("host", "晋城市总工会", "市总工会", "host", 46)
COUNTIES = (
    _body("chengqu", "晋城市城区总工会", "城区总工会", "county", 18),
    _body("zezhou", "泽州县总工会", "泽州县总工会", "county", 21),
    _body("gaoping", "高平市总工会", "高平市总工会", "county", 20),
    _body("yangcheng", "阳城县总工会", "阳城县总工会", "county", 19),
    _body("lingchuan", "陵川县总工会", "陵川县总工会", "county", 15),
    _body("qinshui", "沁水县总工会", "沁水县总工会", "county", 16),
)
GROUPS = (
    _body("yunling", "云岭煤业集团有限公司工会委员会", "云岭煤业集团工会", "industry_group", 24),
    _body("zeguang", "泽光电力集团有限公司工会委员会", "泽光电力集团工会", "industry_group", 16),
    _body("danchuan", "丹川化工集团有限公司工会委员会", "丹川化工集团工会", "industry_group", 14),
    _body("jinyue", "晋岳装备制造集团有限公司工会委员会", "晋岳装备集团工会", "industry_group", 12),
)
PARTNERS = (
    _body("youth", "共青团晋城市委员会", "团市委", "partner", 22, "youth_league"),
    _body("science", "晋城市科学技术协会", "市科协", "partner", 26, "science_association"),
    _body("women", "晋城市妇女联合会", "市妇联", "partner", 20, "women_federation"),
)
BODIES = (HOST, *COUNTIES, *GROUPS, *PARTNERS)
_LINES = {body.key: body.line for body in BODIES}

# parent, key, name, short name, trade, head-count, participants, then what differs from TRADES
_UNITS = """
yunling songyan 云岭煤业集团松岩煤矿 松岩煤矿 coal_mine 3260 2840
yunling xingping 云岭煤业集团杏坪煤矿 杏坪煤矿 coal_mine 2480 2130
yunling yunxuan 云岭煤业集团选煤厂 云岭选煤厂 washery 620 510
zeguang zepei 泽光电力集团配电公司 泽光配电公司 grid 1180 1020
zeguang zefa 泽光电力集团云岭发电有限公司 云岭发电公司 power_plant 860 720
danchuan dan1 丹川化工集团合成一厂 丹川合成一厂 chemical 1640 1390
danchuan danjing 丹川化工集团精细化工有限公司 丹川精化公司 chemical 480 360
jinyue jinzhi 晋岳装备制造集团液压支架厂 晋岳支架厂 machinery 1320 1150 ownership=state
jinyue jinzhu 晋岳装备制造集团铸造分厂 晋岳铸造分厂 foundry 540 430 ownership=state
chengqu fengming 城区凤鸣公共交通有限公司 凤鸣公交公司 bus 960 780
chengqu chengwei 城区云锦社区卫生服务中心 云锦社区卫生中心 hospital 160 118
chengqu jincheng 城区锦程服装有限公司 锦程服装公司 garment 280 190
chengqu huanwei 城区岭下环境卫生服务中心 岭下环卫中心 sanitation 420 310
zezhou tiechuan 泽州县铁川球墨铸管有限公司 铁川铸管公司 foundry 760 560
zezhou danling 泽州县丹岭煤业有限公司 丹岭煤业公司 coal_mine 890 740 ownership=collective
zezhou yueping 泽州县岳坪建筑工程有限公司 岳坪建筑公司 construction 640 420
gaoping changling 高平市长岭机械制造有限公司 长岭机械公司 machinery 410 300
gaoping jincan 高平市金蚕源丝绸有限公司 金蚕源丝绸公司 silk 360 270
gaoping bianmin 高平市便民服务综合中心 高平便民中心 service 130 104 nature=government
yangcheng youcai 阳城县釉彩陶瓷有限公司 釉彩陶瓷公司 ceramics 820 610
yangcheng lingshang 阳城县岭上水泥有限公司 岭上水泥公司 cement 390 280
lingchuan yaogu 陵川县松庙药谷农业开发有限公司 松庙药谷公司 farm 210 150
lingchuan linglu 陵川县岭南公路养护中心 岭南公路养护中心 highway 240 196
lingchuan qiling 陵川县岐岭供热有限公司 岐岭供热公司 heating 210 176
qinshui qinlan 沁水县沁岚煤层气有限公司 沁岚煤层气公司 gas 680 560
qinshui shanlihong 沁水县山里红食品有限公司 山里红食品公司 food 170 110
youth danhe 丹河理工学院 丹河理工学院 school 1260 880 nature=university
youth qinghe 青禾智造众创空间有限公司 青禾众创空间 machinery 86 62
youth beishi 北石青年电子商务有限公司 北石青年电商 food 64 41
science liuquan 泽州县柳泉村乡村e站 柳泉村e站 e_station 26 22
science songmiao 陵川县松庙村乡村e站 松庙村e站 e_station 18 16
science lichuan 高平市梨川村乡村e站 梨川村e站 e_station 21 17
women qiaoniang 阳城县巧娘手工专业合作社 巧娘手工合作社 garment 96 78 ownership=collective
host yunjin 晋城市云锦医院 云锦医院 hospital 1480 1160
host xueyuan 太行云岭职业学院 云岭职业学院 school 920 700
host qinze 晋城市沁泽供水有限公司 沁泽供水公司 water 530 410
songyan songyan-jidian 松岩煤矿机电队检修一班 机电检修一班 coal_mine 32 30
songyan songyan-zongcai 松岩煤矿综采一队生产二班 综采生产二班 coal_mine 41 36
zepei zepei-daidian 泽光配电公司带电作业班 带电作业班 grid 18 18
dan1 dan1-yibiao 丹川合成一厂仪表维修班 仪表维修班 chemical 22 20
yunjin yunjin-huli 云锦医院重症监护护理组 重症护理组 hospital 28 27
"""


def _units(rows: str) -> Iterator[Place]:
    for row in rows.strip().splitlines():
        parent, key, name, short, trade, heads, joined, *rest = row.split()
        place = _unit(key, (name, short), parent, trade, (int(heads), int(joined)))
        changed: dict[str, Any] = dict(item.split("=") for item in rest)
        yield replace(place, **changed)


def _unit(key: str, names: tuple[str, str], parent: str, trade: str, counts: tuple[int, int]) -> Place:
    """`names`: full and short; `counts`: head-count and participants. A unit under a unit is a team."""
    level = "direct" if parent == "host" else "grassroots" if parent in _LINES else "team"
    industry, nature, ownership = TRADES[trade]
    return Place(key, *names, parent, level, _LINES.get(parent, "union"), nature, ownership, industry, *counts, trade)


@cache
def demo_places() -> tuple[Place, ...]:
    """Parents stand before their children: host, counties, groups, partner lines, units, teams."""
    return (*BODIES, *_units(_UNITS))


_BRAND_A = "云岭丹泽沁岳凤松杏锦金瑞恒兴华宏鑫盛安和永长新康明晟嘉泰益正"
_BRAND_B = "源川岚坪泉峰河台林阳达隆丰通诚海光远航成原田洋辉昌润庆业宇拓"
_AREAS = ("城区", "泽州县", "高平市", "阳城县", "陵川县", "沁水县")
_AREA_KEYS = ("chengqu", "zezhou", "gaoping", "yangcheng", "lingchuan", "qinshui")
_SUFFIX = {
    "coal_mine": "煤业有限公司",
    "washery": "选煤有限公司",
    "gas": "煤层气有限公司",
    "grid": "配电服务有限公司",
    "power_plant": "热电有限公司",
    "foundry": "铸造有限公司",
    "chemical": "化工有限公司",
    "machinery": "机械制造有限公司",
    "ceramics": "陶瓷有限公司",
    "cement": "水泥有限公司",
    "construction": "建筑工程有限公司",
    "bus": "客运有限公司",
    "highway": "公路养护中心",
    "water": "供水有限公司",
    "heating": "供热有限公司",
    "hospital": "医院",
    "school": "职业学校",
    "e_station": "村乡村e站",
    "farm": "农业开发有限公司",
    "silk": "丝绸有限公司",
    "garment": "服装有限公司",
    "food": "食品有限公司",
    "sanitation": "环境卫生服务中心",
    "service": "便民服务中心",
}
# How many of some thirty grown units follow a trade.
_SHARES = {"coal_mine": 3, "machinery": 2, "foundry": 2, "hospital": 2, "e_station": 2}
_MIX = tuple(trade for trade in TRADES for _ in range(_SHARES.get(trade, 1)))
_GROUP_OF = {
    "coal_mine": "yunling",
    "washery": "yunling",
    "grid": "zeguang",
    "power_plant": "zeguang",
    "chemical": "danchuan",
    "machinery": "jinyue",
    "foundry": "jinyue",
}


def grown(units: int = 219, seed: int = 7) -> tuple[Place, ...]:
    """The bodies of the demo with `units` invented units below them; names and keys are unique.

    Raises ValueError above 20 000, where the invented names would run out.
    """
    if units > 20_000:
        raise ValueError("no more than 20 000 units")
    taken: set[str] = set()
    return (*BODIES, *(_grown_unit(number, seed, taken) for number in range(1, units + 1)))


def _grown_unit(number: int, seed: int, taken: set[str]) -> Place:
    rng = dice("place", seed, number)
    trade = rng.choice(_MIX)
    area = rng.randrange(len(_AREAS))
    brand = rng.choice(_BRAND_A) + rng.choice(_BRAND_B)
    while (name := f"{_AREAS[area]}{brand}{_SUFFIX[trade]}") in taken:
        brand = rng.choice(_BRAND_A) + rng.choice(_BRAND_B) + rng.choice(_BRAND_B)
    taken.add(name)
    parent = _parent_of(trade, area, rng.randrange(3))
    heads = rng.randrange(12, 40) if trade == "e_station" else rng.randrange(60, 2600, 10)
    short = name.removeprefix(_AREAS[area]).replace("有限公司", "公司")
    return _unit(f"u{number:05d}", (name, short), parent, trade, (heads, heads * rng.randrange(55, 96) // 100))


def _parent_of(trade: str, area: int, draw: int) -> str:
    """An e-station belongs to 科协, a school to 团市委 or the city; a third of a group's trade belongs to the group."""
    if trade == "e_station":
        return "science"
    if trade == "school":
        return ("youth", "host", _AREA_KEYS[area])[draw]
    if trade == "garment" and draw == 0:
        return "women"
    return _GROUP_OF.get(trade, _AREA_KEYS[area]) if draw == 0 else _AREA_KEYS[area]
