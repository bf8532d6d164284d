"""Numbers and names that people type: brought to one form and checked. Every refusal is one Chinese sentence."""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass


class IdentifierError(ValueError):
    """What was typed cannot be taken; str() is the sentence for the field."""


# --- patents (domain.md 3.10, ZC 0006-2003) ---------------------------------------------------------

_TYPES = {"1": "发明", "2": "实用新型", "3": "外观设计", "8": "发明（PCT）", "9": "实用新型（PCT）"}
_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_NUMBER = re.compile(r"(?:ZL|CN)?(\d{12}|\d{8})\.?([\dX])")
_PUBLICATION = re.compile(r"CN\d{7,9}[ABCSUY]\d?")
_PATENT_NOISE = re.compile(r"^专利号?:?|[\s\u200b-\u200f\u2060\ufeff]")
_ASK = "证书确为此号的，请先不填专利登记入库，再向竞赛办公室申请准予。"
_PATENT_HELP = "专利号应为“ZL”加12位数字（2003年10月以前为8位）、小数点和1位校验位，例如 ZL201710601862.3"


@dataclass(frozen=True)
class PatentNumber:
    """A Chinese application number whose check digit holds; `type_digit` 1, 2, 3, 8 or 9."""

    digits: str
    check: str

    @property
    def number(self) -> str:
        return f"{self.digits}.{self.check}"

    @property
    def canonical(self) -> str:
        """As a granted patent is written: `ZL201710601862.3`."""
        return f"ZL{self.number}"

    @property
    def year(self) -> int:
        """Of the application."""
        return int(self.digits[:4]) if len(self.digits) == 12 else 1900 + _two_digits(self.digits)

    @property
    def type_digit(self) -> str:
        return self.digits[4 if len(self.digits) == 12 else 2]

    @property
    def type_name(self) -> str:
        return _TYPES[self.type_digit]


def _two_digits(digits: str) -> int:
    short = int(digits[:2])
    return short if short >= 85 else short + 100


def check_digit(digits: str) -> str:
    """Of 8 or 12 digits: the sum weighted 2..9 (then 2..5), modulo 11; ten is written X."""
    rest = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False)) % 11
    return "X" if rest == 10 else str(rest)


def parse_patent(text: str, *, check: bool = True) -> PatentNumber:
    """Spaces, full width, a missing point or prefix and a lower x are taken; IdentifierError says what is wrong.

    Without `check` the check digit is not asked about: the office has looked at the certificate (domain.md 3.10).
    """
    plain = _PATENT_NOISE.sub("", _half_width(text).strip()).upper().replace("。", ".")
    if _PUBLICATION.fullmatch(plain):
        raise IdentifierError(f"“{text.strip()}”是公告号，不是专利号；{_PATENT_HELP}。")
    match = _NUMBER.fullmatch(plain)
    if match is None:
        raise IdentifierError(f"{_PATENT_HELP}。")
    number = PatentNumber(match[1], match[2])
    _check_patent(number, check)
    return number


def _check_patent(number: PatentNumber, check: bool) -> None:
    old = len(number.digits) == 8
    if not (1985 <= number.year <= 2003 if old else 2003 <= number.year <= 2100):
        raise IdentifierError("专利号开头的年份不对，请对照专利证书核对。")
    if number.type_digit not in _TYPES:
        raise IdentifierError(f"专利号中表示种类的第{3 if old else 5}位只能是1、2、3、8、9，请对照专利证书核对。")
    if check and check_digit(number.digits) != number.check:
        raise IdentifierError(f"专利号“{number.canonical}”的校验位不对，请对照专利证书逐位核对；{_ASK}")


# --- names (民委发〔2016〕33号, domain.md 3.9) -----------------------------------------------------------

_DOTS = dict.fromkeys(map(ord, "•‧∙⋅・･．.●・‧"), "·")
_RADICALS = re.compile("[\u2f00-\u2fd5]")
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_AROUND_HAN = re.compile(rf"(?<=[{_HAN}·]) +| +(?=[{_HAN}·])")
_NAME_CHARACTER = re.compile(rf"[{_HAN}{_LATIN} ·'\-]")
_NAME = re.compile(rf"[{_HAN}{_LATIN}]+(?:[ ·'\-][{_HAN}{_LATIN}]+)*")
_BETWEEN = re.compile(rf"[、,;/&\n]|(?<=[{_HAN}]{{2}})\s*[和与]\s*(?=[{_HAN}]{{2}})")
_TWO_HAN = re.compile(rf"[{_HAN}]{{2}}")
_DOUBLE_SURNAME = re.compile(
    "欧阳|司马|上官|诸葛|皇甫|尉迟|公孙|慕容|司徒|司空|令狐|夏侯|东方|西门|南宫|长孙|宇文|轩辕|端木|独孤|呼延|申屠|闻人|"
    "澹台|钟离|太史|公冶|濮阳|淳于|单于|赫连|公羊|拓跋|百里|东郭|纳兰|完颜|贺兰|万俟|太叔|鲜于|闾丘|司寇"
)
_SEVERAL = "此处只填 1 人的姓名；一个人的姓名中间不用空格，少数民族姓名用“·”分隔。"
ONE_LEADER = "每项成果只能有 1 名项目带头人，其他人请填为成员；一个人的姓名中间不用空格，少数民族姓名用“·”分隔。"


