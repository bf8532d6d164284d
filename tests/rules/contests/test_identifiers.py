"""Patent numbers, names, telephones: one form for all the ways of typing them. Persons are invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contests.rules.identifiers import (
    IdentifierError,
    check_digit,
    mask_phone,
    normalise_name,
    normalise_phone,
    parse_patent,
    validate_leader,
    validate_name,
)


# domain.md 3.10: verified numbers
@pytest.mark.parametrize(("digits", "check"), [("201710601862", "3"), ("97101765", "4"), ("95115608", "X")])
def test_check_digits_of_real_numbers(digits: str, check: str) -> None:
    assert check_digit(digits) == check
    assert parse_patent(f"ZL{digits}.{check}").canonical == f"ZL{digits}.{check}"


@pytest.mark.parametrize(
    "typed",
    [
        "ZL201710601862.3",
        "zl201710601862.3",
        "201710601862.3",
        "2017106018623",
        "ZL2017 1 0601862.3",
        " ZL 2017 1 0601862. 3 ",
        "ＺＬ２０１７１０６０１８６２．３",
        "ZL201710601862。3",
        "专利号：ZL201710601862.3",
        "CN201710601862.3",
        "ZL201710601862.3\u200b",
        "ZL201710601862　.3",
    ],
)
def test_one_number_in_many_hands(typed: str) -> None:
    number = parse_patent(typed)
    assert number.canonical == "ZL201710601862.3"
    assert (number.number, number.year, number.type_name) == ("201710601862.3", 2017, "发明")


@pytest.mark.parametrize("typed", ["ZL95115608.X", "95115608x", "ZL95115608．ｘ"])
def test_an_old_number_with_x(typed: str) -> None:
    number = parse_patent(typed)
    assert (number.canonical, number.year, number.type_digit) == ("ZL95115608.X", 1995, "1")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("ZL201710601862.4", "校验位不对"),
        ("ZL201710601826.3", "校验位不对"),
        ("ZL95115608.0", "校验位不对"),
        ("201710601862", "小数点和1位校验位"),
        ("97101765", "小数点和1位校验位"),
        ("", "专利号应为"),
        ("已申请", "专利号应为"),
        ("ZL20171060186.3", "专利号应为"),
        ("CN107234567B", "是公告号，不是专利号"),
        ("ZL190010601862.3", "年份不对"),
        ("ZL84101765.4", "年份不对"),
        ("ZL201740601862.3", "第5位只能是"),
        ("ZL97401765.4", "第3位只能是"),
        ("ZL201710601862.3；ZL95115608.X", "专利号应为"),
    ],
)
def test_a_wrong_number_is_one_sentence(typed: str, words: str) -> None:
    with pytest.raises(IdentifierError, match=words) as refusal:
        parse_patent(typed)
    assert str(refusal.value).endswith("。")


NEW = st.builds("{}{}{:07d}".format, st.integers(2003, 2100), st.sampled_from("12389"), st.integers(0, 9_999_999))
OLD = st.builds("{}{}{:05d}".format, st.integers(85, 99), st.sampled_from("12389"), st.integers(0, 99_999))


@given(st.one_of(NEW, OLD))
def test_every_number_with_its_check_digit_is_taken(digits: str) -> None:
    number = parse_patent(digits + check_digit(digits).lower())
    assert parse_patent(number.canonical) == number
    assert number.digits == digits


@given(NEW, st.integers(5, 11), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(digits: str, place: int, by: int) -> None:
    wrong = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]
    with pytest.raises(IdentifierError):
        parse_patent(f"ZL{wrong}.{check_digit(digits)}")


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_a_sentence(typed: str) -> None:
    try:
        answer = parse_patent(typed).canonical
    except IdentifierError as error:
        answer = str(error)
    assert answer.startswith("ZL") or answer.endswith("。")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("甄小满", "甄小满"),
        (" 甄 小满 ", "甄小满"),
        ("甄　满", "甄满"),
        ("䶮云舟", "䶮云舟"),
        ("𬭎大海", "𬭎大海"),
        ("任𠮷", "任𠮷"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽‧买买提", "阿依古丽·买买提"),
        ("阿依古丽・买买提", "阿依古丽·买买提"),
        ("阿依古丽．买买提", "阿依古丽·买买提"),
        ("阿依古丽.买买提", "阿依古丽·买买提"),
        ("阿依古丽 · 买买提", "阿依古丽·买买提"),
        ("Ｊｅａｎ　 Durand", "Jean Durand"),
        ("Ana-María O’Neil", "Ana-María O'Neil"),
        ("⼤海潮", "大海潮"),  # a radical, as copied from a PDF
        ("〇一", "〇一"),
    ],
)
def test_names(typed: str, name: str) -> None:
    assert validate_name(typed) == name
    assert normalise_name(name) == name


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "2至50个字"),
        ("甄", "2至50个字"),
        ("甄" * 51, "2至50个字"),
        ("甄小满1", "第4个字“1”不能识别"),
        ("甄小满（大）", "第4个字"),
        ("甄\ue863满", "第2个字"),
        ("甄\U000e0100满", "第2个字"),
        ("·甄满", "分隔符"),
        ("甄满·", "分隔符"),
        ("甄··满", "分隔符"),
        ("甄小满；", "第4个字"),
    ],
)
def test_what_is_no_name(typed: str, words: str) -> None:
    with pytest.raises(IdentifierError, match=words) as refusal:
        validate_name(typed)
    assert str(refusal.value).endswith("。")


@pytest.mark.parametrize(
    "typed",
    ["张三 李四", "张三　李四", "张三、李四", "张三，李四", "张三,李四", "张三；李四", "张三/李四", "张三和李四",
     "张三 与 李四", "张三\n李四", "张 、李", "欧阳娜娜 司马光", "阿依古丽·买买提 吐尔逊·艾力",
     "Jean Durand, Ana María"],
)  # fmt: skip
def test_two_persons_are_no_leader(typed: str) -> None:
    with pytest.raises(IdentifierError, match="只能有 1 名项目带头人，其他人请填为成员"):
        validate_leader(typed)
    with pytest.raises(IdentifierError, match="只填 1 人"):
        validate_name(typed)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("张 三", "张三"),
        ("张　三丰", "张三丰"),
        ("欧阳 娜娜", "欧阳娜娜"),
        ("张和平", "张和平"),
        ("欧阳和平", "欧阳和平"),
        ("和 与之", "和与之"),
        ("阿依古丽 · 买买提", "阿依古丽·买买提"),
        ("布拉尼敦·和卓木", "布拉尼敦·和卓木"),
        ("Jean Durand", "Jean Durand"),
    ],
)
def test_a_padded_name_is_one_person(typed: str, name: str) -> None:
    assert validate_leader(typed) == name


def test_fifty_characters_are_a_name() -> None:
    assert len(validate_name("买" * 24 + "·" + "提" * 25)) == 50


@given(st.text(max_size=60))
def test_normalising_twice_is_normalising_once(typed: str) -> None:
    once = normalise_name(typed)
    assert normalise_name(once) == once


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("13800001234", "13800001234"),
        ("138 0000 1234", "13800001234"),
        ("138-0000-1234", "13800001234"),
        ("１３８００００１２３４", "13800001234"),
        ("+86 13800001234", "13800001234"),
        ("0086-13800001234", "13800001234"),
        ("0356-2025000", "0356-2025000"),
        ("(0356)2025000", "0356-2025000"),
        ("（０３５６）２０２５０００", "0356-2025000"),
        ("03562025000", "0356-2025000"),
        ("0356—2025000转801", "0356-2025000-801"),
        ("010-62025000", "010-62025000"),
        ("02162025000", "021-62025000"),
        ("400 800 1234", "400-800-1234"),
    ],
)
def test_phones(typed: str, phone: str) -> None:
    assert normalise_phone(typed) == phone
    assert normalise_phone(phone) == phone


@pytest.mark.parametrize(
    "typed",
    ["", "1380000123", "138000012345", "12800001234", "0356", "0356-1025000", "电话13800001234", "0156-2025000"],
)
def test_what_is_no_phone(typed: str) -> None:
    with pytest.raises(IdentifierError, match="联系电话应为11位手机号"):
        normalise_phone(typed)


def test_a_landline_needs_its_area_code() -> None:
    with pytest.raises(IdentifierError, match="请加区号"):
        normalise_phone("2025000")


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13800001234", "138****1234"),
        ("0356-2025123", "0356-****123"),
        ("0356-2025123-801", "0356-****801"),
        ("", "****"),
        ("弄不清", "****"),
    ],
)
def test_masked(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked
