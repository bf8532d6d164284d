"""The code of a paper sheet: whatever one slip of a typist makes of it, it is noticed."""

import random
from itertools import combinations

import pytest

from scoring.rules.paper import ALPHABET, LENGTH, fault, normal, shown, with_check

SOME = [with_check("".join(random.Random(seed).choices(ALPHABET, k=LENGTH - 1))) for seed in range(40)]


@pytest.mark.parametrize("code", SOME)
def test_one_wrong_character_and_two_swapped_are_noticed(code: str) -> None:
    assert fault(code) == ""
    for place, right in enumerate(code):
        for wrong in ALPHABET.replace(right, ""):
            assert "校验位不对" in fault(code[:place] + wrong + code[place + 1 :])
    for one, other in combinations(range(LENGTH), 2):
        if code[one] != code[other]:
            letters = list(code)
            letters[one], letters[other] = letters[other], letters[one]
            assert "校验位不对" in fault("".join(letters))


def test_it_is_read_however_it_comes() -> None:
    code = SOME[0]
    full_width = "".join(chr(ord(character) + 0xFEE0) for character in code)
    address = f"https://example.org/score-papers/{code}/"
    for typed in (code, shown(code), code.lower(), f" {shown(code)}\n", full_width, address, f"{code[:4]} {code[4:]}"):
        assert normal(typed) == code


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "请输入或扫描"), ("K7", "现在输入了 2 位"), ("O234-5678", "没有“O”"), ("二三四五", "没有“二”")],
)
def test_what_cannot_be_a_code_is_said_in_words(typed: str, said: str) -> None:
    assert said in fault(normal(typed))