def normalise_name(text: str) -> str:
    """One form of a name: `·` U+00B7 for every dot, no blank beside a Han character, radicals copied from a PDF as Han.

    Compatibility ideographs stay as typed: a name is not ours to respell.
    """
    return _AROUND_HAN.sub("", " ".join(_plain_name(text).split()))


def _plain_name(text: str) -> str:
    """One `·`, with nothing around it; other blanks as they were typed."""
    plain = _RADICALS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), _half_width(text))
    return re.sub(r"\s*·\s*", "·", plain.replace("’", "'").translate(_DOTS))


def names_several(text: str) -> bool:
    """Do two persons stand in the text: joined by a sign, 和, 与, or a blank between two names of Han?

    A blank beside a single character or behind a double surname is padding (张 三, 欧阳 娜娜), one between Latin words
    belongs to the name.
    """
    pieces = [piece.strip(" ·") for piece in _BETWEEN.split(_half_width(text))]
    if sum(map(bool, pieces)) > 1:
        return True
    words = _plain_name(text).split()
    return any(
        _TWO_HAN.search(one) and _TWO_HAN.search(next_one) and not _DOUBLE_SURNAME.fullmatch(one)
        for one, next_one in itertools.pairwise(words)
    )


def validate_leader(text: str) -> str:
    """validate_name, with the sentence of the one leader (002 附件1 一(一)5)."""
    if names_several(text):
        raise IdentifierError(ONE_LEADER)
    return validate_name(text)


def validate_name(text: str) -> str:
    """The normalised name of one person, or IdentifierError: 2 to 50 characters, Han of any plane, Latin, `·`."""
    if names_several(text):
        raise IdentifierError(_SEVERAL)
    name = normalise_name(text)
    if not 2 <= len(name) <= 50:
        raise IdentifierError("姓名应为2至50个字。")
    for place, character in enumerate(name, 1):
        if not _NAME_CHARACTER.match(character):
            raise IdentifierError(f"姓名第{place}个字“{character}”不能识别，请填写汉字或字母，分隔用“·”。")
    if not _NAME.fullmatch(name):
        raise IdentifierError("姓名中的分隔符“·”应单独用在两个字之间。")
    return name


# --- telephones --------------------------------------------------------------------------------------

_PHONE_NOISE = re.compile(r"[\s()（）\u200b-\u200f\u2060\ufeff]")
_COUNTRY = re.compile(r"^(?:\+86|0086)-?")
_MOBILE = re.compile(r"(1[3-9]\d)-?(\d{4})-?(\d{4})")
_LANDLINE = re.compile(r"(010|02\d|0[3-9]\d\d)-?([2-9]\d{6,7})(?:(?:-|转|分机|,)(\d{1,6}))?")
_SERVICE = re.compile(r"([48]00)-?(\d{3})-?(\d{4})")


def normalise_phone(text: str) -> str:
    """`13800001234`, `0356-2025123`, `0356-2025123-801` or `400-800-1234`; IdentifierError if it is none of them."""
    plain = _COUNTRY.sub("", re.sub("[—–−‐‑]+", "-", _PHONE_NOISE.sub("", _half_width(text))))
    if match := _MOBILE.fullmatch(plain):
        return "".join(match.groups())
    if match := _LANDLINE.fullmatch(plain) or _SERVICE.fullmatch(plain):
        return "-".join(part for part in match.groups() if part)
    if re.fullmatch(r"[2-9]\d{6,7}", plain):
        raise IdentifierError("固定电话请加区号，例如 0356-2025123。")
    raise IdentifierError("联系电话应为11位手机号，或区号加固定电话，例如 0356-2025123。")


def mask_phone(phone: str) -> str:
    """Of a normalised number, for lists: `138****1234`, `0356-****123` (domain.md 3.13)."""
    if _MOBILE.fullmatch(phone):
        return f"{phone[:3]}****{phone[-4:]}"
    area, _, rest = phone.partition("-")
    return f"{area}-****{rest[-3:]}" if rest else "****"


def _half_width(text: str) -> str:
    """Full-width ASCII and the ideographic space as their half-width selves; nothing else is touched."""
    return "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else " " if c == "\u3000" else c for c in text)
