"""Invented entries that read like real ones, to fill the papers with."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

from PIL import Image, ImageDraw

from core.spec import Picture
from documents.catalog.declarations import PLEDGE
from documents.catalog.formats import month, patent_lines, period, sealed

TITLES = [
    ("煤炭", "设备类", "采煤机摇臂齿轮箱在线油液监测装置", "韩永强", "男", "华潞能源集团第二煤矿"),
    ("电力", "工艺类", "35kV 开关柜带电除湿与温度联动控制工艺", "赵䶮", "女", "泽北供电公司变电运维中心"),
    ("化工", "环保与节能类", "合成氨尾气余热梯级回收利用", "欧阳𬭎", "男", "丹河化工有限责任公司"),
    ("冶金", "工艺类", "球磨铸铁件消失模涂料配方改进", "买买提·艾力", "男", "太行铸造股份有限公司"),
    ("机械", "产品类", "可快换刀头的液压支架阀芯专用扳手", "宋丽娜", "女", "陵川支架制造厂"),
    ("行政事业等", "成本与管理类", "门诊输液区叫号与药品双核对流程再造", "李慧敏", "女", "沁河县人民医院"),
]

SUMMARY = """采煤机摇臂齿轮箱长期在重载、粉尘环境下运行，过去靠每月取样送检判断油品状态，结果滞后5至7天，\
2020年因齿轮磨损未及时发现停机4次，累计影响生产61小时，直接损失约186万元。
本装置在回油管路加装微型磁性磨粒与含水率复合探头，井下就地判别，数据经矿用环网上传，超限即时报警。主要创新点：一是探头采用\
自清洗结构，连续运行180天无堵塞；二是以磨粒增长速率代替绝对量作为判据，误报率由12.4%降至1.3%；三是供电与采煤机本安回路共用，\
不另敷设电缆。
2020年6月在3个综采工作面应用以来，提前预警磨损7起，避免摇臂大修3台次，减少停机52小时，节约油脂1.8吨，年创经济效益\
126.40万元（经矿财务科核定），☑已用于生产，￥1,264,000。"""

RED_BACKGROUND = (200, 30, 40)


def photo(width: int = 413, height: int = 579) -> Picture:
    """A drawn head on a red ground, 2 寸 at 300 dpi."""
    image = Image.new("RGB", (width, height), RED_BACKGROUND)
    draw = ImageDraw.Draw(image)
    draw.ellipse((width * 0.3, height * 0.2, width * 0.7, height * 0.6), fill=(236, 205, 180))
    draw.pieslice((width * 0.1, height * 0.62, width * 0.9, height * 1.4), 180, 360, fill=(40, 50, 80))
    stream = io.BytesIO()
    image.save(stream, "JPEG")
    return Picture(stream.getvalue(), "image/jpeg")


def table(rows: int = 6) -> dict[str, Any]:
    patent = patent_lines([("ZL201710601862.3", date(2019, 5, 7)), ("ZL202020318862.9", date(2020, 12, 1))])
    lines = [
        {
            "number": number,
            "industry": industry,
            "category": category,
            "title": title,
            "leader": leader,
            "sex": sex,
            "patents": patent if number % 3 == 1 else patent_lines([]),
            "unit": unit,
        }
        for number in range(1, rows + 1)
        for industry, category, title, leader, sex, unit in [TITLES[(number - 1) % len(TITLES)]]
    ]
    return {"rows": lines}


def brief(**changes: object) -> dict[str, Any]:
    return {
        "dated_on": date(2021, 9, 8),
        "title": TITLES[0][2],
        "unit": TITLES[0][5],
        "leader": "韩永强",
        "period": period(date(2020, 3, 1), date(2021, 6, 30)),
        "patents": patent_lines([("ZL201710601862.3", date(2019, 5, 7))]),
        "summary": SUMMARY,
        "filled_by": "杜文娟",
        "responsible_person": "贾建平",
    } | changes


def application(**changes: object) -> dict[str, Any]:
    """新乡县's own form, with one of its two opinions."""
    return {
        "title": TITLES[0][2],
        "unit": TITLES[0][5],
        "kind": "小革新",
        "leader": "韩永强",
        "phone": "13835600000",
        "period": period(date(2020, 3, 1), date(2021, 6, 30)),
        "benefit_wan": Decimal("203.60"),
        "summary": SUMMARY,
        "benefit": "年节约成本203.60万元。",
        "unit_opinion": "同意申报。",
        "county_opinion": "",
    } | changes


def profile(**changes: object) -> dict[str, Any]:
    return {
        "name": "欧阳𬭎",
        "sex": "男",
        "birth_month": month(date(1984, 11, 3)),
        "photo": photo(),
        "title": TITLES[2][2],
        "unit": TITLES[2][5],
        "industry": "化工",
        "joined_work_in": month(date(2006, 7, 1)),
        "political_status": "中共党员",
        "professional_title": "高级工程师",
        "skill_level": "高级技师",
        "education_level": "本科",
        "phone": "13835600000",
        "highest_honour": "2019年度市五一劳动奖章",
        "biography": "1984年11月生，2006年参加工作，现任合成车间工艺主管、欧阳𬭎创新工作室领衔人。先后获授权专利6项，"
        "带徒11人，其中3人晋升高级技师。",
        "deeds": "围绕合成氨系统能耗高的难题，带领班组历时14个月完成尾气余热梯级回收改造，吨氨耗标煤下降21千克，"
        "年节约成本203.60万元。\n坚持把课题立在现场、成果用在班组，累计提出合理化建议47条，采纳39条。",
    } | changes


def winner_unit(**changes: object) -> dict[str, Any]:
    """A unit with two of its three opinions."""
    data: dict[str, Any] = {
        "unit_name": "丹河化工有限责任公司",
        "legal_representative": "欧阳𬭎",
        "nature_text": "国有企业",
        "phone": "0356-2025123",
        "head_count": 1280,
        "rate": "87.50%",
        "brief": SUMMARY,
        "unit_opinion": "同意申报。",
        "unit_opinion_tail": sealed(date(2021, 9, 3)),
        "county_opinion": "同意推荐。",
        "county_opinion_tail": sealed(date(2021, 9, 8)),
        "city_opinion": "",
        "filled_by": "宋丽娜",
        "responsible_person": "韩永强",
    }
    return data | changes


def pledge(**changes: object) -> dict[str, Any]:
    return {
        "title": TITLES[2][2],
        "unit": TITLES[2][5],
        "leader": "欧阳𬭎",
        "kind": "小革新",
        "pledge": PLEDGE,
        "filled_by": "宋丽娜",
        "responsible_person": "韩永强",
    } | changes
