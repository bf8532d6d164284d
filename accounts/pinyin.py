"""What Chinese names are sorted by, with the readings that the general dictionary gets wrong."""

from pypinyin import lazy_pinyin, load_phrases_dict

LONGEST = 255
load_phrases_dict({"长治": [["cháng"], ["zhì"]], "洪洞": [["hóng"], ["tóng"]], "繁峙": [["fán"], ["shì"]]})
SURNAMES = {
    "单": "shan",
    "解": "xie",
    "仇": "qiu",
    "查": "zha",
    "曾": "zeng",
    "区": "ou",
    "朴": "piao",
    "翟": "zhai",
    "盖": "ge",
    "乐": "yue",
    "覃": "qin",
    "员": "yun",
    "缪": "miao",
    "卜": "bu",
}


def sort_key(name: str) -> str:
    """Of an organisation: 泽州县 → "ze zhou xian"; cut to the column's length."""
    return " ".join(" ".join(lazy_pinyin(name)).lower().split())[:LONGEST]


def person_key(name: str) -> str:
    """Of a person, whose first character is read as a surname: 单丽 → "shan li"."""
    surname = SURNAMES.get(name[:1])
    return f"{surname} {sort_key(name[1:])}" if surname else sort_key(name)
