"""The demo's invented places: the real counties of 晋城 as administrative names, every company and unit invented."""

from __future__ import annotations

from dataclasses import dataclass

from portal.demo.corpus.dice import dice


@dataclass(frozen=True)
class Place:
    """One node of the tree; `trade` picks the texts that suit it, `industry` is the preset's code."""

    key: str
    name: str
    short_name: str
    parent_key: str
    level: str
    line: str
    nature: str
    ownership: str
    industry: str
    trade: str
    head_count: int
    participants: int


def _desk(key: str, name: str, short: str, level: str, line: str = "union") -> Place:
    return Place(key, name, short, "host", level, line, "union_body", "", "public_service", "office", 24, 18)


HOST = Place(
    "host", "晋城市总工会", "市总工会", "", "host", "union", "union_body", "", "public_service", "office", 60, 0
)

DESKS = (
    _desk("chengqu", "城区总工会", "城区", "county"),
    _desk("zezhou", "泽州县总工会", "泽州县", "county"),
    _desk("gaoping", "高平市总工会", "高平市", "county"),
    _desk("yangcheng", "阳城县总工会", "阳城县", "county"),
    _desk("lingchuan", "陵川县总工会", "陵川县", "county"),
    _desk("qinshui", "沁水县总工会", "沁水县", "county"),
    _desk("jinfeng", "晋丰能源集团工会", "晋丰集团", "industry_group"),
    _desk("danhe", "丹河化工集团工会", "丹河集团", "industry_group"),
    _desk("taixing", "太行机械产业工会", "太行机械", "industry_group"),
    _desk("dianli", "电力产业工会", "电力产业", "industry_group"),
    _desk("youth", "共青团晋城市委员会", "团市委", "partner", "youth_league"),
    _desk("science", "晋城市科学技术协会", "市科协", "partner", "science_association"),
    _desk("women", "晋城市妇女联合会", "市妇联", "partner", "women_federation"),
)

# key, name, short name, parent, line, nature, ownership, industry, trade, staff, participants in per cent
_UNITS = (
    ("beishan", "高平北山煤业工会", "北山煤业", "gaoping", "union", "enterprise", "state", "coal", "coal_mine", 2180, 88),
    ("shenxi", "高平神溪铸造有限公司工会", "神溪铸造", "gaoping", "union", "enterprise", "non_public", "machinery", "foundry", 460, 64),
    ("gaopingyy", "高平市第二人民医院工会", "高平二院", "gaoping", "union", "public_institution", "", "health", "hospital", 610, 72),
    ("lanhua", "泽州岚华煤矿工会", "岚华煤矿", "zezhou", "union", "enterprise", "state", "coal", "coal_mine", 1640, 91),
    ("bagong", "泽州巴岭机械制造有限公司工会", "巴岭机械", "zezhou", "union", "enterprise", "non_public", "machinery", "machinery", 380, 66),
    ("zhoucun", "泽州周岭水泥有限公司工会", "周岭水泥", "zezhou", "union", "enterprise", "non_public", "building_materials", "cement", 320, 61),
    ("gongjiao", "城区公共交通有限公司工会", "城区公交", "chengqu", "union", "enterprise", "state", "transport", "bus", 940, 83),
    ("chengyiyuan", "城区妇幼保健院工会", "城区妇幼", "chengqu", "union", "public_institution", "", "health", "hospital", 410, 75),
    ("huanwei", "城区环境卫生服务中心工会", "城区环卫", "chengqu", "union", "public_institution", "", "public_service", "sanitation", 780, 58),
    ("yangchengtc", "阳城润泽陶瓷有限公司工会", "润泽陶瓷", "yangcheng", "union", "enterprise", "non_public", "building_materials", "ceramics", 720, 63),
    ("yangchengdc", "阳城蟒河发电有限公司工会", "蟒河发电", "yangcheng", "union", "enterprise", "state", "power", "power_plant", 860, 92),
    ("yangchengsc", "阳城析城蚕桑合作社工会", "析城蚕桑", "yangcheng", "union", "enterprise", "collective", "agriculture", "farm", 96, 70),
    ("lingchuanly", "陵川棋岭供热有限公司工会", "棋岭供热", "lingchuan", "union", "enterprise", "state", "public_service", "heating", 210, 86),
    ("lingchuanzx", "陵川职业技术学校工会", "陵川职校", "lingchuan", "union", "public_institution", "", "education", "school", 180, 71),
    ("qinshuiqy", "沁水端氏煤层气有限公司工会", "端氏煤层气", "qinshui", "union", "enterprise", "state", "power", "gas", 540, 90),
    ("qinshuimy", "沁水历山煤业工会", "历山煤业", "qinshui", "union", "enterprise", "state", "coal", "coal_mine", 1260, 89),
    ("jf1", "晋丰一矿工会", "晋丰一矿", "jinfeng", "union", "enterprise", "state", "coal", "coal_mine", 3120, 93),
    ("jf2", "晋丰二矿工会", "晋丰二矿", "jinfeng", "union", "enterprise", "state", "coal", "coal_mine", 2870, 94),
    ("jfxm", "晋丰选煤厂工会", "晋丰选煤", "jinfeng", "union", "enterprise", "state", "coal", "washery", 640, 90),
    ("dh1", "丹河化肥公司工会", "丹河化肥", "danhe", "union", "enterprise", "state", "chemical", "chemical", 1480, 88),
    ("dh2", "丹河精细化工公司工会", "丹河精化", "danhe", "union", "enterprise", "state", "chemical", "chemical", 560, 84),
    ("tx1", "太行液压件有限公司工会", "太行液压", "taixing", "union", "enterprise", "non_public", "machinery", "machinery", 430, 68),
    ("tx2", "太行特钢有限公司工会", "太行特钢", "taixing", "union", "enterprise", "state", "metallurgy", "steel", 1750, 90),
    ("dl1", "泽云供电公司工会", "泽云供电", "dianli", "union", "enterprise", "state", "power", "grid", 690, 95),
    ("dl2", "丹源热电有限公司工会", "丹源热电", "dianli", "union", "enterprise", "state", "power", "power_plant", 520, 91),
    ("yuanqu", "晋城光机电青年创业园", "光机电青创园", "youth", "youth_league", "enterprise", "non_public", "machinery", "machinery", 260, 60),
    ("gaozhuan", "太行职业技术学院团委", "太行职院", "youth", "youth_league", "vocational_college", "", "education", "school", 820, 55),
    ("ezhan1", "巴公镇北村乡村e站", "北村e站", "science", "science_association", "rural_e_station", "", "agriculture", "farm", 38, 90),
    ("ezhan2", "礼义镇东沟乡村e站", "东沟e站", "science", "science_association", "rural_e_station", "", "agriculture", "farm", 26, 92),
    ("jinguo", "巾帼家政服务有限公司妇联", "巾帼家政", "women", "women_federation", "enterprise", "non_public", "public_service", "service", 150, 62),
)  # fmt: skip

_DIRECT = (
    ("renmin", "晋城市第三人民医院工会", "市三院", "union", "public_institution", "health", "hospital", 1320, 78),
    ("shuiwu", "晋城市供水有限公司工会", "市供水", "union", "enterprise", "public_service", "water", 680, 90),
    ("jixiao", "晋城市高级技工学校工会", "市技校", "union", "vocational_college", "education", "school", 540, 74),
)

_TEAMS = (
    ("jf1_jd", "晋丰一矿机电队", "机电队", "jf1", "coal_mine", 86),
    ("jf1_zc", "晋丰一矿综采一队", "综采一队", "jf1", "coal_mine", 112),
    ("dl1_bd", "泽云供电公司变电运维班", "变电运维班", "dl1", "grid", 24),
)


def demo_places() -> tuple[Place, ...]:
    """The host, its desks, 33 units and three teams; parents stand before their children."""
    return (HOST, *DESKS, *map(_unit, _UNITS), *map(_direct, _DIRECT), *map(_team, _TEAMS))


def _unit(row: tuple[str, str, str, str, str, str, str, str, str, int, int]) -> Place:
    key, name, short, parent, line, nature, ownership, industry, trade, staff, share = row
    return Place(
        key, name, short, parent, "grassroots", line, nature, ownership, industry, trade, staff, staff * share // 100
    )


def _direct(row: tuple[str, str, str, str, str, str, str, int, int]) -> Place:
    key, name, short, line, nature, industry, trade, staff, share = row
    ownership = "state" if nature == "enterprise" else ""
    participants = staff * share // 100
    return Place(key, name, short, "host", "direct", line, nature, ownership, industry, trade, staff, participants)


def _team(row: tuple[str, str, str, str, str, int]) -> Place:
    key, name, short, parent, trade, staff = row
    industry = "coal" if trade == "coal_mine" else "power"
    return Place(key, name, short, parent, "team", "union", "enterprise", "state", industry, trade, staff, staff)


def grown(units: int, seed: int) -> tuple[Place, ...]:
    """The same desks with as many grassroots units as wanted, unique names, for the simulator."""
    rng = dice("grown", seed)
    patterns = [_unit(row) for row in _UNITS]
    made = [_another(patterns[i % len(patterns)], i // len(patterns), rng.randint(40, 3200)) for i in range(units)]
    return (HOST, *DESKS, *made)


def _another(pattern: Place, generation: int, staff: int) -> Place:
    """Generation 0 is the pattern itself; later ones are its branches by number."""
    if generation == 0:
        return pattern
    branch = f"第{generation + 1}分公司" if pattern.nature == "enterprise" else f"第{generation + 1}院区"
    key, name, short = f"{pattern.key}-{generation}", f"{pattern.name}（{branch}）", f"{pattern.short_name}{generation + 1}"
    participants = staff * 80 // 100
    fields = (pattern.level, pattern.line, pattern.nature, pattern.ownership, pattern.industry, pattern.trade)
    return Place(key, name, short, pattern.parent_key, *fields, staff, participants)
